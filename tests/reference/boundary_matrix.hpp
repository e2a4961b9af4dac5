// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <map>
#include <utility>
#include <vector>

namespace chronotope::reference {

using Table = std::vector<std::vector<double>>;
using Bars = std::vector<std::pair<double, double>>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A cell of a filtered complex: when it enters, its dimension, and its faces as indices into the list of
/// cells.
struct Cell {
  double value;
  int dimension;
  std::vector<std::size_t> faces;
};

/// The textbook algorithm: order the cells, reduce the boundary matrix over Z/2 from left to right, and read
/// the bars of degree 1 off its pivots. Zero-length bars are dropped; the rest come sorted.
inline Bars degree_one_bars(const std::vector<Cell>& cells) {
  std::vector<std::size_t> order(cells.size());
  for (std::size_t c = 0; c < cells.size(); ++c) order[c] = c;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(cells[a].value, cells[a].dimension) < std::pair(cells[b].value, cells[b].dimension);
  });
  std::vector<std::size_t> place(cells.size());
  for (std::size_t p = 0; p < order.size(); ++p) place[order[p]] = p;

  std::map<std::size_t, std::vector<std::size_t>> by_pivot;
  std::vector<char> opens(cells.size(), 1);  // cells that are neither paired as a death nor (yet) as a birth
  Bars bars;
  for (std::size_t p = 0; p < order.size(); ++p) {
    std::vector<std::size_t> column;
    for (const std::size_t face : cells[order[p]].faces) column.push_back(place[face]);
    std::sort(column.begin(), column.end());
    while (!column.empty() && by_pivot.count(column.back())) {
      std::vector<std::size_t> sum;
      const auto& other = by_pivot[column.back()];
      std::set_symmetric_difference(column.begin(), column.end(), other.begin(), other.end(),
                                    std::back_inserter(sum));
      column.swap(sum);
    }
    if (column.empty()) continue;
    const std::size_t birth = column.back();
    opens[p] = opens[birth] = 0;
    const Cell& born = cells[order[birth]];
    if (born.dimension == 1 && born.value < cells[order[p]].value)
      bars.emplace_back(born.value, cells[order[p]].value);
    by_pivot[birth] = std::move(column);
  }
  for (std::size_t p = 0; p < order.size(); ++p)
    if (opens[p] && cells[order[p]].dimension == 1) bars.emplace_back(cells[order[p]].value, kInfinity);
  std::sort(bars.begin(), bars.end());
  return bars;
}

/// Points, edges and triangles of the flag complex of a symmetric table; infinite entries are absent edges.
inline std::vector<Cell> flag_complex(const Table& d) {
  const std::size_t n = d.size();
  std::vector<Cell> cells(n, Cell{0, 0, {}});
  std::vector<std::vector<std::size_t>> edge(n, std::vector<std::size_t>(n, 0));
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i < j; ++i)
      if (d[i][j] < kInfinity) {
        edge[i][j] = cells.size();
        cells.push_back({d[i][j], 1, {i, j}});
      }
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t j = 0; j < k; ++j)
      for (std::size_t i = 0; i < j; ++i) {
        const double diameter = std::max({d[i][j], d[i][k], d[j][k]});
        if (diameter < kInfinity) cells.push_back({diameter, 2, {edge[i][j], edge[i][k], edge[j][k]}});
      }
  return cells;
}

}  // namespace chronotope::reference
