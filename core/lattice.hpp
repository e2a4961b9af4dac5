// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace chronotope {

/// A place in 3-D, in units of the lattice's spacing.
struct Position {
  double x = 0;
  double y = 0;
  double z = 0;
};

inline double squared_distance(const Position& a, const Position& b) {
  const double dx = a.x - b.x;
  const double dy = a.y - b.y;
  const double dz = a.z - b.z;
  return dx * dx + dy * dy + dz * dz;
}

/// The site with the given number on a lattice nx wide and ny deep, x fastest.
inline Position lattice_site(std::uint64_t site, std::uint32_t nx, std::uint32_t ny) {
  const std::uint64_t row = site / nx;
  const std::uint64_t layer = row / ny;
  return {static_cast<double>(site % nx), static_cast<double>(row % ny), static_cast<double>(layer)};
}

}  // namespace chronotope
