// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/models/readout/feature_table.hpp"

namespace chronotope::models {

/// z = (x - mean) / sd of every column, both taken from the training examples alone (sd with 1/n); columns
/// that are constant over these are dropped.
class Standardisation {
 public:
  Standardisation() = default;
  /// Requires: at least one training example.
  Standardisation(const FeatureTable& table, const Rows& training);

  /// Columns that are left.
  std::size_t dimension() const { return columns_.size(); }
  /// Requires: a row of such a table.
  std::vector<double> apply(std::span<const double> row) const;
  FeatureTable apply(const FeatureTable& table, const Rows& rows) const;

 private:
  struct Column {
    std::size_t place;
    double mean;
    double sd;
  };
  std::vector<Column> columns_;
};

}  // namespace chronotope::models
