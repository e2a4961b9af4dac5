// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope::apps {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNetwork = R"(
seed: 5
population { name: 'E' size: 20 exp_psc_lif { I_e: 380 V_m { uniform { low: -70 high: -56 } } } }
input { name: 'x' size: 20 poisson { rate: 50 } }
projection { source: 'x' target: 'E' one_to_one {} weight: 300 delay: 1 }
projection { source: 'E' target: 'E' fixed_indegree { indegree: 5 } weight: 20 delay: 1.5 pair_stdp { w_max: 60 } }
)";

class Sweep : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("net.textproto", kNetwork);
  }
  static std::string words(const std::string& folder, const std::string& options = "") {
    return "sweep net.textproto --vary population.E.I_e=300,400,500 --vary 'projection.E->E.delay=1.5,2' --seeds 2 "
           "--out " +
           folder + " " + options + " -- simulate --until 3000 --snapshot-every 100";
  }
  std::string table(const std::string& folder) const { return read_file(path(folder + "/sweep.csv")); }
  std::vector<std::string> names(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path(folder)))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
  std::size_t streams(const std::string& folder) const {
    const auto all = names(folder);
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](const auto& name) { return name.ends_with(".pb"); }));
  }
};

TEST_F(Sweep, EveryCombinationIsACellAndItsValuesReachTheNetwork) {
  ASSERT_EQ(run(words("all")).code, 0);
  EXPECT_EQ(streams("all"), 12u);
  const std::string csv = table("all");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 13);
  EXPECT_TRUE(csv.starts_with("cell,population.E.I_e,projection.E->E.delay,seed,population,neurons,spikes,"))
      << csv;
  EXPECT_NE(csv.find(",500,2,6,E,20,"), std::string::npos) << csv;
  // One cell by hand.
  ASSERT_EQ(
      run("simulate net.textproto --set population.E.I_e=500 --set 'projection.E->E.delay=2' --seed 6 --until "
          "3000 --spikes hand.csv --quiet")
          .code,
      0);
  const std::string spikes = read_file(path("hand.csv"));
  const auto count = std::count(spikes.begin(), spikes.end(), '\n') - 1;
  EXPECT_NE(csv.find(",500,2,6,E,20," + std::to_string(count) + ","), std::string::npos) << count << "\n"
                                                                                         << csv;
}

TEST_F(Sweep, ARepeatedSweepRunsNothing) {
  ASSERT_EQ(run(words("all")).code, 0);
  const auto cell = path("all/" + names("all").front());
  const auto before = fs::last_write_time(cell);
  ASSERT_EQ(run(words("all")).code, 0);
  EXPECT_EQ(fs::last_write_time(cell), before);
}

TEST_F(Sweep, ShardsTogetherAreOneRun) {
  ASSERT_EQ(run(words("all")).code, 0);
  for (const char* shard : {"2/3", "0/3"}) {
    const Outcome part = run(words("parts", std::string("--shard ") + shard));
    ASSERT_EQ(part.code, 0) << part.err;
    EXPECT_NE(part.out.find("of 12 cells are finished"), std::string::npos) << part.out;
  }
  EXPECT_EQ(streams("parts"), 8u);
  const Outcome early = run(words("parts", "--collect"));
  EXPECT_EQ(early.code, 2);
  EXPECT_NE(early.err.find("4 of 12 cells are missing"), std::string::npos) << early.err;
  ASSERT_EQ(run(words("parts", "--shard 1/3 --quiet")).code, 0);
  ASSERT_EQ(run(words("parts", "--collect")).code, 0);
  EXPECT_EQ(table("parts"), table("all"));
  EXPECT_EQ(names("parts"), names("all"));
}

TEST_F(Sweep, ASlurmTaskRunsItsShare) {
  ASSERT_EQ(run(words("all")).code, 0);
  for (const char* id : {"4", "6", "8"}) {
    const Outcome task = shell(std::string("SLURM_ARRAY_TASK_ID=") + id +
                               " SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=4 SLURM_ARRAY_TASK_MAX=8 "
                               "SLURM_ARRAY_TASK_STEP=2 " +
                               kProgram + " " + words("array"));
    ASSERT_EQ(task.code, 0) << task.err;
    EXPECT_NE(task.err.find("by SLURM_ARRAY_TASK_ID"), std::string::npos) << task.err;
  }
  EXPECT_EQ(table("array"), table("all"));
  const Outcome wrong =
      shell("SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=3 " + kProgram + " " + words("array"));
  EXPECT_EQ(wrong.code, 2);
  EXPECT_NE(wrong.err.find("SLURM_ARRAY_TASK_ID: 3 is none of the 3 tasks"), std::string::npos) << wrong.err;
  const Outcome between =
      shell("SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=4 SLURM_ARRAY_TASK_STEP=2 " +
            kProgram + " " + words("array"));
  EXPECT_EQ(between.code, 2);
  EXPECT_NE(between.err.find("5 is none of the 3 tasks from 4 in steps of 2"), std::string::npos)
      << between.err;
}

/// Every cell is written once: whoever comes second leaves it alone.
TEST_F(Sweep, TwoProcessesDoNoCellTwice) {
  ASSERT_EQ(run(words("all")).code, 0);
  const std::string call = kProgram + " " + words("both", "--jobs 2") + " >";
  ASSERT_EQ(shell(call + "a.txt & " + call + "b.txt; wait").code, 0);
  EXPECT_EQ(table("both"), table("all"));
  EXPECT_EQ(names("both"), names("all"));
}

TEST_F(Sweep, AKilledSweepGoesOnAndLeavesNothing) {
  ASSERT_EQ(run(words("all")).code, 0);
  for (int k = 1; k <= 8; ++k)
    shell("timeout -s KILL 0." + std::to_string(k) + " " + kProgram + " " +
          words("killed", "--quiet --jobs 1"));
  const Outcome last = run(words("killed"));
  ASSERT_EQ(last.code, 0) << last.err;
  EXPECT_EQ(table("killed"), table("all"));
  EXPECT_EQ(names("killed"), names("all"));
}

TEST_F(Sweep, WhatCanNotBeGoneOnWithBeginsAnew) {
  ASSERT_EQ(run(words("all")).code, 0);
  fs::create_directory(path("torn"));
  for (const std::string& name : names("all"))
    if (name.ends_with(".pb")) save("torn/" + name.substr(0, name.size() - 3) + ".new.pb", "no stream");
  const Outcome outcome = run(words("torn"));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(table("torn"), table("all"));
  EXPECT_EQ(names("torn"), names("all"));
}

TEST_F(Sweep, AnInterruptedSweepSaysWhatIsFinished) {
  const std::string longer =
      "sweep net.textproto --vary population.E.I_e=300,400 --out long --jobs 1 -- simulate --until 1e7";
  const Outcome stopped = shell("timeout --foreground -s TERM 0.7 " + kProgram + " " + longer);
  EXPECT_EQ(stopped.code, 124);  // of timeout
  EXPECT_NE(stopped.err.find("interrupted: 0 of 2 cells are finished, in long"), std::string::npos)
      << stopped.err;
  EXPECT_EQ(shell("pgrep -f 'out [l]ong/cell'").code, 1);
}

TEST_F(Sweep, TablesGiveTheSettings) {
  save("values.csv", "population.E.I_e,\"projection.E->E.delay\"\n300,1.5\n500,2\n");
  ASSERT_EQ(run("sweep net.textproto --table values.csv --out rows -- simulate --until 300 --quiet").code, 2);
  ASSERT_EQ(run("sweep net.textproto --table values.csv --out rows -- simulate --until 300").code, 0);
  EXPECT_EQ(streams("rows"), 2u);
  save("empty.csv", "population.E.I_e\n");
  expect_refused("sweep net.textproto --table empty.csv --out none -- simulate --until 300",
                 "empty.csv: has no rows");
  save("twice.csv", "seed,seed\n1,2\n");
  expect_refused("sweep net.textproto --table twice.csv --out none -- simulate --until 300",
                 "'seed' is varied twice");
}

/// What a cell hears counts, not the name of the file; a cell of other spikes is another one.
TEST_F(Sweep, AnotherInputIsAnotherCell) {
  save("heard.textproto",
       "population { name: 'E' size: 2 exp_psc_lif { } } input { name: 'x' size: 2 csv { path: 's.csv' } }"
       "projection { source: 'x' target: 'E' one_to_one {} weight: 3000 delay: 1 }");
  const std::string sweep = "sweep heard.textproto --out heard --quiet -- simulate --until 100";
  save("s.csv", "time_ms,channel\n5,0\n");
  ASSERT_EQ(run(sweep).code, 0);
  save("s.csv", "time_ms,channel\n5,0\n\n");
  ASSERT_EQ(run(sweep).code, 0);
  EXPECT_EQ(streams("heard"), 1u);
  save("s.csv", "time_ms,channel\n6,0\n");
  ASSERT_EQ(run(sweep).code, 0);
  EXPECT_EQ(streams("heard"), 2u);
  save("s.csv", "time_ms,channel\n6,1\n");
  ASSERT_EQ(run(sweep).code, 0);
  EXPECT_EQ(streams("heard"), 3u);
}

TEST_F(Sweep, EqualSettingsAreOneCell) {
  ASSERT_EQ(run("sweep net.textproto --vary population.E.I_e=300,300 --out two -- simulate --until 300").code,
            0);
  EXPECT_EQ(streams("two"), 1u);
}

TEST_F(Sweep, ACellThatFailsIsNamedAndTheOthersAreRun) {
  const Outcome outcome =
      run("sweep net.textproto --vary population.E.tau_m=-1,10 --out some -- simulate --until 300");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("tau_m: -1 is not allowed"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("1 cell failed"), std::string::npos) << outcome.err;
  EXPECT_EQ(streams("some"), 1u);
}

TEST_F(Sweep, BadWordsAreRefusedBeforeAnythingRuns) {
  expect_refused("sweep net.textproto --out no -- train", "-- train: needs --spikes STREAM");
  const std::string net = "sweep net.textproto --out none ";
  expect_refused(net + "--vary population.E.I_x=1 -- simulate --until 9", "has no field 'I_x'");
  expect_refused(net + "--vary population.E.I_e= -- simulate --until 9", "must be PATH=VALUE");
  expect_refused(net + "--vary =1 -- simulate --until 9", "must be PATH=VALUE");
  expect_refused(net + "--vary seed=1,2 --vary seed=3 -- simulate --until 9", "'seed' is varied twice");
  expect_refused(net + "--shard 3/3 -- simulate --until 9", "must be I/N with 0 <= I < N");
  expect_refused(net + "--shard -1/3 -- simulate --until 9", "must be I/N with 0 <= I < N");
  expect_refused(net + "-- rtd", "no verb 'rtd' runs a cell");
  expect_refused(net + "--collect --dry-run -- simulate --until 9",
                 "--dry-run: with --collect is not allowed");
  expect_refused(net, "missing -- and the verb");
  expect_refused(net + "-- simulate --until 9 --spikes s.csv", "--spikes: is the sweep's to give");
  expect_refused(net + "-- simulate --until 9 --seed=3", "put --set and --seeds before --");
  expect_refused("sweep - --out none -- simulate --until 9", "every cell reads the file again");
}

}  // namespace
}  // namespace chronotope::apps
