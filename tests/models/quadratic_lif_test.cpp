// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/tests/models/changing_neuron.hpp"
#include "chronotope/tests/models/single_neuron.hpp"
#include "chronotope/tests/reference/jump_neuron_reference.hpp"

namespace chronotope::tests {
namespace {

using reference::QuadraticParameters;

std::size_t expect_truth(const QuadraticParameters& n, const std::vector<TestArrival>& arrivals, double until,
                         const std::string& what) {
  return expect_same_spikes(spike_times(text_of(n), arrivals, until),
                            reference::run_quadratic(n, reference_arrivals(arrivals), until), what);
}

TEST(QuadraticLif, FiresLikeFiftyDigits) {
  std::size_t compared = 0;
  for (std::uint64_t number = 0; number < 400; ++number) {
    CaseDraw draw("quadratic_lif", number);
    QuadraticParameters n;
    n.tau_m = draw.log_between(1, 100);
    n.C_m = 10 * n.tau_m;  // R = 0.1 GOhm
    n.V_c = draw.between(-62, -50);
    n.a = draw.log_between(0.02, 0.5);
    n.V_th = draw.between(-40, 40);
    n.V_reset = draw.between(-85, -45);
    n.t_ref = draw.chance(0.3) ? 0 : exact_time(draw.between(0.1, 5));
    const double half = (n.V_c - n.E_L) / 2;
    const double saddle = half * half * n.a * 10;  // I_e at which q = 0
    n.I_e = draw.chance(0.5) ? saddle + draw.between(20, 300) * n.a : saddle - draw.between(20, 1500) * n.a;
    n.V_initial = draw.chance(0.2) ? n.V_th : draw.between(-90, -60);
    std::vector<TestArrival> arrivals;
    double time = 1;
    for (int k = 0; k < 25; ++k) {
      time = draw.chance(0.2) ? time + n.t_ref : exact_time(time + draw.between(0, 6));
      arrivals.push_back({time, draw.between(-8, 14)});
    }
    compared += expect_truth(n, arrivals, 100, "case " + std::to_string(number));
  }
  EXPECT_GT(compared, 1000u);
}

TEST(QuadraticLif, SaddleNodeIsTheRationalSolution) {
  QuadraticParameters n;  // R = 1/8, half = 8: q = I_e - 64
  n.C_m = 160;
  n.V_c = -54;
  n.a = 0.125;
  n.I_e = 64;
  EXPECT_TRUE(
      spike_times(text_of(n), {{1, 7}, {1e4, -1}}, 1e5).empty());  // rests below -62, or creeps up to it
  n.V_initial = -62;
  EXPECT_TRUE(spike_times(text_of(n), {}, 1e5).empty());
  const std::vector<TestArrival> nudge{{1, 2}};  // u = 2 to 92 mV: (1/2 - 1/92)/(a/tau_m)
  EXPECT_NEAR(spike_times(text_of(n), nudge, 1000).at(0), 1 + (0.5 - 1.0 / 92) * 160, 1e-11);
  expect_truth(n, nudge, 1000, "saddle node");
}

TEST(QuadraticLif, ACriticalPotentialIsTheWatershed) {
  const QuadraticParameters n;
  EXPECT_TRUE(spike_times(text_of(n), {{1, 15}}, 1e4).empty());
  EXPECT_TRUE(spike_times(text_of(n), {{1, 15 - 1e-9}, {400, 1e-10}}, 1e4).empty());
  EXPECT_EQ(spike_times(text_of(n), {{1, 15 + 1e-9}}, 1e4).size(), 1u);
  expect_truth(n, {{1, 15 + 1e-6}, {20, 0}}, 1000, "watershed");
}

/// A drive that is a share `off` of the critical one away from it, as near as doubles come.
QuadraticParameters near_critical(double off, double start) {
  QuadraticParameters n;
  n.V_c = -50;
  n.I_e = 125 * (1 + off);  // tau_m/C_m I_e/a = 100 = ((V_c - E_L)/2)^2
  n.V_initial = n.V_reset = start;
  return n;
}

TEST(QuadraticLif, NearItsCriticalDriveItFiresLikeFiftyDigits) {
  std::size_t compared = 0;
  for (const double off : {1e-3, 1e-5, 1e-7, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 4e-16, 0.0})
    for (const double sign : {-1.0, 1.0})
      for (const double start : {-59.0, -59.9, -50.0, -30.0, 29.0}) {  // u = 1, 0.1, 10, 30, 89
        const QuadraticParameters n = near_critical(sign * off, start);
        const std::vector<TestArrival> arrivals{{40.25, 0.5}, {71.5, -0.25}, {90, 3}, {130, -1}, {131, 1}};
        const std::string what = to_string(sign * off) + " from " + to_string(start);
        const double until = start < -55 ? 6000 : 200;
        compared += expect_truth(n, {}, until, what);
        compared += expect_truth(n, arrivals, until, what + ", with arrivals");
      }
  EXPECT_GT(compared, 2000u);
}

TEST(QuadraticLif, FarFromThresholdNearItsCriticalDriveLosesNoDigits) {
  // One spike, from u = 1, is known as well as double time is.
  for (const double off : {-1e-7, -1e-9, -1e-11, -1e-13, -1e-15, 1e-15, 1e-13, 1e-11, 1e-9, 1e-7}) {
    const QuadraticParameters n = near_critical(off, -59);
    const auto truth = reference::run_quadratic(n, {}, 200);
    const auto spikes = spike_times(text_of(n), {}, 200);
    ASSERT_EQ(spikes.size(), 1u) << off;
    EXPECT_NEAR(spikes[0], static_cast<double>(truth.at(0).time), 3e-12) << off;
  }
}

/// Slowly past the ghost of the two fixed points, pi/(r sqrt(q)) ms: as well as the drive is known.
TEST(QuadraticLif, PassesJustAboveItsCriticalDriveLikeFiftyDigits) {
  for (const double off : {1e-6, 1e-9, 1e-12, 1e-14, 1e-15}) {
    const QuadraticParameters n = near_critical(off, -70);
    const double until = 1.5 * std::acos(-1) / (0.005 * 10 * std::sqrt(off));
    const auto truth = reference::run_quadratic(n, {}, until);
    const auto spikes = spike_times(text_of(n), {}, until);
    ASSERT_EQ(truth.size(), 1u) << off;
    ASSERT_EQ(spikes.size(), 1u) << off;
    EXPECT_NEAR(spikes[0] / static_cast<double>(truth[0].time), 1, 4e-16) << off;
  }
}

TEST(QuadraticLif, RestsJustBelowItsCriticalDrive) {
  for (const double off : {-1e-15, -1e-12, -1e-6}) {
    EXPECT_TRUE(spike_times(text_of(near_critical(off, -70)), {{1, 9}}, 1e9).empty()) << off;
    expect_truth(near_critical(off, -70), {{1, 9}, {2, 1.5}}, 1e6, to_string(off));
  }
}

TEST(QuadraticLif, RefusesWhatHasNoMeaning) {
  EXPECT_THROW(spike_times("quadratic_lif { V_c { constant: -71 } }", {}, 1), InputError);
  EXPECT_THROW(spike_times("quadratic_lif { V_th { constant: -56 } }", {}, 1), InputError);
  EXPECT_THROW(spike_times("quadratic_lif { a { constant: 0 } }", {}, 1), InputError);
}

}  // namespace
}  // namespace chronotope::tests
