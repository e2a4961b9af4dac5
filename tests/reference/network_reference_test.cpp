// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/network_reference.hpp"

#include <gtest/gtest.h>

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
    EXPECT_LT(abs(run.spikes[i].spike.time - alone.spikes[i].time), Real("1e-30"));
}

TEST(NetworkReference, ASpikeTravelsRoundARing) {
  Network network{{3, delta_neuron()}, {{0.5}}, {{{true, 0}, 0, 20, 0.25}}};
  for (std::size_t n = 0; n < 3; ++n) network.synapses.push_back({{false, n}, (n + 1) % 3, 20, 1.5 + n});
  const NetworkRun run = run_network(network, 12);
  ASSERT_EQ(run.spikes.size(), 5u);
  const double expected[] = {0.75, 2.25, 4.75, 8.25, 9.75};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(run.spikes[i].neuron, i % 3);
    EXPECT_EQ(run.spikes[i].spike.time, expected[i]);
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
  std::vector<Real> arrivals, post_spikes;
  for (const double t : train) arrivals.push_back(t + 1);
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

TEST(NetworkReference, EqualNeuronsFireTogetherInTheirOrder) {
  LifParameters p;
  p.I_e = 250;
  const NetworkRun run = run_network({{p, p}, {}, {}}, 60);
  ASSERT_EQ(run.spikes.size(), 4u);
  EXPECT_EQ(run.spikes[0].neuron, 0u);
  EXPECT_EQ(run.spikes[1].neuron, 1u);
  EXPECT_EQ(run.spikes[0].spike.time, run.spikes[1].spike.time);
}

TEST(NetworkReference, RefusesWhatHasNoMeaning) {
  Network network = one_synapse(20, {1});
  network.synapses[0].delay = 0;
  EXPECT_THROW(run_network(network, 10), std::invalid_argument);
  network = one_synapse(20, {1});
  network.synapses[0].target = 1;
  EXPECT_THROW(run_network(network, 10), std::invalid_argument);
  EXPECT_THROW(run_network(one_synapse(70, {1}, StdpParameters{}), 10), std::invalid_argument);
}

}  // namespace
}  // namespace chronotope::reference
