// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/clock_reference.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace chronotope::reference {
namespace {

constexpr GridOrder kOrders[] = {GridOrder::kNest, GridOrder::kBrian2};

/// The step at which one input makes one neuron fire, on a grid of 0.1 ms.
std::int64_t step_of(GridOrder order, double input, double delay) {
  LifParameters p;
  p.model = LifModel::kDelta;
  const Network network{{p}, {{input}}, {{{true, 0}, 0, 20, delay}}};
  const auto spikes = run_on_grid(network, 0.1, order, 1000);
  return spikes.size() == 1 ? spikes[0].step : -1;
}

/// Brian2 tests before it adds: a step later.
std::int64_t later(GridOrder order) { return order == GridOrder::kNest ? 0 : 1; }

TEST(ClockReference, DecimalTimesAreOnTheirStep) {
  for (const GridOrder order : kOrders)
    for (int k = 1; k < 300; k += 7) EXPECT_EQ(step_of(order, k / 10.0, 0.3), k + 3 + later(order)) << k;
}

TEST(ClockReference, ATimeBetweenStepsMovesUpOrDown) {
  EXPECT_EQ(step_of(GridOrder::kNest, 0.30001, 1), 14);
  EXPECT_EQ(step_of(GridOrder::kNest, 0.3 + 0.9e-7, 1), 13);
  EXPECT_EQ(step_of(GridOrder::kNest, 0.3 + 1.1e-7, 1), 14);
  EXPECT_EQ(step_of(GridOrder::kBrian2, 0.39, 1), 14);
  EXPECT_EQ(step_of(GridOrder::kBrian2, 0.3998, 1), 14);
  EXPECT_EQ(step_of(GridOrder::kBrian2, 0.39991, 1), 15);
}

TEST(ClockReference, HalfAStepOfDelayIsRoundedUp) {
  for (const GridOrder order : kOrders)
    for (const auto& [delay, steps] : {std::pair{0.15, 2}, std::pair{0.25, 3}, std::pair{0.35, 4},
                                       std::pair{0.349, 3}, std::pair{1.15, 12}})
      EXPECT_EQ(step_of(order, 1, delay), 10 + steps + later(order)) << delay;
}

}  // namespace
}  // namespace chronotope::reference
