// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope::apps {
namespace {

constexpr std::int64_t kTicksPerMs = 1'000'000'000'000;

/// A number of milliseconds as so many 1e-12 ms.
std::int64_t ticks(const std::string& ms) {
  const std::size_t point = std::min(ms.find('.'), ms.size());
  std::string digits = ms.substr(std::min(point + 1, ms.size()));
  digits.resize(12, '0');
  return std::stoll(ms.substr(0, point)) * kTicksPerMs + std::stoll(digits);
}

struct SpikeRow {
  std::int64_t time;
  std::string neuron;  // with its population

  friend bool operator==(const SpikeRow&, const SpikeRow&) = default;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  std::string line;
  std::getline(in, line);  // the names
  while (std::getline(in, line)) lines.push_back(line);
  return lines;
}

/// Four stimuli of 40 ms, each followed by too short a silence, and networks to which every stimulus can also be
/// shown alone.
class StateReset : public ProgramTest {
 protected:
  static constexpr int kStimuli = 4;
  static constexpr std::int64_t kSlot = 43;  // [ms]

  void SetUp() override {
    ProgramTest::SetUp();
    const std::string names = "time_ms,channel,stimulus\n";
    std::string all = names;
    for (int s = 0; s < kStimuli; ++s) {
      std::string one;
      for (int k = 0; k < 30; ++k)
        one += std::to_string((s * 7 + k * 11) % 40) + "." + std::to_string(k % 9 + 1) + "," +
               std::to_string((s + k) % 4) + "," + std::to_string(s) + "\n";
      all += one;
      save("one.csv", names + one);
      ASSERT_EQ(run("encode one.csv --duration 40 --out one" + std::to_string(s) + ".pb --quiet").code, 0);
    }
    save("all.csv", all);
    ASSERT_EQ(run("encode all.csv --duration 40 --gap 3 --out all.pb --quiet").code, 0);
  }

  /// By projection, source and target: "E->E 3 7".
  using Weights = std::map<std::string, double>;

  /// A network that hears a stream, with listed synapses, of which those that are not in `weights` are new.
  static std::string network(const std::string& stream, const Weights& weights) {
    const auto synapses = [&](const std::string& name, int sources, int step, int count, double start) {
      std::ostringstream text;
      text.precision(17);
      for (int i = 0; i < sources; ++i)
        for (int k = 0; k < count; ++k) {
          const int target = (i * step + k * 5 + 1) % 12;
          const auto learnt = weights.find(name + " " + std::to_string(i) + " " + std::to_string(target));
          text << "synapses { source: " << i << " target: " << target
               << " weight: " << (learnt == weights.end() ? start : learnt->second)
               << " delay: " << 1.5 + (i + k) % 4 << " }\n";
        }
      return text.str();
    };
    return R"(
      population { name: 'E' size: 12 exp_psc_lif { I_e: 40 tau_m { uniform { low: 8 high: 30 } } } }
      population { name: 'F' size: 5 alpha_psc_lif { V_m { uniform { low: -70 high: -60 } } } }
      population { name: 'G' size: 5 adaptive_threshold_lif { } }
      input { name: 'in' size: 4 spike_stream { path: ')" +
           stream + R"(' } }
      projection { source: 'E' target: 'F' fixed_outdegree { outdegree: 3 } weight: 20 delay: 2 short_term { U: 0.4 } }
      projection { source: 'E' target: 'G' fixed_outdegree { outdegree: 3 } weight: 300 delay: 1 }
      projection { source: 'G' target: 'E' fixed_outdegree { outdegree: 3 } weight: -80 delay: 1 }
      projection { source: 'E' target: 'E' pair_stdp { w_max: 900 tau_plus { gamma { mean: 20 cv: 0.5 } min: 1 }
        A_plus: 0.05 learn_until: 100 } )" +
           synapses("E->E", 12, 3, 3, 300) +
           "}\nprojection { source: 'in' target: 'E' triplet_stdp { w_max: 2000 } " +
           synapses("in->E", 4, 1, 4, 700) + "}\n";
  }
  /// Of the two projections that learn.
  Weights learnt(const std::string& table) const {
    Weights weights;
    for (const std::string& line : lines_of(read_file(path(table)))) {
      std::istringstream fields(line);
      std::vector<std::string> field(7);
      for (std::string& text : field) std::getline(fields, text, ',');
      if (field[5] == "E->E" || field[5] == "in->E")
        weights[field[5] + " " + field[1] + " " + field[3]] = std::stod(field[4]);
    }
    return weights;
  }
  /// Those of a table that stimulus `s` covers, since its onset: from there on, or on a clock, where a spike is at
  /// the end of its step, from behind it.
  std::vector<SpikeRow> spikes(const std::string& table, int s, bool on_clock = false) const {
    constexpr std::int64_t kLength = kSlot * kTicksPerMs;
    std::vector<SpikeRow> rows;
    for (const std::string& line : lines_of(read_file(path(table)))) {
      const std::size_t comma = line.find(',');
      const std::int64_t t = ticks(line.substr(0, comma)) - s * kLength;
      if (on_clock ? t > 0 && t <= kLength : t >= 0 && t < kLength) rows.push_back({t, line.substr(comma)});
    }
    return rows;
  }
  /// Of the one population in a stream, each stimulus is what the network does that hears it alone.
  void expect_alone(const std::string& stream, const std::string& network) const {
    const auto all = proto::read_spike_recording(path(stream)).spikes;
    for (int s = 0; s < kStimuli; ++s) {
      const Time onset = Time() + s * Duration::from_ticks(static_cast<double>(kSlot * kTicksPerMs));
      simulate(network + " --set input.in.spike_stream.path=one" + std::to_string(s) +
               ".pb --until 40 --out alone.pb");
      std::vector<proto::PopulationSpike> alone = proto::read_spike_recording(path("alone.pb")).spikes;
      std::vector<proto::PopulationSpike> found;
      for (const auto& spike : all)
        if (spike.time >= onset && spike.time < onset + Duration::nearest(40))
          found.push_back({Time() + (spike.time - onset), spike.neuron});
      EXPECT_EQ(found, alone) << s;
      EXPECT_GT(found.size(), 5U);
    }
  }
  void simulate(const std::string& words) const {
    const Outcome outcome = run("simulate " + words + " --quiet");
    ASSERT_EQ(outcome.code, 0) << words << "\n" << outcome.err;
  }
  /// Every stimulus alone, with the weights that the one before has left, is what the whole run with resets does.
  void expect_runs_of_their_own(const std::string& words) const {
    save("all.textproto", network("all.pb", {}));
    simulate("all.textproto --reset --until 172 --spikes all.csv --weights w.csv" + words);
    Weights weights, first;
    std::size_t found = 0;
    const bool on_clock = words.find("--clock") != std::string::npos;
    for (int s = 0; s < kStimuli; ++s) {
      std::string one = network("one" + std::to_string(s) + ".pb", weights);
      const std::string frozen = "learn_until: " + std::to_string(std::max<std::int64_t>(0, 100 - s * kSlot));
      one.replace(one.find("learn_until: 100"), 16, frozen);
      save("one.textproto", one);
      simulate("one.textproto --until 43 --spikes one.csv --weights one.w.csv" + words);
      const auto alone = spikes("one.csv", 0, on_clock);
      EXPECT_EQ(spikes("all.csv", s, on_clock), alone) << s << words;
      found += alone.size();
      weights = learnt("one.w.csv");
      if (s == 0) first = weights;
    }
    EXPECT_EQ(learnt("w.csv"), weights) << words;
    EXPECT_NE(weights, first);
    EXPECT_GT(found, 100U);
  }
};

TEST_F(StateReset, EveryStimulusIsARunOfItsOwnWithTheWeightsOfTheOneBefore) { expect_runs_of_their_own(""); }

TEST_F(StateReset, OnAClockToo) {
  expect_runs_of_their_own(" --clock 0.1");
  expect_runs_of_their_own(" --clock 0.25 --interpolate cubic");
}

TEST_F(StateReset, WithoutItOneStimulusGoesOnFromTheOther) {
  save("all.textproto", network("all.pb", {}));
  simulate("all.textproto --until 172 --spikes plain.csv");
  simulate("all.textproto --until 172 --spikes reset.csv --reset");
  EXPECT_EQ(spikes("plain.csv", 0), spikes("reset.csv", 0));
  EXPECT_NE(spikes("plain.csv", 1), spikes("reset.csv", 1));
}

TEST_F(StateReset, ThreadsChangeNoBit) {
  save("all.textproto", network("all.pb", {}));
  simulate("all.textproto --reset --spikes one.csv --weights one.w.csv");
  simulate("all.textproto --reset --spikes three.csv --weights three.w.csv --threads 3");
  EXPECT_TRUE(read_file(path("one.csv")) == read_file(path("three.csv")));
  EXPECT_TRUE(read_file(path("one.w.csv")) == read_file(path("three.w.csv")));
}

TEST_F(StateReset, ATornRunGoesOnFromEachOfItsStates) {
  const std::string background =
      "input { name: 'noise' size: 12 poisson { rate: 300 } }\n"
      "projection { source: 'noise' target: 'E' one_to_one {} weight: 90 delay: 1 }\n";
  save("all.textproto", network("all.pb", {}) + background);
  shell("mkdir whole part");
  const std::string words =
      " simulate ../all.textproto --reset --snapshot-every 8.6 --out r.pb --spikes r.csv --weights w.csv --quiet";
  ASSERT_EQ(shell("cd part && " + kProgram + words).code, 0);
  shell("mv part/* whole");
  const std::string whole = read_file(path("whole/r.pb"));
  const std::string table = read_file(path("whole/r.csv"));
  std::mt19937 random(8);
  int resumed = 0;
  for (int k = 0; k < 12; ++k) {
    save("part/r.pb.part999999", whole.substr(0, whole.size() - 1 - random() % (whole.size() * 9 / 10)));
    save("part/r.csv.part999999", table);
    const Outcome outcome = shell("cd part && " + kProgram + " simulate --resume r.pb --quiet --threads " +
                                  std::to_string(1 + k % 3));
    if (outcome.code == 0) {
      ++resumed;
      EXPECT_TRUE(read_file(path("part/r.csv")) == table) << k;
      EXPECT_TRUE(read_file(path("part/w.csv")) == read_file(path("whole/w.csv"))) << k;
      EXPECT_NEAR(static_cast<double>(read_file(path("part/r.pb")).size()), static_cast<double>(whole.size()),
                  400);
    }
    shell("rm -f part/*");
  }
  EXPECT_GT(resumed, 5);
  const Outcome longer = shell("cd whole && " + kProgram + " simulate --resume r.pb --until 500");
  EXPECT_EQ(longer.code, 2);
  EXPECT_NE(longer.err.find("can not be later than before in a run with --reset"), std::string::npos)
      << longer.err;
}

TEST_F(StateReset, ATaughtNetworkIsProbedAsItWasTaught) {
  std::string labelled = "time_ms,channel,stimulus,label\n";
  for (const std::string& line : lines_of(read_file(path("all.csv"))))
    labelled += line + "," + std::to_string((line.back() - '0') % 2) + "\n";
  save("labelled.csv", labelled);
  ASSERT_EQ(run("encode labelled.csv --duration 40 --gap 3 --out labelled.pb --quiet").code, 0);
  save("n.textproto", R"(
    population { name: 'E' size: 10 exp_psc_lif { I_e: 40 } }
    input { name: 'in' size: 4 spike_stream { } }
    projection { source: 'in' target: 'E' fixed_outdegree { outdegree: 5 } weight: 700 delay: 2 pair_stdp { } }
    projection { source: 'E' target: 'E' fixed_outdegree { outdegree: 3 } weight: 200 delay: 3 pair_stdp { } })");
  const Outcome trained =
      run("train n.textproto --spikes labelled.pb --epochs 2 --reset --out t.pb --save trained.pb --quiet");
  ASSERT_EQ(trained.code, 0) << trained.err;
  expect_alone("t.pb", "trained.pb");
}

TEST_F(StateReset, AStudyProbesEachStimulusFromTheStart) {
  save("n.textproto", R"(
    population { name: 'E' size: 10 exp_psc_lif { I_e: 40 } }
    input { name: 'in' size: 4 spike_stream { } }
    projection { source: 'in' target: 'E' fixed_outdegree { outdegree: 5 } weight: 700 delay: 2 }
    projection { source: 'E' target: 'E' fixed_outdegree { outdegree: 3 } weight: 200 delay: 3
      pair_stdp { A_plus { lognormal { mean: 0.05 cv: 0.5 } } } })");
  const Outcome outcome = run(
      "study n.textproto --spikes all.pb --seeds 2 --conditions MM,MH,MU --reset --memory 40 --read-outs none "
      "--permutations 0 --quiet --out r");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  expect_alone("r/MU-0.pb", "n.textproto --set 'projection.E->E.pair_stdp.learn_until=0'");
  EXPECT_NE(shell(kProgram + " study n.textproto --spikes all.pb --seeds 2 --conditions MM,MH,MU --memory 40 "
                             "--dry-run --out r | grep -c '^to run'")
                .out,
            "0\n");
}

TEST_F(StateReset, WhatGoesOnOverTheMarksIsRefused) {
  const std::string plain = network("all.pb", {});
  save("rewarded.textproto", plain + "reward { name: 'r' times: [5] }");
  expect_refused("simulate rewarded.textproto --reset --spikes s.csv", "--reset: the network has rewards");
  save("unmarked.textproto", "population { name: 'E' size: 1 exp_psc_lif { } }");
  expect_refused("simulate unmarked.textproto --reset --spikes s.csv", "--reset: no input has stimuli");
}

}  // namespace
}  // namespace chronotope::apps
