// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "chronotope/tests/reference/boundary_matrix.hpp"

namespace chronotope::reference {

/// All barcodes of a Vietoris-Rips filtration by the textbook: list every simplex, reduce the boundary matrix
/// over Z/p from left to right. Homology, not cohomology; no shortcut.
inline std::vector<Bars> rips_barcodes(const Table& d, std::size_t top, std::uint64_t p, double threshold) {
  using Vertices = std::vector<std::size_t>;
  std::vector<std::pair<std::pair<double, std::size_t>, Vertices>> simplices;
  for (std::size_t i = 0; i < d.size(); ++i) simplices.push_back({{0, 1}, {i}});
  for (std::size_t s = 0; s < simplices.size(); ++s) {
    const auto [key, vertices] = simplices[s];
    if (vertices.size() > top + 1) continue;
    for (std::size_t v = vertices.back() + 1; v < d.size(); ++v) {
      double diameter = key.first;
      for (const std::size_t u : vertices) diameter = std::max(diameter, d[u][v]);
      Vertices larger = vertices;
      larger.push_back(v);
      if (diameter <= threshold && diameter < kInfinity)
        simplices.push_back({{diameter, larger.size()}, larger});
    }
  }
  std::sort(simplices.begin(), simplices.end());
  std::map<Vertices, std::size_t> place;
  for (std::size_t s = 0; s < simplices.size(); ++s) place[simplices[s].second] = s;

  const auto inverse = [&](std::uint64_t a) {
    std::uint64_t power = 1;
    for (std::uint64_t e = p - 2, square = a; e > 0; e /= 2, square = square * square % p)
      if (e % 2) power = power * square % p;
    return power;
  };
  std::vector<Bars> bars(top + 1);
  std::map<std::size_t, std::map<std::size_t, std::uint64_t>> by_pivot;  // low entry -> column
  std::set<std::size_t> births;
  for (std::size_t s = 0; s < simplices.size(); ++s) {
    const Vertices& vertices = simplices[s].second;
    std::map<std::size_t, std::uint64_t> column;
    for (std::size_t k = 0; vertices.size() > 1 && k < vertices.size(); ++k) {
      Vertices face = vertices;
      face.erase(face.begin() + static_cast<std::ptrdiff_t>(k));
      column[place[face]] = k % 2 == 0 ? 1 : p - 1;
    }
    while (!column.empty() && by_pivot.count(column.rbegin()->first)) {
      const auto& other = by_pivot[column.rbegin()->first];
      const std::uint64_t factor = (p - column.rbegin()->second) * inverse(other.rbegin()->second) % p;
      for (const auto& [row, value] : other) {
        std::uint64_t& entry = column[row];
        entry = (entry + factor * value) % p;
        if (entry == 0) column.erase(row);
      }
    }
    if (column.empty()) {
      births.insert(s);
      continue;
    }
    const std::size_t birth = column.rbegin()->first;
    births.erase(birth);
    const auto& [born, face] = simplices[birth];
    if (face.size() <= top + 1 && born.first < simplices[s].first.first)
      bars[face.size() - 1].emplace_back(born.first, simplices[s].first.first);
    by_pivot[birth] = std::move(column);
  }
  for (const std::size_t s : births)
    if (simplices[s].second.size() <= top + 1)
      bars[simplices[s].second.size() - 1].emplace_back(simplices[s].first.first, kInfinity);
  for (Bars& degree : bars) std::sort(degree.begin(), degree.end());
  return bars;
}

}  // namespace chronotope::reference
