// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

/// A representation whose distances cannot be normalised, because (nearly) all of its rows coincide: a silent
/// or constant layer. Its divergence is a missing value with this reason, never 0.
class DegenerateRepresentation : public InputError {
 public:
  DegenerateRepresentation(std::size_t identical_rows, std::size_t rows, const std::string& whose = "");

  /// The same error, said of one of several representations: "A: 20 of 20 rows are identical, ...".
  DegenerateRepresentation of(const std::string& whose) const { return {identical_rows_, rows_, whose}; }

  /// Size of the largest set of coinciding rows, divided by the number of rows.
  double share_of_identical_rows() const {
    return static_cast<double>(identical_rows_) / static_cast<double>(rows_);
  }

 private:
  std::size_t identical_rows_;
  std::size_t rows_;
};

/// Symmetric n x n dissimilarities, stored in full, row-major.
///
/// Invariants: 1. d(i,i) = 0. 2. d(i,j) = d(j,i) >= 0, bit for bit. 3. No NaN; +inf means "never joined".
/// The triangle inequality is not asked for. Memory: 8 n^2 bytes.
class DistanceMatrix {
 public:
  DistanceMatrix() = default;

  /// Takes a user's table, row-major. Requires: values.size() == rows * columns.
  /// Throws InputError when it is not square, or naming row, column (from 0) and value of the first entry
  /// that breaks an invariant.
  DistanceMatrix(std::size_t rows, std::size_t columns, std::vector<double> values);

  /// The matrix with entries f(i, j), asked for once per pair i < j.
  /// Requires: f is >= +0 and not NaN.
  template <class PairDistance>
  static DistanceMatrix of_pairs(std::size_t n, PairDistance f) {
    std::vector<double> values(n * n, 0);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; j < n; ++j) values[i * n + j] = values[j * n + i] = f(i, j);
    return {Trusted{}, n, std::move(values)};
  }

  std::size_t size() const { return n_; }
  double operator()(std::size_t i, std::size_t j) const { return values_[i * n_ + j]; }
  std::span<const double> row(std::size_t i) const { return {values_.data() + i * n_, n_}; }

  /// Every entry divided by `unit`. Requires: unit > 0.
  DistanceMatrix divided_by(double unit) const&;
  DistanceMatrix divided_by(double unit) &&;

  /// Rows and columns `objects`, in that order.
  DistanceMatrix restricted(std::span<const std::size_t> objects) const;

  friend bool operator==(const DistanceMatrix&, const DistanceMatrix&) = default;
  friend DistanceMatrix euclidean_distances(const PointCloud& cloud);

 private:
  struct Trusted {};
  DistanceMatrix(Trusted, std::size_t n, std::vector<double> values) : n_(n), values_(std::move(values)) {}

  std::size_t n_ = 0;
  std::vector<double> values_;
};

/// Euclidean distances from coordinate differences, so that equal rows are at distance exactly 0, and free of
/// scale: no square overflows or vanishes, and coordinates multiplied by 2^k give the distances multiplied by
/// 2^k, bit for bit (binary_scale.hpp). Throws InputError naming two rows whose distance is no number, being
/// 1.8e308 or more. O(n^2 d).
DistanceMatrix euclidean_distances(const PointCloud& cloud);

/// min(a, b) and max(a, b), entry by entry. Requires: equal sizes.
DistanceMatrix minimum(const DistanceMatrix& a, const DistanceMatrix& b);
DistanceMatrix maximum(const DistanceMatrix& a, const DistanceMatrix& b);

/// The q-quantile over all n^2 entries, both triangles and the zero diagonal, with NumPy's linear
/// interpolation (RTD, arXiv 2201.00058, reference code): v sorted, h = q (n^2 - 1), v[floor h] + (h - floor
/// h)(v[floor h + 1] - v[floor h]). Requires: n >= 1, 0 <= q <= 1. O(n^2).
double quantile_of_entries(const DistanceMatrix& d, double q);

/// The unit by which each matrix is divided before two are compared: a quantile, the median or the mean over
/// all n^2 entries, a quantile over the pairs i < j that are not at distance 0 (so that repeated objects do
/// not move it), or 1.
enum class Normalisation { kQuantile, kQuantileOfPairs, kMedian, kMean, kNone };

/// `d` divided by its unit; `q` is read by the two quantiles. Throws DegenerateRepresentation when the unit
/// is 0, InputError when it is infinite. A matrix of fewer than two objects is returned as it is.
DistanceMatrix normalised(DistanceMatrix d, Normalisation unit, double q = 0.9);

}  // namespace chronotope::topology
