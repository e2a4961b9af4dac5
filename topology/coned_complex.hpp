// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "chronotope/topology/distance_matrix.hpp"
#include "chronotope/topology/simplex_index.hpp"
#include "chronotope/topology/vietoris_rips.hpp"

namespace chronotope {

/// A Vietoris-Rips complex and a cone over it, given by two matrices of the same n objects: a simplex s
/// enters at its diameter in `base`, apex * s at its diameter in `cone`, the edge from the apex to object i
/// at apex[i].
///
/// Requires: base <= cone; apex[i], apex[j] <= cone(i, j); apex is empty (all 0) or has n entries. The apex
/// is the last vertex, n.
struct ConedDistances {
  const DistanceMatrix& base;
  const DistanceMatrix& cone;
  std::vector<double> apex = {};
};

/// Its implicit filtration up to a finite threshold. Not a flag complex: a triangle of the apex may enter
/// later than its edges.
class ConedComplex {
 public:
  using Vertex = SimplexIndex::Vertex;

  ConedComplex(const ConedDistances& distances, double threshold) : d_(distances), threshold_(threshold) {}

  std::size_t size() const { return objects() + 1; }
  double threshold() const { return threshold_; }

  double diameter(std::span<const Vertex> vertices) const {
    if (vertices.front() != objects()) return largest_distance(vertices, d_.base);
    return coned_diameter(vertices.subspan(1));
  }

  /// As DenseComplex: descending vertices, until visit returns false.
  template <class Visit>
  void for_each_cofacet(std::span<const Vertex> vertices, double diameter, Visit visit) const {
    const bool coned = vertices.front() == objects();
    const auto ends = coned ? vertices.subspan(1) : vertices;
    if (!coned) {
      const double value = coned_diameter(ends);
      if (value <= threshold_ && !visit(static_cast<Vertex>(objects()), value)) return;
    }
    std::array<const double*, kMostVertices> rows{};
    for (std::size_t k = 0; k < ends.size(); ++k) rows[k] = (coned ? d_.cone : d_.base).row(ends[k]).data();
    for (std::size_t v = objects(); v-- > 0;) {
      if (std::find(ends.begin(), ends.end(), v) != ends.end()) continue;
      double wider = coned ? std::max(diameter, apex_edge(v)) : diameter;
      for (std::size_t k = 0; k < ends.size(); ++k) wider = std::max(wider, rows[k][v]);
      if (wider <= threshold_ && !visit(static_cast<Vertex>(v), wider)) return;
    }
  }

  std::size_t objects() const { return d_.base.size(); }
  double apex_edge(std::size_t i) const { return d_.apex.empty() ? 0 : d_.apex[i]; }

 private:
  /// When the apex joins a simplex of objects.
  double coned_diameter(std::span<const Vertex> ends) const {
    double largest = largest_distance(ends, d_.cone);
    for (const Vertex v : ends) largest = std::max(largest, apex_edge(v));
    return largest;
  }

  const ConedDistances& d_;
  double threshold_;
};

std::vector<Simplex> edges_of(const ConedComplex& complex, const SimplexIndex& indices);

/// From this scale on some object is joined to all others and to the apex, by every simplex there is: nothing
/// is born or alive beyond it in degree >= 1, and all is connected.
double enclosing_radius(const ConedDistances& distances);

}  // namespace chronotope
