// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"

namespace chronotope::bench {

/// Two representations of n objects, their distances divided by their 0.9 quantiles.
struct Pair {
  topology::DistanceMatrix w;
  topology::DistanceMatrix w_tilde;
};

/// Kinds of input, drawn from a fixed seed:
///   uniform   two independent clouds, uniform in the unit square
///   gaussian  two independent clouds, standard normal in 50 dimensions
///   noisy     a standard normal cloud in 50 dimensions, and itself plus normal noise of sd 0.5
///   clusters  a standard normal cloud in the plane, and its groups of 5 moved to 12 centres on a circle of
///             radius 10
///   counts    Poisson counts of 40 and of 60 neurons, whose means are exponentially distributed around 0.2
///   silent    Poisson counts of 30 neurons of mean 0.03, and of 30 of mean 0.05: mostly coinciding rows
const std::vector<std::string>& families();

/// Throws InputError for a family that is not in the list.
Pair make_pair(const std::string& family, std::size_t n);

/// Standard normal in d dimensions.
topology::PointCloud gaussian_cloud(std::size_t n, std::size_t d, std::uint32_t seed);
/// Uniform in [0, 1]^d.
topology::PointCloud uniform_cloud(std::size_t n, std::size_t d, std::uint32_t seed);

/// Uniform on the unit sphere.
topology::PointCloud sphere_cloud(std::size_t n, std::uint32_t seed);
/// Uniform on a circle of radius 3 in d dimensions, with normal noise of sd 0.15 in each coordinate.
topology::PointCloud loop_cloud(std::size_t n, std::size_t d, std::uint32_t seed);

}  // namespace chronotope::bench
