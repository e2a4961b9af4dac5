// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/network_reference.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace chronotope::reference {
namespace {

const Real kTiny("1e-40");

LifParameters delta_neuron() {
  LifParameters p;
  p.model = LifModel::kDelta;
  return p;
}

/// One external train onto one delta neuron, delay 1 ms.
Network one_synapse(double weight, std::vector<double> train, std::optional<StdpParameters> rule = {}) {
  return {{delta_neuron()}, {std::move(train)}, {{{true, 0}, 0, weight, 1, rule}}};
}

StdpParameters additive() {
  StdpParameters p;
  p.mu_plus = p.mu_minus = 0;
  return p;
}

TEST(NetworkReference, ASingleNeuronDoesWhatItDoesAlone) {
  LifParameters p;
  p.I_e = 150;
  const Network network{{p}, {{1, 4.5, 5, 20}}, {{{true, 0}, 0, 600, 0.5}}};
  const NetworkRun run = run_network(network, 100);
  const LifRun alone = run_lif(p, {{1.5, 600}, {5, 600}, {5.5, 600}, {20.5, 600}}, 100);
  ASSERT_EQ(run.spikes.size(), alone.spikes.size());
  ASSERT_GT(alone.spikes.size(), 1u);
  for (std::size_t i = 0; i < alone.spikes.size(); ++i)
    EXPECT_EQ(run.spikes[i].spike.time, alone.spikes[i].time);
}

TEST(NetworkReference, ASpikeTravelsRoundARing) {
  Network network{{3, delta_neuron()}, {{0.5}}, {{{true, 0}, 0, 20, 0.25}}};
  for (std::size_t n = 0; n < 3; ++n) network.synapses.push_back({{false, n}, (n + 1) % 3, 20, 1.5 + n});
  const NetworkRun run = run_network(network, 12);
  ASSERT_EQ(run.spikes.size(), 5u);
  const double expected[] = {0.75, 2.25, 4.75, 8.25, 9.75};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(run.spikes[i].neuron, i % 3);
    EXPECT_EQ(run.spikes[i].spike.time, decimal(expected[i]));
  }
}

TEST(NetworkReference, ArrivalsOfOneInstantAreSummedWhicheverWayTheyCame) {
  Network network{{delta_neuron()}, {{1}, {0.5}}, {{{true, 0}, 0, 20, 1}, {{true, 1}, 0, -10, 1.5}}};
  EXPECT_TRUE(run_network(network, 10).spikes.empty());
  network.synapses[1].delay = 1.25;
  EXPECT_TRUE(run_network(network, 10).spikes.empty());  // the inhibition is earlier
  network.synapses[1].delay = 1.75;
  EXPECT_EQ(run_network(network, 10).spikes.size(), 1u);
}

TEST(NetworkReference, AnArrivalThatMakesItsTargetFirePotentiates) {
  const NetworkRun run = run_network(one_synapse(20, {1}, additive()), 10);
  ASSERT_EQ(run.spikes.size(), 1u);
  EXPECT_LT(abs(run.weights[0] - (20 + Real(0.01) * 60)), kTiny);
}

TEST(NetworkReference, PlasticityFollowsTheSumOverAllPairs) {
  const std::vector<double> train{1, 2, 30, 31.5, 90, 95, 140};
  const NetworkRun run = run_network(one_synapse(20, train, StdpParameters{}), 200);
  std::vector<Rational> arrivals, post_spikes;
  for (const double t : train) arrivals.push_back(decimal(t) + 1);
  for (const auto& s : run.spikes) post_spikes.push_back(s.spike.time);
  ASSERT_GT(post_spikes.size(), 3u);
  EXPECT_LT(abs(run.weights[0] - all_pairs_weight(StdpParameters{}, 20, arrivals, post_spikes)), kTiny);
}

TEST(NetworkReference, AnInhibitoryWeightLearnsByItsMagnitude) {
  Network network = one_synapse(20, {1});
  network.synapses.push_back({{true, 0}, 0, -1, 0.5, additive()});
  const NetworkRun run = run_network(network, 10);
  EXPECT_EQ(run.weights[0], 20);
  EXPECT_LT(abs(run.weights[1] + (1 + Real(0.01) * 60 * exp(-Real(0.5) / 20))), kTiny);
}

TEST(NetworkReference, ArrivalTransmitsTheWeightAfterOrBeforeItsOwnDepression) {
  StdpParameters rule = additive();
  rule.A_plus = 0;
  rule.A_minus = 0.1;
  Network network = one_synapse(20, {1, 5}, rule);
  const Real w = 20 - Real(0.1) * 60 * exp(-Real(4) / 20);  // 15.09
  network.neurons[0].V_th = -54.7;
  EXPECT_EQ(run_network(network, 10).spikes.size(), 1u);
  network.transmit = Transmit::kBeforeUpdate;
  const NetworkRun before = run_network(network, 10);
  EXPECT_EQ(before.spikes.size(), 2u);
  EXPECT_LT(abs(before.weights[0] - w), kTiny);
}

TEST(NetworkReference, NothingIsLearntAtOrAfterLearnUntil) {
  Network network = one_synapse(20, {1, 30}, additive());
  network.learn_until = 2;
  EXPECT_EQ(run_network(network, 100).weights[0], 20);
  network.learn_until = 2.5;
  EXPECT_LT(abs(run_network(network, 100).weights[0] - (20 + Real(0.01) * 60)), kTiny);
}

TEST(NetworkReference, SimultaneousSpikesReleaseWhatTheOnesBeforeLeft) {
  Network network = one_synapse(1, {5, 5, 5, 30});
  network.neurons[0].V_th = 500;
  network.synapses[0].short_term = ShortTermParameters{0.375, 100, 0};
  const auto potential = [&](double until) {
    NetworkRun run = run_network(network, until);
    return Real(run.neurons[0].voltage(Real(until)) - Real(network.neurons[0].E_L));
  };
  const Real tau = network.neurons[0].tau_m;
  const Real left = pow(Real(5) / 8, 3), three = 1 - left;
  const Real recovered = 1 - (1 - left) * exp(-Real(25) / 100);
  EXPECT_LT(abs(potential(7) - three * exp(-1 / tau)), kTiny);
  EXPECT_LT(abs(potential(32) - (three * exp(-26 / tau) + Real(3) / 8 * recovered * exp(-1 / tau))), kTiny);
}

TEST(NetworkReference, EqualNeuronsFireTogetherInTheirOrder) {
  LifParameters p;
  p.I_e = 250;
  const NetworkRun run = run_network({{p, p}, {}, {}}, 60);
  ASSERT_EQ(run.spikes.size(), 4u);
  EXPECT_EQ(run.spikes[0].neuron, 0u);
  EXPECT_EQ(run.spikes[1].neuron, 1u);
  EXPECT_EQ(run.spikes[0].spike.time, run.spikes[1].spike.time);
}

/// Inputs at 0.1 and 0.15 ms with delays of 0.2 and 0.15 ms: both arrive at 0.3 ms.
Network two_ways_to(double early_weight, double late_weight, std::optional<StdpParameters> rule = {}) {
  Network network{{delta_neuron()}, {{0.1}, {0.15}}, {{{true, 0}, 0, early_weight, 0.2, rule}}};
  network.synapses.push_back({{true, 1}, 0, late_weight, 0.15});
  return network;
}

TEST(NetworkReference, DecimalWaysOfTheSameLengthMeet) {
  EXPECT_TRUE(run_network(two_ways_to(-20, 20), 10).spikes.empty());
  Network two_halves = two_ways_to(8, 8);
  two_halves.neurons[0].tau_m = 0.001;
  const NetworkRun run = run_network(two_halves, 10);
  ASSERT_EQ(run.spikes.size(), 1u);
  EXPECT_EQ(run.spikes[0].spike.time, Rational(3, 10));
}

/// s = 1, additive, both amplitudes 0.1.
StdpParameters tenths() {
  StdpParameters p = additive();
  p.A_plus = p.A_minus = 0.1;
  p.w_max = 1;
  return p;
}

TEST(NetworkReference, AnArrivalAtTheDecimalTimeOfASpikePotentiates) {
  const NetworkRun run = run_network(two_ways_to(0.5, 100, tenths()), 10);
  ASSERT_EQ(run.spikes.size(), 1u);
  EXPECT_LT(abs(run.weights[0] - (Real(0.5) + Real(0.1))), kTiny);
}

/// V meets V_th `early` ticks before 10 ms, when a spike arrives by a plastic synapse of 0.5 mV.
Network meeting_an_arrival(double early, double t_ref) {
  LifParameters p = delta_neuron();
  p.I_e = 250;
  p.t_ref = t_ref;
  p.V_initial = static_cast<double>(-50 - 5 * exp((10 - Real(early) * to_real(tick())) / 20));
  return {{p}, {{9.7}}, {{{true, 0}, 0, 0.5, 0.3, tenths()}}};
}

TEST(NetworkReference, ASpikeBeforeAnArrivalOfItsTickIsCoincidentForTheSynapse) {
  for (const double early : {0.1, 0.2, 0.3, 0.4}) {
    const NetworkRun run = run_network(meeting_an_arrival(early, 0), 11);
    ASSERT_EQ(run.spikes.size(), 1u);
    EXPECT_EQ(run.spikes[0].spike.time, 10);
    EXPECT_EQ(run.spikes[0].spike.cause, SpikeCause::kCrossing);
    EXPECT_LT(abs(run.weights[0] - (Real(0.5) + Real(0.1))), kTiny) << early;
    // Not depressed when it was transmitted, and received after the reset.
    const Real after = -50 + (Real(-70) + Real(0.5) + 50) * exp(-Real(1) / 20);
    EXPECT_LT(abs(run.neurons[0].voltage(11) - after), kTiny) << early;
  }
  const NetworkRun earlier = run_network(meeting_an_arrival(0.8, 0), 11);  // a tick before the arrival
  EXPECT_LT(abs(earlier.weights[0] - (Real(0.5) - Real(0.1) * exp(-to_real(tick()) / 20))), kTiny);
}

TEST(NetworkReference, ACrossingBeforeAnInhibitoryArrivalOfItsTickFires) {
  for (const double early : {-0.2, 0.2, 0.7}) {
    Network network = meeting_an_arrival(early, 2);
    network.synapses[0] = {{true, 0}, 0, -3, 0.3};
    const NetworkRun run = run_network(network, 11);
    ASSERT_EQ(run.spikes.size(), early > 0 ? 1u : 0u) << early;
    if (early > 0) {
      EXPECT_EQ(run.spikes[0].spike.time, early < 0.5 ? Rational(10) : 10 - tick());
    }
  }
}

TEST(NetworkReference, ACrossingAfterAnArrivalOfItsTickFiresAtTheTick) {
  Network network = meeting_an_arrival(-0.8, 2);
  network.synapses[0] = {{true, 0}, 0, 1e-13, 0.3};  // 0.4 ticks nearer
  const NetworkRun run = run_network(network, 11);
  ASSERT_EQ(run.spikes.size(), 1u);
  EXPECT_EQ(run.spikes[0].spike.time, 10);
}

TEST(NetworkReference, AnInhibitoryCurrentPreventsACrossingThatComesAfterIt) {
  for (const double late : {0.1, 0.4}) {
    Network network = meeting_an_arrival(-late, 2);
    network.neurons[0].model = LifModel::kExponentialCurrents;
    network.synapses[0] = {{true, 0}, 0, 0, 0.3};
    ASSERT_EQ(run_network(network, 11).spikes.size(), 1u);
    network.synapses[0].weight = -1e6;
    EXPECT_TRUE(run_network(network, 11).spikes.empty()) << late;
  }
}

TEST(NetworkReference, SpikesOfOneTickAreToldInTheOrderOfTheNeurons) {
  Network network = meeting_an_arrival(0.2, 2);  // fires before the arrival that makes the other one fire
  network.neurons.insert(network.neurons.begin(), delta_neuron());
  network.synapses[0] = {{true, 0}, 0, 20, 0.3};
  const NetworkRun run = run_network(network, 11);
  ASSERT_EQ(run.spikes.size(), 2u);
  for (std::size_t n = 0; n < 2; ++n) {
    EXPECT_EQ(run.spikes[n].neuron, n);
    EXPECT_EQ(run.spikes[n].spike.time, 10);
  }
}

TEST(NetworkReference, ADendriticPartDelaysThePostsynapticSpike) {
  // At the synapse the arrival is at 1 + 0.6 ms, the spike of 1.4 ms at 1.4 + dendritic.
  for (const double dendritic : {0.0, 0.1, 0.2, 0.3, 0.4}) {
    Network network{{delta_neuron()}, {{1}, {1.3}}, {}};
    network.synapses.push_back({{true, 0}, 0, 0.5, 0.6 + dendritic, tenths(), dendritic});
    network.synapses.push_back({{true, 1}, 0, 20, 0.1});
    const NetworkRun run = run_network(network, 10);
    ASSERT_EQ(run.spikes.size(), 1u);
    const Real dt = to_real(Rational(14, 10) + decimal(dendritic) - Rational(16, 10));
    const Real change = dt < 0 ? Real(-exp(dt / 20)) : Real(exp(-dt / 20));
    EXPECT_LT(abs(run.weights[0] - (Real(0.5) + Real(0.1) * change)), kTiny) << dendritic;
  }
}

TEST(NetworkReference, AFractionOfTheDelayIsRoundedToATick) {
  // Half of an odd number of ticks is rounded to even: of 1 ms + 1 tick to 0.5 ms, of 1 ms + 3 ticks to 0.5
  // ms + 2.
  for (const auto& [more, half] : {std::pair{1, 0}, std::pair{3, 2}}) {
    Network network{{delta_neuron()}, {{1}, {1}}, {}};
    network.synapses.push_back({{true, 0}, 0, 0.5, 1 + more * 1e-12, tenths(), 0, 0.5});
    network.synapses.push_back({{true, 1}, 0, 20, 2e-12});
    const NetworkRun run = run_network(network, 10);
    ASSERT_EQ(run.spikes.size(), 1u);  // at the synapse dt = 2 ticks + dendritic - axonal
    const int ticks = 2 + half - (more - half);
    const Real change = exp(-ticks * to_real(tick()) / 20);
    EXPECT_LT(abs(run.weights[0] - (Real(0.5) + Real(0.1) * change)), kTiny) << more;
  }
}

/// A kicks B, B kicks back, with one delay D, all dendritic: B's spike at t + D is at the synapse B -> A when
/// A's spike at t is.
TEST(NetworkReference, ReciprocalDendriticPairsCoincide) {
  for (int k = 0; k < 200; ++k) {
    const double D = 0.1 + (k * 7919 % 8900) / 1000.0, t = 0.1 + (k * 104729 % 89000) / 1000.0;
    Network network{{2, delta_neuron()}, {{t}}, {{{true, 0}, 0, 20, 1}}};
    network.synapses.push_back({{false, 0}, 1, 20, D});
    network.synapses.push_back({{false, 1}, 0, 0.5, D, tenths(), 0, 1});
    const NetworkRun run = run_network(network, 200);
    ASSERT_EQ(run.spikes.size(), 2u);
    ASSERT_LT(abs(run.weights[2] - (Real(0.5) + Real(0.1))), kTiny) << D << ' ' << t;
  }
}

TEST(NetworkReference, ATransmittedWeightIsThatWithWhichTheSpikePassedTheSynapse) {
  // Threshold 15 mV over rest. The kick at 1 ms fires; a spike sent at 4 ms arrives at 6 ms with 20 mV less a
  // depression of 12 mV, unless the back-propagating spike comes to the synapse only after it.
  StdpParameters rule = additive();
  rule.A_plus = 0;
  rule.A_minus = 0.2;
  rule.tau_minus = 1e6;
  for (const auto& [dendritic, spikes] : {std::pair{0.0, 1u}, std::pair{1.2, 1u}, std::pair{1.25, 2u},
                                          std::pair{1.3, 2u}, std::pair{2.0, 2u}}) {
    Network network{{delta_neuron()}, {{0.5}, {4}}, {{{true, 0}, 0, 20, 3}}};  // fires at 3.5
    network.synapses.push_back({{true, 1}, 0, 20, 2, rule, dendritic});
    const NetworkRun run = run_network(network, 20);
    EXPECT_EQ(run.spikes.size(), spikes) << dendritic;
  }
}

/// All spikes that reached a synapse before `end`.
std::vector<Rational> until(const std::vector<Rational>& spikes, const Rational& way, const Rational& end) {
  std::vector<Rational> times;
  for (const Rational& t : spikes)
    if (t + way < end) times.push_back(t + way);
  return times;
}

std::vector<Rational> spikes_of(const Network& network, const NetworkRun& run, const SourceRef& source) {
  if (source.is_external) return stated_times(network.external[source.index]);
  std::vector<Rational> times;
  for (const NetworkSpike& s : run.spikes)
    if (s.neuron == source.index) times.push_back(s.spike.time);
  return times;
}

/// Three neurons and two trains on a grid of 0.1 ms, every delay split another way.
Network decimal_network(int number) {
  LifParameters p = delta_neuron();
  p.t_ref = 0.3;
  p.V_th = -60;
  Network network{{3, p}, {{}, {}}, {}};
  unsigned state = 7919U * static_cast<unsigned>(number + 1);
  const auto below = [&](unsigned n) { return (state = state * 1664525U + 1013904223U) / 65536U % n; };
  for (auto& train : network.external)
    for (unsigned t = 1 + below(9); t < 200; t += 1 + below(12)) train.push_back(t / 10.0);
  for (unsigned k = 0; k < 14; ++k) {
    StdpParameters rule;  // so slow that no weight stays at a bound
    rule.A_plus = 0.006;
    rule.A_minus = 0.003;
    rule.w_max = 12;
    rule.tau_minus = 30;
    rule.mu_plus = rule.mu_minus = below(2);
    const unsigned delay = 1 + below(20), part = below(delay + 1);
    network.synapses.push_back(
        {{k % 2 == 0, below(k % 2 == 0 ? 2 : 3)}, below(3), 6.0, delay / 10.0, rule, part / 10.0});
  }
  return network;
}

TEST(NetworkReference, DendriticSynapsesLearnTheSumOverAllPairsAtTheSynapse) {
  std::size_t coincidences = 0;
  for (int number = 0; number < 3; ++number) {
    const Network network = decimal_network(number);
    const NetworkRun run = run_network(network, 20);
    EXPECT_GT(run.spikes.size(), 50u);
    for (std::size_t k = 0; k < network.synapses.size(); ++k) {
      const Synapse& s = network.synapses[k];
      const Rational dendritic = decimal(s.dendritic_delay), end = 20;
      const auto arrivals = until(spikes_of(network, run, s.source), decimal(s.delay) - dendritic, end);
      const auto back = until(spikes_of(network, run, {false, s.target}), dendritic, end);
      EXPECT_LT(abs(run.weights[k] - all_pairs_weight(*s.plasticity, s.weight, arrivals, back)), kTiny) << k;
      for (const Rational& t : arrivals) coincidences += std::binary_search(back.begin(), back.end(), t);
    }
  }
  EXPECT_GT(coincidences, 100u);
}

TEST(NetworkReference, WhatReachesASynapseAfterLearnUntilChangesNothing) {
  Network network{{delta_neuron()}, {{1}, {1.3}}, {}};
  network.synapses.push_back({{true, 0}, 0, 0.5, 0.3, tenths(), 0.2});  // at the synapse at 1.1
  network.synapses.push_back({{true, 1}, 0, 20, 0.1});                  // its target's spike at 1.6
  network.learn_until = 1.6;
  EXPECT_EQ(run_network(network, 10).weights[0], 0.5);
  network.learn_until = 1.6 + 1e-12;
  EXPECT_LT(abs(run_network(network, 10).weights[0] - (Real(0.5) + Real(0.1) * exp(-Real(1) / 40))), kTiny);
}

TEST(NetworkReference, ACrossingTakesPlaceWhereItWasObserved) {
  LifParameters p;
  p.I_e = 250;
  Network network{{p}, {}, {}};
  const NetworkRun own = run_network(network, 80);
  ASSERT_EQ(own.spikes.size(), 2u);
  const Rational moved = own.spikes[0].spike.time + 100 * tick();
  network.observed = {{moved}};
  const NetworkRun run = run_network(network, 80);
  ASSERT_EQ(run.spikes.size(), 2u);
  EXPECT_EQ(run.spikes[0].spike.time, own.spikes[0].spike.time);
  EXPECT_EQ(run.spikes[1].spike.time, own.spikes[1].spike.time + 100 * tick());
  network.observed = {{own.spikes[0].spike.time + 2000 * tick()}};  // another spike
  EXPECT_EQ(run_network(network, 80).spikes[1].spike.time, own.spikes[1].spike.time);
}

TEST(NetworkReference, RefusesWhatHasNoMeaning) {
  Network network = one_synapse(20, {1});
  network.synapses[0].delay = 0;
  EXPECT_THROW(run_network(network, 10), std::invalid_argument);
  network = one_synapse(20, {1});
  network.synapses[0].target = 1;
  EXPECT_THROW(run_network(network, 10), std::invalid_argument);
  EXPECT_THROW(run_network(one_synapse(70, {1}, StdpParameters{}), 10), std::invalid_argument);
  network = one_synapse(20, {1});
  network.synapses[0].delay = 4e-13;
  EXPECT_THROW(run_network(network, 10), std::invalid_argument);
  network = one_synapse(20, {1});
  network.synapses[0].dendritic_delay = 1.1;
  EXPECT_THROW(run_network(network, 10), std::invalid_argument);
  network.synapses[0].dendritic_delay = network.synapses[0].dendritic_fraction = 0.5;
  EXPECT_THROW(run_network(network, 10), std::invalid_argument);
}

}  // namespace
}  // namespace chronotope::reference
