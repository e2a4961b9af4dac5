// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/coarse_points.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace chronotope::topology {

namespace {

constexpr std::int32_t kUnlimited = std::numeric_limits<std::int32_t>::max();
constexpr double kVanishing = 1e-300;  // more than what is lost where squares vanish
constexpr double kRoundings = 1e-9;    // more than those of positions on the grid and of bounds, relative

/// Without what follows the point; no square on the grid reaches kUnlimited.
std::int32_t whole(double squares) {
  return squares < kUnlimited ? static_cast<std::int32_t>(squares) : kUnlimited;
}

std::vector<double> centre_of(const RemainingPoints& points) {
  std::vector<double> centre;
  for (std::size_t c = 0; c < points.dimension(); ++c) {
    double least = std::numeric_limits<double>::infinity();
    double largest = -least;
    for (std::size_t k = 0; k < points.size(); ++k) {
      least = std::min(least, points.coordinate(k, c));
      largest = std::max(largest, points.coordinate(k, c));
    }
    centre.push_back(least / 2 + largest / 2);
  }
  return centre;
}

/// The step at which no point is farther than 8,000 steps from the centre. Rounding to the nearest number at
/// most doubles a coordinate.
double step_of(const RemainingPoints& points, const std::vector<double>& centre) {
  constexpr double kMostSteps = 8000;
  constexpr double kLeastStep = 1e-300;
  const auto each_coordinate = [&](std::size_t k, auto see) {
    for (std::size_t c = 0; c < centre.size(); ++c) see(std::abs(points.coordinate(k, c) - centre[c]));
  };
  double largest = 0;
  for (std::size_t k = 0; k < points.size(); ++k)
    each_coordinate(k, [&](double x) { largest = std::max(largest, x); });
  if (largest == 0) return 1;
  double radius_squared = 0;  // in units of the largest coordinate, so that no square vanishes or overflows
  for (std::size_t k = 0; k < points.size(); ++k) {
    double squares = 0;
    each_coordinate(k, [&](double x) { squares += (x / largest) * (x / largest); });
    radius_squared = std::max(radius_squared, squares);
  }
  const double step = largest * std::sqrt(radius_squared) / kMostSteps;
  return step < kLeastStep ? 1 : step;
}

}  // namespace

CoarsePoints::CoarsePoints(const RemainingPoints& points, const PointScan& scan)
    : scan_(scan),
      size_(points.size()),
      dimension_(points.dimension()),
      pairs_((dimension_ + 1) / 2),
      bounded_above_(points.keys_are_squares()),
      blocks_(points.padded_size() * pairs_ * 2, 0),
      origin_(pairs_ * 2, 0),
      limits_(points.padded_size(), 0),
      found_(points.padded_size() / kBlock) {
  std::fill_n(limits_.begin(), size_, kUnlimited);
  if (!points.keys_reach_squares()) {
    step_ = std::numeric_limits<double>::infinity();
    return;
  }
  const std::vector<double> centre = centre_of(points);
  step_ = step_of(points, centre);
  for (std::size_t k = 0; k < size_; ++k)
    for (std::size_t c = 0; c < dimension_; ++c)
      blocks_[place(k, c / 2) + c % 2] =
          static_cast<std::int16_t>(std::nearbyint((points.coordinate(k, c) - centre[c]) / step_));
}

void CoarsePoints::look_from(std::size_t slot) {
  assert(slot < size_);
  for (std::size_t p = 0; p < pairs_; ++p) std::copy_n(&blocks_[place(slot, p)], 2, &origin_[2 * p]);
}

void CoarsePoints::take(std::size_t slot) {
  assert(slot < size_);
  --size_;
  for (std::size_t p = 0; p < pairs_; ++p)
    std::copy_n(&blocks_[place(size_, p)], 2, &blocks_[place(slot, p)]);
  limits_[slot] = limits_[size_];
  limits_[size_] = 0;
}

std::span<const std::uint32_t> CoarsePoints::blocks_within_reach() {
  const std::size_t listed = scan_.blocks_below(blocks_.data(), (size_ + kBlock - 1) / kBlock, pairs_,
                                                origin_.data(), limits_.data(), found_.data());
  return std::span<const std::uint32_t>(found_).first(listed);
}

CoarsePoints::Division CoarsePoints::divide(std::size_t first, std::size_t end, double low, double high) {
  assert(first <= end && end * kBlock <= size_);
  Division division;
  const std::size_t listed = scan_.blocks_between(
      blocks_.data() + place(first * kBlock, 0), end - first, pairs_, origin_.data(), squares_below(low),
      squares_from(std::nextafter(high, std::numeric_limits<double>::infinity())), found_.data(),
      division.below);
  for (std::size_t k = 0; k < listed; ++k) found_[k] += static_cast<std::uint32_t>(first);
  division.blocks = std::span<const std::uint32_t>(found_).first(listed);
  division.above = (end - first - listed) * kBlock - division.below;
  return division;
}

/// Squares on the grid from which on a key is at least this one.
std::int32_t CoarsePoints::squares_from(double key) const {
  const double distance = std::sqrt(key * (1 + rounding_of_keys()) + kVanishing);
  const double steps = distance / step_ + std::sqrt(static_cast<double>(dimension_));
  return whole(steps * steps * (1 + kRoundings) + 1);
}

/// Squares on the grid below which a key is below this one.
std::int32_t CoarsePoints::squares_below(double key) const {
  constexpr double kFinite = 1e307;  // the square of a distance whose key does not overflow
  const double square = std::min(key, kFinite) * (1 - rounding_of_keys()) - kVanishing;
  if (!bounded_above_ || square <= 0) return 0;
  const double steps = std::sqrt(square) / step_ - std::sqrt(static_cast<double>(dimension_));
  return steps <= 0 ? 0 : whole(steps * steps * (1 - kRoundings));
}

/// The sum of a key moves by less than one unit in the last place per coordinate and some.
double CoarsePoints::rounding_of_keys() const {
  return (static_cast<double>(dimension_) + 8) * std::numeric_limits<double>::epsilon();
}

}  // namespace chronotope::topology
