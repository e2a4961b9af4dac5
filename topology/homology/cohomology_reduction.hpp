// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <queue>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "chronotope/topology/homology/barcode.hpp"
#include "chronotope/topology/homology/components.hpp"
#include "chronotope/topology/homology/prime_field.hpp"
#include "chronotope/topology/homology/simplex_index.hpp"
#include "chronotope/topology/homology/vietoris_rips.hpp"

namespace chronotope::topology {

/// The reduction in one complex, degree by degree: what a degree learns about the next higher simplices
/// (which of them end a class) spares the next degree their columns. Persistent cohomology with implicit
/// coboundaries, clearing, emergent and apparent pairs (Bauer, "Ripser", 2021).
///
/// A Complex says when a simplex enters: size() vertices, which all enter at 0; diameter(vertices) of a
/// simplex, vertices descending; for_each_cofacet(vertices, diameter, visit); and edges_of(complex, indices),
/// all edges in the order of the filtration. Requires: no simplex enters before its faces.
template <class Complex>
class Cohomology {
 public:
  Cohomology(const Complex& complex, std::size_t degrees, std::uint32_t modulus)
      : complex_(complex), indices_(complex.size(), degrees + 1), field_(modulus) {}

  /// Degree 0; `columns_` become the edges that close a cycle.
  Barcode components() {
    std::vector<Bar> bars;
    Components parts(complex_.size());
    simplices_ = edges_of(complex_, indices_);
    for (const Simplex& edge : simplices_) {
      std::array<Vertex, 2> ends;
      indices_.vertices_of(edge.index, ends);
      if (parts.join(ends[0], ends[1]))
        bars.push_back({0, edge.diameter});
      else
        columns_.push_back(edge);
    }
    for (std::size_t alive = bars.size(); alive < complex_.size(); ++alive)
      bars.push_back({0, std::numeric_limits<double>::infinity()});
    dimension_ = 1;
    return Barcode(std::move(bars));
  }

  /// The next degree.
  Barcode next_degree(bool last) {
    std::vector<Bar> bars;
    std::erase_if(columns_, [&](const Simplex& s) { return apparent_cofacet(s).has_value(); });
    for (auto column = columns_.rbegin(); column != columns_.rend(); ++column)
      bars.push_back({column->diameter, reduce(*column)});
    if (!last) assemble_next_columns();
    ++dimension_;
    owner_.clear();
    reduced_.clear();
    return Barcode(std::move(bars));
  }

 private:
  using Vertex = SimplexIndex::Vertex;
  using Element = PrimeField::Element;

  struct Entry {
    Simplex simplex;
    Element coefficient;
  };
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const { return earlier(b.simplex, a.simplex); }
  };
  struct Owner {
    std::size_t column;
    Element coefficient;  // of the pivot in that column
  };
  using Vertices = std::array<Vertex, kMostVertices>;

  class Column : public std::priority_queue<Entry, std::vector<Entry>, Later> {
   public:
    void clear() { this->c.clear(); }
  };

  std::span<Vertex> vertices_of(const Simplex& s, std::size_t dimension, Vertices& buffer) const {
    const std::span<Vertex> out(buffer.data(), dimension + 1);
    indices_.vertices_of(s.index, out);
    return out;
  }

  /// Calls visit(cofacet) in the order of the added vertex, descending, until it returns false.
  template <class Visit>
  void for_each_cofacet(const Simplex& s, std::size_t dimension, Visit visit) const {
    Vertices buffer;
    const auto vertices = vertices_of(s, dimension, buffer);
    std::size_t above = 0;          // vertices larger than the added one
    std::uint64_t index_above = 0;  // of these, in the cofacet
    std::uint64_t index_below = s.index;
    complex_.for_each_cofacet(vertices, s.diameter, [&](Vertex v, double diameter) {
      for (; above < vertices.size() && vertices[above] > v; ++above) {
        index_below -= indices_.binomial(vertices[above], vertices.size() - above);
        index_above += indices_.binomial(vertices[above], vertices.size() - above + 1);
      }
      const std::uint64_t index =
          index_above + indices_.binomial(v, vertices.size() - above + 1) + index_below;
      return visit(Cofacet{{diameter, index}, above % 2 == 1});
    });
  }

  /// The first cofacet of the same diameter.
  std::optional<Simplex> first_equal_cofacet(const Simplex& s, std::size_t dimension) const {
    std::optional<Simplex> found;
    for_each_cofacet(s, dimension, [&](const Cofacet& c) {
      if (c.simplex.diameter == s.diameter) found = c.simplex;
      return !found;
    });
    return found;
  }

  /// The last facet of the same diameter.
  std::optional<Simplex> last_equal_facet(const Simplex& s, std::size_t dimension) const {
    Vertices buffer;
    const auto vertices = vertices_of(s, dimension, buffer);
    for (std::size_t without = 0; without < vertices.size(); ++without) {
      std::array<Vertex, kMostVertices> rest;
      std::size_t count = 0;
      for (std::size_t k = 0; k < vertices.size(); ++k)
        if (k != without) rest[count++] = vertices[k];
      const double diameter = complex_.diameter(std::span<const Vertex>(rest.data(), count));
      if (diameter == s.diameter) return Simplex{diameter, indices_.index_of(std::span(rest.data(), count))};
    }
    return std::nullopt;
  }

  /// The partner of s in an apparent pair (first equal cofacet and last equal facet of each other).
  std::optional<Simplex> apparent_cofacet(const Simplex& s) const {
    const auto cofacet = first_equal_cofacet(s, dimension_);
    if (!cofacet) return std::nullopt;
    const auto facet = last_equal_facet(*cofacet, dimension_ + 1);
    return facet && *facet == s ? cofacet : std::nullopt;
  }
  std::optional<Simplex> apparent_facet(const Simplex& s) const {
    const auto facet = last_equal_facet(s, dimension_ + 1);
    if (!facet) return std::nullopt;
    const auto cofacet = first_equal_cofacet(*facet, dimension_);
    return cofacet && *cofacet == s ? facet : std::nullopt;
  }

  void add_coboundary(const Simplex& s, Element factor) {
    for_each_cofacet(s, dimension_, [&](const Cofacet& c) {
      working_.push({c.simplex, field_.times(factor, field_.sign(c.negative))});
      return true;
    });
    added_.push({s, factor});
  }

  /// The earliest entry of a column whose coefficients do not cancel, taken out; nothing when it is empty.
  std::optional<Entry> pop(Column& column) const {
    while (!column.empty()) {
      Entry sum = column.top();
      column.pop();
      while (!column.empty() && column.top().simplex.index == sum.simplex.index) {
        sum.coefficient = field_.plus(sum.coefficient, column.top().coefficient);
        column.pop();
      }
      if (sum.coefficient != 0) return sum;
    }
    return std::nullopt;
  }

  /// The first cofacet of equal diameter is the pivot at once when no other column can have it.
  bool is_emergent(const Simplex& s) {
    const auto cofacet = first_equal_cofacet(s, dimension_);
    if (!cofacet || owner_.count(cofacet->index) || apparent_facet(*cofacet)) return false;
    Element coefficient = 1;
    for_each_cofacet(s, dimension_, [&](const Cofacet& c) {
      if (c.simplex.index == cofacet->index) coefficient = field_.sign(c.negative);
      return c.simplex.index != cofacet->index;
    });
    owner_[cofacet->index] = {reduced_.size(), coefficient};
    reduced_.push_back({{s, 1}});
    return true;
  }

  /// Reduces the column of s and returns the diameter of its pivot.
  double reduce(const Simplex& s) {
    if (is_emergent(s)) return s.diameter;
    working_.clear();
    added_.clear();
    add_coboundary(s, 1);
    while (const auto pivot = pop(working_)) {
      working_.push(*pivot);
      if (const auto owner = owner_.find(pivot->simplex.index); owner != owner_.end()) {
        const Element factor =
            field_.minus(field_.times(pivot->coefficient, field_.inverse(owner->second.coefficient)));
        for (const Entry& entry : reduced_[owner->second.column])
          add_coboundary(entry.simplex, field_.times(factor, entry.coefficient));
      } else if (const auto facet = apparent_facet(pivot->simplex)) {
        add_coboundary(*facet,
                       field_.minus(field_.times(pivot->coefficient, sign_in(*facet, pivot->simplex))));
      } else {
        owner_[pivot->simplex.index] = {reduced_.size(), pivot->coefficient};
        store_column();
        return pivot->simplex.diameter;
      }
    }
    return std::numeric_limits<double>::infinity();
  }

  void store_column() {
    std::vector<Entry> column;
    while (const auto entry = pop(added_)) column.push_back(*entry);
    reduced_.push_back(std::move(column));
  }

  /// The coefficient of a cofacet in the coboundary of s: 1 or -1, its own inverse.
  Element sign_in(const Simplex& s, const Simplex& cofacet) const {
    Element sign = 1;
    for_each_cofacet(s, dimension_, [&](const Cofacet& c) {
      if (c.simplex.index == cofacet.index) sign = field_.sign(c.negative);
      return c.simplex.index != cofacet.index;
    });
    return sign;
  }

  /// All simplices of the next dimension that end no class: each is found from the face without its largest
  /// vertex.
  void assemble_next_columns() {
    std::vector<Simplex> next;
    std::vector<Simplex> columns;
    for (const Simplex& s : simplices_) {
      Vertices buffer;
      const Vertex largest = vertices_of(s, dimension_, buffer)[0];
      complex_.for_each_cofacet(std::span<const Vertex>(buffer.data(), dimension_ + 1), s.diameter,
                                [&](Vertex v, double diameter) {
                                  if (v < largest) return false;
                                  next.push_back({diameter, s.index + indices_.binomial(v, dimension_ + 2)});
                                  return true;
                                });
    }
    std::sort(next.begin(), next.end(), earlier);
    for (const Simplex& s : next)
      if (!owner_.count(s.index) && !apparent_facet(s)) columns.push_back(s);
    simplices_ = std::move(next);
    columns_ = std::move(columns);
  }

  const Complex& complex_;
  SimplexIndex indices_;
  PrimeField field_;
  std::size_t dimension_ = 0;
  std::vector<Simplex> simplices_;  // all of the current dimension
  std::vector<Simplex> columns_;    // those to be reduced
  Column working_;                  // the coboundary of added_
  Column added_;
  std::vector<std::vector<Entry>> reduced_;
  std::unordered_map<std::uint64_t, Owner> owner_;  // of a pivot
};

}  // namespace chronotope::topology
