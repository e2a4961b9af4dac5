// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/lif_reference.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "chronotope/tests/models/single_neuron.hpp"

namespace chronotope::tests {
namespace {

using reference::LifModel;
using reference::LifParameters;
using reference::RefractoryInput;

constexpr double kUntil = 100;

struct Case {
  LifParameters neuron;
  std::vector<TestArrival> arrivals;
};

std::string model_text(const LifParameters& n) {
  const bool delta = n.model == LifModel::kDelta;
  ModelText text(delta ? "delta_lif" : "exp_psc_lif");
  text.set("tau_m", n.tau_m).set("C_m", n.C_m).set("E_L", n.E_L).set("V_th", n.V_th);
  text.set("V_reset", n.V_reset).set("t_ref", n.t_ref).set("I_e", n.I_e).set("V_m", n.V_initial);
  if (delta)
    text.choose("refractory_input", n.refractory_input == RefractoryInput::kKeep ? "KEEP" : "DISCARD");
  else
    text.set("tau_syn_ex", n.tau_syn_ex).set("tau_syn_in", n.tau_syn_in);
  return text.str();
}

std::vector<double> spikes(const Case& c, double until = kUntil) {
  return spike_times(model_text(c.neuron), c.arrivals, until);
}

std::vector<reference::Spike> truth(const Case& c, double until = kUntil) {
  return reference::run_lif(c.neuron, reference_arrivals(c.arrivals), until).spikes;
}

/// A membrane with drive below or above threshold; a third starts at threshold, fires at 0 and so has a
/// refractory period whose end is known exactly.
void draw_membrane(CaseDraw& draw, LifParameters& n) {
  n.tau_m = draw.tau();
  n.C_m = 10 * n.tau_m;  // R = 0.1 GOhm
  n.t_ref = draw.chance(0.3) ? 0 : exact_time(draw.between(0.1, 5));
  n.I_e = draw.chance(0.3) ? draw.between(150, 200) : draw.between(-50, 150);
  n.V_initial = draw.chance(0.3) ? n.V_th : draw.between(-80, -55);
}

/// Twenty arrivals: single ones, several at one instant, bursts, and pairs that are t_ref or less apart.
void draw_arrivals(CaseDraw& draw, Case& c, double largest) {
  double time = 1;
  const bool burst = draw.chance(0.5);
  for (int k = 0; k < 20; ++k) {
    const double gap = burst && k % 5 != 0 ? draw.between(0, 0.3) : draw.between(0, 8);
    if (draw.chance(0.2))
      time += c.neuron.t_ref;
    else if (!draw.chance(0.2))
      time = exact_time(time + gap);
    c.arrivals.push_back({time, draw.between(-0.5, 1) * largest});
  }
  if (c.neuron.V_initial == c.neuron.V_th && c.neuron.t_ref >= 1)
    c.arrivals.push_back({c.neuron.t_ref, largest});
  std::stable_sort(c.arrivals.begin(), c.arrivals.end(),
                   [](const TestArrival& a, const TestArrival& b) { return a.time < b.time; });
}

Case exponential_case(std::uint64_t number) {
  CaseDraw draw("exp_psc_lif", number);
  Case c;
  draw_membrane(draw, c.neuron);
  c.neuron.tau_syn_ex = draw.tau_beside(c.neuron.tau_m);
  c.neuron.tau_syn_in = draw.tau_beside(draw.chance(0.5) ? c.neuron.tau_m : c.neuron.tau_syn_ex);
  const double drive = 150 * c.neuron.tau_m / std::min(c.neuron.tau_m, c.neuron.tau_syn_ex);
  draw_arrivals(draw, c, std::min(drive, 3000.0));
  return c;
}

Case delta_case(std::uint64_t number) {
  CaseDraw draw("delta_lif", number);
  Case c;
  c.neuron.model = LifModel::kDelta;
  draw_membrane(draw, c.neuron);
  if (draw.chance(0.5)) c.neuron.refractory_input = RefractoryInput::kKeep;
  draw_arrivals(draw, c, 12);
  return c;
}

/// Cases [shard * count, (shard + 1) * count): shards run side by side.
class LifReference : public testing::TestWithParam<std::uint64_t> {
 protected:
  template <class Draw>
  void compare(std::uint64_t count, Draw draw) {
    std::size_t compared = 0;
    for (std::uint64_t number = GetParam() * count; number < (GetParam() + 1) * count; ++number) {
      const Case c = draw(number);
      compared += expect_same_spikes(spikes(c), truth(c), "case " + std::to_string(number));
    }
    EXPECT_GT(compared, 2 * count);
  }
};

TEST_P(LifReference, ExpPscLifFiresLikeFiftyDigits) { compare(125, exponential_case); }
TEST_P(LifReference, DeltaLifFiresLikeFiftyDigits) { compare(130, delta_case); }

INSTANTIATE_TEST_SUITE_P(Shard, LifReference, testing::Range(std::uint64_t{0}, std::uint64_t{8}));

void expect_truth(const Case& c, const std::string& what, double until = kUntil) {
  expect_same_spikes(spikes(c, until), truth(c, until), what);
}

/// The weight [pA] of a single arrival whose potential peaks `excess` mV above threshold, in 50 digits.
double peaking_weight(const LifParameters& n, double excess) {
  using reference::Real;
  const Real tau_m(n.tau_m), tau_s(n.tau_syn_ex);
  const Real peak = tau_m == tau_s ? tau_m : tau_m * tau_s / (tau_m - tau_s) * log(tau_m / tau_s);
  const Real height =
      tau_m == tau_s ? peak / Real(n.C_m) * exp(-peak / tau_m)
                     : tau_m * tau_s / (tau_m - tau_s) / n.C_m * (exp(-peak / tau_m) - exp(-peak / tau_s));
  return static_cast<double>((Real(n.V_th) - n.E_L + excess) / height);
}

TEST(LifAdversary, NoPotentialIsMissedOrInventedAtAHairsBreadth) {
  for (const double tau_syn : {0.5, 5.0, 20.0, 20.0 * (1 + 1e-12), 60.0})
    for (const double excess : {1e-9, -1e-9, 1e-6, -1e-6}) {
      Case c;
      c.neuron.tau_syn_ex = tau_syn;
      c.arrivals = {{2, peaking_weight(c.neuron, excess)}, {300, 0}};
      const auto found = spikes(c, 400);
      EXPECT_EQ(found.size(), excess > 0 ? 1u : 0u) << tau_syn << ' ' << excess;
      expect_truth(c, "tangency", 400);
    }
}

TEST(LifAdversary, TheFirstOfTwoCrossingsBetweenArrivalsIsFound) {
  Case c;
  c.neuron.tau_syn_ex = 1;
  c.neuron.t_ref = 30;
  for (double time = 5; time < 500; time += 60) c.arrivals.push_back({time, peaking_weight(c.neuron, 1e-4)});
  EXPECT_GT(spikes(c, 500).size(), 3u);  // each pulse is above threshold for 0.1 ms only
  expect_truth(c, "double crossings", 500);
}

TEST(LifAdversary, AnArrivalJustBeforeTheCrossingPreventsItAndOneJustAfterDoesNot) {
  for (const LifModel model : {LifModel::kExponentialCurrents, LifModel::kDelta}) {
    Case c;
    c.neuron.model = model;
    c.neuron.I_e = model == LifModel::kDelta ? 200 : 0;
    c.arrivals = {{2, model == LifModel::kDelta ? 3.0 : 2000.0}};
    const double crossing = static_cast<double>(truth(c).at(0).time);
    for (const double offset : {-1e-6, -1e-9, -1e-10, 0.0, 1e-10, 1e-9}) {
      Case d = c;
      d.arrivals.push_back({exact_time(crossing + offset), model == LifModel::kDelta ? -10.0 : -20000.0});
      const std::vector<double> found = spikes(d);
      const double first = found.empty() ? kUntil : found[0];
      if (offset > 0) {
        EXPECT_NEAR(first, crossing, 1e-11);
      }
      if (offset < 0) {
        EXPECT_GT(first, crossing + 1) << offset;
      }
      if (offset != 0) expect_truth(d, "arrival at " + std::to_string(offset));
    }
  }
}

/// Membranes whose V_inf is V_th exactly in decimal numbers, some of them not in binary.
std::vector<LifParameters> membranes_at_threshold(LifModel model) {
  std::vector<LifParameters> neurons;
  for (const auto& [tau_m, C_m, I_e] : {std::tuple{20.0, 80.0, 60.0},
                                        {20.0, 250.0, 187.5},
                                        {10.0, 200.0, 300.0},
                                        {12.5, 250.0, 300.0},
                                        {3.0, 30.0, 150.0},
                                        {7.0, 35.0, 75.0}}) {
    LifParameters n;
    n.model = model;
    n.tau_m = tau_m;
    n.C_m = C_m;
    n.I_e = I_e;
    neurons.push_back(n);
  }
  return neurons;
}

TEST(LifAdversary, DriveToExactlyTheThresholdNeverFires) {
  for (const LifModel model : {LifModel::kExponentialCurrents, LifModel::kDelta})
    for (const LifParameters& neuron : membranes_at_threshold(model))
      for (const double weight : {0.0, -5.0, -1e-12})
        for (const double taus : {30.0, 100.0, 1000.0}) {
          const double time = exact_time(taus * neuron.tau_m);
          const Case c{neuron, {{time, weight}, {time + 1, weight}, {time + 50 * neuron.tau_m, 0}}};
          EXPECT_TRUE(spikes(c, 3e5).empty()) << neuron.tau_m << " ms, " << weight << " after " << taus;
        }
}

TEST(LifAdversary, DriveToExactlyTheThresholdFiresWithTheSmallestHelp) {
  for (const LifParameters& neuron : membranes_at_threshold(LifModel::kDelta)) {
    const Case c{neuron, {{exact_time(100 * neuron.tau_m), 1e-9}}};
    const double until = 200 * neuron.tau_m;
    EXPECT_EQ(spikes(c, until).size(), 1u) << neuron.tau_m;
    expect_truth(c, "help", until);
  }
}

TEST(LifAdversary, DriveANanovoltAboveTheThresholdFiresAndOneBelowDoesNot) {
  for (const LifModel model : {LifModel::kExponentialCurrents, LifModel::kDelta})
    for (const double microvolts : {1e-3, -1e-3}) {
      Case c;
      c.neuron.model = model;
      c.neuron.C_m = 80;
      c.neuron.V_th = -55 - microvolts * 1e-3;
      c.neuron.I_e = 60;
      EXPECT_EQ(spikes(c, 1000).empty(), microvolts < 0);
      expect_truth(c, "nanovolt", 1000);
    }
}

TEST(LifAdversary, WhatArrivesAtTheVeryEndOfTheRefractoryPeriodCounts) {
  for (const double offset : {-1e-12, 0.0, 1e-12}) {
    Case c;
    c.neuron.model = LifModel::kDelta;
    c.neuron.t_ref = 4;
    c.arrivals = {{3, 20}, {exact_time(7 + offset), 16}};
    EXPECT_EQ(spikes(c).size(), offset < 0 ? 1u : 2u) << offset;
    expect_truth(c, "end of the refractory period");
  }
}

}  // namespace
}  // namespace chronotope::tests
