// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "chronotope/core/random_stream.hpp"

namespace chronotope {

/// Puts values into an order that is drawn, each one equally likely (Fisher & Yates). Cost: a draw per value.
template <class T>
void shuffle(std::vector<T>& values, RandomStream draws) {
  for (std::size_t last = values.size(); last > 1; --last)
    std::swap(values[last - 1], values[draws.below(last)]);
}

}  // namespace chronotope
