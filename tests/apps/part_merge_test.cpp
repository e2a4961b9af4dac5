// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/inspection/part_merge.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/output/output_failures.hpp"
#include "chronotope/apps/output/run_part.hpp"
#include "chronotope/apps/output/simulation_stream.hpp"
#include "chronotope/apps/output/state_recorder.hpp"
#include "chronotope/apps/output/weight_recorder.hpp"
#include "chronotope/apps/runs/input_spikes.hpp"
#include "chronotope/apps/runs/simulation.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/tests/apps/learning_network.hpp"
#include "chronotope/tests/apps/program.hpp"
#include "chronotope/tests/suites/ranks_in_threads.hpp"

namespace chronotope::apps {
namespace {

/// With a pair of neurons, an empty projection, delays of a second, and recorders.
const std::string kNetwork = std::string(kLearningNetwork) + R"(
population { name: 'few' size: 2 exp_psc_lif { I_e: 500 } }
projection { source: 'few' target: 'few' pairwise_bernoulli { p: 0 } weight: 1 delay: 1 }
projection { source: 'E' target: 'few' all_to_all {} weight: 5 delay { normal { mean: 1030 sd: 300 } min: 1 } }
recorder { population: 'E' record: [V_m, I_syn, rate] neuron: [3, 39, 17] every: 210 }
recorder { population: 'few' record: V_m times: [0, 400, 1500] }
)";

/// Writes the stream of a run, or what one rank has of it, as simulate does.
void write_run(const std::string& text, const std::string& path, const Part& part, bool is_split,
               const std::string& name = "run") {
  proto::SpecText parsed;
  proto::parse_spec(text, "test.textproto", parsed);
  proto::DecodedSpec spec = proto::decode(parsed);
  for (const double onset : {100.0, 700.0})
    spec.stimuli.push_back({1, stated_time(onset), stated_duration(430), "a", "b", PROBE});
  std::unique_ptr<SimulationStream> stream;
  RunRecord weights_told;
  weights_told.recorder = {{"weights-every", "333"}, {"histogram", "0,120,7"}};
  const bool has_rules = !spec.network.projections.empty();
  const auto weights = has_rules ? WeightRecorder::make(weights_told, "", spec.network) : nullptr;
  StateRecorder states(spec.recorders, spec.network, path + ".csv");
  OutputFailures failures;
  std::unique_ptr<InputSpikes> inputs;
  bool is_open = false;
  const auto write = [&](std::uint32_t population, NeuronId neuron, Time time) {
    const auto& populations = spec.network.populations;
    const bool is_own =
        population >= populations.size() || part.of(populations[population].size).holds(index(neuron));
    if (is_open && (!is_split || is_own)) stream->write_spike(population, neuron, time);
  };
  Simulation run(
      spec,
      [&](std::uint32_t population, NeuronId neuron, Time time) {
        if (inputs) inputs->tell_until(time);
        states.add_spike(population, neuron);
        write(population, neuron, time);
      },
      1, {}, false, [] {}, part);
  if (part.is_root()) inputs = std::make_unique<InputSpikes>(spec.network, write);
  stream = is_split ? std::make_unique<SimulationStream>(path, spec, parsed.message,
                                                         part_of_run(spec.network, part, name))
                    : std::make_unique<SimulationStream>(path, spec, parsed.message);
  is_open = true;
  stream->write_stimuli(spec.stimuli, stated_time(1500));
  stream->write_synapses(run.engine());
  const auto hear_inputs = [&] {
    if (inputs) inputs->tell_until(run.engine().now());
  };
  const auto snapshot = [&](bool at_end) {
    hear_inputs();
    stream->write_snapshot(run.engine());
    stream->write_state(run.engine(), RunRecord(), run.rates(), at_end);
  };
  Simulation::Plan plan{
      stated_time(1500), stated_duration(400), [&] { snapshot(false); }, [](Time) {}, {}, {}};
  plan.stops = {stated_time(530), stated_time(1130)};
  plan.on_stop = [&](std::size_t stop) {
    hear_inputs();
    stream->write_potentials(run.engine(), static_cast<std::uint32_t>(stop));
  };
  if (weights) weights->open(run.engine());
  states.open(run.engine());
  plan.next_recording = [&] { return std::min(weights ? weights->next() : Time::never(), states.next()); };
  plan.on_recording = [&] {
    hear_inputs();
    if (weights && weights->next() == run.engine().now()) weights->record(run.engine(), stream, failures);
    if (states.next() == run.engine().now()) states.record(run.engine(), stream, failures);
  };
  run.run(plan);
  states.close(failures);
  EXPECT_FALSE(failures.any());
  RunSummary summary = run.summary();
  for (auto clear : {&RunSummary::clear_simulate_seconds, &RunSummary::clear_simulate_cpu_seconds,
                     &RunSummary::clear_build_seconds, &RunSummary::clear_peak_rss_mb})
    (summary.*clear)();
  summary.mutable_exactness()->clear_bounds_evaluated();  // windows are others
  summary.clear_events();
  snapshot(true);
  stream->close(summary);
}

class Merge : public ProgramTest {
 protected:
  std::string part(unsigned rank) const { return part_path(path("r.pb"), rank); }
  std::vector<std::string> parts(unsigned ranks) const {
    std::vector<std::string> paths;
    for (unsigned rank = ranks; rank > 0; --rank) paths.push_back(part(rank - 1));  // in any order
    return paths;
  }
  void write_parts(unsigned ranks, const std::string& text = kNetwork,
                   const std::string& name = "run") const {
    EXPECT_EQ(tests::on_ranks(ranks,
                              [&](Exchange& exchange) {
                                write_run(text, part(exchange.rank()), Part(exchange), true, name);
                              }),
              std::vector<std::string>(ranks));
  }
  void expect_refused(const std::vector<std::string>& paths, const std::string& line) const {
    try {
      merge_parts(paths, path("merged.pb"));
      FAIL() << "not refused: " << line;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(line), std::string::npos) << error.what();
    }
    EXPECT_FALSE(std::filesystem::exists(path("merged.pb")));
  }
};

TEST_F(Merge, IsTheStreamOfOneProcess) {
  write_run(kNetwork, path("whole.pb"), {}, false);
  const std::string whole = read_file(path("whole.pb"));
  for (unsigned ranks = 1; ranks <= 4; ++ranks) {
    write_parts(ranks);
    EXPECT_FALSE(merge_parts(parts(ranks), path("merged.pb")));
    EXPECT_TRUE(read_file(path("merged.pb")) == whole) << ranks;
    EXPECT_EQ(read_file(part(0) + ".csv"), read_file(path("whole.pb.csv"))) << ranks;
    if (ranks > 1) {
      EXPECT_LT(std::filesystem::file_size(part(ranks - 1)), 0.8 * static_cast<double>(whole.size()));
    }
  }
}

TEST_F(Merge, IsTheStreamOfOneProcessWhereAPartIsCompressed) {
  write_run(kNetwork, path("whole.pb"), {}, false);
  tests::on_ranks(2, [&](Exchange& exchange) {
    write_run(kNetwork, part_path(path("r.pb.zst"), exchange.rank()), Part(exchange), true);
  });
  merge_parts({path("r.0.pb.zst"), path("r.1.pb.zst")}, path("merged.pb"));
  EXPECT_TRUE(read_file(path("merged.pb")) == read_file(path("whole.pb")));
}

/// More spikes between two snapshots than a block of a part holds, and one of all neurons at once.
TEST_F(Merge, IsTheStreamOfOneProcessWhereSpikesAreMany) {
  const std::string many =
      "population { name: 'a' size: 3000 exp_psc_lif { I_e: 900 } }\n"
      "population { name: 'b' size: 301 exp_psc_lif { I_e { uniform { low: 380 high: 900 } } } }\n"
      "population { name: 'one' size: 1 exp_psc_lif { I_e: 376 } }";
  write_run(many, path("whole.pb"), {}, false);
  for (const unsigned ranks : {1U, 3U}) {
    write_parts(ranks, many);
    merge_parts(parts(ranks), path("merged.pb"));
    EXPECT_TRUE(read_file(path("merged.pb")) == read_file(path("whole.pb"))) << ranks;
  }
}

/// The states of a stream and where the last of them ends.
std::pair<int, std::uint64_t> states_of(const std::string& file) {
  std::pair<int, std::uint64_t> states{0, 0};
  try {
    proto::FrameReader frames(file, proto::FrameReader::Parts::kRead);
    while (const auto frame = frames.next())
      if (frame->has_state_end()) states = {states.first + 1, frames.place().bytes};
  } catch (const InputError&) {
  }
  return states;
}

/// Wherever a part is cut: the stream is that of the run up to the last state that all have.
TEST_F(Merge, OfCutPartsEndsWithTheLastStateThatAllHave) {
  write_run(kNetwork, path("whole.pb"), {}, false);
  const std::string whole = read_file(path("whole.pb"));
  write_parts(3);
  const std::string part1 = read_file(part(1));
  for (std::size_t cut = 3; cut < part1.size(); cut += part1.size() / 23) {
    save("r.1.pb", part1.substr(0, cut));
    const int states = states_of(part(1)).first;
    if (states == 0) continue;  // below
    const auto told = merge_parts(parts(3), path("merged.pb"));
    ASSERT_TRUE(told) << cut;
    EXPECT_EQ(told->part, part(1));
    EXPECT_EQ(told->end, states < 4 ? stated_time(400 * states) : stated_time(1500));
    const auto [merged, end] = states_of(path("merged.pb"));
    EXPECT_EQ(merged, states) << cut;
    EXPECT_TRUE(read_file(path("merged.pb")).substr(0, end) == whole.substr(0, end)) << cut;
    std::filesystem::remove(path("merged.pb"));
  }
  save("r.1.pb", part1.substr(0, part1.size() / 50));
  ASSERT_EQ(states_of(part(1)).first, 0);
  expect_refused(parts(3), "r.1.pb: was cut, and there is no snapshot that all parts have");
}

TEST_F(Merge, RefusesWhatIsNotEveryRanksPartOfOneRun) {
  write_parts(3);
  expect_refused({part(0), part(2)}, "r.0.pb: is of rank 0 of 3; the part of rank 1 is missing");
  expect_refused({part(2)}, "r.2.pb: is of rank 2 of 3; the part of rank 0 is missing");
  std::filesystem::copy(part(1), path("copy.pb"));
  expect_refused({part(0), part(1), path("copy.pb")}, "copy.pb: is of rank 1 of 3, as " + part(1) + " is");
  write_run(kNetwork, path("whole.pb"), {}, false);
  expect_refused({part(0), part(1), path("whole.pb")}, "whole.pb: is no part of a run");
  std::filesystem::rename(part(2), path("old.pb"));
  write_parts(2);
  expect_refused({part(0), part(1), path("old.pb")},
                 "old.pb: is of rank 2 of 3 of another run than " + part(0) + ", of rank 0 of 2");
  std::filesystem::rename(part(1), path("old.pb"));
  write_parts(2, kNetwork, "another run");
  expect_refused({part(0), path("old.pb")}, "old.pb: is of rank 1 of 2 of another run than " + part(0));
  expect_refused({part(0), "-"}, "a pipe can not give");
  expect_refused({part(0), path("none.pb")}, "none.pb");
}

/// Parts of runs that were stopped at different times, by the name of one run.
TEST_F(Merge, RefusesPartsThatDoNotFit) {
  write_parts(2);
  const std::string other = std::string(kNetwork) + "\nseed: 2";
  std::filesystem::rename(part(1), path("old.pb"));
  write_parts(2, other);
  expect_refused({part(0), path("old.pb")}, "of another run");  // its specification is another
}

class SplitOutput : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("net.textproto", kNetwork);
  }
};

TEST_F(SplitOutput, OfOneProcessIsOnePart) {
  ASSERT_EQ(
      run("simulate net.textproto --until 300 --snapshot-every 100 --record-inputs --out r.pb --quiet").code,
      0);
  const Outcome split = run(
      "simulate net.textproto --until 300 --snapshot-every 100 --record-inputs --out s.pb --split-output --quiet");
  ASSERT_EQ(split.code, 0) << split.err;
  EXPECT_FALSE(std::filesystem::exists(path("s.pb")));
  ASSERT_EQ(run("inspect --merge s.0.pb --out m.pb").code, 0);
  constexpr std::size_t kSummary = 600;
  const std::string whole = read_file(path("r.pb"));
  const std::string merged = read_file(path("m.pb"));
  EXPECT_EQ(merged.size(), whole.size());
  EXPECT_TRUE(merged.substr(0, merged.size() - kSummary) == whole.substr(0, whole.size() - kSummary));
  EXPECT_EQ(run("simulate --resume m.pb --until 500 --quiet").code, 0);
  ASSERT_EQ(run("simulate --resume r.pb --until 500 --quiet").code, 0);
  EXPECT_EQ(run("inspect --diff r.pb m.pb").code, 0);
}

TEST_F(SplitOutput, APartIsTakenForTheWholeByNobody) {
  ASSERT_EQ(run("simulate net.textproto --until 100 --out r.pb --split-output --quiet").code, 0);
  const std::string line = "r.0.pb: is the part of a run that rank 0 of 1 wrote; chronotope inspect --merge";
  for (const std::string& words :
       std::vector<std::string>{"report r.0.pb --out page.html", "layers r.0.pb",
                                "rtd r.0.pb --against r.0.pb", "simulate --resume r.0.pb --until 200",
                                "export r.0.pb --out spikes.gdf", "inspect --diff r.0.pb r.0.pb",
                                "inspect r.0.pb --out copy.pb", "inspect r.0.pb r.0.pb", "statistics r.0.pb"})
    expect_refused(words, line);
  const Outcome told = run("inspect r.0.pb");
  EXPECT_EQ(told.code, 0);
  EXPECT_NE(told.out.find("what rank 0 of 1 has, a part of the run"), std::string::npos) << told.out;
  EXPECT_NE(told.out.find("40 neurons of E, from 0 on"), std::string::npos) << told.out;
  EXPECT_EQ(run("inspect r.0.pb --list").code, 0);
  EXPECT_NE(run("inspect r.0.pb --json").out.find("\"part\":{"), std::string::npos);
}

TEST_F(SplitOutput, RefusesWhatOneRankWouldGather) {
  const std::string split = "simulate net.textproto --until 10 --split-output ";
  expect_refused(split, "--split-output: needs --out");
  expect_refused(split + "--out -", "--out: - is not allowed (--split-output needs the name of a file)");
  expect_refused(split + "--out /dev/null", "--split-output needs the name of a file");
  expect_refused(split + "--out .", "--split-output needs the name of a file");
  for (const char* table : {"--spikes", "--weights"})
    expect_refused(split + "--out r.pb " + table + " t.csv", "one rank would gather it");
  expect_refused(split + "--out r.pb --snapshot-wall 1", "--snapshot-wall: excludes --split-output");
  save("s.0.pb", kNetwork);
  expect_refused("simulate s.0.pb --until 10 --out s.pb --split-output", "");
}

TEST_F(SplitOutput, TakesAwayWhatAKilledRunLeftOfItsPart) {
  save("r.0.pb.part999999999", "left");
  const Outcome outcome = run("simulate net.textproto --until 10 --out r.pb --split-output");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_NE(outcome.err.find("r.0.pb.part999999999, left by a run that was killed"), std::string::npos)
      << outcome.err;
  EXPECT_FALSE(std::filesystem::exists(path("r.0.pb.part999999999")));
}

TEST_F(SplitOutput, MergeRefusesWhatItCanNotDo) {
  ASSERT_EQ(run("simulate net.textproto --until 10 --out r.pb --split-output --quiet").code, 0);
  expect_refused("inspect --merge --out m.pb", "missing STREAM");
  expect_refused("inspect --merge r.0.pb", "--merge: needs --out");
  expect_refused("inspect --merge r.0.pb --out r.0.pb", "the same file is STREAM");
  expect_refused("inspect --merge r.0.pb --out m.pb --until 5",
                 "--merge: excludes --from, --until and --only");
  expect_refused("inspect --merge r.0.pb --out m.pb --json", "excludes --json");
}

}  // namespace
}  // namespace chronotope::apps
