// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/models/readout/folds.hpp"
#include "chronotope/models/readout/read_out.hpp"

namespace chronotope::models {

/// How well a read-out classifies examples that it was not fitted on.
struct Accuracy {
  std::size_t scored = 0;
  std::size_t correct = 0;
  Classes predicted;  ///< of the folds' test rows, fold after fold

  double share() const { return static_cast<double>(correct) / static_cast<double>(scored); }
};

/// Fits a read-out on every fold's training rows and scores it on its test rows. Requires: no fold trains on
/// a row that it tests; every fold has at least two training rows. Errors: Failure of a read-out.
Accuracy cross_validate(const FeatureTable& table, const Classes& classes, std::span<const Fold> folds,
                        ReadOutMethod method);

}  // namespace chronotope::models
