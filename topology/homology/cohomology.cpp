// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/cohomology.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "chronotope/topology/homology/cohomology_reduction.hpp"
#include "chronotope/topology/homology/cross_barcode.hpp"
#include "chronotope/topology/homology/ranked_cohomology.hpp"

namespace chronotope::topology {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void check(const PersistenceOptions& options) {
  if (options.degree > 2)
    throw InputError("degree: " + std::to_string(options.degree) + " is not allowed (must be 0, 1 or 2)");
  if (std::isnan(options.threshold)) throw InputError("threshold: nan is not allowed (must be a number)");
}

template <class Field>
std::vector<Barcode> reduce_ranked(const RankedComplex& complex, std::size_t degree, const Field& field) {
  RankedCohomology cohomology(complex, field);
  std::vector<Barcode> barcodes = {cohomology.components()};
  if (degree >= 1) barcodes.push_back(cohomology.cycles());
  if (degree >= 2) barcodes.push_back(cohomology.voids());
  return barcodes;
}

std::vector<Barcode> reduce_ranked(const RankedComplex& complex, const PersistenceOptions& options) {
  if (options.modulus == 2) return reduce_ranked(complex, options.degree, ParityField());
  return reduce_ranked(complex, options.degree, PrimeField(options.modulus));
}

/// Without the pairs beyond the threshold.
DistanceMatrix up_to(const DistanceMatrix& d, double threshold) {
  return DistanceMatrix::of_pairs(
      d.size(), [&](std::size_t i, std::size_t j) { return d(i, j) <= threshold ? d(i, j) : kInfinity; });
}

}  // namespace

std::vector<Barcode> persistence(const DistanceMatrix& distances, const PersistenceOptions& options) {
  check(options);
  const double last = std::min(options.threshold, enclosing_radius(distances));
  if (options.degree != 1 || options.modulus != 2)
    return reduce_ranked(RankedComplex(distances, last), options);
  const DistanceMatrix near = up_to(distances, last);
  return {RankedCohomology(RankedComplex(near, last), ParityField()).components(), rips_degree_one(near)};
}

std::vector<Barcode> persistence(const SparseDistances& distances, const PersistenceOptions& options) {
  check(options);
  const SparseComplex complex(distances, options.threshold);
  Cohomology cohomology(complex, options.degree, options.modulus);
  std::vector<Barcode> barcodes = {cohomology.components()};
  for (std::size_t degree = 1; degree <= options.degree; ++degree)
    barcodes.push_back(cohomology.next_degree(degree == options.degree));
  return barcodes;
}

std::vector<Barcode> persistence(const ConedDistances& distances, const PersistenceOptions& options) {
  check(options);
  const double last = std::min({options.threshold, enclosing_radius(distances),
                                std::numeric_limits<double>::max()});  // infinite simplices never enter
  return reduce_ranked(RankedComplex(distances, last), options);
}

}  // namespace chronotope::topology
