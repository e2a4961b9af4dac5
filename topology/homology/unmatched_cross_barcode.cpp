// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/unmatched_cross_barcode.hpp"

#include <algorithm>
#include <string>

#include "chronotope/core/error.hpp"
#include "chronotope/topology/distances/point_distances.hpp"
#include "chronotope/topology/distances/remaining_points.hpp"
#include "chronotope/topology/homology/cohomology.hpp"

namespace chronotope::topology {

namespace {

void check(const PointCloud& P, const PointCloud& Q) {
  if (P.size() == 0 || Q.size() == 0) throw InputError("a cloud has no points");
  if (P.dimension() != Q.dimension())
    throw InputError("one cloud has " + std::to_string(P.dimension()) + " columns and the other " +
                     std::to_string(Q.dimension()) + ": both must lie in the same space");
}

PointCloud joined(const PointCloud& P, const PointCloud& Q) {
  std::vector<double> values;
  values.reserve((P.size() + Q.size()) * P.dimension());
  for (const PointCloud* cloud : {&P, &Q})
    for (std::size_t i = 0; i < cloud->size(); ++i)
      values.insert(values.end(), cloud->row(i).begin(), cloud->row(i).end());
  return {P.size() + Q.size(), P.dimension(), std::move(values)};
}

/// d(p, q), one row per point of P.
class Distances {
 public:
  Distances(const PointCloud& P, const PointCloud& Q, Metric metric, const PointScan& scan)
      : columns_(Q.size()) {
    RemainingPoints all(joined(P, Q), metric, scan);
    std::vector<double> keys(all.padded_size());
    for (std::size_t p = 0; p < P.size(); ++p) {
      all.look_from(p);
      all.keys(keys, P.size() / PointScan::kBlock);
      for (std::size_t q = 0; q < columns_; ++q) values_.push_back(all.distance(keys[P.size() + q]));
    }
  }
  const double* row(std::size_t p) const { return values_.data() + p * columns_; }
  std::size_t columns() const { return columns_; }

 private:
  std::size_t columns_;
  std::vector<double> values_;
};

}  // namespace

std::vector<Barcode> unmatched_cross_barcode(const PointCloud& P, const PointCloud& Q, Metric metric,
                                             const PointScan& scan) {
  check(P, Q);
  const DistanceMatrix base = distances(P, metric);
  const Distances to_Q(P, Q, metric, scan);
  std::vector<double> apex;
  for (std::size_t p = 0; p < P.size(); ++p)
    apex.push_back(*std::min_element(to_Q.row(p), to_Q.row(p) + to_Q.columns()));
  const auto cone = DistanceMatrix::of_pairs(P.size(), [&](std::size_t i, std::size_t j) {
    return std::max(base(i, j), scan.least_maximum(to_Q.row(i), to_Q.row(j), to_Q.columns()));
  });
  return persistence(ConedDistances{base, cone, apex});
}

}  // namespace chronotope::topology
