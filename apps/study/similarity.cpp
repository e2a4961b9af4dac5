// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/similarity.hpp"

#include <cmath>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/divergence/procrustes.hpp"
#include "chronotope/topology/divergence/representational_similarity.hpp"

namespace chronotope::apps {
namespace {

std::optional<double> if_defined(double value) {
  return std::isnan(value) ? std::nullopt : std::optional(value);
}

}  // namespace

Similarity similarity(const topology::Activations& a, const topology::Activations& b) {
  if (a.values.dimension() == 0 || b.values.dimension() == 0 || a.values.size() == 0) return {};
  return {if_defined(topology::representational_similarity(topology::euclidean_distances(a.values),
                                                           topology::euclidean_distances(b.values))),
          if_defined(topology::procrustes_distance(a.values, b.values))};
}

}  // namespace chronotope::apps
