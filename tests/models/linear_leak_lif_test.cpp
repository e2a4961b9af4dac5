// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/tests/models/changing_neuron.hpp"
#include "chronotope/tests/models/single_neuron.hpp"
#include "chronotope/tests/reference/jump_neuron_reference.hpp"

namespace chronotope::tests {
namespace {

using reference::LinearLeakParameters;

TEST(LinearLeakLif, FiresLikeFiftyDigits) {
  std::size_t compared = 0;
  for (std::uint64_t number = 0; number < 400; ++number) {
    CaseDraw draw("linear_leak_lif", number);
    LinearLeakParameters n;
    n.C_m = draw.log_between(20, 500);
    n.leak = draw.between(0, 2);
    n.t_ref = draw.chance(0.3) ? 0 : exact_time(draw.between(0.1, 5));
    n.I_e = n.C_m *
            (draw.chance(0.5) ? draw.between(n.leak + 0.05, n.leak + 3) : draw.between(-1, n.leak - 0.05));
    n.V_reset = draw.between(-70, -60);
    n.subtracts = number % 2 == 1;
    n.has_floor = number % 4 < 2;
    n.V_initial = draw.chance(0.2) ? n.V_th : draw.between(-75, -56);
    std::vector<TestArrival> arrivals;
    double time = 1;
    for (int k = 0; k < 30; ++k) {
      time = draw.chance(0.2) ? time + n.t_ref : exact_time(time + draw.between(0, 6));
      arrivals.push_back({time, draw.between(-8, 12)});
      if (draw.chance(0.2)) arrivals.push_back({time, draw.between(-12, 12)});
    }
    compared += expect_same_spikes(spike_times(text_of(n), arrivals, 150),
                                   reference::run_linear_leak(n, reference_arrivals(arrivals), 150),
                                   "case " + std::to_string(number));
  }
  EXPECT_GT(compared, 2000u);
}

TEST(LinearLeakLif, RateIsAReLUOfTheCurrent) {
  for (const double I : {-1.0, 0.05, 0.1, 0.35, 1.1, 3.1}) {
    LinearLeakParameters n;
    n.t_ref = 0;
    n.I_e = I * n.C_m;
    const double interval = I > n.leak ? (n.V_th - n.V_reset) / (I - n.leak) : 1e300;
    const double until = 1e4 + 1e-6;  // where an interval may end
    EXPECT_EQ(spike_times(text_of(n), {}, until).size(), static_cast<std::size_t>(until / interval)) << I;
  }
}

TEST(LinearLeakLif, NearBalanceItFiresLikeFiftyDigits) {
  for (const double off : {1e-3, 1e-4, 1e-5, 1e-6, -1e-6}) {
    LinearLeakParameters n;
    n.leak = 0.3;
    n.I_e = 75 * (1 + off);  // 75 pA/250 pF is the leak
    const double until = 100 / (0.3 * std::abs(off));
    const auto truth = reference::run_linear_leak(n, {}, until);
    const auto spikes = spike_times(text_of(n), {}, until);
    ASSERT_EQ(spikes.size(), truth.size()) << off;
    for (std::size_t k = 0; k < spikes.size(); ++k)
      EXPECT_NEAR(spikes[k] / static_cast<double>(truth[k].time), 1, 5e-16) << off << ' ' << k;
  }
}

TEST(LinearLeakLif, ResetBySubtractionKeepsWhatIsBeyondTheThreshold) {
  LinearLeakParameters n;
  n.leak = n.t_ref = 0;
  n.subtracts = true;
  EXPECT_EQ(spike_times(text_of(n), {{1, 50}, {2, 10}}, 10),
            (std::vector<double>{1, 1 + 2e-12, 1 + 4e-12, 2}));
  n.t_ref = 0.5;
  EXPECT_EQ(spike_times(text_of(n), {{1, 50}, {3, 10}}, 10), (std::vector<double>{1, 1.5, 2, 3}));
}

TEST(LinearLeakLif, WithoutAFloorInhibitionIsKept) {
  LinearLeakParameters n;
  n.leak = 0;
  n.has_floor = false;
  EXPECT_TRUE(spike_times(text_of(n), {{1, -40}, {2, 15}, {3, 39}}, 10).empty());
  EXPECT_EQ(spike_times(text_of(n), {{1, -40}, {2, 15}, {3, 40}}, 10), std::vector<double>{3});
}

/// Spikes of a neuron are the ReLU of what arrived, rounded down, and more by no more than what was taken after
/// the last one.
TEST(LinearLeakLif, CountsAreAReLUOfWhatArrives) {
  for (std::uint64_t number = 0; number < 200; ++number) {
    CaseDraw draw("relu of counts", number);
    LinearLeakParameters n;
    n.leak = n.t_ref = 0;
    n.subtracts = true;
    n.has_floor = false;
    const double drive = draw.between(-0.3, 0.3);
    n.I_e = n.C_m * drive;
    std::vector<TestArrival> arrivals;
    for (double t = exact_time(1 + draw.between(0, 3)); t < 100; t = exact_time(t + draw.between(0.01, 3)))
      arrivals.push_back({t, draw.between(-12, 16)});
    const auto spikes = spike_times(text_of(n), arrivals, 100);
    const auto rise_after = [&](double time) {
      double sum = drive * (100 - time);
      for (const TestArrival& arrival : arrivals) sum += arrival.time > time ? arrival.weight : 0;
      return sum / (n.V_th - n.V_reset);
    };
    const double x = rise_after(0), count = static_cast<double>(spikes.size());
    EXPECT_GE(count, std::floor(std::max(0.0, x) - 1e-9)) << number;
    if (count > 0) {
      EXPECT_LE(count, x - std::min(0.0, rise_after(spikes.back())) + 1e-9) << number;
    }
  }
}

TEST(LinearLeakLif, InhibitionStopsAtTheFloor) {
  LinearLeakParameters n;
  n.leak = 0;
  EXPECT_EQ(spike_times(text_of(n), {{1, -40}, {2, 15}}, 10), std::vector<double>{2});
  // Of one instant, the sum counts, in any order.
  EXPECT_TRUE(spike_times(text_of(n), {{1, -40}, {1, 15}}, 10).empty());
  EXPECT_EQ(spike_times(text_of(n), {{1, -40}, {1, 55}}, 10), std::vector<double>{1});
}

TEST(LinearLeakLif, RefusesAResetBelowTheFloor) {
  EXPECT_THROW(spike_times("linear_leak_lif { V_reset { constant: -71 } }", {}, 1), InputError);
  EXPECT_THROW(spike_times("linear_leak_lif { leak { constant: -1 } }", {}, 1), InputError);
}

}  // namespace
}  // namespace chronotope::tests
