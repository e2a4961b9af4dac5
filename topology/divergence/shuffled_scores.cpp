// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/shuffled_scores.hpp"

#include <span>

#include "chronotope/topology/divergence/rtd.hpp"
#include "chronotope/topology/divergence/sampling.hpp"

namespace chronotope::topology {

namespace {

using Rows = std::span<const std::size_t>;

template <class Objects, class Reorder>
std::vector<double> scores_of_shuffled(const Objects& a, const Objects& b, const RtdOptions& options,
                                       std::size_t permutations, const RtdProgress& progress,
                                       Reorder reorder) {
  NumpyRandom random(options.seed + 1);
  std::vector<double> scores;
  for (std::size_t p = 0; p < permutations; ++p)
    scores.push_back(
        rtd(a, reorder(b, random.permutation(b.size())), options, [&](std::size_t done, std::size_t total) {
          if (progress) progress(p * total + done, permutations * total);
        }).rtd);
  return scores;
}

}  // namespace

std::vector<double> shuffled_scores(const PointCloud& a, const PointCloud& b, const RtdOptions& options,
                                    std::size_t permutations, const RtdProgress& progress) {
  return scores_of_shuffled(a, b, options, permutations, progress,
                            [](const PointCloud& cloud, Rows order) { return restricted(cloud, order); });
}

std::vector<double> shuffled_scores(const DistanceMatrix& a, const DistanceMatrix& b,
                                    const RtdOptions& options, std::size_t permutations,
                                    const RtdProgress& progress) {
  return scores_of_shuffled(a, b, options, permutations, progress,
                            [](const DistanceMatrix& d, Rows order) { return d.restricted(order); });
}

}  // namespace chronotope::topology
