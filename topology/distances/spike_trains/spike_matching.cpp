// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/spike_trains/spike_matching.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace chronotope::topology {
namespace {

enum class Move : std::uint8_t { kNone, kSkipA, kSkipB, kPair };

/// The cells of one row of the programme: the first i spikes of a against the first `begin` ... `end` of b.
///
/// No spike before `begin` is within the window of the i-th of a or a later one, and none after `end` within
/// that of the i-th or an earlier one: so an optimal path passes the row between them.
struct Row {
  std::size_t begin;
  std::size_t end;
  std::size_t first;  // its cell among all
};

class Alignment {
 public:
  using Train = std::span<const Time>;

  Alignment(Train a, Train b, Duration window) : a_(a), b_(b), window_(window) {
    fill_first_row();
    for (std::size_t i = 1; i <= a_.size(); ++i) fill_row(i);
  }

  SpikeMatching trace_back() const {
    SpikeMatching result;
    std::size_t i = a_.size();
    std::size_t j = b_.size();
    while (i > 0 || j > 0) {
      const Move move = move_at(i, j);
      if (move == Move::kPair)
        result.pairs.emplace_back(--i, --j);
      else if (move == Move::kSkipA)
        result.only_a.push_back(--i);
      else
        result.only_b.push_back(--j);
    }
    std::reverse(result.pairs.begin(), result.pairs.end());
    std::reverse(result.only_a.begin(), result.only_a.end());
    std::reverse(result.only_b.begin(), result.only_b.end());
    return result;
  }

 private:
  void fill_first_row() {
    rows_.push_back({0, 0, 0});
    moves_.push_back(Move::kNone);
    costs_ = {0};
  }

  void fill_row(std::size_t i) {
    const Time t = a_[i - 1];
    const auto place = [&](Time at) {
      return static_cast<std::size_t>(std::lower_bound(b_.begin(), b_.end(), at) - b_.begin());
    };
    const Row above = rows_.back();
    const Row row{place(t - window_), std::max(place(t + window_), place(t - window_)), moves_.size()};
    std::vector<double> costs;
    for (std::size_t j = row.begin; j <= row.end; ++j) {
      double best = cost_above(above, j) + 1;
      Move move = Move::kSkipA;
      if (j > row.begin && costs.back() + 1 < best) {
        best = costs.back() + 1;
        move = Move::kSkipB;
      }
      if (j > above.begin && j > 0) {
        const double paired = cost_above(above, j - 1) + 2 * std::abs((t - b_[j - 1]).ms()) / window_.ms();
        if (paired < best) {
          best = paired;
          move = Move::kPair;
        }
      }
      costs.push_back(best);
      moves_.push_back(move);
    }
    rows_.push_back(row);
    costs_ = std::move(costs);
  }

  /// Of the row above, whose costs are kept. Requires: j >= above.begin.
  double cost_above(const Row& above, std::size_t j) const {
    const std::size_t inside = std::min(j, above.end);
    return costs_[inside - above.begin] + static_cast<double>(j - inside);
  }

  /// Outside a row's cells spikes of b are skipped.
  Move move_at(std::size_t i, std::size_t j) const {
    const Row& row = rows_[i];
    if (j > row.end || i == 0) return Move::kSkipB;
    return moves_[row.first + (j - row.begin)];
  }

  Train a_;
  Train b_;
  Duration window_;
  std::vector<Row> rows_;
  std::vector<Move> moves_;
  std::vector<double> costs_;  // of the last row
};

}  // namespace

SpikeMatching match_spikes(std::span<const Time> a, std::span<const Time> b, Duration window) {
  return Alignment(a, b, window).trace_back();
}

}  // namespace chronotope::topology
