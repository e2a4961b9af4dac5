// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/barcode.hpp"

#include <algorithm>
#include <utility>

namespace chronotope::topology {

Barcode::Barcode(std::vector<Bar> bars) : bars_(std::move(bars)) {
  std::erase_if(bars_, [](const Bar& bar) { return bar.birth == bar.death; });
  std::sort(bars_.begin(), bars_.end());
}

std::size_t Barcode::infinite_bars() const {
  return static_cast<std::size_t>(
      std::count_if(bars_.begin(), bars_.end(), [](const Bar& bar) { return !bar.is_finite(); }));
}

double Barcode::total_finite_length() const {
  double total = 0;
  for (const Bar& bar : bars_)
    if (bar.is_finite()) total += bar.length();
  return total;
}

std::vector<double> Barcode::finite_lengths() const {
  std::vector<double> lengths;
  for (const Bar& bar : bars_)
    if (bar.is_finite()) lengths.push_back(bar.length());
  std::sort(lengths.begin(), lengths.end());
  return lengths;
}

}  // namespace chronotope::topology
