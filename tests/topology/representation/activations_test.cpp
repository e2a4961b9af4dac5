// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/representation/activations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::topology {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Time at(double ms) { return stated_time(ms); }
Duration ms(double length) { return stated_duration(length); }

std::vector<double> row(const Activations& activations, std::size_t i) {
  return {activations.values.row(i).begin(), activations.values.row(i).end()};
}

const std::vector<Stimulus> kStimuli = {{7, at(10), ms(10)}, {9, at(1020), ms(10)}};
const std::vector<std::uint8_t> kLayersOfThree = {1, 3, 1};

template <class Work>
std::string message_of(Work work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Activations, CountSpikesInHalfOpenWindows) {
  const std::vector<NeuronSpike> spikes = {{at(9.999), 0}, {at(10), 0},   {at(12), 1},  {at(19.999), 0},
                                           {at(20), 0},    {at(1025), 2}, {at(1030), 2}};
  const auto layers = activations(kStimuli, spikes, kLayersOfThree);
  EXPECT_EQ(row(layers[0], 0), (std::vector<double>{2, 0}));
  EXPECT_EQ(row(layers[0], 1), (std::vector<double>{0, 1}));
  EXPECT_EQ(row(layers[2], 0), (std::vector<double>{1}));
  EXPECT_EQ(layers[1].values.dimension(), 0u);
  EXPECT_EQ(layers[1].values.size(), 2u);
}

TEST(Activations, CarryTheirProvenance) {
  const auto layers = activations(kStimuli, {}, kLayersOfThree, {.code = RowCode::kLatency});
  EXPECT_EQ(layers[0].layer, 1);
  EXPECT_EQ(to_string(layers[0].code), "latency");
  EXPECT_EQ(layers[0].stimuli[0].id, 7u);
  EXPECT_EQ(layers[0].stimuli[1].id, 9u);
  EXPECT_THAT(layers[0].neurons, ElementsAre(0, 2));
  EXPECT_EQ(layers[0].stimuli[1].duration, stated_duration(10));
}

TEST(Activations, TraceIsTheFilteredTrainAtTheWindowsEnd) {
  const std::vector<NeuronSpike> spikes = {{at(9), 1}, {at(11), 1}, {at(15), 1}};
  const auto layers = activations(kStimuli, spikes, kLayersOfThree, {.code = RowCode::kTrace, .tau = 4});
  EXPECT_NEAR(row(layers[2], 0)[0], std::exp(-9 / 4.0) + std::exp(-5 / 4.0), 1e-15);
  EXPECT_EQ(row(layers[2], 1)[0], 0);
}

TEST(Activations, LatencyIsTheFirstSpikeOrTheWindowsLength) {
  const std::vector<NeuronSpike> spikes = {{at(13), 0}, {at(14), 0}, {at(1020), 1}};
  const auto layers = activations(kStimuli, spikes, kLayersOfThree, {.code = RowCode::kLatency});
  EXPECT_EQ(row(layers[0], 0), (std::vector<double>{3, 10}));
  EXPECT_EQ(row(layers[2], 1), (std::vector<double>{0}));
}

TEST(Activations, BinsCountSpikesInEqualPartsOfTheWindow) {
  const std::vector<NeuronSpike> spikes = {{at(10), 0}, {at(12.5), 0}, {at(15), 0}, {at(19.999), 2}};
  const auto layers = activations(kStimuli, spikes, kLayersOfThree, {.code = RowCode::kBins, .bins = 4});
  EXPECT_EQ(row(layers[0], 0), (std::vector<double>{1, 1, 1, 0, 0, 0, 0, 1}));  // neurons 0 and 2
  EXPECT_EQ(row(layers[2], 0), (std::vector<double>{0, 0, 0, 0}));
}

TEST(Activations, TrainsKeepTheTimesSinceTheOnset) {
  const std::vector<NeuronSpike> spikes = {{at(11), 0}, {at(11), 1}, {at(13), 0}, {at(1020), 2}};
  const auto layers = activations(kStimuli, spikes, kLayersOfThree, {.code = RowCode::kTrain});
  EXPECT_EQ(layers[0].trains, (std::vector<TrainRow>{{{1, 3}, {}}, {{}, {0}}}));
  EXPECT_EQ(layers[2].trains, (std::vector<TrainRow>{{{1}}, {{}}}));
}

TEST(Activations, WindowsMayOverlapAndEachCountsItsSpikes) {
  const std::vector<Stimulus> stimuli = {{1, at(0), ms(100)}, {2, at(10), ms(5)}, {3, at(12), ms(20)}};
  const auto layers = activations(stimuli, std::vector<NeuronSpike>{{at(13), 0}, {at(20), 0}, {at(90), 0}},
                                  std::vector<std::uint8_t>{1});
  EXPECT_EQ(row(layers[0], 0), (std::vector<double>{3}));
  EXPECT_EQ(row(layers[0], 1), (std::vector<double>{1}));
  EXPECT_EQ(row(layers[0], 2), (std::vector<double>{2}));
}

TEST(ActivationRows, AreTakenWhenTheirWindowsHaveEndedAndThenForgotten) {
  ActivationRows rows(kStimuli, 3, {});
  rows.add({at(12), 0});
  rows.add({at(1021), 2});
  EXPECT_EQ(rows.ended_by(at(19)), 0u);
  const auto first = rows.take_until(at(20), kLayersOfThree);
  ASSERT_EQ(first[0].stimuli.size(), 1u);
  EXPECT_EQ(row(first[0], 0), (std::vector<double>{1, 0}));
  rows.add({at(1022), 2});
  const auto second = rows.take_until(at(1030), kLayersOfThree);
  ASSERT_EQ(second[0].stimuli.size(), 1u);
  EXPECT_EQ(second[0].stimuli[0].id, 9u);
  EXPECT_EQ(row(second[0], 0), (std::vector<double>{0, 2}));
  EXPECT_EQ(rows.ended_by(at(1e6)), 0u);
}

TEST(ActivationRows, PotentialsAreThoseThatWereGiven) {
  const std::vector<double> V = {-60, -61, -62};
  ActivationRows rows(kStimuli, 3, {.code = RowCode::kPotential});
  rows.add_potentials(0, 0, std::span(V).first(2));
  rows.add_potentials(0, 2, std::span(V).last(1));
  EXPECT_EQ(row(rows.take_until(at(20), kLayersOfThree)[0], 0), (std::vector<double>{-60, -62}));
  EXPECT_THAT(message_of([&] { rows.take_until(at(1030), kLayersOfThree); }),
              HasSubstr("no potentials at the end of presentation 1"));
  EXPECT_THAT(message_of([&] { rows.add_potentials(2, 0, V); }), HasSubstr("presentation 2 (from 0) of 2"));
  EXPECT_THAT(message_of([&] { rows.add_potentials(1, 1, V); }), HasSubstr("neurons that there are not"));
}

TEST(Activations, AreExactAfterAYear) {
  const Time year = Time::from_parts(30796875, ticks_of(1023));
  const auto layers = activations(std::vector<Stimulus>{{1, year, ms(2)}},
                                  std::vector<NeuronSpike>{{year + stated_duration(1.25), 0}},
                                  std::vector<std::uint8_t>{5}, {.code = RowCode::kLatency});
  EXPECT_EQ(row(layers[4], 0), (std::vector<double>{1.25}));
}

TEST(Activations, RefuseSpikesOutOfOrderAndUnknownNeurons) {
  const auto refusal = [](const std::vector<NeuronSpike>& spikes) {
    return message_of([&] { activations(kStimuli, spikes, kLayersOfThree); });
  };
  EXPECT_THAT(refusal({{at(2), 0}, {at(1), 0}}), HasSubstr("spike 1 (from 0) at 1.0"));
  EXPECT_THAT(refusal({{at(2), 3}}), HasSubstr("neuron 3 is not allowed"));
  EXPECT_THROW(activations(std::vector<Stimulus>{{1, at(0), ms(0)}}, {}, kLayersOfThree), InputError);
}

TEST(Activations, OfOtherStimuliAreNotComparedAndTheFirstDifferenceIsNamed) {
  const auto of = [](std::vector<Stimulus> stimuli, RowCode code) {
    return activations(stimuli, {}, kLayersOfThree, {.code = code})[0];
  };
  const Activations a = of(kStimuli, RowCode::kCount);
  EXPECT_NO_THROW(check_comparable(a, of({{7, at(0), ms(10)}, {9, at(50), ms(10)}}, RowCode::kCount)));
  const auto refusal = [&](const Activations& b) { return message_of([&] { check_comparable(a, b); }); };
  EXPECT_THAT(refusal(of({kStimuli[1], kStimuli[0]}, RowCode::kCount)),
              HasSubstr("row 0 (from 0) is stimulus 7 in A and 9 in B"));
  EXPECT_THAT(refusal(of({kStimuli[0]}, RowCode::kCount)),
              HasSubstr("number of stimuli is 2 in A and 1 in B"));
  EXPECT_THAT(refusal(of({kStimuli[0], {9, at(50), ms(11)}}, RowCode::kCount)),
              HasSubstr("row 1 (from 0) has a window"));
  EXPECT_THAT(refusal(of(kStimuli, RowCode::kTrace)), HasSubstr("count in A and trace in B"));
}

}  // namespace
}  // namespace chronotope::topology
