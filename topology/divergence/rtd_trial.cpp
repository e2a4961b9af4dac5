// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/rtd_trial.hpp"

#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/topology/distances/point_distances.hpp"
#include "chronotope/topology/divergence/merge_order.hpp"
#include "chronotope/topology/divergence/rtd_lite.hpp"
#include "chronotope/topology/homology/cohomology.hpp"

namespace chronotope::topology {

namespace {

using Rows = std::span<const std::size_t>;

DistanceMatrix in_units(DistanceMatrix d, const RtdOptions& options, const char* whose) {
  try {
    return normalised(std::move(d), options.normalisation, options.quantile);
  } catch (const DegenerateRepresentation& error) {
    throw error.of(whose);
  }
}

CrossBarcodes lite_barcodes(const LiteTrees& trees) {
  return {lite_barcode(trees.a, trees.min), lite_barcode(trees.b, trees.min)};
}

/// One direction, w into min(w, w~), in any degree.
Barcode barcode_one_way(const DistanceMatrix& w, const DistanceMatrix& w_tilde, std::size_t degree) {
  if (degree == 1) return cross_barcode(w, w_tilde);
  const DistanceMatrix m = minimum(w, w_tilde);
  return persistence(ConedDistances{m, w}, {.degree = degree})[degree];
}

/// Both directions, by the variant.
CrossBarcodes barcodes_both_ways(const UnitPair& pair, const RtdOptions& options, bool concurrently) {
  const auto& [w, v] = pair;
  switch (options.variant) {
    case RtdVariant::kMin:
      if (options.degree == 1) return cross_barcodes(w, v, rank_scans().back(), concurrently);
      return {barcode_one_way(w, v, options.degree), barcode_one_way(v, w, options.degree)};
    case RtdVariant::kMax: {
      const DistanceMatrix larger = maximum(w, v);
      return {barcode_one_way(larger, v, options.degree), barcode_one_way(larger, w, options.degree)};
    }
    case RtdVariant::kSymmetric: {
      const Barcode both = barcode_one_way(maximum(w, v), minimum(w, v), options.degree);
      return {both, both};
    }
    case RtdVariant::kLite:
      return lite_barcodes(lite_trees(w, v));
    case RtdVariant::kMaxLite:
      return {max_lite_barcode(w, v), max_lite_barcode(v, w)};
    case RtdVariant::kSymmetricLite: {
      const Barcode both = symmetric_lite_barcode(w, v);
      return {both, both};
    }
    case RtdVariant::kNtsDistances:
    case RtdVariant::kNtsHeights:
      throw InputError("a similarity of merge orders has no bars");
    case RtdVariant::kMTopDiv:
      break;
  }
  throw InputError("MTop-Div needs point clouds: it looks at distances between the points of A and of B");
}

RtdTrial similarity(const DistanceMatrix& w, const DistanceMatrix& v, RtdVariant variant) {
  const double nts = merge_order_similarity(
      w, v, RankCorrelation::kSpearman,
      variant == RtdVariant::kNtsDistances ? MergeValue::kDistance : MergeValue::kHeight);
  return {nts, nts};
}

}  // namespace

UnitPair unit_distances(const PointCloud& a, const PointCloud& b, Rows rows, const RtdOptions& options) {
  return {in_units(distances(restricted(a, rows), options.metric), options, "A"),
          in_units(distances(restricted(b, rows), options.metric), options, "B")};
}

UnitPair unit_distances(const DistanceMatrix& a, const DistanceMatrix& b, Rows rows,
                        const RtdOptions& options) {
  return {in_units(a.restricted(rows), options, "A"), in_units(b.restricted(rows), options, "B")};
}

CrossBarcodes run_trial(const PointCloud& a, const PointCloud& b, Rows rows, const RtdOptions& options,
                        bool concurrently) {
  if (options.variant == RtdVariant::kLite)  // needs no matrix
    return lite_barcodes(lite_trees(restricted(a, rows), restricted(b, rows), options.metric,
                                    options.normalisation, options.quantile, concurrently));
  return barcodes_both_ways(unit_distances(a, b, rows, options), options, concurrently);
}

CrossBarcodes run_trial(const DistanceMatrix& a, const DistanceMatrix& b, Rows rows,
                        const RtdOptions& options, bool concurrently) {
  return barcodes_both_ways(unit_distances(a, b, rows, options), options, concurrently);
}

RtdTrial run_similarity_trial(const PointCloud& a, const PointCloud& b, Rows rows,
                              const RtdOptions& options) {
  return similarity(distances(restricted(a, rows), options.metric),
                    distances(restricted(b, rows), options.metric), options.variant);
}

RtdTrial run_similarity_trial(const DistanceMatrix& a, const DistanceMatrix& b, Rows rows,
                              const RtdOptions& options) {
  return similarity(a.restricted(rows), b.restricted(rows), options.variant);
}

std::vector<ExplainedBar> explained_bars(const UnitPair& pair, RtdVariant variant, std::size_t cycles) {
  const auto& [w, v] = pair;
  const auto explain = [&, &w = w, &v = v](const DistanceMatrix& filtration, const DistanceMatrix& into) {
    std::vector<ExplainedBar> bars = explained_bars(filtration, into, w, v);
    if (cycles > 0) add_cycles(bars, cycles, filtration, into);
    return bars;
  };
  switch (variant) {
    case RtdVariant::kMin:
      return explain(w, v);
    case RtdVariant::kMax:
      return explain(maximum(w, v), v);
    case RtdVariant::kSymmetric:
      return explain(maximum(w, v), minimum(w, v));
    default:
      break;
  }
  throw InputError("the bars of this variant belong to no two pairs of rows and can not be explained");
}

}  // namespace chronotope::topology
