// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/distance_matrix.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "chronotope/topology/distances/binary_scale.hpp"

namespace chronotope::topology {

namespace {

/// How many rows coincide with the row that has most twins, itself included.
std::size_t most_coinciding_rows(const DistanceMatrix& d) {
  std::ptrdiff_t most = 0;
  for (std::size_t i = 0; i < d.size(); ++i)
    most = std::max(most, std::count(d.row(i).begin(), d.row(i).end(), 0.0));
  return static_cast<std::size_t>(most);
}

/// The entries above the diagonal.
std::vector<double> pairs_of(const DistanceMatrix& d) {
  std::vector<double> pairs;
  pairs.reserve(d.size() * (d.size() - 1) / 2);
  for (std::size_t i = 0; i < d.size(); ++i)
    pairs.insert(pairs.end(), d.row(i).begin() + static_cast<std::ptrdiff_t>(i) + 1, d.row(i).end());
  return pairs;
}

double mean_of_entries(const DistanceMatrix& d) {
  double sum = 0;
  for (std::size_t i = 0; i < d.size(); ++i)
    for (const double value : d.row(i)) sum += value;
  return sum / static_cast<double>(d.size() * d.size());
}

double quantile_of_positive_pairs(const DistanceMatrix& d, double q) {
  std::vector<double> pairs = pairs_of(d);
  std::erase(pairs, 0.0);
  if (pairs.empty()) return 0;
  std::sort(pairs.begin(), pairs.end());
  const double h = q * static_cast<double>(pairs.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(h));
  const double rest = h - std::floor(h);
  return rest > 0 ? pairs[below] + rest * (pairs[below + 1] - pairs[below]) : pairs[below];
}

double unit_of(const DistanceMatrix& d, Normalisation normalisation, double q) {
  switch (normalisation) {
    case Normalisation::kQuantile:
      return quantile_of_entries(d, q);
    case Normalisation::kQuantileOfPairs:
      return quantile_of_positive_pairs(d, q);
    case Normalisation::kMedian:
      return quantile_of_entries(d, 0.5);
    case Normalisation::kMean:
      return mean_of_entries(d);
    case Normalisation::kNone:
      return 1;
  }
  return 1;
}

[[noreturn]] void refuse(std::size_t i, std::size_t j, double value, const std::string& allowed) {
  throw InputError("distance at row " + std::to_string(i) + ", column " + std::to_string(j) +
                   " (from 0): " + chronotope::to_string(value) + " is not allowed (" + allowed + ")");
}

void check_entry(std::size_t i, std::size_t j, double value, double mirrored) {
  if (std::isnan(value)) refuse(i, j, value, "must be a number");
  if (value < 0) refuse(i, j, value, "must be >= 0");
  if (i == j && value != 0) refuse(i, j, value, "the diagonal must be 0");
  if (value != mirrored && !std::isnan(mirrored))
    refuse(i, j, value,
           "must equal its mirror image at row " + std::to_string(j) + ", column " + std::to_string(i) +
               ", " + chronotope::to_string(mirrored));
}

/// Whether all invariants hold. In tiles, whose mirror images stay in the cache.
bool is_symmetric_distance(const std::vector<double>& values, std::size_t n) {
  constexpr std::size_t kTile = 32;
  bool holds = true;
  for (std::size_t i0 = 0; i0 < n; i0 += kTile)
    for (std::size_t j0 = 0; j0 <= i0; j0 += kTile)
      for (std::size_t i = i0; i < std::min(i0 + kTile, n); ++i) {
        holds &= values[i * n + i] == 0;
        for (std::size_t j = j0; j < std::min(j0 + kTile, n); ++j)
          holds &= values[i * n + j] >= 0 && values[i * n + j] == values[j * n + i];
      }
  return holds;
}

/// Column c of the scaled cloud as a row, so that the inner loop over points is contiguous.
std::vector<double> transposed(const PointCloud& cloud, const BinaryScale& scale) {
  std::vector<double> columns(cloud.size() * cloud.dimension());
  for (std::size_t i = 0; i < cloud.size(); ++i)
    for (std::size_t c = 0; c < cloud.dimension(); ++c)
      columns[c * cloud.size() + i] = scale.down(cloud(i, c));
  return columns;
}

/// Whether the square of a coordinate's difference may vanish beside that of the largest coordinate. No
/// difference is below a last place of the smallest magnitude, so none does within 2^400.
bool spans_many_magnitudes(const PointCloud& cloud) {
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
  for (const double x : cloud.values()) {
    if (x == 0) continue;
    least = std::min(least, std::abs(x));
    most = std::max(most, std::abs(x));
  }
  return most > 0 && std::ilogb(most) - std::ilogb(least) > 400;
}

/// The distance of two rows in the scale of their own largest difference.
double distance_in_own_scale(std::span<const double> u, std::span<const double> v) {
  std::vector<double> differences;
  for (std::size_t c = 0; c < u.size(); ++c) differences.push_back(u[c] - v[c]);
  const BinaryScale scale(differences);
  double square = 0;
  for (const double x : differences) square += scale.down(x) * scale.down(x);
  return scale.up(std::sqrt(square));
}

[[noreturn]] void refuse_far(std::size_t i, std::size_t j) {
  throw InputError("rows " + std::to_string(i) + " and " + std::to_string(j) +
                   " (from 0) are farther apart than the largest number, 1.8e308");
}

}  // namespace

DegenerateRepresentation::DegenerateRepresentation(std::size_t identical_rows, std::size_t rows,
                                                   const std::string& whose)
    : InputError((whose.empty() ? "" : whose + ": ") + std::to_string(identical_rows) + " of " +
                 std::to_string(rows) +
                 " rows are identical, so their distances have no scale to be divided by"),
      identical_rows_(identical_rows),
      rows_(rows) {}

DistanceMatrix::DistanceMatrix(std::size_t rows, std::size_t columns, std::vector<double> values)
    : n_(rows), values_(std::move(values)) {
  assert(values_.size() == rows * columns);
  if (rows != columns)
    throw InputError("a distance matrix must be square, not " + std::to_string(rows) + " x " +
                     std::to_string(columns));
  if (!is_symmetric_distance(values_, n_))
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < n_; ++j) check_entry(i, j, (*this)(i, j), (*this)(j, i));
  for (double& value : values_)
    value += 0.0;  // -0 becomes +0: the order of the bits is the order of the values
}

DistanceMatrix DistanceMatrix::divided_by(double unit) const& {
  return DistanceMatrix(*this).divided_by(unit);
}

DistanceMatrix DistanceMatrix::divided_by(double unit) && {
  if (unit != 1)
    for (double& value : values_) value /= unit;
  return std::move(*this);
}

DistanceMatrix DistanceMatrix::restricted(std::span<const std::size_t> objects) const {
  std::vector<double> values;
  values.reserve(objects.size() * objects.size());
  for (const std::size_t i : objects)
    for (const std::size_t j : objects) values.push_back((*this)(i, j));
  return {Trusted{}, objects.size(), std::move(values)};
}

DistanceMatrix euclidean_distances(const PointCloud& cloud) {
  constexpr double kVanishing = 0x1p-900;  // squares below are short of digits
  const std::size_t n = cloud.size();
  const BinaryScale scale(cloud.values());
  const bool may_vanish = spans_many_magnitudes(cloud);
  const std::vector<double> columns = transposed(cloud, scale);
  std::vector<double> values(n * n);
  std::vector<double> squares(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::fill(squares.begin(), squares.end(), 0.0);
    for (std::size_t c = 0; c < cloud.dimension(); ++c) {
      const double* x = columns.data() + c * n;
      for (std::size_t j = i + 1; j < n; ++j) squares[j] += (x[j] - x[i]) * (x[j] - x[i]);
    }
    for (std::size_t j = i + 1; j < n; ++j) {
      const bool vanishing = may_vanish && squares[j] < kVanishing;
      const double d =
          vanishing ? distance_in_own_scale(cloud.row(i), cloud.row(j)) : scale.up(std::sqrt(squares[j]));
      if (!std::isfinite(d)) refuse_far(i, j);
      values[i * n + j] = values[j * n + i] = d;
    }
  }
  return {DistanceMatrix::Trusted{}, n, std::move(values)};
}

DistanceMatrix minimum(const DistanceMatrix& a, const DistanceMatrix& b) {
  assert(a.size() == b.size());
  return DistanceMatrix::of_pairs(a.size(),
                                  [&](std::size_t i, std::size_t j) { return std::min(a(i, j), b(i, j)); });
}

DistanceMatrix maximum(const DistanceMatrix& a, const DistanceMatrix& b) {
  assert(a.size() == b.size());
  return DistanceMatrix::of_pairs(a.size(),
                                  [&](std::size_t i, std::size_t j) { return std::max(a(i, j), b(i, j)); });
}

double quantile_of_entries(const DistanceMatrix& d, double q) {
  const std::size_t n = d.size();
  assert(n >= 1 && q >= 0 && q <= 1);
  std::vector<double> pairs = pairs_of(d);
  // Sorted, the n^2 entries are the n zeros of the diagonal and then every pair twice.
  const auto entry = [&](std::size_t k) {
    if (k < n) return 0.0;
    const auto nth = pairs.begin() + static_cast<std::ptrdiff_t>((k - n) / 2);
    std::nth_element(pairs.begin(), nth, pairs.end());
    return *nth;
  };
  const double h = q * static_cast<double>(n * n - 1);
  const auto below = static_cast<std::size_t>(std::floor(h));
  const double low = entry(below);
  const double rest = h - std::floor(h);
  return rest > 0 ? low + rest * (entry(below + 1) - low) : low;
}

DistanceMatrix normalised(DistanceMatrix d, Normalisation normalisation, double q) {
  if (d.size() < 2) return d;
  const double unit = unit_of(d, normalisation, q);
  if (unit == 0) throw DegenerateRepresentation(most_coinciding_rows(d), d.size());
  if (!std::isfinite(unit))
    throw InputError("too many infinite distances to normalise the matrix: its unit is " +
                     chronotope::to_string(unit));
  return std::move(d).divided_by(unit);
}

}  // namespace chronotope::topology
