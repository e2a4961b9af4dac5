// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/distances/metric.hpp"

namespace chronotope::topology {

/// Which barcodes are added up, for the directions A -> B and B -> A; w, w~ are the distances in A and B.
enum class RtdVariant {
  kMin,            ///< RTD: VR(w) into VR(min(w, w~)), and VR(w~) into the same
  kMax,            ///< VR(max(w, w~)) into VR(w~), and into VR(w)
  kSymmetric,      ///< SRTD (arXiv 2606.06342): VR(max(w, w~)) into VR(min(w, w~)), one barcode for both
  kLite,           ///< RTD-Lite: connectivity alone, see rtd_lite.hpp
  kMaxLite,        ///< of kMax what connectivity alone shows, see rtd_lite.hpp
  kSymmetricLite,  ///< SRTD-Lite: of kSymmetric the same
  kNtsDistances,   ///< NTS-E, a similarity: rank correlation of distances, see merge_order.hpp
  kNtsHeights,     ///< NTS-M, a similarity: rank correlation of merge heights
  kMTopDiv,        ///< MTop-Div of point clouds whose rows do not correspond, see unmatched_cross_barcode.hpp
};

/// What publications call the score.
constexpr std::string_view name_of(RtdVariant variant) {
  switch (variant) {
    case RtdVariant::kMin:
      return "RTD";
    case RtdVariant::kMax:
      return "RTD-Max";
    case RtdVariant::kSymmetric:
      return "SRTD";
    case RtdVariant::kLite:
      return "RTD-Lite";
    case RtdVariant::kMaxLite:
      return "Max-Lite";
    case RtdVariant::kSymmetricLite:
      return "SRTD-Lite";
    case RtdVariant::kNtsDistances:
      return "NTS-E";
    case RtdVariant::kNtsHeights:
      return "NTS-M";
    case RtdVariant::kMTopDiv:
      return "MTop-Div";
  }
  return "";
}

/// Whether the score is a similarity, 1 for equal representations, and has no bars.
constexpr bool is_similarity(RtdVariant variant) {
  return variant == RtdVariant::kNtsDistances || variant == RtdVariant::kNtsHeights;
}

/// Whether the score adds up bars of a cross-barcode, which has more than one degree and whose bars belong to
/// pairs of objects.
constexpr bool has_cross_barcode(RtdVariant variant) {
  return variant == RtdVariant::kMin || variant == RtdVariant::kMax || variant == RtdVariant::kSymmetric;
}

struct RtdOptions {
  std::size_t batch = 500;  ///< objects per trial; scores of different batches are not comparable
  std::size_t trials = 10;  ///< one when batch >= n, since all would be equal
  std::uint32_t seed = 0;   ///< of the batches, as in numpy.random.seed
  std::size_t threads = 0;  ///< 0: one per core; the result's bits do not depend on it
  RtdVariant variant = RtdVariant::kMin;
  std::size_t degree = 1;              ///< 1, or 2 where there is a cross-barcode: whose bars are added up
  Metric metric = Metric::kEuclidean;  ///< of point clouds
  Normalisation normalisation = Normalisation::kQuantile;
  double quantile = 0.9;                ///< in (0, 1], for the quantile normalisations
  std::size_t reference_batch = 10000;  ///< of kMTopDiv: points per trial of the cloud compared with
};

}  // namespace chronotope::topology
