// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "chronotope/topology/homology/barcode.hpp"
#include "chronotope/topology/homology/cell_column.hpp"
#include "chronotope/topology/homology/common_neighbours.hpp"
#include "chronotope/topology/homology/components.hpp"
#include "chronotope/topology/homology/ranked_complex.hpp"

namespace chronotope::topology {

/// Persistent cohomology of a RankedComplex, degree by degree: what a degree learns about the next higher
/// simplices (which of them end a class) spares the next degree their columns. Implicit coboundaries,
/// clearing, emergent and apparent pairs (Bauer, "Ripser", 2021). Columns are enumerated, latest first, and
/// reduced at once, so that no list of simplices is ever made: memory is that of the ranks and of the columns
/// that take part in a reduction.
template <class Field>
class RankedCohomology {
 public:
  RankedCohomology(const RankedComplex& complex, const Field& field)
      : complex_(complex), field_(field), working_(field_), added_(field_) {}

  /// Degree 0.
  Barcode components() {
    std::vector<Bar> bars;
    Components parts(complex_.vertices());
    joins_.assign(static_cast<std::size_t>(complex_.ranks()), false);
    for (Rank r = 0; r < complex_.ranks(); ++r) {
      if (complex_.kind(r) == Kind::kApexTriangle) continue;
      const auto [i, j] = complex_.ends(r);
      if (!parts.join(i, j)) continue;
      joins_[static_cast<std::size_t>(r)] = true;
      bars.push_back({0, complex_.value(complex_.cell(r))});
    }
    bars.resize(complex_.vertices(), {0, std::numeric_limits<double>::infinity()});
    return Barcode(std::move(bars));
  }

  /// Degree 1, after degree 0: of the edges that close a cycle.
  Barcode cycles() {
    begin_degree(1);
    for (Rank r = complex_.ranks(); r-- > 0;)
      if (complex_.kind(r) != Kind::kApexTriangle && !joins_[static_cast<std::size_t>(r)] &&
          !complex_.has_apparent_cofacet(complex_.cell(r), 1))
        reduce(complex_.cell(r));
    return Barcode(std::move(bars_));
  }

  /// Degree 2, after degree 1: of the triangles that end no cycle.
  Barcode voids() {
    begin_degree(2);
    CommonNeighbours neighbours(complex_);
    for (Rank r = complex_.ranks(); r-- > 0;) {
      if (complex_.kind(r) == Kind::kApexTriangle) reduce_apex_triangle(complex_.cell(r));
      if (complex_.kind(r) == Kind::kEdge)
        neighbours.for_each_unpaired(r, [&](Cell triangle) {
          if (!ended_.count(triangle)) reduce(triangle);
        });
    }
    return Barcode(std::move(bars_));
  }

 private:
  using Cell = RankedComplex::Cell;
  using Kind = RankedComplex::Kind;
  using Element = typename Field::Element;
  using Entry = CellEntry<Field>;

  struct Owner {
    std::size_t column;
    [[no_unique_address]] Element coefficient;  // of the pivot in that column
  };
  using Owners = std::unordered_map<Cell, Owner>;

  void begin_degree(std::size_t dimension) {
    dimension_ = dimension;
    bars_.clear();
    reduced_.clear();
    ended_ = std::exchange(owner_, Owners{});
  }

  void reduce_apex_triangle(Cell triangle) {
    if (!ended_.count(triangle) && !complex_.has_apparent_cofacet(triangle, 2)) reduce(triangle);
  }

  void add_coboundary(Cell cell, Element factor) {
    complex_.for_each_cofacet(cell, dimension_, [&](Cell cofacet, bool negative) {
      working_.push({cofacet, field_.times(factor, field_.sign(negative))});
    });
    added_.push({cell, factor});
  }

  void reduce(Cell cell) {
    const double death = reach_pivot(cell);
    if (const double birth = complex_.value(cell); birth != death) bars_.push_back({birth, death});
  }

  /// The first cofacet of equal rank is the pivot at once when no other column can have it.
  bool is_emergent(Cell cell) {
    const auto cofacet = complex_.first_equal_cofacet(cell, dimension_);
    if (!cofacet || owner_.count(*cofacet) || complex_.apparent_facet(*cofacet, dimension_ + 1)) return false;
    owner_[*cofacet] = {reduced_.size(), sign_in(cell, *cofacet)};
    reduced_.push_back({{cell, field_.one()}});
    return true;
  }

  /// Reduces the column of a cell and returns the value of its pivot.
  double reach_pivot(Cell cell) {
    if (is_emergent(cell)) return complex_.value(cell);
    working_.clear();
    added_.clear();
    add_coboundary(cell, field_.one());
    while (const auto pivot = working_.pop()) {
      if (const auto owner = owner_.find(pivot->cell); owner != owner_.end()) {
        working_.push(*pivot);
        const Element factor =
            field_.minus(field_.times(pivot->coefficient, field_.inverse(owner->second.coefficient)));
        for (const Entry& entry : reduced_[owner->second.column])
          add_coboundary(entry.cell, field_.times(factor, entry.coefficient));
      } else if (const auto facet = complex_.apparent_facet(pivot->cell, dimension_ + 1)) {
        working_.push(*pivot);
        add_coboundary(*facet, field_.minus(field_.times(pivot->coefficient, sign_in(*facet, pivot->cell))));
      } else {
        owner_[pivot->cell] = {reduced_.size(), pivot->coefficient};
        store_column();
        return complex_.value(pivot->cell);
      }
    }
    return std::numeric_limits<double>::infinity();
  }

  void store_column() {
    std::vector<Entry> column;
    while (const auto entry = added_.pop()) column.push_back(*entry);
    reduced_.push_back(std::move(column));
  }

  /// The coefficient of a cofacet in the coboundary of a cell: 1 or -1, its own inverse.
  Element sign_in(Cell cell, Cell cofacet) const {
    if constexpr (std::is_same_v<Field, ParityField>) return field_.one();
    Element sign = field_.one();
    complex_.for_each_cofacet(cell, dimension_, [&](Cell each, bool negative) {
      if (each == cofacet) sign = field_.sign(negative);
    });
    return sign;
  }

  const RankedComplex& complex_;
  Field field_;
  std::size_t dimension_ = 0;
  std::vector<bool> joins_;  // edges that join two components
  std::vector<Bar> bars_;
  CellColumn<Field> working_;  // the coboundary of added_
  CellColumn<Field> added_;
  std::vector<std::vector<Entry>> reduced_;
  Owners owner_;  // of a pivot
  Owners ended_;  // cells of this dimension that end a class of the one below
};

}  // namespace chronotope::topology
