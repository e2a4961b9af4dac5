// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/stream_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

using testing::HasSubstr;

Header header() {
  Header header;
  for (const auto& [name, size, is_input] : {std::tuple("E", 5U, false), std::tuple("in", 3U, true)}) {
    PopulationInfo& info = *header.add_population();
    info.set_name(name);
    info.set_size(size);
    info.set_is_input(is_input);
  }
  return header;
}

std::vector<Envelope> whole_stream() {
  std::vector<Envelope> frames{encode(Stimulus{7, stated_time(0), stated_duration(10), "a", "b", PROBE})};
  Synapses& synapses = *frames.emplace_back().mutable_synapses();
  synapses.set_source_population(1);
  for (const std::uint32_t target : {4U, 2U}) {
    synapses.add_source(1);
    synapses.add_target(target);
    synapses.add_delay_ticks(1'000'000);
  }
  SpikeBlock& spikes = *frames.emplace_back().mutable_spikes();
  for (const std::int64_t ms : {2, 3}) {
    spikes.add_ticks(ms * 1'000'000'000'000);
    spikes.add_neuron(4);
  }
  WeightSample& sample = *frames.emplace_back().mutable_weight_sample();
  *sample.mutable_time() = encode(stated_time(4));
  sample.set_first(1);
  sample.add_weight(5);
  StimulusPotentials& potentials = *frames.emplace_back().mutable_potentials();
  for (const double V : {-70., -60., -50.}) potentials.add_v_m(V);
  Snapshot& snapshot = *frames.emplace_back().mutable_snapshot();
  *snapshot.mutable_time() = encode(stated_time(10));
  snapshot.set_synapses(2);
  NeuronStates& states = *frames.emplace_back().mutable_neurons();
  states.add_v_m(-70);
  Weights& weights = *frames.emplace_back().mutable_weights();
  for (const double w : {1., 2.}) weights.add_weight(w);
  frames.emplace_back().mutable_summary()->set_until_ms(10);
  frames.emplace_back().mutable_end()->set_frames(10);
  return frames;
}

enum Place { kMark, kSynapses, kSpikes, kSample, kPotentials, kSnapshot, kStates, kWeights, kSummary };

std::string refusal(const Header& header, const std::vector<Envelope>& frames) {
  try {
    StreamCheck check(header);
    for (const Envelope& frame : frames) check.take(frame);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// What is said of the stream after `change`.
std::string changed(const std::function<void(std::vector<Envelope>&)>& change) {
  std::vector<Envelope> frames = whole_stream();
  change(frames);
  return refusal(header(), frames);
}

TEST(StreamCheck, TakesWhatTheProgramWrites) { EXPECT_EQ(refusal(header(), whole_stream()), ""); }

TEST(StreamCheck, RefusesHeadersThatDoNotCountNeurons) {
  Header wraps = header();
  wraps.mutable_population(0)->set_size(4294967295U);
  EXPECT_EQ(refusal(wraps, {}), "");
  PopulationInfo& more = *wraps.add_population();
  more.set_name("more");
  more.set_size(2);
  EXPECT_THAT(refusal(wraps, {}), HasSubstr("population 'more': behind an input"));
  wraps.mutable_population()->SwapElements(1, 2);
  EXPECT_THAT(refusal(wraps, {}), HasSubstr("population 'more' with those before it: 4294967297"));
  Header twice = header();
  twice.mutable_population(1)->set_name("E");
  EXPECT_THAT(refusal(twice, {}), HasSubstr("population 'E': a second one"));
}

TEST(StreamCheck, RefusesIndicesOfNothing) {
  EXPECT_THAT(changed([](auto& f) { f[kSpikes].mutable_spikes()->set_population(2); }),
              HasSubstr("population: 2 is not allowed (the header lists 2)"));
  EXPECT_THAT(changed([](auto& f) { f[kSpikes].mutable_spikes()->set_neuron(1, 5); }),
              HasSubstr("neuron: 5"));
  EXPECT_THAT(changed([](auto& f) { f[kSynapses].mutable_synapses()->set_target(1, 5); }),
              HasSubstr("target: 5"));
  EXPECT_THAT(changed([](auto& f) { f[kSynapses].mutable_synapses()->set_source(0, 3); }),
              HasSubstr("source: 3"));
  EXPECT_THAT(changed([](auto& f) { f[kSynapses].mutable_synapses()->set_target_population(1); }),
              HasSubstr("target_population: 1"));
  EXPECT_THAT(changed([](auto& f) { f[kWeights].mutable_weights()->set_projection(1); }),
              HasSubstr("projection: 1"));
  EXPECT_THAT(changed([](auto& f) { f[kSample].mutable_weight_sample()->set_first(2); }),
              HasSubstr("weights: 2 to 3"));
  EXPECT_THAT(changed([](auto& f) { f[kPotentials].mutable_potentials()->set_stimulus(1); }),
              HasSubstr("stimulus: 1"));
  EXPECT_THAT(changed([](auto& f) { f[kPotentials].mutable_potentials()->set_first(4294967295U); }),
              HasSubstr("potentials: 4294967295 to 4294967298"));
  EXPECT_THAT(changed([](auto& f) { f[kStates].mutable_neurons()->set_population(9); }),
              HasSubstr("population: 9"));
}

TEST(StreamCheck, RefusesCountsThatDisagree) {
  EXPECT_THAT(changed([](auto& f) { f[kSpikes].mutable_spikes()->add_neuron(1); }),
              HasSubstr("2 times for 3"));
  EXPECT_THAT(changed([](auto& f) { f[kSynapses].mutable_synapses()->add_target(1); }),
              HasSubstr("target: 3"));
  EXPECT_THAT(changed([](auto& f) { f[kSynapses].mutable_synapses()->add_delay_ticks(1); }),
              HasSubstr("delay_ticks: 3"));
  EXPECT_THAT(changed([](auto& f) { f[kSnapshot].mutable_snapshot()->set_synapses(3); }),
              HasSubstr("synapses: 3"));
  EXPECT_THAT(changed([](auto& f) { f[kWeights].mutable_weights()->mutable_weight()->Truncate(1); }),
              HasSubstr("weights of the snapshot at 10.0 ms: 1 is not allowed (it announces 2)"));
  EXPECT_THAT(changed([](auto& f) {
                f[kWeights].mutable_weights()->mutable_weight()->Truncate(1);
                f[kSnapshot].mutable_snapshot()->set_synapses(0);
              }),
              HasSubstr("of projection 0: 1 is not allowed (it has 2 synapses)"));
  EXPECT_THAT(changed([](auto& f) { f.insert(f.begin() + kWeights, f[kWeights]); }),
              HasSubstr("begin with 2"));
  EXPECT_THAT(changed([](auto& f) { f[kWeights].mutable_weights()->add_weight(1); }), HasSubstr("0 to 3"));
  EXPECT_THAT(changed([](auto& f) { f[kSynapses].mutable_synapses()->set_first(1); }), HasSubstr("first: 1"));
  EXPECT_THAT(changed([](auto& f) {
                f.insert(f.begin() + kSynapses, f[kSynapses]);
                f[kSynapses].mutable_synapses()->set_plastic(true);
              }),
              HasSubstr("differ in their ends"));
  EXPECT_THAT(changed([](auto& f) {
                for (int i = 0; i < 5; ++i) f[kStates].mutable_neurons()->add_v_m(0);
              }),
              HasSubstr("V_m: 6"));
  EXPECT_THAT(changed([](auto& f) {
                f[kMark].mutable_activations()->set_columns(0), f[kMark].mutable_activations()->add_value(1);
              }),
              HasSubstr("value: 1"));
}

TEST(StreamCheck, RefusesTimesThatAreNoneOrRunBackwards) {
  EXPECT_THAT(changed([](auto& f) { f[kSpikes].mutable_spikes()->set_epoch(-1); }), HasSubstr("epoch: -1"));
  EXPECT_THAT(changed([](auto& f) { f[kSpikes].mutable_spikes()->set_epoch(976562501); }),
              HasSubstr("epoch: 976562501"));
  EXPECT_THAT(changed([](auto& f) { f[kSpikes].mutable_spikes()->set_ticks(0, -1); }),
              HasSubstr("ticks: -1"));
  EXPECT_THAT(changed([](auto& f) { f[kSpikes].mutable_spikes()->set_ticks(1, 1); }),
              HasSubstr("the spike before it is at 2.0 ms"));
  EXPECT_THAT(changed([](auto& f) { f.insert(f.begin() + kSpikes, f[kSpikes]); }),
              HasSubstr("the spike before it is at 3.0 ms"));
  EXPECT_THAT(changed([](auto& f) { f.insert(f.begin() + kSummary, f[kSpikes]); }),
              HasSubstr("the spike before it is at 3.0 ms"));
  EXPECT_THAT(
      changed([](auto& f) { std::rotate(f.begin() + kSpikes, f.begin() + kSample, f.begin() + kSummary); }),
      HasSubstr("behind the snapshot at 10.0 ms"));
  EXPECT_THAT(changed([](auto& f) { std::swap(f[kMark], f[kPotentials]); }), HasSubstr("stimulus: 0"));
  EXPECT_THAT(changed([](auto& f) { f.insert(f.begin() + kSummary, f[kSample]); }),
              HasSubstr("the one before it is at 10.0 ms"));
  EXPECT_THAT(changed([](auto& f) {
                Envelope earlier;
                *earlier.mutable_snapshot()->mutable_time() = encode(stated_time(9));
                f.insert(f.begin() + kSummary, earlier);
              }),
              HasSubstr("time of a snapshot: 9.0 ms"));
  EXPECT_THAT(changed([](auto& f) { f[kMark].mutable_stimulus()->mutable_onset()->set_epoch(-5); }),
              HasSubstr("epoch: -5"));
  EXPECT_THAT(
      changed([](auto& f) { f[kMark].mutable_stimulus()->mutable_duration()->set_epochs(INT64_MIN); }),
      HasSubstr("epoch: -9223372036854775808"));
  EXPECT_THAT(changed([](auto& f) { f[kSummary].mutable_summary()->set_until_ms(-1); }),
              HasSubstr("until_ms"));
  EXPECT_THAT(changed([](auto& f) { f[kSynapses].mutable_synapses()->set_delay_ticks(0, -1); }),
              HasSubstr("delay_ticks: -1"));
}

TEST(StreamCheck, RefusesNumbersThatAreNone) {
  for (const double none : {HUGE_VAL, -HUGE_VAL, std::nan(""), 1e300}) {
    EXPECT_THAT(changed([&](auto& f) { f[kWeights].mutable_weights()->set_weight(1, none); }),
                HasSubstr("weight: "));
    EXPECT_THAT(changed([&](auto& f) { f[kSample].mutable_weight_sample()->set_weight(0, none); }),
                HasSubstr("weight: "));
    EXPECT_THAT(changed([&](auto& f) { f[kSummary].mutable_summary()->set_until_ms(none); }),
                HasSubstr("until_ms: "));
  }
  EXPECT_THAT(changed([](auto& f) { f[kStates].mutable_neurons()->set_v_m(0, std::nan("")); }),
              HasSubstr("V_m: nan"));
  EXPECT_THAT(changed([](auto& f) { f[kPotentials].mutable_potentials()->set_v_m(0, HUGE_VAL); }),
              HasSubstr("V_m: inf"));
  EXPECT_THAT(changed([](auto& f) { f[kSample].mutable_weight_sample()->mutable_histogram()->set_low(1); }),
              HasSubstr("histogram: 1 to 0"));
}

TEST(StreamCheck, RefusesFramesInPlacesThatAreNotTheirs) {
  EXPECT_THAT(changed([](auto& f) { f[kMark].mutable_header(); }), HasSubstr("a second header"));
  EXPECT_THAT(changed([](auto& f) { f[kMark].mutable_header_part(); }), HasSubstr("behind the header"));
  EXPECT_THAT(changed([](auto& f) { f.erase(f.begin() + kSnapshot); }), HasSubstr("outside a snapshot"));
  EXPECT_THAT(changed([](auto& f) { std::swap(f[kStates], f[kMark]); }), HasSubstr("outside a snapshot"));
  EXPECT_THAT(changed([](auto& f) { f.insert(f.begin() + kSummary, f[kSynapses]); }),
              HasSubstr("after the first snapshot"));
  EXPECT_THAT(changed([](auto& f) { f.insert(f.end() - 1, f[kMark]); }), HasSubstr("after the summary"));
  EXPECT_THAT(changed([](auto& f) { f.insert(f.end() - 1, f[kSummary]); }), HasSubstr("after the summary"));
  EXPECT_THAT(changed([](auto& f) { f.erase(f.begin() + kSynapses); }), HasSubstr("projection: 0"));
  EXPECT_THAT(changed([](auto& f) { f.erase(f.begin() + kWeights); }), HasSubstr("it announces 2"));
}

TEST(StreamCheck, PassesOverFramesOfLaterVersions) {
  EXPECT_EQ(changed([](auto& f) { f.insert(f.begin() + kWeights, Envelope()); }), "");
}

}  // namespace
}  // namespace chronotope::proto
