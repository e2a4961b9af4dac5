// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>

#include "chronotope/models/readout/feature_table.hpp"

namespace chronotope::models {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A table of the product's as a matrix of Eigen's, without a copy. Requires: it outlives the view.
inline Eigen::Map<const RowMajor> as_matrix(std::span<const double> values, std::size_t rows,
                                            std::size_t columns) {
  return {values.data(), static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns)};
}
inline Eigen::Map<const RowMajor> as_matrix(const FeatureTable& table) {
  return as_matrix(table.values(), table.size(), table.dimension());
}

/// Eigen cuts products into blocks by the caches of the machine it runs on, and with the blocks the order of
/// sums changes. These sizes, set before main, make the same bits everywhere.
inline const bool kBlocksAreFixed = [] {
  Eigen::setCpuCacheSizes(32 << 10, 256 << 10, 2 << 20);
  return true;
}();

}  // namespace chronotope::models
