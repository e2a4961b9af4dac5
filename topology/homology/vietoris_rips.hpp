// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/homology/simplex_index.hpp"

namespace chronotope::topology {

/// A simplex of a filtered complex. The order of the filtration is by diameter, then by *descending* index:
/// in it the vertices in descending order enumerate the cofacets of equal diameter from first to last.
struct Simplex {
  double diameter = 0;
  std::uint64_t index = 0;

  friend bool operator==(const Simplex&, const Simplex&) = default;
};
inline bool earlier(const Simplex& a, const Simplex& b) {
  return a.diameter < b.diameter || (a.diameter == b.diameter && a.index > b.index);
}

/// A simplex with one vertex more, and the sign with which its boundary holds the smaller one.
struct Cofacet {
  Simplex simplex;
  bool negative = false;
};

/// Distances of which only some pairs are present; the others are never joined.
class SparseDistances {
 public:
  struct Neighbour {
    std::uint32_t vertex;
    double distance;
  };
  struct Pair {
    std::uint32_t i;
    std::uint32_t j;
    double distance;
  };

  /// Throws InputError naming the pair (from 0) when an end is not below `vertices`, i = j, a distance is
  /// negative or NaN, or a pair comes twice with different distances.
  SparseDistances(std::size_t vertices, std::vector<Pair> pairs);

  std::size_t size() const { return neighbours_.size(); }
  /// By descending vertex.
  std::span<const Neighbour> neighbours(std::size_t i) const { return neighbours_[i]; }

 private:
  std::vector<std::vector<Neighbour>> neighbours_;
};

constexpr std::size_t kMostVertices = 4;  // of the simplices handled here: tetrahedra, cofacets of degree 2

/// The largest distance between the vertices of a simplex.
template <class Distance>
double largest_distance(std::span<const SimplexIndex::Vertex> vertices, const Distance& distance) {
  double largest = 0;
  for (std::size_t a = 0; a < vertices.size(); ++a)
    for (std::size_t b = a + 1; b < vertices.size(); ++b)
      largest = std::max(largest, distance(vertices[a], vertices[b]));
  return largest;
}

/// The implicit Vietoris-Rips complex of sparse distances up to a threshold: nothing is stored but the
/// distances. Cofacets come from the intersection of neighbour lists.
class SparseComplex {
 public:
  SparseComplex(const SparseDistances& distances, double threshold) : d_(distances), threshold_(threshold) {}

  std::size_t size() const { return d_.size(); }
  double distance(std::size_t i, std::size_t j) const;
  double threshold() const { return threshold_; }
  double diameter(std::span<const SimplexIndex::Vertex> vertices) const {
    return largest_distance(vertices, [this](std::size_t i, std::size_t j) { return distance(i, j); });
  }
  const SparseDistances& distances() const { return d_; }

  /// Calls visit(vertex, diameter) for every vertex that makes a cofacet of the simplex on `vertices`,
  /// descending, until visit returns false.
  template <class Visit>
  void for_each_cofacet(std::span<const SimplexIndex::Vertex> vertices, double diameter, Visit visit) const {
    std::array<std::size_t, kMostVertices> next{};
    for (const SparseDistances::Neighbour& candidate : d_.neighbours(vertices[0])) {
      double wider = std::max(diameter, candidate.distance);
      bool common = true;
      for (std::size_t k = 1; k < vertices.size() && common; ++k) {
        const auto list = d_.neighbours(vertices[k]);
        while (next[k] < list.size() && list[next[k]].vertex > candidate.vertex) ++next[k];
        common = next[k] < list.size() && list[next[k]].vertex == candidate.vertex;
        if (common) wider = std::max(wider, list[next[k]].distance);
      }
      if (common && wider <= threshold_ && !visit(candidate.vertex, wider)) return;
    }
  }

 private:
  const SparseDistances& d_;
  double threshold_;
};

/// The edges of a complex in the order of its filtration.
std::vector<Simplex> edges_of(const SparseComplex& complex, const SimplexIndex& indices);

/// min_i max_j d(i, j): from this scale on the complex is a cone, so nothing is born or alive beyond it in
/// degree >= 1. 0 for fewer than two objects.
double enclosing_radius(const DistanceMatrix& distances);

}  // namespace chronotope::topology
