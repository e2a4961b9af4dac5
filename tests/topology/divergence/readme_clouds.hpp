// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "chronotope/topology/divergence/sampling.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

inline PointCloud draw_cloud(std::size_t n, std::size_t d, NumpyRandom& random) {
  std::vector<double> values(n * d);
  for (double& value : values) value = random.uniform();
  return {n, d, std::move(values)};
}

/// The two clouds of the RTD authors' README, numpy.random.seed(7), and the stream after them.
struct Readme {
  Readme(std::size_t n, std::size_t d)
      : random(7), P(draw_cloud(n, d, random)), Q(draw_cloud(n, d, random)) {}

  NumpyRandom random;
  PointCloud P;
  PointCloud Q;
};

}  // namespace chronotope::topology
