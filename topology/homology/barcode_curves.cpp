// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/barcode_curves.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

#include "chronotope/core/exponential.hpp"

namespace chronotope::topology {

namespace {

std::vector<double> tents_at(const Barcode& barcode, double x) {
  std::vector<double> heights;
  for (const Bar& bar : barcode.bars())
    if (bar.is_finite()) heights.push_back(std::max(std::min(x - bar.birth, bar.death - x), 0.0));
  return heights;
}

std::size_t not_after(const std::vector<double>& sorted, double x) {
  return static_cast<std::size_t>(std::upper_bound(sorted.begin(), sorted.end(), x) - sorted.begin());
}

double squared(double x) { return x * x; }

}  // namespace

std::vector<double> even_grid(double low, double high, std::size_t count) {
  assert(count >= 1);
  std::vector<double> grid(count, low);
  for (std::size_t k = 1; k < count; ++k)
    grid[k] = k + 1 == count ? high
                             : low + static_cast<double>(k) * ((high - low) / static_cast<double>(count - 1));
  return grid;
}

BarRange range_of(const Barcode& barcode) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  BarRange range{kInfinity, -kInfinity, 0};
  for (const Bar& bar : barcode.bars()) {
    if (!bar.is_finite()) continue;
    range.low = std::min(range.low, bar.birth);
    range.high = std::max(range.high, bar.death);
    range.longest = std::max(range.longest, bar.length());
  }
  return range.low < kInfinity ? range : BarRange{};
}

std::vector<double> betti_curve(const Barcode& barcode, std::span<const double> grid) {
  std::vector<double> births;
  std::vector<double> deaths;
  for (const Bar& bar : barcode.bars()) {
    births.push_back(bar.birth);
    deaths.push_back(bar.death);
  }
  std::sort(deaths.begin(), deaths.end());
  std::vector<double> curve;
  for (const double x : grid)
    curve.push_back(static_cast<double>(not_after(births, x)) - static_cast<double>(not_after(deaths, x)));
  return curve;
}

std::vector<std::vector<double>> persistence_landscapes(const Barcode& barcode, std::span<const double> grid,
                                                        std::size_t count) {
  std::vector<std::vector<double>> landscapes(count, std::vector<double>(grid.size()));
  for (std::size_t g = 0; g < grid.size(); ++g) {
    std::vector<double> heights = tents_at(barcode, grid[g]);
    const std::size_t shown = std::min(count, heights.size());
    std::partial_sort(heights.begin(), heights.begin() + static_cast<std::ptrdiff_t>(shown), heights.end(),
                      std::greater<>());
    for (std::size_t k = 0; k < shown; ++k) landscapes[k][g] = std::numbers::sqrt2 * heights[k];
  }
  return landscapes;
}

std::vector<double> persistence_image(const Barcode& barcode, std::span<const double> births,
                                      std::span<const double> lengths, double bandwidth, ImageWeight weight) {
  assert(bandwidth > 0);
  std::vector<double> image(births.size() * lengths.size());
  const double spread = squared(bandwidth);
  for (const Bar& bar : barcode.bars()) {
    if (!bar.is_finite()) continue;
    const double mass = (weight == ImageWeight::kOne ? 1 : bar.length()) / (2 * std::numbers::pi * spread);
    double* pixel = image.data();
    for (const double y : lengths)
      for (const double x : births) {
        const double square = squared(x - bar.birth) + squared(y - bar.length());
        *pixel++ += mass * chronotope::exp(-square / (2 * spread));
      }
  }
  return image;
}

}  // namespace chronotope::topology
