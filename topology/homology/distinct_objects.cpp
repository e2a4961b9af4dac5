// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/distinct_objects.hpp"

#include <algorithm>
#include <cassert>
#include <compare>
#include <numeric>

namespace chronotope::topology {

std::vector<std::size_t> distinct_objects(const DistanceMatrix& a, const DistanceMatrix& b) {
  assert(a.size() == b.size());
  const auto compared = [&](std::size_t i, std::size_t j) {
    for (const DistanceMatrix* d : {&a, &b}) {
      const auto row = d->row(i);
      const auto [at, other] = std::mismatch(row.begin(), row.end(), d->row(j).begin());
      if (at != row.end()) return *at <=> *other;
    }
    return std::partial_ordering::equivalent;
  };
  std::vector<std::size_t> objects(a.size());
  std::iota(objects.begin(), objects.end(), std::size_t{0});
  std::sort(objects.begin(), objects.end(), [&](std::size_t i, std::size_t j) {
    const auto order = compared(i, j);
    return order != 0 ? order < 0 : i < j;
  });
  objects.erase(std::unique(objects.begin(), objects.end(),
                            [&](std::size_t i, std::size_t j) { return compared(i, j) == 0; }),
                objects.end());
  std::sort(objects.begin(), objects.end());
  return objects;
}

}  // namespace chronotope::topology
