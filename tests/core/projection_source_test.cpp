// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/projection_source.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/core/decimal.hpp"

namespace chronotope {
namespace {

/// Forty neurons with a projection onto themselves, its weights and delays drawn.
NetworkDescription recurrent(decltype(ProjectionSpec::wiring) wiring) {
  NetworkDescription network;
  network.seeds.wiring = network.seeds.delays = network.seeds.learning = 11;
  network.populations.push_back({"E", 40, {}, {}, {}});
  ProjectionSpec projection;
  projection.name = "E->E";
  projection.wiring = std::move(wiring);
  projection.weight.value = ParameterDistribution(Uniform{1, 2});
  projection.delay.value = ParameterDistribution(Uniform{1, 5});
  projection.rule.kind = "pair_stdp";
  projection.rule.parameters["tau_plus"] = {ParameterDistribution(Uniform{10, 30}), {}};
  network.projections.push_back(projection);
  return network;
}

struct Drawn {
  double weight;
  Duration delay;
  double tau_plus;
};

/// What was drawn for every pair that is connected.
std::map<std::pair<std::uint32_t, std::uint32_t>, Drawn> drawn(const NetworkDescription& network) {
  ProjectionSource source = wire(network, network.projections[0]);
  const std::vector<double> weights = source.draw_weights();
  const auto tau_plus = source.draw("tau_plus", 20, kTimeConstant);
  const Connectivity graph = source.take_connectivity();
  std::map<std::pair<std::uint32_t, std::uint32_t>, Drawn> all;
  for_each_synapse(graph, [&](SynapseId s, SegmentId g) {
    all[{index(graph.source(g)), index(graph.target(s))}] = {weights[index(s)], graph.delay(g), tau_plus[s]};
  });
  return all;
}

TEST(ProjectionSource, SymmetricPairsHaveOneWeightAndOneDelayButTheirOwnConstants) {
  NetworkDescription network = recurrent(PairwiseBernoulliSpec{0.4, {}});
  network.projections[0].symmetric = true;
  const auto synapses = drawn(network);
  EXPECT_GT(synapses.size(), 400U);
  std::size_t other_constants = 0, other_weights = 0;
  for (const auto& [ends, synapse] : synapses) {
    const auto [i, j] = ends;
    const auto back = synapses.find({j, i});
    ASSERT_NE(back, synapses.end()) << i << " " << j;
    EXPECT_EQ(synapse.weight, back->second.weight);
    EXPECT_EQ(synapse.delay, back->second.delay);
    if (i != j && synapse.tau_plus != back->second.tau_plus) ++other_constants;
    if (synapse.weight != synapses.begin()->second.weight) ++other_weights;
  }
  EXPECT_GT(other_constants, 300U);
  EXPECT_GT(other_weights, 300U);
}

TEST(ProjectionSource, WithoutSymmetryEachDirectionDrawsItsOwn) {
  const auto synapses = drawn(recurrent(AllToAllSpec{}));
  EXPECT_NE(synapses.at({3, 7}).weight, synapses.at({7, 3}).weight);
  EXPECT_NE(synapses.at({3, 7}).delay, synapses.at({7, 3}).delay);
}

TEST(ProjectionSource, PairsTakeTheirValuesInTheOrderOfTheList) {
  NetworkDescription network = recurrent(SynapsePairsSpec{{5, 0, 5, 39}, {2, 1, 0, 39}});
  ProjectionSpec& projection = network.projections[0];
  projection.weight.value = ParameterDistribution(Values{{1, 2, 3, 4}});
  projection.delay.value = ParameterDistribution(Values{{0.1, 7, 0.3, 0.1}});
  projection.rule.parameters["tau_plus"].value = ParameterDistribution(Values{{10, 20, 30, 40}});
  const auto synapses = drawn(network);
  ASSERT_EQ(synapses.size(), 4U);
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs{{5, 2}, {0, 1}, {5, 0}, {39, 39}};
  const std::vector<double> delay{0.1, 7, 0.3, 0.1};
  for (std::size_t k = 0; k < 4; ++k) {
    const Drawn& synapse = synapses.at(pairs[k]);
    EXPECT_EQ(synapse.weight, static_cast<double>(k + 1));
    EXPECT_EQ(synapse.delay, stated_duration(delay[k]));
    EXPECT_EQ(synapse.tau_plus, 10.0 * static_cast<double>(k + 1));
  }
}

}  // namespace
}  // namespace chronotope
