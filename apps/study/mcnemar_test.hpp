// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace chronotope::apps {

/// McNemar's test (1947) of two classifiers on the same stimuli, exact: of the stimuli that only one of the two
/// tells, `only_first` are told by the first and `only_second` by the other. The probability, were both alike, of a
/// split at least as uneven, 2 P(X <= the smaller) with X binomial of 1/2, at most 1.
double mcnemar_test(std::size_t only_first, std::size_t only_second);

}  // namespace chronotope::apps
