// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/models/readout/feature_table.hpp"
#include "chronotope/models/readout/linear_map.hpp"
#include "chronotope/models/readout/standardisation.hpp"

namespace chronotope::models {

enum class ReadOutMethod {
  kLogistic,  ///< multinomial logistic regression, lambda = 1/n of n training examples (scikit-learn's C = 1)
  kRidge,  ///< ridge regression of one indicator per class, lambda by leave-one-out on the training examples
};

/// A linear classifier of standardised features: class = argmax_k of B'z + b, the first of several. What it
/// knows comes from the training rows alone: means, deviations, which columns are constant, which classes
/// there are, the penalty, B and b. A class that no training example has is never predicted.
class ReadOut {
 public:
  /// Requires: training holds at least two rows; classes.size() == table.size(). Errors: Failure of
  /// multinomial_logistic().
  ReadOut(const FeatureTable& table, const Classes& classes, const Rows& training, ReadOutMethod method);

  /// Requires: a row of such a table.
  std::uint32_t classify(std::span<const double> row) const;
  Classes classify(const FeatureTable& table, const Rows& rows) const;

  const LinearMap& map() const { return map_; }

 private:
  std::vector<std::uint32_t> known_;  // the classes of the training rows, ascending
  Standardisation standardisation_;
  LinearMap map_;
};

}  // namespace chronotope::models
