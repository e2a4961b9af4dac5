// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/distances/rank_scan.hpp"
#include "chronotope/topology/homology/coned_distances.hpp"

namespace chronotope::topology {

/// The Vietoris-Rips complex of a full matrix, or that and a cone over it, up to a threshold, with its
/// simplices of dimension 1 to 3 as 64-bit numbers in the order in which they enter. Nothing is stored but
/// ranks.
///
/// What brings a diameter into the filtration stands in one strict order, by value, then kind, then objects:
/// edges of the base, edges of the apex, triangles of the apex (one over each pair, which enters at its
/// length in the cone; not before its edges). A simplex is its rank, that of its latest part of these kinds,
/// and its objects outside of that part, descending:
///     edge r     triangle over edge r and k: r, k     tetrahedron: r, k, l     apex * ij: r     apex * ijk:
///     r, k
/// so numbers of one dimension order like the filtration, and no number has to be searched for or unranked.
///
/// Invariants: 1. ranks are < kAbsent, which stands for pairs beyond the threshold, infinite ones and i = j.
/// 2. The faces of a simplex have its rank or smaller ones.
/// Memory: 4 bytes a pair and matrix both ways, 16 for each rank. Throws InputError for more than 65,536
/// objects or 2^31 - 1 ranks.
class RankedComplex {
 public:
  using Cell = std::uint64_t;
  using Object = std::uint32_t;
  enum class Kind : std::uint8_t { kEdge, kApexEdge, kApexTriangle };

  static constexpr Rank kAbsent = std::numeric_limits<Rank>::max();

  RankedComplex(const DistanceMatrix& distances, double threshold);
  /// Requires: a finite threshold.
  RankedComplex(const ConedDistances& distances, double threshold);

  std::size_t objects() const { return objects_; }
  std::size_t vertices() const { return objects_ + (has_apex() ? 1 : 0); }
  Rank ranks() const { return static_cast<Rank>(parts_.size()); }
  Kind kind(Rank r) const { return part(r).kind; }
  /// Vertices of an edge, the apex being the last.
  std::pair<Object, Object> ends(Rank r) const;
  double value(Cell cell) const { return part(rank(cell)).value; }

  static Cell cell(Rank r, Object k = 0) { return static_cast<Cell>(r) << 32 | k; }
  static Rank rank(Cell cell) { return static_cast<Rank>(cell >> 32); }

  /// Calls visit(cofacet, negative) for all cofacets of a simplex of dimension 1 or 2; negative says with
  /// which sign the cofacet's boundary holds the simplex, vertices descending.
  template <class Visit>
  void for_each_cofacet(Cell cell, std::size_t dimension, Visit visit) const;

  /// The first cofacet, if it has the rank of the simplex.
  std::optional<Cell> first_equal_cofacet(Cell cell, std::size_t dimension) const;
  /// Whether that cofacet's last facet is the simplex: an apparent pair.
  bool has_apparent_cofacet(Cell cell, std::size_t dimension) const;
  /// The facet of a simplex of dimension 2 or 3 in an apparent pair with it.
  std::optional<Cell> apparent_facet(Cell cell, std::size_t dimension) const;

 private:
  struct Part {
    double value;
    std::uint16_t i;  // < j; the only object of an apex's edge
    std::uint16_t j;
    Kind kind;
  };
  /// Ranks of the pairs of objects.
  class PairRanks {
   public:
    PairRanks() = default;
    explicit PairRanks(std::size_t objects) : objects_(objects), ranks_(objects * objects, kAbsent) {}
    void set(std::size_t i, std::size_t j, Rank r) {
      ranks_[i * objects_ + j] = ranks_[j * objects_ + i] = r;
    }
    const Rank* row(std::size_t i) const { return ranks_.data() + i * objects_; }

   private:
    std::size_t objects_ = 0;
    std::vector<Rank> ranks_;
  };

  bool has_apex() const { return has_apex_; }
  const Part& part(Rank r) const { return parts_[static_cast<std::size_t>(r)]; }
  void append_edges(const DistanceMatrix& d, double threshold, Kind kind);
  void number_parts();

  static Object low(Cell cell) { return static_cast<Object>(cell & 0xffffu); }
  static Object high(Cell cell) { return static_cast<Object>(cell >> 16 & 0xffffu); }
  static Cell cell(Rank r, Object k, Object l) {
    return static_cast<Cell>(r) << 32 | std::max(k, l) << 16 | std::min(k, l);
  }

  template <class Visit>
  void cofacets_of_edge(const PairRanks& ranks, Cell edge, bool coned, Visit visit) const;
  template <class Visit>
  void cofacets_of_apex_edge(Cell edge, Visit visit) const;
  template <class Visit>
  void cofacets_of_triangle(Cell triangle, Visit visit) const;

  Object first_common(const Rank* a, const Rank* b, Rank r, Object end) const;
  Object first_common(const Rank* a, const Rank* b, const Rank* c, Rank r, Object end) const;

  std::size_t objects_;
  bool has_apex_;
  std::vector<Part> parts_;  // by rank
  PairRanks base_;
  PairRanks cone_;  // of the apex's triangles
};

/// Objects that join the edge or apex triangle over i and j: those v whose pair with i or j is the latest, or
/// none of these is later than r. Requires: i, j are the ends of r.
template <class Visit>
void RankedComplex::cofacets_of_edge(const PairRanks& ranks, Cell edge, bool coned, Visit visit) const {
  const Rank r = rank(edge);
  const Object i = part(r).i;
  const Object j = part(r).j;
  const Rank* to_i = ranks.row(i);
  const Rank* to_j = ranks.row(j);
  for (Object v = 0; v < objects_; ++v) {
    const Rank latest = std::max({r, to_i[v], to_j[v]});
    if (latest == kAbsent) continue;
    const Object rest = latest == r ? v : latest == to_i[v] ? j : i;
    visit(cell(latest, rest), ((i > v) ^ (j > v) ^ coned) != 0);
  }
}

template <class Visit>
void RankedComplex::cofacets_of_apex_edge(Cell edge, Visit visit) const {
  const Object i = part(rank(edge)).i;
  const Rank* to_i = cone_.row(i);
  for (Object v = 0; v < objects_; ++v)
    if (to_i[v] != kAbsent) visit(cell(to_i[v]), i < v);
}

template <class Visit>
void RankedComplex::cofacets_of_triangle(Cell triangle, Visit visit) const {
  const Rank r = rank(triangle);
  const Object i = part(r).i;
  const Object j = part(r).j;
  const Object k = low(triangle);
  const Rank* to_i = base_.row(i);
  const Rank* to_j = base_.row(j);
  const Rank* to_k = base_.row(k);
  for (Object v = 0; v < objects_; ++v) {
    const Rank latest = std::max(std::max(r, to_i[v]), std::max(to_j[v], to_k[v]));
    if (latest == kAbsent) continue;
    const Cell cofacet = latest == r         ? cell(r, k, v)
                         : latest == to_i[v] ? cell(latest, j, k)
                         : latest == to_j[v] ? cell(latest, i, k)
                                             : cell(latest, i, j);
    visit(cofacet, ((i > v) ^ (j > v) ^ (k > v)) != 0);
  }
  if (!has_apex()) return;
  const Rank ij = cone_.row(i)[j];
  const Rank ik = cone_.row(i)[k];
  const Rank jk = cone_.row(j)[k];
  const Rank latest = std::max({ij, ik, jk});
  if (latest != kAbsent) visit(cell(latest, latest == ij ? k : latest == ik ? j : i), false);
}

template <class Visit>
void RankedComplex::for_each_cofacet(Cell simplex, std::size_t dimension, Visit visit) const {
  const Part& latest = part(rank(simplex));
  if (latest.kind == Kind::kApexTriangle) return cofacets_of_edge(cone_, simplex, true, visit);
  if (dimension == 2) return cofacets_of_triangle(simplex, visit);
  if (latest.kind == Kind::kApexEdge) return cofacets_of_apex_edge(simplex, visit);
  cofacets_of_edge(base_, simplex, false, visit);
  if (!has_apex()) return;
  if (const Rank over = cone_.row(latest.i)[latest.j]; over != kAbsent) visit(cell(over), false);
}

}  // namespace chronotope::topology
