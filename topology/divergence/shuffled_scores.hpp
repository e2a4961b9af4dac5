// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/divergence/rtd_options.hpp"
#include "chronotope/topology/divergence/run_trials.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

/// What the score would be if the objects of A and B had nothing to do with each other: one score for each of
/// `permutations` random reorderings of B's rows, on the same batches.
/// `progress` is told of the trials of all reorderings. Throws what `rtd` throws.
std::vector<double> shuffled_scores(const PointCloud& a, const PointCloud& b, const RtdOptions& options,
                                    std::size_t permutations, const RtdProgress& progress = {});
std::vector<double> shuffled_scores(const DistanceMatrix& a, const DistanceMatrix& b,
                                    const RtdOptions& options, std::size_t permutations,
                                    const RtdProgress& progress = {});

}  // namespace chronotope::topology
