// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/distances/metric.hpp"
#include "chronotope/topology/divergence/explanation.hpp"
#include "chronotope/topology/divergence/sampling.hpp"
#include "chronotope/topology/homology/cross_barcode.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

/// Which barcodes are added up, for the directions A -> B and B -> A; w, w~ are the distances in A and B.
enum class RtdVariant {
  kMin,        ///< RTD: VR(w) into VR(min(w, w~)), and VR(w~) into the same
  kMax,        ///< VR(max(w, w~)) into VR(w~), and into VR(w)
  kSymmetric,  ///< SRTD (arXiv 2606.06342): VR(max(w, w~)) into VR(min(w, w~)), one barcode for both
  kLite,       ///< RTD-Lite: connectivity alone, see rtd_lite.hpp
  kMTopDiv,    ///< MTop-Div of point clouds whose rows do not correspond, see unmatched_cross_barcode.hpp
};

struct RtdOptions {
  std::size_t batch = 500;  ///< objects per trial; scores of different batches are not comparable
  std::size_t trials = 10;  ///< one when batch >= n, since all would be equal
  std::uint32_t seed = 0;   ///< of the batches, as in numpy.random.seed
  std::size_t threads = 0;  ///< 0: one per core; the result's bits do not depend on it
  RtdVariant variant = RtdVariant::kMin;
  std::size_t degree = 1;              ///< 1, or 2 (not of kLite and kMTopDiv): whose bars are added up
  Metric metric = Metric::kEuclidean;  ///< of point clouds
  Normalisation normalisation = Normalisation::kQuantile;
  double quantile = 0.9;                ///< in (0, 1], for the quantile normalisations
  std::size_t reference_batch = 10000;  ///< of kMTopDiv: points per trial of the cloud compared with
};

/// One trial: total length of the finite bars in either direction.
struct RtdTrial {
  double ab = 0;
  double ba = 0;

  double symmetric() const { return (ab + ba) / 2; }
};

struct RtdResult {
  double rtd = 0;     ///< mean over trials of (ab + ba) / 2
  double rtd_ab = 0;  ///< mean RTD_1(A -> B): w = d(A), w~ = d(B)
  double rtd_ba = 0;
  double sd = 0;  ///< sample standard deviation of the trials' scores, 0 for one trial
  double se = 0;  ///< sd / sqrt(trials)
  std::size_t n = 0;
  std::size_t batch = 0;          ///< objects each trial saw
  std::size_t trials = 0;         ///< trials that were run
  std::size_t infinite_bars = 0;  ///< in all trials; they count in no score
  std::vector<RtdTrial> trial_scores;
  std::vector<std::vector<std::size_t>> batches;  ///< the rows each trial saw
  std::vector<CrossBarcodes> barcodes;            ///< of every trial
};

/// Told after each trial how many of how many are done; calls come one at a time, from the worker threads.
using RtdProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Representation topology divergence of two representations of the same objects, row i of A and of B being
/// object i (arXiv 2201.00058). Per trial, on one batch of rows: distances, each matrix divided by its own
/// unit,
///     score = (|cross_barcode(w, w~)| + |cross_barcode(w~, w)|) / 2,   |.| = total bar length in degree 1.
/// and likewise for the other variants. The dimensions of A and B may differ. n = 1 gives 0. Degree 2 goes
/// through the reduction of the mapping cone on ranks.
///
/// MTop-Div (arXiv 2106.04024) instead: nothing is normalised, the sizes may differ, the dimensions may not.
/// ab is the mean over trials of the total length of unmatched_cross_barcode(rows of A, rows of B), of
/// min(batch, n) rows of A and min(reference_batch, n) rows of B. Of each trial the rows of B are drawn
/// before those of A, and all trials of ab before those of ba, as the reference code would. n is the rows of
/// A.
///
/// Departs from the reference code in two points, neither of which moves a published number by more than
/// 1e-7: values stay in double precision, and distances below 1e-6 of the mean are not set to 0. Throws
/// InputError when the sizes differ, there are no rows, batch or trials are 0, or the quantile is outside (0,
/// 1], the degree is not one of the variant's, MTop-Div is asked of distances; DegenerateRepresentation,
/// naming A or B, when the rows of a batch have no scale. Memory: per thread 5 matrices of batch^2 doubles.
RtdResult rtd(const PointCloud& a, const PointCloud& b, const RtdOptions& options,
              const RtdProgress& progress = {});

/// The same, with batches drawn from a stream that is already in use (options.seed is not read).
RtdResult rtd(const PointCloud& a, const PointCloud& b, const RtdOptions& options, NumpyRandom& random,
              const RtdProgress& progress = {});

/// The same on distances that are given, for any dissimilarity.
RtdResult rtd(const DistanceMatrix& a, const DistanceMatrix& b, const RtdOptions& options,
              const RtdProgress& progress = {});

/// The two matrices that a trial compares: of some rows of A and B, each divided by its unit.
struct UnitPair {
  DistanceMatrix a;
  DistanceMatrix b;
};
UnitPair unit_distances(const PointCloud& a, const PointCloud& b, std::span<const std::size_t> rows,
                        const RtdOptions& options);
UnitPair unit_distances(const DistanceMatrix& a, const DistanceMatrix& b, std::span<const std::size_t> rows,
                        const RtdOptions& options);

/// The bars of the direction A -> B of one trial with their stimulus pairs (numbers within the trial),
/// longest first. Throws InputError for kLite and kMTopDiv.
std::vector<ExplainedBar> explained_bars(const UnitPair& pair, RtdVariant variant);

/// What the score would be if the objects of A and B had nothing to do with each other: one score for each of
/// `permutations` random reorderings of B's rows, on the same batches.
std::vector<double> shuffled_scores(const PointCloud& a, const PointCloud& b, const RtdOptions& options,
                                    std::size_t permutations);
std::vector<double> shuffled_scores(const DistanceMatrix& a, const DistanceMatrix& b,
                                    const RtdOptions& options, std::size_t permutations);

}  // namespace chronotope::topology
