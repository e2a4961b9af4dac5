// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace chronotope::models {

enum class SearchMethod {
  kRandom,  ///< points drawn evenly
  kBayes,   ///< a Latin hypercube first, then where a Gaussian process expects the largest improvement
};

/// The points that are searched, the unit cube of some dimension, and where they lie for the Gaussian process: as
/// distributions, say, whose distance is Wasserstein's.
struct SearchSpace {
  std::size_t dimension = 1;
  std::vector<std::size_t> group_of;  ///< of every coordinate of a place: 0 .. G - 1
  std::function<std::vector<double>(std::span<const double>)> place;

  /// Every point is its own place, every coordinate a group.
  static SearchSpace cube(std::size_t dimension);
};

/// Looks for the point of a cube with the largest value of a function that costs much: next() says where to look,
/// tell() what was seen. Points depend on the seed and what was told alone, so a search that is told the same again
/// goes on as if it had never been stopped, to the bit.
class ParameterSearch {
 public:
  ParameterSearch(SearchMethod method, SearchSpace space, std::uint64_t seed);

  /// How many of the first points depend on nothing that is told: all of a random search, 2 (d + 1) otherwise.
  std::size_t designed() const;
  /// The point of that number. Requires: it is at most told(), or below designed().
  std::vector<double> point(std::size_t number) const;
  std::vector<double> next() const { return point(told()); }

  /// The value at a point, the next one for the search to be what it is; without one it counts as the least of all
  /// others.
  void tell(std::vector<double> point, std::optional<double> value);

  std::size_t told() const { return values_.size(); }
  /// The first of the points with the largest value, if any has one.
  std::optional<std::size_t> best() const;

 private:
  std::vector<double> drawn(std::size_t number) const;
  std::vector<double> dealt(std::size_t number) const;
  std::vector<double> promising() const;
  std::vector<double> known_values() const;

  SearchMethod method_;
  SearchSpace space_;
  std::uint64_t seed_;
  std::vector<std::vector<double>> points_;
  std::vector<std::optional<double>> values_;
};

}  // namespace chronotope::models
