// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "chronotope/core/time.hpp"

namespace chronotope::apps {

/// Numbers of two streams against each other: rows that stand at the same place of a series of the same time. Rows that
/// only one of them has are passed over. Memory: what one stream is ahead of the other by.
class RowComparison {
 public:
  /// A projection, a population, or a quantity of a recorder.
  struct Series {
    std::uint32_t number = 0;
    std::string quantity{};

    friend auto operator<=>(const Series&, const Series&) = default;
  };
  /// Sums over the numbers of a series at one time.
  struct Sums {
    std::uint64_t count = 0;
    std::uint64_t differing = 0;
    double largest = 0;
    double squares = 0;              // of the differences
    std::array<double, 2> mean{};    // running
    std::array<double, 2> spread{};  // of squares around it

    void add(double a, double b);
  };
  using Compared = std::map<std::tuple<Time, Series>, Sums>;

  /// A row of stream 0 or 1, from place `first` on. Requires: rows of a stream in order of time, series and place.
  void take(std::size_t side, Time time, Series series, std::uint64_t first, std::vector<double> numbers);
  /// What waits on this side waits for nothing.
  void give_up(std::size_t side) { rows_[side].clear(); }

  const Compared& compared() const { return compared_; }
  bool differs() const;

 private:
  struct Row {
    Time time;
    Series series;
    std::uint64_t first = 0;
    std::vector<double> numbers;

    std::tuple<Time, Series, std::uint64_t> place() const { return {time, series, first}; }
    void drop(std::size_t count);
  };

  std::array<std::deque<Row>, 2> rows_;
  Compared compared_;
};

}  // namespace chronotope::apps
