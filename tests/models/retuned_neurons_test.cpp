// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/tests/models/changing_neuron.hpp"
#include "chronotope/tests/suites/run_network.hpp"
#include "chronotope/tests/suites/state_columns.hpp"

// Constants that change while a run stands still: what comes then is what 50 digits make of the V and the currents that
// are there and of the new constants.

namespace chronotope::tests {
namespace {

constexpr double kEnd = 80;

/// Some of a membrane's constants, each with even odds; V_reset stays below V_th.
void change_membrane(CaseDraw& draw, reference::CurrentLifParameters& n) {
  if (draw.chance(0.5)) n.tau_m *= draw.between(0.4, 2.5);
  if (draw.chance(0.5)) n.C_m *= draw.between(0.5, 2);
  if (draw.chance(0.5)) n.E_L += draw.between(-5, 5);
  if (draw.chance(0.5)) n.I_e += draw.between(-80, 80);
  if (draw.chance(0.5)) n.V_th += draw.between(-4, 4);
  if (draw.chance(0.5)) n.V_reset += draw.between(-6, 6);
  if (draw.chance(0.5)) n.t_ref = exact_time(draw.between(0.1, 5));
}

void change_receptors(CaseDraw& draw, reference::CurrentLifParameters& n) {
  for (auto& receptor : n.receptors)
    if (draw.chance(0.5)) receptor.tau = draw.tau_beside(n.tau_m);
}

using ChangeMore = std::function<void(CaseDraw&, reference::CurrentLifParameters&)>;

/// Random cases of a model, of which change_more changes what is more than a membrane.
void expect_truths(const MembraneModel& model, const ChangeMore& change_more) {
  std::size_t compared = 0;
  for (std::uint64_t number = 0; number < 60; ++number) {
    CaseDraw draw("retuned " + model.name, number);
    const MembraneCase was = draw_case(draw, model);
    reference::CurrentLifChange change{exact_time(draw.between(2, 40)), was.neuron};
    change_membrane(draw, change.now);
    change_more(draw, change.now);
    const std::string text = model.text(was.neuron);
    const BothArrivals arrivals = both_arrivals(was, text);
    compared +=
        expect_same_spikes(spike_times(text, change.time, model.text(change.now), arrivals.engine, kEnd),
                           reference::run_current_lif(was.neuron, change, arrivals.reference, kEnd),
                           model.name + ", case " + std::to_string(number));
  }
  EXPECT_GT(compared, 120U) << model.name;
}

TEST(RetunedNeurons, OfExponentialCurrentsGoOnLikeFiftyDigits) {
  expect_truths(exponential_currents(), change_receptors);
}

TEST(RetunedNeurons, OfAlphaCurrentsGoOnLikeFiftyDigits) {
  expect_truths(alpha_currents(), [](CaseDraw&, auto&) {});
}

TEST(RetunedNeurons, WithAdaptationGoOnLikeFiftyDigits) {
  expect_truths(adaptation(), [](CaseDraw& draw, auto& n) {
    change_receptors(draw, n);
    n.adaptation[0].jump *= draw.between(0.5, 2);
    n.adaptation[0].tau *= draw.between(0.5, 2);
  });
}

TEST(RetunedNeurons, WithAThresholdThatJumpsGoOnLikeFiftyDigits) {
  expect_truths(jumping_threshold(), [](CaseDraw& draw, auto& n) {
    change_receptors(draw, n);
    for (auto& part : n.threshold) part = {part.jump * draw.between(0.5, 2), part.tau * draw.between(0.5, 2)};
  });
}

TEST(RetunedNeurons, WithSeveralReceptorsGoOnLikeFiftyDigits) {
  expect_truths(several_receptors(), change_receptors);
}

TEST(RetunedNeurons, OfAQuadraticSlopeGoOnLikeFiftyDigits) {
  std::size_t compared = 0;
  for (std::uint64_t number = 0; number < 300; ++number) {
    CaseDraw draw("retuned quadratic_lif", number);
    reference::QuadraticParameters n;
    const auto draw_constants = [&] {
      n.tau_m = draw.log_between(1, 100);
      n.C_m = 10 * n.tau_m;
      n.E_L = draw.between(-73, -68);
      n.V_c = draw.between(-62, -50);
      n.a = draw.log_between(0.02, 0.5);
      n.V_th = draw.between(-40, 40);
      n.V_reset = draw.between(-85, -45);
      n.t_ref = exact_time(draw.between(0.1, 5));
      const double half = (n.V_c - n.E_L) / 2;
      const double saddle = half * half * n.a * 10;  // I_e at which q = 0
      n.I_e = draw.chance(0.5) ? saddle + draw.between(20, 300) * n.a : saddle - draw.between(20, 1500) * n.a;
    };
    draw_constants();
    const reference::QuadraticParameters was = n;
    const std::vector<TestArrival> arrivals = draw_jumps(draw, 8, 14);
    draw_constants();
    const double change = exact_time(draw.between(2, 60));
    compared +=
        expect_same_spikes(spike_times(text_of(was), change, text_of(n), arrivals, kEnd),
                           reference::run_quadratic(was, {change, n}, reference_arrivals(arrivals), kEnd),
                           "case " + std::to_string(number));
  }
  EXPECT_GT(compared, 500U);
}

TEST(RetunedNeurons, OfAConstantLeakGoOnLikeFiftyDigits) {
  std::size_t compared = 0;
  for (std::uint64_t number = 0; number < 300; ++number) {
    CaseDraw draw("retuned linear_leak_lif", number);
    reference::LinearLeakParameters n;
    n.subtracts = number % 2 == 1;
    n.has_floor = number % 4 < 2;
    n.V_initial = draw.between(-69, -56);
    const auto draw_constants = [&] {
      n.C_m = draw.log_between(20, 500);
      n.leak = draw.between(0, 2);
      n.t_ref = draw.chance(0.3) ? 0 : exact_time(draw.between(0.1, 5));
      n.I_e = n.C_m *
              (draw.chance(0.5) ? draw.between(n.leak + 0.05, n.leak + 3) : draw.between(-1, n.leak - 0.05));
      n.V_th = draw.between(-56, -50);
      n.V_reset = draw.between(-70, -60);
    };
    draw_constants();
    const reference::LinearLeakParameters was = n;
    const std::vector<TestArrival> arrivals = draw_jumps(draw, 8, 12);
    draw_constants();
    n.E_L -= draw.between(0, 3);
    const double change = exact_time(draw.between(2, 60));
    compared +=
        expect_same_spikes(spike_times(text_of(was), change, text_of(n), arrivals, kEnd),
                           reference::run_linear_leak(was, {change, n}, reference_arrivals(arrivals), kEnd),
                           "case " + std::to_string(number));
  }
  EXPECT_GT(compared, 500U);
}

TEST(RetunedNeurons, AFloorThatIsRaisedAboveAPotentialIsRefused) {
  reference::LinearLeakParameters n;
  n.E_L = n.V_initial = -75;
  const std::string was = text_of(n);
  n.E_L = -72;
  try {
    spike_times(was, 10, text_of(n), {}, kEnd);
    ADD_FAILURE() << "it went on";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "population n: neuron 0: V = -75 mV is below what the floor E_L = -72 mV is now");
  }
  n.has_floor = false;
  const std::string floats = text_of(n);
  n.E_L = -60;
  EXPECT_NO_THROW(spike_times(floats, 10, text_of(n), {}, kEnd));
}

TEST(RetunedNeurons, WhatARefractoryPeriodOfManyTimeConstantsHasLeftIsNotGuessed) {
  const auto text = [](double tau) {
    return ModelText("adaptive_current_lif").set("I_e", 400).set("t_ref", 20).set("tau_syn_ex", tau).str();
  };
  const double fires = spike_times(text(0.01), {}, kEnd).front();
  EXPECT_NO_THROW(spike_times(text(0.01), fires + 15, text(5), {}, kEnd));
  EXPECT_THROW(spike_times(text(0.01), fires + 1, text(5), {}, kEnd), InputError);
}

/// Neurons at rest have a constant hazard, of which the fork makes another: from there on waiting times of those that
/// have not fired are exponential with its rate.
TEST(RetunedNeurons, OfEscapeNoiseFireByTheirNewHazard) {
  constexpr double kChange = 12;
  const auto text = [](double delta_u, double tau_0, double V) {
    return "seed: 8 population { name: 'n' size: 20000 escape_noise_lif { V_th { constant: -55 } t_ref { constant: "
           "1e6 } E_L { constant: " +
           to_string(V) + " } V_m { constant: -60 } delta_u { constant: " + to_string(delta_u) +
           " } tau_0 { constant: " + to_string(tau_0) + " } tau_m { constant: 1e9 } } }";
  };
  // V stays at -60 mV for so long a membrane.
  NetworkRun before(text(4, 10, -60)), after(text(2.5, 3, -60));
  Columns state;
  before.until(kChange).engine().save(state);
  after.engine().load(state, {{}, {before.engine().network().populations[0].get()}});
  after.until(2000);
  const double rate = std::exp(-5 / 2.5) / 3;
  double largest = 0;
  const auto n = static_cast<double>(after.spikes().size());
  EXPECT_EQ(after.spikes().size() + before.spikes().size(), 20000U);
  ASSERT_GT(n, 10000);
  for (std::size_t k = 0; k < after.spikes().size(); ++k) {
    const double wait = after.spikes()[k].time.to_ms() - kChange;
    ASSERT_GE(wait, 0);
    const double expected = 1 - std::exp(-rate * wait);
    largest = std::max({largest, std::abs(expected - static_cast<double>(k) / n),
                        std::abs(expected - static_cast<double>(k + 1) / n)});
  }
  EXPECT_LT(largest, 1.95 / std::sqrt(n));  // Kolmogorov-Smirnov, p = 0.001
}

/// V of a neuron with escape noise that never fires, by its closed form on both sides of the fork.
TEST(RetunedNeurons, OfEscapeNoiseKeepPotentialAndCurrents) {
  const auto text = [](const std::string& constants) {
    return "population { name: 'n' size: 1 escape_noise_lif { V_th { constant: 1e6 } " + constants +
           " } } input { name: 'x' size: 1 spike_times { times: [2] } } projection { source: 'x' target: 'n' "
           "all_to_all {} weight { constant: 400 } delay { constant: 1 } }";
  };
  NetworkRun before(
      text("tau_m { constant: 20 } C_m { constant: 200 } E_L { constant: -70 } tau_syn_ex { constant: "
           "5 }"));
  NetworkRun after(
      text("tau_m { constant: 10 } C_m { constant: 50 } E_L { constant: -66 } I_e { constant: 30 } "
           "tau_syn_ex { constant: 4 }"));
  Columns state;
  before.until(7).engine().save(state);
  after.engine().load(state, {{}, {before.engine().network().populations[0].get()}});
  const double V = -70 + 0.1 * 400 * 5 / (5 - 20.0) * (std::exp(-4.0 / 5) - std::exp(-4.0 / 20));
  const double I = 400 * std::exp(-4.0 / 5);
  EXPECT_NEAR(after.engine().potentials(0)[0], V, 1e-12);
  EXPECT_NEAR(after.engine().currents(0, 0)[0], I, 1e-12);
  after.until(13);
  const double V_inf = -66 + 0.2 * 30;
  EXPECT_NEAR(
      after.engine().potentials(0)[0],
      V_inf + (V - V_inf) * std::exp(-0.6) + 0.2 * I * 4 / (4 - 10.0) * (std::exp(-6.0 / 4) - std::exp(-0.6)),
      1e-12);
  EXPECT_NEAR(after.engine().currents(0, 0)[0], I * std::exp(-6.0 / 4), 1e-12);
}

}  // namespace
}  // namespace chronotope::tests
