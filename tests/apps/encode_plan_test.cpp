// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

class EncodePlan : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("series.ts",
         "@problemName s\n@univariate false\n@classLabel true up down\n@data\n"
         "0,0.5,1,2:4,4,3,0:up\n2,1.5,1,0:0,1,1,4:down\n");
  }
  void encode(const std::string& words) const {
    const Outcome outcome = run("encode " + words + " --quiet");
    ASSERT_EQ(outcome.code, 0) << outcome.err;
  }
};

/// Rows of a table by all columns but the last.
std::map<std::string, double> read_numbers(const std::string& csv) {
  std::istringstream lines(csv);
  std::string line;
  std::getline(lines, line);
  std::map<std::string, double> numbers;
  while (std::getline(lines, line)) {
    const std::size_t comma = line.rfind(',');
    numbers[line.substr(0, comma)] = std::stod(line.substr(comma + 1));
  }
  return numbers;
}

/// "3,firsts,0,5" without the population.
std::string without_population(const std::string& key) {
  const std::size_t first = key.find(','), second = key.find(',', first + 1);
  return key.substr(0, first) + key.substr(second);
}

TEST_F(EncodePlan, WhatIsToldIsWhatWasEncoded) {
  encode("'" CHRONOTOPE_EXAMPLES "/digits/recordings' --limit 3 --channels 5 --plan '" CHRONOTOPE_EXAMPLES
         "/codes.textproto' --out c.pb --values v.csv");
  const auto numbers = read_numbers(read_file(path("v.csv")));
  double high = 0;
  for (const auto& [key, x] : numbers) high = std::max(high, x);
  ASSERT_GT(high, 1);
  const auto compare = [&](const std::string& population, double resolution) {
    const Outcome outcome = run("decode c.pb --population " + population);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const auto told = read_numbers(outcome.out);
    ASSERT_EQ(told.size(), numbers.size());
    for (const auto& [key, x] : told)
      ASSERT_NEAR(x, numbers.at(without_population(key)), resolution * high + 1e-9)
          << population << " " << key;
  };
  compare("firsts", 0);
  compare("phases", 0);
  compare("fields", 0);
  compare("clocks", 1.0 / 4);
  compare("bursts", 1.0 / 10);
  compare("changes", 0.1);
}

TEST_F(EncodePlan, SeriesAreTheirNumbersAndTheRangeIsThatOfAll) {
  save(
      "p.textproto",
      "frame: 10 population { name: 'a' latency { } } population { name: 'b' receptive_fields { lines: 3 } }");
  encode("series.ts --plan p.textproto --out s.pb --values v.csv --gap 5");
  const auto numbers = read_numbers(read_file(path("v.csv")));
  EXPECT_EQ(numbers.size(), 16U);
  EXPECT_EQ(numbers.at("0,3,0"), 2);
  EXPECT_EQ(numbers.at("1,2,1"), 1);
  const proto::SpikeRecording first = proto::read_spike_recording(path("s.pb"));
  ASSERT_EQ(first.channels, 2U);
  ASSERT_EQ(first.stimuli.size(), 2U);
  EXPECT_EQ(first.stimuli[0].duration, stated_duration(40));
  EXPECT_EQ(first.stimuli[1].onset, Time() + stated_duration(45));
  // From 0 to 4: the 4 at once, 0.5 after 7/8 of its frame, 0 not at all.
  ASSERT_GE(first.spikes.size(), 3U);
  EXPECT_EQ(first.spikes[0].time, Time());
  EXPECT_EQ(first.spikes[0].neuron, 1U);
  EXPECT_EQ(first.spikes[1].time, Time() + stated_duration(10));
  EXPECT_EQ(first.spikes[2].time, Time() + stated_duration(18.75));
  EXPECT_EQ(proto::read_spike_recording(path("s.pb"), "b").channels, 6U);
  for (const auto& [key, x] : read_numbers(run("decode s.pb").out))
    EXPECT_NEAR(x, numbers.at(without_population(key)), 1e-10) << key;
}

TEST_F(EncodePlan, AStatedRangeCutsOffWhatLiesBeyond) {
  save("p.textproto", "frame: 10 low: 1 high: 3 population { name: 'a' latency { } }");
  encode("series.ts --plan p.textproto --out s.pb --values v.csv");
  const auto told = read_numbers(run("decode s.pb").out);
  for (const auto& [key, x] : read_numbers(read_file(path("v.csv")))) {
    const std::size_t comma = key.find(',');
    EXPECT_NEAR(told.at(key.substr(0, comma) + ",a" + key.substr(comma)), std::min(3.0, std::max(1.0, x)),
                1e-10);
  }
}

TEST_F(EncodePlan, StimuliLastTheFramesThatHoldThem) {
  save("p.textproto", "frame: 10 population { name: 'a' latency { } }");
  for (const auto& [duration, frames] : std::map<double, int>{{20, 2}, {20.5, 3}, {0.5, 1}}) {
    save("e.csv", "time_ms,channel\n0.25,0\n");
    encode("e.csv --duration " + std::to_string(duration) + " --plan p.textproto --out s.pb");
    EXPECT_EQ(proto::read_spike_recording(path("s.pb")).stimuli.at(0).duration, stated_duration(10 * frames));
  }
}

TEST_F(EncodePlan, InputsHearPopulationsByNameAndMarksComeOnce) {
  save("p.textproto",
       "frame: 10 population { name: 'a' latency { } } population { name: 'b' phase { period: 5 } }");
  encode("series.ts --plan p.textproto --out s.pb --spikes s.csv");
  EXPECT_EQ(read_file(path("s.csv")).substr(0, 38), "time_ms,population,channel,stimulus_id");
  const std::string input = " size: 2 spike_stream { path: 's.pb' population: ";
  save("n.textproto", "input { name: 'x'" + input + "'b' } } input { name: 'y'" + input +
                          "'a' } }\n"
                          "population { name: 'n' size: 2 delta_lif { } }\n"
                          "projection { source: 'x' target: 'n' one_to_one { } weight: 20 delay: 1 }");
  const Outcome outcome = run("simulate n.textproto --until 300 --out o.pb --record-inputs --quiet; " +
                              kProgram + " inspect o.pb");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("2 stimuli"), std::string::npos) << outcome.out;
  EXPECT_EQ(proto::read_spike_recording(path("o.pb"), "x").spikes,
            proto::read_spike_recording(path("s.pb"), "b").spikes);
  EXPECT_EQ(proto::read_spike_recording(path("o.pb"), "y").spikes,
            proto::read_spike_recording(path("s.pb"), "a").spikes);
  save("m.textproto", "population { name: 'n' size: 2 delta_lif { } } input { name: 'x'" + input + "'c' } }");
  expect_refused("simulate m.textproto --until 1", "s.pb: has no population 'c'; one of a, b");
}

TEST_F(EncodePlan, RatesAreKeyedByPopulationRecordingAndChannel) {
  save("one.textproto", "frame: 10 population { name: 'a' rate { high: 500 } }");
  save("two.textproto",
       "frame: 10 population { name: 'b' rate { high: 500 } } population { name: 'a' rate { high: 500 } }");
  encode("series.ts --plan one.textproto --out one.pb");
  encode("series.ts --plan two.textproto --out two.pb");
  encode("series.ts --plan two.textproto --out other.pb --seed 2");
  const auto of = [&](const std::string& stream, const std::string& population) {
    return proto::read_spike_recording(path(stream), population).spikes;
  };
  EXPECT_GT(of("one.pb", "a").size(), 10U);
  EXPECT_EQ(of("one.pb", "a"), of("two.pb", "a"));
  EXPECT_NE(of("two.pb", "a"), of("two.pb", "b"));
  EXPECT_NE(of("two.pb", "a"), of("other.pb", "a"));
}

TEST_F(EncodePlan, PlansThatDoNotFitAreRefusedByField) {
  const auto refused = [&](const std::string& plan, const std::string& reason) {
    save("p.textproto", plan);
    expect_refused("encode series.ts --plan p.textproto --out s.pb", reason);
  };
  const std::string a = "frame: 10 population { name: 'a' ";
  refused("", "p.textproto: frame: 0 is not allowed (must be from 1e-6 to 1e9 ms)");
  refused("frame: 10", "p.textproto: population: none is not allowed (at least one is needed)");
  refused("frame: nan population { name: 'a' latency { } }", "frame: nan");
  refused(a + "}", "population[0]: no code is not allowed");
  refused("frame: 10 population { latency { } }",
          "population[0].latency.name: nothing is not allowed (must be given)");
  refused(a + "latency { } } population { name: 'a' latency { } }", "population[1].latency.name: a second a");
  for (const char* name : {"a,b", "a\\\"b", "a\\nb"})
    refused("frame: 10 population { name: \"" + std::string(name) + "\" latency { } }",
            "must hold no comma, quote or control character");
  refused(a + "phase { period: 3 } }",
          "population[0].phase.period: 3.0 ms is not allowed (a frame of 10.0 ms must be a whole number");
  refused(a + "burst { most: 5 longest: 2.5 } }", "population[0].burst.longest: 2.5 ms is not allowed");
  refused(a + "receptive_fields { lines: 2 } }",
          "population[0].receptive_fields.lines: 2 is not allowed (must be from 3 to 1000)");
  refused(a + "rate { high: -1 } }", "population[0].rate.high: -1 is not allowed");
  refused(a + "level_crossing { delta: 0 } }", "population[0].level_crossing.delta: 0 is not allowed");
  refused("low: 2 high: 1 " + a + "latency { } }", "low, high: 2, 1 is not allowed");
  refused(a + "latenzy { } }", "p.textproto:1:");
  save("p.textproto", a + "latency { } }");
  expect_refused("encode series.ts --plan p.textproto --delta 0.1 --step 1 --out s.pb", "--plan");
  expect_refused("encode series.ts --plan p.textproto --out p.textproto", "p.textproto");
  expect_refused("encode series.ts --delta 1 --step 10 --out s.pb --values v.csv", "--values");
}

TEST_F(EncodePlan, OnlyWhatWasPlannedIsDecoded) {
  save("p.textproto", "frame: 10 population { name: 'a' latency { } }");
  encode("series.ts --delta 1 --step 10 --out plain.pb");
  expect_refused("decode plain.pb", "was not written by encode --plan");
  encode("series.ts --plan p.textproto --out s.pb");
  expect_refused("decode s.pb --population b", "no population named 'b'; one of a");
  expect_refused("decode s.pb --out s.pb", "s.pb");
}

/// Frames of 10 ms, numbers from 0 to 4, silence of 5 ms and none between the two.
TEST_F(EncodePlan, NumbersAreCurrents) {
  save("p.textproto", "frame: 10 population { name: 'a' rate { } }");
  encode("series.ts --plan p.textproto --out s.pb --currents c.csv --amplitude 200 --gap 5");
  EXPECT_EQ(
      read_file(path("c.csv")),
      "time_ms,channel,amplitude_pA\n10.0,0,25\n20.0,0,50\n30.0,0,100\n0.0,1,200\n20.0,1,150\n30.0,1,0\n40.0,0,0\n"
      "45.0,0,100\n55.0,0,75\n65.0,0,50\n75.0,0,0\n55.0,1,50\n75.0,1,200\n85.0,1,0\n");
  encode("series.ts --plan p.textproto --out s.pb --currents c.csv --amplitude 200 --gap 0");
  EXPECT_EQ(
      read_file(path("c.csv")),
      "time_ms,channel,amplitude_pA\n10.0,0,25\n20.0,0,50\n30.0,0,100\n0.0,1,200\n20.0,1,150\n30.0,1,0\n"
      "50.0,0,75\n60.0,0,50\n70.0,0,0\n50.0,1,50\n70.0,1,200\n80.0,1,0\n");
  // Neurons that hear them: without a leak and a threshold they sum them up.
  save("n.textproto",
       "population { name: 'n' size: 2 linear_leak_lif { leak: 0 C_m: 100 V_th: 1e6 } }"
       "current { name: 'told' population: 'n' path: 'c.csv' }"
       "recorder { population: 'n' record: V_m times: 80 }");
  ASSERT_EQ(run("simulate n.textproto --until 90 --recordings r.csv --quiet").code, 0);
  EXPECT_EQ(read_file(path("r.csv")),
            "time_ms,population,neuron,quantity,value\n80.0,n,0,V_m,-30\n80.0,n,1,V_m,15\n");
  expect_refused("encode series.ts --delta 1 --step 10 --out s.pb --currents c.csv", "--currents");
  expect_refused("encode series.ts --plan p.textproto --out s.pb --amplitude 5", "--amplitude");
}

}  // namespace
}  // namespace chronotope
