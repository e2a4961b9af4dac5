// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/cone_cells.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace chronotope {

namespace {

/// Whether some object is nearer to both ends of an edge than its length. Scanned in blocks, so that the
/// inner loop has no exit and can be vectorised.
bool has_strict_lune(const DistanceMatrix& w, Edge e) {
  constexpr std::size_t kBlock = 16;
  const double length = w(e.i, e.j);
  const double* a = w.row(e.i).data();
  const double* b = w.row(e.j).data();
  for (std::size_t begin = 0; begin < w.size(); begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, w.size());
    int found = 0;
    for (std::size_t k = begin; k < end; ++k) found |= (a[k] < length) & (b[k] < length);
    if (found) return true;
  }
  return false;
}

}  // namespace

ConeCells::ConeCells(const EdgeRanks& m, const DistanceMatrix& w)
    : over_(static_cast<std::size_t>(m.edges()), kNone) {
  struct Cell {
    double length;
    Rank edge;
    auto operator<=>(const Cell&) const = default;
  };
  std::vector<Cell> cells;
  for (Rank f = 0; f < m.edges(); ++f) {
    const Edge e = m.edge(f);
    const double length = w(e.i, e.j);
    if (length > m.value(f) && std::isfinite(length) && !has_strict_lune(w, e)) cells.push_back({length, f});
  }
  std::sort(cells.begin(), cells.end());
  for (const Cell& cell : cells) {
    over_[static_cast<std::size_t>(cell.edge)] = static_cast<Index>(values_.size());
    values_.push_back(cell.length);
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

}  // namespace chronotope
