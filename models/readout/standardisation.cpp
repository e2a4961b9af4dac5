// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/readout/standardisation.hpp"

#include <algorithm>
#include <cmath>

namespace chronotope::models {

namespace {

double mean_of(const FeatureTable& table, const Rows& rows, std::size_t column) {
  double sum = 0;
  for (const std::size_t i : rows) sum += table.row(i)[column];
  return sum / static_cast<double>(rows.size());
}

double deviation(const FeatureTable& table, const Rows& rows, std::size_t column, double mean) {
  double squares = 0;
  for (const std::size_t i : rows) {
    const double off = table.row(i)[column] - mean;
    squares += off * off;
  }
  return std::sqrt(squares / static_cast<double>(rows.size()));
}

bool is_constant(const FeatureTable& table, const Rows& rows, std::size_t column) {
  const double first = table.row(rows.front())[column];
  return std::all_of(rows.begin(), rows.end(), [&](std::size_t i) { return table.row(i)[column] == first; });
}

}  // namespace

Standardisation::Standardisation(const FeatureTable& table, const Rows& training) {
  assert(!training.empty());
  for (std::size_t c = 0; c < table.dimension(); ++c) {
    if (is_constant(table, training, c)) continue;
    const double mean = mean_of(table, training, c);
    columns_.push_back({c, mean, deviation(table, training, c, mean)});
  }
}

std::vector<double> Standardisation::apply(std::span<const double> row) const {
  std::vector<double> z;
  z.reserve(columns_.size());
  for (const Column& c : columns_) z.push_back((row[c.place] - c.mean) / c.sd);
  return z;
}

FeatureTable Standardisation::apply(const FeatureTable& table, const Rows& rows) const {
  std::vector<double> values;
  values.reserve(rows.size() * columns_.size());
  for (const std::size_t i : rows) {
    const std::vector<double> z = apply(table.row(i));
    values.insert(values.end(), z.begin(), z.end());
  }
  return {rows.size(), columns_.size(), std::move(values)};
}

}  // namespace chronotope::models
