// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <limits>

#include "chronotope/core/lattice.hpp"

namespace chronotope {

/// A box whose opposite faces are one: what leaves it on one side enters it on the other. A side that is
/// infinite has no such faces. Sides are > 0.
struct Torus {
  static constexpr double kOpen = std::numeric_limits<double>::infinity();
  double x = kOpen;
  double y = kOpen;
  double z = kOpen;

  friend bool operator==(const Torus&, const Torus&) = default;
};

/// The length of the shortest way around a ring of length `side` between points `d` apart along it.
inline double fold(double d, double side) {
  d = std::abs(d);
  return d > side / 2 ? std::abs(std::remainder(d, side)) : d;
}

/// The square of the shortest way between two places, which may lie outside the box.
inline double squared_distance(const Position& a, const Position& b, const Torus& box) {
  const double dx = fold(a.x - b.x, box.x);
  const double dy = fold(a.y - b.y, box.y);
  const double dz = fold(a.z - b.z, box.z);
  return dx * dx + dy * dy + dz * dz;
}

}  // namespace chronotope
