// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/cohomology.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "chronotope/topology/cohomology_reduction.hpp"
#include "chronotope/topology/cross_barcode.hpp"

namespace chronotope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void check(const PersistenceOptions& options) {
  if (options.degree > 2)
    throw InputError("degree: " + std::to_string(options.degree) + " is not allowed (must be 0, 1 or 2)");
  if (std::isnan(options.threshold)) throw InputError("threshold: nan is not allowed (must be a number)");
}

template <class Complex>
std::vector<Barcode> reduce_all(const Complex& complex, const PersistenceOptions& options) {
  Cohomology<Complex> cohomology(complex, options.degree, options.modulus);
  std::vector<Barcode> barcodes = {cohomology.components()};
  for (std::size_t degree = 1; degree <= options.degree; ++degree)
    barcodes.push_back(cohomology.next_degree(degree == options.degree));
  return barcodes;
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
  const DenseComplex complex(distances, last);
  if (options.degree != 1 || options.modulus != 2) return reduce_all(complex, options);
  return {Cohomology(complex, 1, options.modulus).components(), rips_degree_one(up_to(distances, last))};
}

std::vector<Barcode> persistence(const SparseDistances& distances, const PersistenceOptions& options) {
  check(options);
  return reduce_all(SparseComplex(distances, options.threshold), options);
}

std::vector<Barcode> persistence(const ConedDistances& distances, const PersistenceOptions& options) {
  check(options);
  const double last = std::min({options.threshold, enclosing_radius(distances),
                                std::numeric_limits<double>::max()});  // infinite simplices never enter
  return reduce_all(ConedComplex(distances, last), options);
}

}  // namespace chronotope
