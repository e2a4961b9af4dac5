// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/lower_star.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/topology/homology/components.hpp"
#include "chronotope/topology/homology/spanning_tree.hpp"

namespace chronotope::topology {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The values at which anything enters, and back from their ranks.
class Values {
 public:
  explicit Values(std::vector<double> all) : ascending_(std::move(all)) {
    std::sort(ascending_.begin(), ascending_.end());
    ascending_.erase(std::unique(ascending_.begin(), ascending_.end()), ascending_.end());
  }

  double rank(double value) const {
    if (value == kInfinity) return kInfinity;
    return static_cast<double>(std::lower_bound(ascending_.begin(), ascending_.end(), value) -
                               ascending_.begin());
  }
  double value(double rank) const {
    return rank == kInfinity ? kInfinity : ascending_[static_cast<std::size_t>(rank)];
  }

 private:
  std::vector<double> ascending_;
};

/// When the edge between two objects enters; infinite beyond the threshold.
class EdgeValues {
 public:
  EdgeValues(const DistanceMatrix& d, std::span<const double> births, double threshold)
      : d_(d), births_(births), threshold_(threshold) {}

  double operator()(std::size_t i, std::size_t j) const {
    const double ends = std::max(births_[i], births_[j]);
    const double value = d_(i, j) > 0 ? std::max(d_(i, j), ends) : ends;
    return value <= threshold_ ? value : kInfinity;
  }

  Values all() const {
    std::vector<double> values(births_.begin(), births_.end());
    for (std::size_t i = 0; i < births_.size(); ++i)
      for (std::size_t j = i + 1; j < births_.size(); ++j)
        if (const double value = (*this)(i, j); value < kInfinity) values.push_back(value);
    return Values(std::move(values));
  }

 private:
  const DistanceMatrix& d_;
  std::span<const double> births_;
  double threshold_;
};

/// Degree 0, from a minimum spanning tree of the edges' ranks: of two components that meet, the one whose first
/// object came later dies. Roots are the first objects.
Barcode components(const DistanceMatrix& ranks, std::span<const double> births, const Values& values,
                   double threshold) {
  Components parts(births.size());
  std::vector<Bar> bars;
  for (const TreeEdge& edge : minimum_spanning_tree(ranks)) {
    if (edge.length == kInfinity) break;
    std::size_t elder = parts.root(edge.i);
    std::size_t younger = parts.root(edge.j);
    if (births[younger] < births[elder]) std::swap(elder, younger);
    parts.join(younger, elder);
    bars.push_back({births[younger], values.value(edge.length)});
  }
  for (std::size_t i = 0; i < births.size(); ++i)
    if (parts.root(i) == i && births[i] <= threshold) bars.push_back({births[i], kInfinity});
  return Barcode(std::move(bars));
}

Barcode of_values(const Barcode& of_ranks, const Values& values) {
  std::vector<Bar> bars;
  for (const Bar& bar : of_ranks.bars()) bars.push_back({values.value(bar.birth), values.value(bar.death)});
  return Barcode(std::move(bars));
}

}  // namespace

std::vector<Barcode> lower_star_persistence(const DistanceMatrix& d, std::span<const double> births,
                                            const PersistenceOptions& options) {
  assert(births.size() == d.size());
  for (std::size_t i = 0; i < births.size(); ++i)
    if (!std::isfinite(births[i]))
      throw InputError("the birth of point " + std::to_string(i) + " (from 0), " +
                       chronotope::to_string(births[i]) + ", is not allowed (must be finite)");
  const EdgeValues edges(d, births, options.threshold);
  const Values values = edges.all();
  const auto ranks = DistanceMatrix::of_pairs(
      d.size(), [&](std::size_t i, std::size_t j) { return values.rank(edges(i, j)); });
  PersistenceOptions of_ranks = options;
  of_ranks.threshold = kInfinity;
  std::vector<Barcode> barcodes = persistence(ranks, of_ranks);
  for (Barcode& barcode : barcodes) barcode = of_values(barcode, values);
  barcodes.front() = components(ranks, births, values, options.threshold);
  return barcodes;
}

}  // namespace chronotope::topology
