// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/distance_table.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace chronotope::topology {

namespace {

double tolerance_of(const std::vector<double>& values) {
  double largest = 0;
  for (const double value : values)
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  return kTableRounding * largest;
}

/// The mirror images of a triangle's entries are those entries.
class Triangle {
 public:
  explicit Triangle(const proto::SteppedTable& table)
      : table_(table), has_diagonal_(has_diagonal()), size_(table.rows + (has_diagonal_ ? 0 : 1)) {}

  DistanceMatrix distances() const {
    std::vector<double> square(size_ * size_, 0);
    for (std::size_t k = 0, row = 0; row < table_.rows; ++row)
      for (std::size_t column = 0; column < width(row); ++column, ++k) {
        const auto [i, j] = pair(row, column);
        if (i != j) square[i * size_ + j] = square[j * size_ + i] = table_.values[k];
      }
    return {size_, size_, std::move(square)};
  }

 private:
  bool is_lower() const { return table_.step > 0; }
  std::size_t width(std::size_t row) const { return is_lower() ? row + 1 : table_.rows - row; }

  bool has_diagonal() const {
    const double tolerance = tolerance_of(table_.values);
    for (std::size_t begin = 0, row = 0; row < table_.rows; begin += width(row), ++row)
      if (!(std::abs(table_.values[begin + (is_lower() ? row : 0)]) <= tolerance)) return false;
    return true;
  }

  std::pair<std::size_t, std::size_t> pair(std::size_t row, std::size_t column) const {
    const std::size_t beside_diagonal = has_diagonal_ ? 0 : 1;
    if (is_lower()) return {row + beside_diagonal, column};
    return {row, row + column + beside_diagonal};
  }

  const proto::SteppedTable& table_;
  bool has_diagonal_;
  std::size_t size_;
};

/// Takes roundings out of a square table's values. In tiles, whose mirror images stay in the cache.
class RoundingRemoval {
 public:
  RoundingRemoval(std::vector<double>& values, std::size_t n)
      : values_(values), n_(n), tolerance_(tolerance_of(values)) {}

  TableRoundings run() {
    constexpr std::size_t kTile = 32;
    for (std::size_t i0 = 0; i0 < n_; i0 += kTile)
      for (std::size_t j0 = 0; j0 <= i0; j0 += kTile)
        for (std::size_t i = i0; i < std::min(i0 + kTile, n_); ++i)
          for (std::size_t j = j0; j < std::min(j0 + kTile, i + 1); ++j) settle(i, j);
    return roundings_;
  }

 private:
  void settle(std::size_t i, std::size_t j) {
    double& a = values_[i * n_ + j];
    double& b = values_[j * n_ + i];
    if (a == b && a >= 0 && (i != j || a == 0)) return;
    clear(a, i == j);
    clear(b, i == j);
    if (a != b) average(a, b);
  }

  void clear(double& value, bool is_diagonal) {
    if (value == 0 || !(std::abs(value) <= tolerance_) || (value > 0 && !is_diagonal)) return;
    ++roundings_.set_to_zero;
    roundings_.largest_magnitude = std::max(roundings_.largest_magnitude, std::abs(value));
    value = 0;
  }

  void average(double& a, double& b) {
    const double difference = std::abs(a - b);
    if (!(difference <= tolerance_)) return;
    ++roundings_.averaged;
    roundings_.largest_difference = std::max(roundings_.largest_difference, difference);
    a = b = a / 2 + b / 2;
  }

  std::vector<double>& values_;
  std::size_t n_;
  double tolerance_;
  TableRoundings roundings_;
};

}  // namespace

TableDistances distances_of_table(proto::SteppedTable table) {
  if (table.step != 0) return {Triangle(table).distances(), {}};
  TableRoundings roundings;
  if (table.rows == table.first_width) roundings = RoundingRemoval(table.values, table.rows).run();
  return {DistanceMatrix(table.rows, table.first_width, std::move(table.values)), roundings};
}

}  // namespace chronotope::topology
