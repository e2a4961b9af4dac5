// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/metric.hpp"

#include <gtest/gtest.h>

#include "chronotope/core/error.hpp"

namespace chronotope::topology {
namespace {

TEST(Metric, IsKnownByItsName) {
  for (const Metric metric : {Metric::kEuclidean, Metric::kCosine, Metric::kCorrelation, Metric::kHamming})
    EXPECT_EQ(metric_of(to_string(metric)), metric);
  EXPECT_THROW(metric_of("manhattan"), InputError);
}

}  // namespace
}  // namespace chronotope::topology
