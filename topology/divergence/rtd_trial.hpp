// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/divergence/explanation.hpp"
#include "chronotope/topology/divergence/rtd_options.hpp"
#include "chronotope/topology/divergence/rtd_result.hpp"
#include "chronotope/topology/homology/cross_barcode.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

/// The two matrices that a trial compares: of some rows of A and B, each divided by its unit.
struct UnitPair {
  DistanceMatrix a;
  DistanceMatrix b;
};
UnitPair unit_distances(const PointCloud& a, const PointCloud& b, std::span<const std::size_t> rows,
                        const RtdOptions& options);
UnitPair unit_distances(const DistanceMatrix& a, const DistanceMatrix& b, std::span<const std::size_t> rows,
                        const RtdOptions& options);

/// One trial: the barcodes of both directions, by the variant, of some rows of A and B. Two threads may share
/// the work, the bits are the same. Throws what `rtd` says of the rows of a batch; InputError for kMTopDiv,
/// whose rows do not correspond, and for similarities. Memory: 5 matrices of rows^2 doubles; for kLite O(rows
/// * dimension).
CrossBarcodes run_trial(const PointCloud& a, const PointCloud& b, std::span<const std::size_t> rows,
                        const RtdOptions& options, bool concurrently = false);
CrossBarcodes run_trial(const DistanceMatrix& a, const DistanceMatrix& b, std::span<const std::size_t> rows,
                        const RtdOptions& options, bool concurrently = false);

/// One trial of a similarity, see merge_order.hpp: on the distances as they are, since a rank has no unit.
/// Requires: is_similarity(options.variant).
RtdTrial run_similarity_trial(const PointCloud& a, const PointCloud& b, std::span<const std::size_t> rows,
                              const RtdOptions& options);
RtdTrial run_similarity_trial(const DistanceMatrix& a, const DistanceMatrix& b,
                              std::span<const std::size_t> rows, const RtdOptions& options);

/// The bars of the direction A -> B of one trial with their stimulus pairs (numbers within the trial),
/// longest first, the first `cycles` with a cycle each. Throws InputError for variants without a
/// cross-barcode.
std::vector<ExplainedBar> explained_bars(const UnitPair& pair, RtdVariant variant, std::size_t cycles = 0);

}  // namespace chronotope::topology
