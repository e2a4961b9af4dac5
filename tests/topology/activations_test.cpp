// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/activations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "chronotope/core/error.hpp"

namespace chronotope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Time at(double ms) { return Time::from_ms(ms); }

std::vector<double> row(const Activations& activations, std::size_t i) {
  return {activations.values.row(i).begin(), activations.values.row(i).end()};
}

const std::vector<Stimulus> kStimuli = {{7, at(10), {10}}, {9, at(1020), {10}}};
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
  EXPECT_EQ(layers[0].stimuli[1].duration, Duration{10});
}

TEST(Activations, TraceIsTheFilteredTrainAtTheWindowsEnd) {
  const std::vector<NeuronSpike> spikes = {{at(9), 1}, {at(11), 1}, {at(15), 1}};
  const auto layers = activations(kStimuli, spikes, kLayersOfThree, {.code = RowCode::kTrace, .tau = {4}});
  EXPECT_NEAR(row(layers[2], 0)[0], std::exp(-9 / 4.0) + std::exp(-5 / 4.0), 1e-15);
  EXPECT_EQ(row(layers[2], 1)[0], 0);
}

TEST(Activations, LatencyIsTheFirstSpikeOrTheWindowsLength) {
  const std::vector<NeuronSpike> spikes = {{at(13), 0}, {at(14), 0}, {at(1020), 1}};
  const auto layers = activations(kStimuli, spikes, kLayersOfThree, {.code = RowCode::kLatency});
  EXPECT_EQ(row(layers[0], 0), (std::vector<double>{3, 10}));
  EXPECT_EQ(row(layers[2], 1), (std::vector<double>{0}));
}

TEST(Activations, AreExactAfterAYear) {
  const Time year = Time::from_parts(30796875, 1023);
  const auto layers =
      activations(std::vector<Stimulus>{{1, year, {2}}}, std::vector<NeuronSpike>{{year + Duration{1.25}, 0}},
                  std::vector<std::uint8_t>{5}, {.code = RowCode::kLatency});
  EXPECT_EQ(row(layers[4], 0), (std::vector<double>{1.25}));
}

TEST(Activations, RefuseSpikesOutOfOrderAndUnknownNeurons) {
  const auto refusal = [](const std::vector<NeuronSpike>& spikes) {
    return message_of([&] { activations(kStimuli, spikes, kLayersOfThree); });
  };
  EXPECT_THAT(refusal({{at(2), 0}, {at(1), 0}}), HasSubstr("spike 1 (from 0) at 1.0"));
  EXPECT_THAT(refusal({{at(2), 3}}), HasSubstr("neuron 3 is not allowed"));
  EXPECT_THROW(activations(std::vector<Stimulus>{{1, at(0), {0}}}, {}, kLayersOfThree), InputError);
}

TEST(Activations, OfOtherStimuliAreNotComparedAndTheFirstDifferenceIsNamed) {
  const auto of = [](std::vector<Stimulus> stimuli, RowCode code) {
    return activations(stimuli, {}, kLayersOfThree, {.code = code})[0];
  };
  const Activations a = of(kStimuli, RowCode::kCount);
  EXPECT_NO_THROW(check_comparable(a, of({{7, at(0), {10}}, {9, at(50), {10}}}, RowCode::kCount)));
  const auto refusal = [&](const Activations& b) { return message_of([&] { check_comparable(a, b); }); };
  EXPECT_THAT(refusal(of({kStimuli[1], kStimuli[0]}, RowCode::kCount)),
              HasSubstr("row 0 (from 0) is stimulus 7 in A and 9 in B"));
  EXPECT_THAT(refusal(of({kStimuli[0]}, RowCode::kCount)),
              HasSubstr("number of stimuli is 2 in A and 1 in B"));
  EXPECT_THAT(refusal(of({kStimuli[0], {9, at(50), {11}}}, RowCode::kCount)),
              HasSubstr("row 1 (from 0) has a window"));
  EXPECT_THAT(refusal(of(kStimuli, RowCode::kTrace)), HasSubstr("count in A and trace in B"));
}

}  // namespace
}  // namespace chronotope
