// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/vietoris_rips.hpp"

#include <cmath>
#include <string>

namespace chronotope::topology {

namespace {

void check(const SparseDistances::Pair& pair, std::size_t vertices, std::size_t row) {
  const std::string which = "pair " + std::to_string(row) + " (from 0): ";
  if (pair.i >= vertices || pair.j >= vertices)
    throw InputError(which + "object " + std::to_string(std::max(pair.i, pair.j)) +
                     " is not allowed (there are " + std::to_string(vertices) + ")");
  if (pair.i == pair.j) throw InputError(which + "an object is not joined to itself");
  if (!(pair.distance >= 0))
    throw InputError(which + "distance " + chronotope::to_string(pair.distance) +
                     " is not allowed (must be >= 0)");
}

}  // namespace

SparseDistances::SparseDistances(std::size_t vertices, std::vector<Pair> pairs) : neighbours_(vertices) {
  for (std::size_t row = 0; row < pairs.size(); ++row) {
    const Pair& pair = pairs[row];
    check(pair, vertices, row);
    if (!std::isfinite(pair.distance)) continue;
    neighbours_[pair.i].push_back({pair.j, pair.distance + 0.0});
    neighbours_[pair.j].push_back({pair.i, pair.distance + 0.0});
  }
  for (std::size_t i = 0; i < vertices; ++i) {
    auto& list = neighbours_[i];
    std::sort(list.begin(), list.end(), [](const Neighbour& a, const Neighbour& b) {
      return a.vertex > b.vertex || (a.vertex == b.vertex && a.distance < b.distance);
    });
    for (std::size_t k = 1; k < list.size(); ++k)
      if (list[k].vertex == list[k - 1].vertex && list[k].distance != list[k - 1].distance)
        throw InputError("the pair " + std::to_string(i) + ", " + std::to_string(list[k].vertex) +
                         " has two distances, " + chronotope::to_string(list[k - 1].distance) + " and " +
                         chronotope::to_string(list[k].distance));
    list.erase(std::unique(list.begin(), list.end(),
                           [](const Neighbour& a, const Neighbour& b) { return a.vertex == b.vertex; }),
               list.end());
  }
}

double SparseComplex::distance(std::size_t i, std::size_t j) const {
  const auto list = d_.neighbours(i);
  const auto at = std::lower_bound(list.begin(), list.end(), j,
                                   [](const auto& neighbour, std::size_t v) { return neighbour.vertex > v; });
  return at != list.end() && at->vertex == j ? at->distance : std::numeric_limits<double>::infinity();
}

std::vector<Simplex> edges_of(const SparseComplex& complex, const SimplexIndex& indices) {
  std::vector<Simplex> edges;
  for (SimplexIndex::Vertex i = 0; i < complex.size(); ++i)
    for (const auto& [j, length] : complex.distances().neighbours(i))
      if (j < i && length <= complex.threshold())
        edges.push_back({length, indices.index_of(std::array{i, j})});
  std::sort(edges.begin(), edges.end(), earlier);
  return edges;
}

double enclosing_radius(const DistanceMatrix& distances) {
  double radius = distances.size() < 2 ? 0 : std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < distances.size(); ++i)
    radius = std::min(radius, *std::max_element(distances.row(i).begin(), distances.row(i).end()));
  return radius;
}

}  // namespace chronotope::topology
