// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/coned_complex.hpp"

namespace chronotope {

std::vector<Simplex> edges_of(const ConedComplex& complex, const SimplexIndex& indices) {
  std::vector<Simplex> edges;
  for (SimplexIndex::Vertex i = 0; i < complex.size(); ++i)
    for (SimplexIndex::Vertex j = 0; j < i; ++j) {
      const std::array ends{i, j};
      if (const double length = complex.diameter(ends); length <= complex.threshold())
        edges.push_back({length, indices.index_of(ends)});
    }
  std::sort(edges.begin(), edges.end(), earlier);
  return edges;
}

double enclosing_radius(const ConedDistances& distances) {
  if (distances.base.size() == 1 && !distances.apex.empty()) return distances.apex.front();
  return enclosing_radius(distances.cone);
}

}  // namespace chronotope
