// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <numeric>
#include <vector>

namespace chronotope::topology {

/// Which objects hang together.
class Components {
 public:
  explicit Components(std::size_t objects) : parent_(objects) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  /// False when they already did. The root of b is that of both.
  bool join(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    parent_[a] = b;
    return a != b;
  }
  /// The object that stands for all that hang together with a.
  std::size_t root(std::size_t a) {
    while (parent_[a] != a) a = parent_[a] = parent_[parent_[a]];
    return a;
  }

 private:
  std::vector<std::size_t> parent_;
};

}  // namespace chronotope::topology
