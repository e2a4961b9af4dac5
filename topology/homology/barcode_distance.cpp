// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/barcode_distance.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "chronotope/core/exponential.hpp"

namespace chronotope::topology {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

using Bars = std::vector<Bar>;

double apart(const Bar& x, const Bar& y) {
  return std::max(std::abs(x.birth - y.birth), std::abs(x.death - y.death));
}

double from_diagonal(const Bar& bar) { return bar.length() / 2; }

Bars finite(const Barcode& barcode) {
  Bars bars;
  std::copy_if(barcode.bars().begin(), barcode.bars().end(), std::back_inserter(bars),
               [](const Bar& bar) { return bar.is_finite(); });
  return bars;
}

/// How far the bars that never die are moved, in the order of births. Requires: equally many.
std::vector<double> moves_of_infinite(const Barcode& a, const Barcode& b) {
  std::vector<double> births[2];
  for (const auto& [side, barcode] : {std::pair{0, &a}, std::pair{1, &b}})
    for (const Bar& bar : barcode->bars())
      if (!bar.is_finite()) births[side].push_back(bar.birth);
  std::vector<double> moves;
  for (std::size_t k = 0; k < births[0].size(); ++k) moves.push_back(std::abs(births[0][k] - births[1][k]));
  return moves;
}

/// Whether all bars of one side that are farther than `reach` from the diagonal can be matched, each with its
/// own bar of the other side at most that far away. By augmenting paths.
class Cover {
 public:
  Cover(const Bars& of, const Bars& by, double reach)
      : of_(of), by_(by), reach_(reach), partner_(by.size(), kNone) {}

  bool exists() {
    for (std::size_t i = 0; i < of_.size(); ++i) {
      if (from_diagonal(of_[i]) <= reach_) continue;
      seen_.assign(by_.size(), false);
      if (!augment(i)) return false;
    }
    return true;
  }

 private:
  bool augment(std::size_t i) {
    for (std::size_t j = 0; j < by_.size(); ++j) {
      if (seen_[j] || apart(of_[i], by_[j]) > reach_) continue;
      seen_[j] = true;
      if (partner_[j] != kNone && !augment(partner_[j])) continue;
      partner_[j] = i;
      return true;
    }
    return false;
  }

  const Bars& of_;
  const Bars& by_;
  double reach_;
  std::vector<std::size_t> partner_;  // of each bar of `by_`, a bar of `of_`
  std::vector<bool> seen_;
};

/// A matching within reach exists when either side's far bars can be covered: two such matchings make one of
/// both (Mendelsohn & Dulmage 1958).
bool matched_within(const Bars& a, const Bars& b, double reach) {
  return Cover(a, b, reach).exists() && Cover(b, a, reach).exists();
}

std::vector<double> distances_that_occur(const Bars& a, const Bars& b) {
  std::vector<double> all{0};
  for (const Bar& x : a)
    for (const Bar& y : b) all.push_back(apart(x, y));
  for (const Bars* bars : {&a, &b})
    for (const Bar& bar : *bars) all.push_back(from_diagonal(bar));
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

double bottleneck(const Bars& a, const Bars& b) {
  const std::vector<double> all = distances_that_occur(a, b);
  return *std::partition_point(all.begin(), all.end(),
                               [&](double reach) { return !matched_within(a, b, reach); });
}

/// The assignment of every row to its own column with the least sum: the Hungarian algorithm with shortest
/// augmenting paths and potentials (Jonker & Volgenant 1987). Requires: rows <= columns.
class Assignment {
 public:
  Assignment(std::size_t rows, std::size_t columns, const std::vector<double>& cost)
      : columns_(columns), cost_(cost), of_row_(rows), of_column_(columns), row_(columns, kNone) {
    for (std::size_t i = 0; i < rows; ++i) assign(i);
  }

  /// The row of a column, or none.
  std::size_t row(std::size_t column) const { return row_[column]; }

 private:
  void assign(std::size_t first) {
    shortest_.assign(columns_, kInfinity);
    before_.assign(columns_, kNone);
    reached_.assign(columns_, false);
    std::size_t at = kNone;  // the column reached last, none at the start
    std::size_t row = first;
    while (row != kNone) {
      at = reach_next(row, at, first);
      row = row_[at];
    }
    augment(at, first);
  }

  double reduced(std::size_t i, std::size_t j) const {
    return cost_[i * columns_ + j] - of_row_[i] - of_column_[j];
  }

  /// Relaxes the columns from `row` and reaches the nearest of them, which the potentials then bring to
  /// distance 0.
  std::size_t reach_next(std::size_t row, std::size_t from, std::size_t first) {
    std::size_t nearest = kNone;
    for (std::size_t j = 0; j < columns_; ++j) {
      if (reached_[j]) continue;
      if (const double by = reduced(row, j); by < shortest_[j]) {
        shortest_[j] = by;
        before_[j] = from;
      }
      if (nearest == kNone || shortest_[j] < shortest_[nearest]) nearest = j;
    }
    const double step = shortest_[nearest];
    of_row_[first] += step;
    for (std::size_t j = 0; j < columns_; ++j) {
      if (reached_[j]) {
        of_row_[row_[j]] += step;
        of_column_[j] -= step;
      } else {
        shortest_[j] -= step;
      }
    }
    reached_[nearest] = true;
    return nearest;
  }

  void augment(std::size_t column, std::size_t first) {
    while (before_[column] != kNone) {
      row_[column] = row_[before_[column]];
      column = before_[column];
    }
    row_[column] = first;
  }

  std::size_t columns_;
  const std::vector<double>& cost_;
  std::vector<double> of_row_;  // potentials
  std::vector<double> of_column_;
  std::vector<std::size_t> row_;
  std::vector<double> shortest_;
  std::vector<std::size_t> before_;
  std::vector<bool> reached_;
};

/// Sum of the costs of the best matching. Two bars are assigned to each other by what that saves against
/// both going to the diagonal, nothing when they had better go there. Requires: |a| <= |b|.
template <class Cost>
double least_cost(const Bars& a, const Bars& b, const Cost& cost) {
  const auto saves = [&](const Bar& x, const Bar& y) {
    return cost(apart(x, y)) - cost(from_diagonal(x)) - cost(from_diagonal(y));
  };
  std::vector<double> savings;
  savings.reserve(a.size() * b.size());
  for (const Bar& x : a)
    for (const Bar& y : b) savings.push_back(std::min(saves(x, y), 0.0));
  const Assignment assignment(a.size(), b.size(), savings);
  std::vector<bool> matched(a.size());
  double sum = 0;
  for (std::size_t j = 0; j < b.size(); ++j) {
    const std::size_t i = assignment.row(j);
    const bool together = i != kNone && savings[i * b.size() + j] < 0;
    sum += cost(together ? apart(a[i], b[j]) : from_diagonal(b[j]));
    if (together) matched[i] = true;
  }
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!matched[i]) sum += cost(from_diagonal(a[i]));
  return sum;
}

}  // namespace

double bottleneck_distance(const Barcode& a, const Barcode& b) {
  if (a.infinite_bars() != b.infinite_bars()) return kInfinity;
  double distance = bottleneck(finite(a), finite(b));
  for (const double move : moves_of_infinite(a, b)) distance = std::max(distance, move);
  return distance;
}

double wasserstein_distance(const Barcode& a, const Barcode& b, double order) {
  assert(order >= 1 && std::isfinite(order));
  if (a == b) return 0;
  if (a.infinite_bars() != b.infinite_bars()) return kInfinity;
  // In units of the bottleneck distance the least sum lies between 1 and the number of bars, so larger costs
  // may all be the same, none overflows and differences of costs keep their digits.
  const double unit = bottleneck_distance(a, b);
  const double most = 4 * static_cast<double>(a.size() + b.size());
  const auto cost = [&](double distance) {
    const double x = distance / unit;
    return std::min(order == 1 ? x : chronotope::pow(x, order), most);
  };
  Bars fewer = finite(a);
  Bars more = finite(b);
  if (more.size() < fewer.size()) std::swap(fewer, more);
  double sum = least_cost(fewer, more, cost);
  for (const double move : moves_of_infinite(a, b)) sum += cost(move);
  return unit * (order == 1 ? sum : chronotope::pow(sum, 1 / order));
}

}  // namespace chronotope::topology
