// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/ranked_complex.hpp"

#include <cmath>
#include <string>
#include <tuple>

#include "chronotope/core/error.hpp"
#include "chronotope/topology/homology/edge_ranks.hpp"

namespace chronotope::topology {

namespace {

/// Without the pairs beyond the threshold.
DistanceMatrix up_to(const DistanceMatrix& d, double threshold) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return DistanceMatrix::of_pairs(
      d.size(), [&](std::size_t i, std::size_t j) { return d(i, j) <= threshold ? d(i, j) : kInfinity; });
}

}  // namespace

RankedComplex::RankedComplex(const DistanceMatrix& distances, double threshold)
    : objects_(distances.size()), has_apex_(false), base_(objects_) {
  append_edges(distances, threshold, Kind::kEdge);
  number_parts();
}

RankedComplex::RankedComplex(const ConedDistances& distances, double threshold)
    : objects_(distances.base.size()), has_apex_(true), base_(objects_), cone_(objects_) {
  append_edges(distances.base, threshold, Kind::kEdge);
  const auto edges = static_cast<std::ptrdiff_t>(parts_.size());
  for (std::size_t i = 0; i < objects_; ++i)
    if (const double length = distances.apex.empty() ? 0 : distances.apex[i]; length <= threshold)
      parts_.push_back({length, static_cast<std::uint16_t>(i), 0, Kind::kApexEdge});
  const auto triangles = static_cast<std::ptrdiff_t>(parts_.size());
  append_edges(distances.cone, threshold, Kind::kApexTriangle);
  const auto enters_earlier = [](const Part& a, const Part& b) {
    return std::tie(a.value, a.kind) < std::tie(b.value, b.kind);
  };
  const auto begin = parts_.begin();
  std::stable_sort(begin + edges, begin + triangles, enters_earlier);
  std::inplace_merge(begin, begin + edges, begin + triangles, enters_earlier);
  std::inplace_merge(begin, begin + triangles, parts_.end(), enters_earlier);
  number_parts();
}

/// The pairs up to the threshold, in their order.
void RankedComplex::append_edges(const DistanceMatrix& d, double threshold, Kind kind) {
  const EdgeRanks ranks(up_to(d, threshold));
  parts_.reserve(parts_.size() + static_cast<std::size_t>(ranks.edges()));
  for (Rank r = 0; r < ranks.edges(); ++r) {
    const auto [i, j] = ranks.edge(r);
    parts_.push_back({ranks.value(r), static_cast<std::uint16_t>(i), static_cast<std::uint16_t>(j), kind});
  }
}

void RankedComplex::number_parts() {
  if (parts_.size() >= static_cast<std::size_t>(kAbsent))
    throw InputError(std::to_string(objects_) + " objects are too many for a cone; use a smaller batch");
  for (Rank r = 0; r < ranks(); ++r) {
    if (kind(r) == Kind::kEdge) base_.set(part(r).i, part(r).j, r);
    if (kind(r) == Kind::kApexTriangle) cone_.set(part(r).i, part(r).j, r);
  }
}

std::pair<RankedComplex::Object, RankedComplex::Object> RankedComplex::ends(Rank r) const {
  const auto apex = static_cast<Object>(objects_);
  return {part(r).i, kind(r) == Kind::kApexEdge ? apex : part(r).j};
}

/// The least v < end with both ranks below r; `end` if there is none.
RankedComplex::Object RankedComplex::first_common(const Rank* a, const Rank* b, Rank r, Object end) const {
  Object v = 0;
  while (v < end && std::max(a[v], b[v]) >= r) ++v;
  return v;
}

RankedComplex::Object RankedComplex::first_common(const Rank* a, const Rank* b, const Rank* c, Rank r,
                                                  Object end) const {
  Object v = 0;
  while (v < end && std::max({a[v], b[v], c[v]}) >= r) ++v;
  return v;
}

std::optional<RankedComplex::Cell> RankedComplex::first_equal_cofacet(Cell simplex,
                                                                      std::size_t dimension) const {
  const Rank r = rank(simplex);
  const auto& [value, i, j, kind] = part(r);
  const auto end = static_cast<Object>(objects_);
  if (kind == Kind::kApexEdge) return std::nullopt;
  if (kind == Kind::kEdge && dimension == 2) {
    const Object k = low(simplex);
    const Object v = first_common(base_.row(i), base_.row(j), base_.row(k), r, end);
    return v < end ? std::optional(cell(r, k, v)) : std::nullopt;
  }
  const PairRanks& ranks = kind == Kind::kEdge ? base_ : cone_;
  const Object v = first_common(ranks.row(i), ranks.row(j), r, end);
  return v < end ? std::optional(cell(r, v)) : std::nullopt;
}

bool RankedComplex::has_apparent_cofacet(Cell simplex, std::size_t dimension) const {
  const Rank r = rank(simplex);
  const auto& [value, i, j, kind] = part(r);
  if (kind == Kind::kEdge && dimension == 2) {  // the last facet of r, k, l is r, k
    const Object k = low(simplex);
    return first_common(base_.row(i), base_.row(j), base_.row(k), r, k) < k;
  }
  return first_equal_cofacet(simplex, dimension).has_value();
}

std::optional<RankedComplex::Cell> RankedComplex::apparent_facet(Cell simplex, std::size_t dimension) const {
  const Rank r = rank(simplex);
  const auto& [value, i, j, kind] = part(r);
  if (kind == Kind::kEdge && dimension == 3) {
    const Object l = low(simplex);
    if (first_common(base_.row(i), base_.row(j), base_.row(high(simplex)), r, l) < l) return std::nullopt;
    return cell(r, high(simplex));
  }
  if (kind == Kind::kApexTriangle && dimension == 2) return std::nullopt;
  const PairRanks& ranks = kind == Kind::kEdge ? base_ : cone_;
  const Object k = low(simplex);
  if (first_common(ranks.row(i), ranks.row(j), r, k) < k) return std::nullopt;
  return cell(r);
}

}  // namespace chronotope::topology
