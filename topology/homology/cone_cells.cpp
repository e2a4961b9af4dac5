// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/cone_cells.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace chronotope::topology {

ConeCells::ConeCells(const EdgeRanks& m, const DistanceMatrix& w, const DistanceMatrix& w_tilde,
                     const RankScan& scan)
    : over_(static_cast<std::size_t>(m.edges()), kNone) {
  struct Cell {
    double length;
    Rank edge;
    auto operator<=>(const Cell&) const = default;
  };
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < w.size(); ++i)
    for (std::size_t j = i + 1; j < w.size(); ++j) {
      const double length = w(i, j);
      if (length > w_tilde(i, j) && std::isfinite(length) &&
          !scan.any_below(w.row(i).data(), w.row(j).data(), w.size(), length))
        cells.push_back({length, m.row(i)[j]});
    }
  std::sort(cells.begin(), cells.end());
  for (const Cell& cell : cells) {
    over_[static_cast<std::size_t>(cell.edge)] = static_cast<Index>(values_.size());
    values_.push_back(cell.length);
    edges_.push_back(cell.edge);
    rows_.push_back(m.edges_below(cell.length));
  }
}

void ConeColumn::toggle(ConeCells::Index cell) {
  const auto word = static_cast<std::size_t>(cell) / 64;
  words_[word] ^= std::uint64_t{1} << (cell % 64);
  first_word_ = std::min(first_word_, word);
}

std::optional<ConeCells::Index> ConeColumn::first() {
  while (first_word_ < words_.size() && words_[first_word_] == 0) ++first_word_;
  if (first_word_ == words_.size()) return std::nullopt;
  return static_cast<ConeCells::Index>(first_word_ * 64) + std::countr_zero(words_[first_word_]);
}

void ConeColumn::clear() {
  std::fill(words_.begin() + static_cast<std::ptrdiff_t>(first_word_), words_.end(), 0);
  first_word_ = words_.size();
}

}  // namespace chronotope::topology
