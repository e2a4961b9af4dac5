// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/cross_barcode.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <future>
#include <limits>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "chronotope/topology/homology/bit_window.hpp"
#include "chronotope/topology/homology/components.hpp"
#include "chronotope/topology/homology/cone_cells.hpp"
#include "chronotope/topology/homology/distinct_objects.hpp"
#include "chronotope/topology/homology/edge_ranks.hpp"

namespace chronotope::topology {

namespace {

/// Edges of odd multiplicity in a working column.
class OddEdges {
 public:
  explicit OddEdges(Rank edges) : odd_(static_cast<std::size_t>(edges), 0), listed_(odd_.size(), 0) {}

  void toggle(Rank e) {
    const auto at = static_cast<std::size_t>(e);
    odd_[at] ^= 1;
    if (!listed_[at]) list_.push_back(e);
    listed_[at] = 1;
  }

  /// The edges, in the order in which they first came in.
  const std::vector<Rank>& edges() {
    std::erase_if(list_, [&](Rank e) {
      listed_[static_cast<std::size_t>(e)] = odd_[static_cast<std::size_t>(e)];
      return !listed_[static_cast<std::size_t>(e)];
    });
    return list_;
  }

  void clear() {
    for (const Rank e : list_) odd_[static_cast<std::size_t>(e)] = listed_[static_cast<std::size_t>(e)] = 0;
    list_.clear();
  }

 private:
  std::vector<char> odd_;
  std::vector<char> listed_;
  std::vector<Rank> list_;
};

/// Persistent cohomology of the mapping cone in degree 1, over Z/2, with implicit coboundaries.
///
/// Order of the 2-cells: a triangle with latest edge f and opposite object k stands at (rank f, 1, k), a cone
/// cell at (number of edges of m shorter than w, 0, position by w). Columns are edges of m in decreasing
/// rank; the apex's edges, all at 0, span every object, so each edge of m opens a class of degree 1.
/// 1. An edge with w = m pairs with its own cone cell, which no other column can reach: it never enters a
/// column.
/// 2. An edge with w > m and an object in its lune pairs with the triangle over the least such object (an
/// apparent
///    pair of length 0): its column is its own coboundary and is made again whenever it is needed.
/// 3. The remaining edges, a few hundred, are reduced. The working column is kept only inside a window of
/// ranks that
///    moves forward with the pivot, and as the list of its edges, from which the next window is enumerated.
class ConeReduction {
 public:
  ConeReduction(const EdgeRanks& m, const DistanceMatrix& w, const DistanceMatrix& w_tilde,
                const RankScan& scan);
  /// Of the complex of m alone.
  ConeReduction(const EdgeRanks& m, const RankScan& scan);

  /// The bars of the reduced columns, in no order; of length 0 too.
  std::vector<PairedBar> pairs();
  /// Those of positive length.
  std::vector<PairedBar> bars();

 private:
  using Pivot = std::variant<std::monostate, Triangle, ConeCells::Index>;

  static constexpr Rank kFirstWindow = 512;
  static constexpr std::size_t kLargestWindow = std::size_t{1} << 16;  // [64-bit words]
  static constexpr std::uint32_t kNever = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();

  ConeReduction(const EdgeRanks& m, ConeCells cones, const RankScan& scan);

  void find_lune(std::size_t i, std::size_t j);
  bool is_lune_paired(Triangle t) const { return lune_[static_cast<std::size_t>(t.latest)] == t.opposite; }
  std::uint64_t key(Triangle t) const {
    return static_cast<std::uint64_t>(t.latest) * m_.objects() + t.opposite;
  }

  PairedBar reduce(Rank e);
  PairedBar ended_by(const Pivot& pivot, Rank e) const;
  void begin_column(Rank e);
  void end_column();
  void add_edge(Rank f);
  void add_cofacets(Rank f);
  Pivot first_pivot();
  void advance_window();

  const EdgeRanks& m_;
  const RankScan& scan_;
  ConeCells cones_;
  std::vector<std::uint32_t>
      lune_;  // least object in the lune of an edge; objects() if none, kNever if it is never a column

  // The working column: everything before position_ has cancelled.
  BitWindow window_;
  std::vector<std::uint64_t> marked_;  // objects that add_cofacets finds
  ConeColumn cone_column_;
  OddEdges edges_;
  Rank position_ = 0;
  Rank next_width_ = kFirstWindow;
  Rank widest_;

  // Reduced columns, as lists of edges, and who owns which pivot.
  std::vector<std::vector<Rank>> columns_;
  std::unordered_map<std::uint64_t, std::size_t> triangle_owner_;
  std::vector<std::size_t> cone_owner_;
};

ConeReduction::ConeReduction(const EdgeRanks& m, ConeCells cones, const RankScan& scan)
    : m_(m),
      scan_(scan),
      cones_(std::move(cones)),
      lune_(static_cast<std::size_t>(m.edges()), kNever),
      window_(m.objects()),
      marked_(m.stride() / RankScan::kBlock),
      cone_column_(cones_.size()),
      edges_(m.edges()),
      widest_(std::max(kFirstWindow, static_cast<Rank>(kLargestWindow / ((m.objects() + 63) / 64 + 1)))),
      cone_owner_(cones_.size(), kNobody) {}

ConeReduction::ConeReduction(const EdgeRanks& m, const DistanceMatrix& w, const DistanceMatrix& w_tilde,
                             const RankScan& scan)
    : ConeReduction(m, ConeCells(m, w, w_tilde, scan), scan) {
  for (std::size_t i = 0; i < m.objects(); ++i)
    for (std::size_t j = i + 1; j < m.objects(); ++j)
      if (w(i, j) > w_tilde(i, j)) find_lune(i, j);
}

ConeReduction::ConeReduction(const EdgeRanks& m, const RankScan& scan)
    : ConeReduction(m, ConeCells(m.edges()), scan) {
  Components parts(m.objects());
  std::vector<char> joins(lune_.size(), 0);
  for (Rank f = 0; f < m.edges(); ++f)
    joins[static_cast<std::size_t>(f)] = parts.join(m.edge(f).i, m.edge(f).j);
  for (std::size_t i = 0; i < m.objects(); ++i)
    for (std::size_t j = i + 1; j < m.objects(); ++j)
      if (const Rank f = m.row(i)[j]; f != EdgeRanks::kNoEdge && !joins[static_cast<std::size_t>(f)])
        find_lune(i, j);
}

void ConeReduction::find_lune(std::size_t i, std::size_t j) {
  const Rank f = m_.row(i)[j];
  const std::size_t k = scan_.first_below(m_.row(i), m_.row(j), m_.stride(), f);
  lune_[static_cast<std::size_t>(f)] = static_cast<std::uint32_t>(std::min(k, m_.objects()));
}

std::vector<PairedBar> ConeReduction::pairs() {
  std::vector<PairedBar> pairs;
  for (Rank e = m_.edges(); e-- > 0;)
    if (lune_[static_cast<std::size_t>(e)] == m_.objects()) pairs.push_back(reduce(e));
  return pairs;
}

std::vector<PairedBar> ConeReduction::bars() {
  std::vector<PairedBar> bars = pairs();
  std::erase_if(bars, [](const PairedBar& paired) { return paired.bar.birth == paired.bar.death; });
  return bars;
}

/// Reduces the column of edge e until nobody owns its pivot: the bar that is born at e.
PairedBar ConeReduction::reduce(Rank e) {
  begin_column(e);
  Pivot pivot = first_pivot();
  for (; !std::holds_alternative<std::monostate>(pivot); pivot = first_pivot()) {
    const Triangle* triangle = std::get_if<Triangle>(&pivot);
    if (triangle && is_lune_paired(*triangle)) {
      add_edge(triangle->latest);
      continue;
    }
    std::size_t& owner = triangle ? triangle_owner_.try_emplace(key(*triangle), kNobody).first->second
                                  : cone_owner_[static_cast<std::size_t>(std::get<ConeCells::Index>(pivot))];
    if (owner == kNobody) {
      owner = columns_.size();
      columns_.push_back(edges_.edges());
      break;
    }
    for (const Rank f : columns_[owner]) add_edge(f);
  }
  end_column();
  return ended_by(pivot, e);
}

PairedBar ConeReduction::ended_by(const Pivot& pivot, Rank e) const {
  PairedBar paired{{m_.value(e), std::numeric_limits<double>::infinity()}, m_.edge(e), {}};
  if (const Triangle* triangle = std::get_if<Triangle>(&pivot)) {
    paired.bar.death = m_.value(triangle->latest);
    paired.dies = m_.edge(triangle->latest);
    paired.opposite = triangle->opposite;
  } else if (const ConeCells::Index* cone = std::get_if<ConeCells::Index>(&pivot)) {
    paired.bar.death = cones_.value(*cone);
    paired.dies = m_.edge(cones_.edge(*cone));
  }
  return paired;
}

void ConeReduction::begin_column(Rank e) {
  position_ = e + 1;  // the lune of e is empty: no triangle has e as its latest edge
  next_width_ = kFirstWindow;
  window_.move_to(position_, position_);
  advance_window();
  add_edge(e);
}

void ConeReduction::end_column() {
  window_.clear();
  cone_column_.clear();
  edges_.clear();
}

/// Adds the coboundary of edge f: its triangles in the window from the pivot on (those before it cancel in
/// the end), and its own cone cell.
void ConeReduction::add_edge(Rank f) {
  edges_.toggle(f);
  add_cofacets(f);
  if (const ConeCells::Index cone = cones_.over(f); cone != ConeCells::kNone) cone_column_.toggle(cone);
}

void ConeReduction::add_cofacets(Rank f) {
  if (position_ == window_.end()) return;
  const auto [i, j] = m_.edge(f);
  const Rank* a = m_.row(i);
  const Rank* b = m_.row(j);
  scan_.mark_window(a, b, m_.stride(), f, position_, window_.end(), marked_.data());
  for (std::size_t word = 0; word < marked_.size(); ++word)
    for (std::uint64_t rest = marked_[word]; rest != 0; rest &= rest - 1) {
      const std::size_t k = word * RankScan::kBlock + static_cast<std::size_t>(std::countr_zero(rest));
      const Rank latest = std::max({a[k], b[k], f});
      window_.toggle({latest, latest == f ? static_cast<std::uint32_t>(k) : latest == a[k] ? j : i});
    }
}

/// The earliest cell of the working column. Triangles are looked for no further than the first cone cell, so
/// the position never passes a cone cell and need not come back when that is added away.
ConeReduction::Pivot ConeReduction::first_pivot() {
  const std::optional<ConeCells::Index> cone = cone_column_.first();
  const Rank limit = cone ? cones_.row(*cone) : m_.edges();
  while (true) {
    if (const auto triangle = window_.first(position_, std::min(limit, window_.end()))) {
      position_ = triangle->latest;
      return *triangle;
    }
    position_ = std::min(limit, window_.end());
    if (position_ == limit) break;
    advance_window();
  }
  return cone ? Pivot(*cone) : Pivot();
}

/// Moves the emptied window on and fills it from the column's edges.
void ConeReduction::advance_window() {
  const Rank begin = window_.end();
  window_.move_to(begin, begin + std::min(next_width_, m_.edges() - begin));
  next_width_ = std::min(2 * next_width_, widest_);
  for (const Rank f : edges_.edges()) add_cofacets(f);
}

using MatrixPair = std::pair<DistanceMatrix, DistanceMatrix>;

/// Both matrices without repeated objects; nothing when these are too few to repay the copies.
std::optional<MatrixPair> without_repetitions(const DistanceMatrix& w, const DistanceMatrix& w_tilde) {
  constexpr std::size_t kMany = 16;  // one object in so many
  const std::vector<std::size_t> objects = distinct_objects(w, w_tilde);
  if ((w.size() - objects.size()) * kMany < w.size()) return std::nullopt;
  return MatrixPair(w.restricted(objects), w_tilde.restricted(objects));
}

/// barcodes(w, w_tilde), from fewer objects when many are repeated.
template <class Barcodes>
auto of_distinct_objects(const DistanceMatrix& w, const DistanceMatrix& w_tilde, Barcodes barcodes) {
  if (const auto distinct = without_repetitions(w, w_tilde))
    return barcodes(distinct->first, distinct->second);
  return barcodes(w, w_tilde);
}

Barcode barcode_of(const std::vector<PairedBar>& paired) {
  std::vector<Bar> bars;
  for (const PairedBar& p : paired) bars.push_back(p.bar);
  return Barcode(std::move(bars));
}

}  // namespace

Barcode cross_barcode(const DistanceMatrix& w, const DistanceMatrix& w_tilde, const RankScan& scan) {
  const auto once = [&](const DistanceMatrix& a, const DistanceMatrix& b) {
    const EdgeRanks m(a, b);
    return barcode_of(ConeReduction(m, a, b, scan).bars());
  };
  return of_distinct_objects(w, w_tilde, once);
}

CrossBarcodes cross_barcodes(const DistanceMatrix& w, const DistanceMatrix& w_tilde, const RankScan& scan,
                             bool concurrently) {
  const auto both = [&](const DistanceMatrix& a, const DistanceMatrix& b) -> CrossBarcodes {
    const EdgeRanks m(a, b);
    auto ba = std::async(concurrently ? std::launch::async : std::launch::deferred,
                         [&] { return barcode_of(ConeReduction(m, b, a, scan).bars()); });
    Barcode ab = barcode_of(ConeReduction(m, a, b, scan).bars());
    return {std::move(ab), ba.get()};
  };
  return of_distinct_objects(w, w_tilde, both);
}

Barcode rips_degree_one(const DistanceMatrix& d, const RankScan& scan) {
  const EdgeRanks m(d);
  return barcode_of(ConeReduction(m, scan).bars());
}

std::vector<PairedBar> reduced_pairs(const DistanceMatrix& w, const DistanceMatrix& w_tilde) {
  assert(w.size() == w_tilde.size());
  const EdgeRanks m(w, w_tilde);
  return ConeReduction(m, w, w_tilde, rank_scans().back()).pairs();
}

std::vector<PairedBar> paired_bars(const DistanceMatrix& w, const DistanceMatrix& w_tilde) {
  std::vector<PairedBar> bars = reduced_pairs(w, w_tilde);
  std::erase_if(bars, [](const PairedBar& paired) { return paired.bar.birth == paired.bar.death; });
  std::sort(bars.begin(), bars.end(), [](const PairedBar& a, const PairedBar& b) {
    return std::tuple(a.bar, a.born.i, a.born.j) < std::tuple(b.bar, b.born.i, b.born.j);
  });
  return bars;
}

}  // namespace chronotope::topology
