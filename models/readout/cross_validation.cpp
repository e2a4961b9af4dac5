// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/readout/cross_validation.hpp"

#include <algorithm>

namespace chronotope::models {

namespace {

[[maybe_unused]] bool are_disjoint(const Fold& fold) {
  return std::none_of(fold.test.begin(), fold.test.end(), [&](std::size_t i) {
    return std::binary_search(fold.training.begin(), fold.training.end(), i);
  });
}

}  // namespace

Accuracy cross_validate(const FeatureTable& table, const Classes& classes, std::span<const Fold> folds,
                        ReadOutMethod method) {
  Accuracy accuracy;
  for (const Fold& fold : folds) {
    assert(are_disjoint(fold));
    const Classes predicted = ReadOut(table, classes, fold.training, method).classify(table, fold.test);
    accuracy.predicted.insert(accuracy.predicted.end(), predicted.begin(), predicted.end());
    accuracy.scored += fold.test.size();
    for (std::size_t k = 0; k < predicted.size(); ++k)
      accuracy.correct += predicted[k] == classes[fold.test[k]] ? 1 : 0;
  }
  return accuracy;
}

}  // namespace chronotope::models
