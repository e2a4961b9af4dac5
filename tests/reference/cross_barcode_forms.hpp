// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/tests/reference/boundary_matrix.hpp"

namespace chronotope::reference {

/// The four constructions whose degree-1 barcodes agree: the mapping cone (the definition), the 2n + 1 points
/// of the paper, the doubled 2n points of the authors' code, and its `fast` variant.
enum class Form { kCone, kPaper, kDoubled, kHalf };

inline Table entrywise_minimum(const Table& w, const Table& w_tilde) {
  Table m = w;
  for (std::size_t i = 0; i < w.size(); ++i)
    for (std::size_t j = 0; j < w.size(); ++j) m[i][j] = std::min(w[i][j], w_tilde[i][j]);
  return m;
}

/// Simplices of m at their diameter, apex * simplex at the diameter in w.
inline std::vector<Cell> mapping_cone(const Table& w, const Table& m) {
  const std::size_t n = w.size();
  std::vector<Cell> cells = flag_complex(m);
  std::map<std::vector<std::size_t>, std::size_t> edge_of;
  for (std::size_t c = 0; c < cells.size(); ++c)
    if (cells[c].dimension == 1) edge_of[cells[c].faces] = c;
  const std::size_t apex = cells.size();
  cells.push_back({0, 0, {}});
  for (std::size_t i = 0; i < n; ++i) cells.push_back({0, 1, {i, apex}});
  for (const auto& [ends, edge] : edge_of)
    if (const double value = w[ends[0]][ends[1]]; value < kInfinity)
      cells.push_back({value, 2, {edge, apex + 1 + ends[0], apex + 1 + ends[1]}});
  return cells;
}

/// [[0, w], [w, m]]; with `upper_only` the entry (j, i) of w below the diagonal is infinite.
inline Table doubled(const Table& w, const Table& m, bool upper_only) {
  const std::size_t n = w.size();
  Table d(2 * n, std::vector<double>(2 * n, 0));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      d[n + i][n + j] = m[i][j];
      d[n + i][j] = d[j][n + i] = upper_only && j < i ? kInfinity : w[i][j];
      if (upper_only) d[i][j] = 0;
    }
  return d;
}

/// [[w, w+^T, 0], [w+, m, inf], [0, inf, 0]] with w+ = w, infinite strictly below the diagonal.
inline Table paper(const Table& w, const Table& m) {
  const std::size_t n = w.size();
  Table d(2 * n + 1, std::vector<double>(2 * n + 1, 0));
  for (std::size_t i = 0; i < n; ++i) {
    d[2 * n][n + i] = d[n + i][2 * n] = kInfinity;
    for (std::size_t j = 0; j < n; ++j) {
      d[i][j] = w[i][j];
      d[n + i][n + j] = m[i][j];
      d[n + i][j] = d[j][n + i] = j < i ? kInfinity : w[i][j];
    }
  }
  return d;
}

inline Bars cross_barcode(const Table& w, const Table& w_tilde, Form form) {
  const Table m = entrywise_minimum(w, w_tilde);
  switch (form) {
    case Form::kCone:
      return degree_one_bars(mapping_cone(w, m));
    case Form::kPaper:
      return degree_one_bars(flag_complex(paper(w, m)));
    case Form::kDoubled:
      return degree_one_bars(flag_complex(doubled(w, m, false)));
    case Form::kHalf:
      return degree_one_bars(flag_complex(doubled(w, m, true)));
  }
  return {};
}

}  // namespace chronotope::reference
