// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope::apps {
namespace {

/// Plastic, with own delays and constants, a private drive, slow inputs and a list.
constexpr const char* kNetwork = R"(
population { name: 'E' size: 40 exp_psc_lif { I_e: 300 tau_m { uniform { low: 8 high: 12 } } } }
population { name: 'I' size: 10 delta_lif { E_L: 0 V_th: 20 V_reset: 0 } }
input { name: 'drive' size: 40 poisson { rate: 2000 } }
input { name: 'slow' size: 10 poisson { rate: 80 } }
input { name: 'list' size: 2 spike_times { times: [3, 3, 40, 555] } }
projection { source: 'E' target: 'E' fixed_indegree { indegree: 8 } weight: 60 delay { uniform { low: 0.6 high: 4 } }
  pair_stdp { w_max: 120 tau_plus { gamma { mean: 20 cv: 0.5 } min: 1 } tau_minus { gamma { mean: 20 cv: 0.5 } min: 1 } } }
projection { source: 'E' target: 'I' fixed_indegree { indegree: 8 } weight: 2 delay: 1.5 short_term { U: 0.4 } }
projection { source: 'I' target: 'E' fixed_indegree { indegree: 4 } weight: -80 delay: 0.8 vogels_stdp { w_max: 300 } }
projection { source: 'drive' target: 'E' one_to_one {} weight: 30 delay { uniform { low: 1 high: 2 } } }
projection { source: 'slow' target: 'I' one_to_one {} weight: 9 delay: 1 }
projection { source: 'list' target: 'E' all_to_all {} weight: 200 delay: 1 }
)";

class Resume : public ProgramTest {
 protected:
  static constexpr const char* kWords =
      "simulate ../net.textproto --until 1500 --snapshot-every 100 --out r.pb --spikes r.csv --weights w.csv "
      "--record-inputs --quiet";

  void SetUp() override {
    ProgramTest::SetUp();
    save("net.textproto", kNetwork);
    run_whole(kWords);
  }
  /// In the same folder, whose name is in the state, as the runs that are killed.
  void run_whole(const std::string& words) const {
    shell("rm -rf whole part; mkdir part");
    ASSERT_EQ(in("part", words).code, 0);
    shell("mv part whole; mkdir part");
  }
  Outcome in(const std::string& folder, const std::string& words) const {
    return shell("cd " + folder + " && " + kProgram + " " + words);
  }
  /// The same bytes, but for the summary at the end of the stream.
  void expect_the_same(const std::string& what) const {
    EXPECT_TRUE(read_file(path("part/r.csv")) == read_file(path("whole/r.csv"))) << what;
    EXPECT_TRUE(read_file(path("part/w.csv")) == read_file(path("whole/w.csv"))) << what;
    const std::string whole = read_file(path("whole/r.pb"));
    const std::string part = read_file(path("part/r.pb"));
    constexpr std::size_t kSummary = 400;
    ASSERT_GT(part.size(), kSummary) << what;
    EXPECT_TRUE(part.substr(0, part.size() - kSummary) == whole.substr(0, part.size() - kSummary)) << what;
    EXPECT_NEAR(static_cast<double>(part.size()), static_cast<double>(whole.size()), kSummary) << what;
  }
};

TEST_F(Resume, AKilledRunGoesOnAsIfNothingHadBeen) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> seconds(0.01, 0.25);
  int resumed = 0;
  for (int k = 0; k < 50; ++k) {
    shell("rm -rf part && mkdir part");
    const std::string wait = std::to_string(seconds(random));
    shell("cd part && timeout -s KILL " + wait + " " + kProgram + " " + kWords);
    if (!shell("ls part").out.empty() && read_file(path("part/w.csv")).empty()) {
      const Outcome outcome =
          in("part", "simulate --resume r.pb --quiet --threads " + std::to_string(1 + k % 3));
      if (outcome.code == 2) {  // killed before the first state
        EXPECT_NE(outcome.err.find("r.pb"), std::string::npos) << outcome.err;
        continue;
      }
      ASSERT_EQ(outcome.code, 0) << outcome.err;
      ++resumed;
      expect_the_same("killed after " + wait + " s");
    }
  }
  EXPECT_GE(resumed, 10);
}

TEST_F(Resume, ATornStreamGoesOnFromItsLastWholeState) {
  const std::string whole = read_file(path("whole/r.pb"));
  const std::string spikes = read_file(path("whole/r.csv"));
  std::mt19937 random(6);
  for (int k = 0; k < 60; ++k) {
    shell("rm -rf part && mkdir part");
    std::string torn = whole.substr(0, random() % whole.size());
    if (k % 3 == 0 && torn.size() > 100) torn[torn.size() - 1 - random() % 100] ^= 0x20;
    save("part/r.pb.part999999", torn);
    save("part/r.csv.part999999", spikes);
    const Outcome outcome = in("part", "simulate --resume r.pb --quiet");
    if (outcome.code != 0) {
      EXPECT_EQ(outcome.code, 2) << outcome.err;
      EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
      EXPECT_EQ(read_file(path("part/r.pb.part999999")), torn);
      continue;
    }
    expect_the_same("cut after " + std::to_string(torn.size()));
  }
}

TEST_F(Resume, AnInterruptedRunAndOneThatEndedGoOn) {
  shell("cd part && timeout -s INT 0.15 " + kProgram + " " + kWords);
  Outcome outcome = in("part", "simulate --resume r.pb --quiet");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  expect_the_same("interrupted");
  outcome = in("part", "simulate --resume r.pb --until 1650 --json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const std::string spikes = read_file(path("part/r.csv"));
  const std::string weights = read_file(path("part/w.csv"));
  std::string longer = kWords;
  run_whole(longer.replace(longer.find("1500"), 4, "1650"));
  EXPECT_TRUE(spikes == read_file(path("whole/r.csv")));
  EXPECT_TRUE(weights == read_file(path("whole/w.csv")));
}

TEST_F(Resume, WhatCanNotGoOnIsRefusedAndStays) {
  expect_refused("simulate --resume none.pb", "no such file");
  expect_refused("simulate --resume net.textproto", "not a chronotope stream");
  expect_refused("simulate net.textproto --resume whole/r.pb", "leave net.textproto out");
  expect_refused("simulate --resume whole/r.pb --spikes x.csv", "--spikes: can not be changed");
  expect_refused("simulate --resume -", "-");
  EXPECT_EQ(in("whole", "simulate --resume r.pb --until 5").code, 2);
  EXPECT_TRUE(std::filesystem::exists(path("whole/r.pb")));
  shell("cp whole/r.pb whole/r.pb.part999999");
  const Outcome both = in("whole", "simulate --resume r.pb");
  EXPECT_EQ(both.code, 2);
  EXPECT_NE(both.err.find("name the one to go on from"), std::string::npos) << both.err;
  shell("rm whole/r.pb.part999999; truncate -s 100 whole/r.csv");
  const Outcome torn = in("whole", "simulate --resume r.pb --until 4000");
  EXPECT_EQ(torn.code, 2);
  EXPECT_NE(torn.err.find("r.csv: 100 bytes are there"), std::string::npos) << torn.err;
  EXPECT_TRUE(std::filesystem::exists(path("whole/r.pb")));
}

}  // namespace
}  // namespace chronotope::apps
