// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope::apps {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNetwork = R"(
seed: 5
population { name: 'E' size: 20 exp_psc_lif { tau_m { gamma { mean: 20 cv: 0.5 } min: 2 } I_e: 380 t_ref: 2 } }
input { name: 'x' size: 20 poisson { rate: 50 } }
projection { source: 'x' target: 'E' one_to_one {} weight: 300 delay: 1 }
projection { source: 'E' target: 'E' fixed_indegree { indegree: 5 } weight: 20 delay: 1.5 pair_stdp { w_max: 60 } }
)";

class Optimise : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("net.textproto", kNetwork);
  }
  static std::string words(const std::string& folder, int evaluations, const std::string& options = "") {
    return "optimise net.textproto --over population.E.I_e=200:600 --over population.E.tau_m.gamma.mean=5:50:log "
           "--over population.E.tau_m.gamma.cv=0:1 --objective E.rate_hz --goal 30 --evaluations " +
           std::to_string(evaluations) + " --out " + folder + " " + options + " -- simulate --until 300";
  }
  std::vector<std::vector<std::string>> table(const std::string& folder) const {
    std::istringstream lines(read_file(path(folder + "/optimise.csv")));
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(lines, line);) {
      std::istringstream cells(line);
      rows.emplace_back();
      for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
    }
    return rows;
  }
};

TEST_F(Optimise, ATrialIsTheNetworkWithThoseValues) {
  const Outcome outcome = run(words("found", 10));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto rows = table("found");
  ASSERT_EQ(rows.size(), 11U);
  EXPECT_EQ(rows[0], (std::vector<std::string>{"number", "population.E.I_e", "population.E.tau_m.gamma.mean",
                                               "population.E.tau_m.gamma.cv", "objective", "best"}));
  for (const auto& row : {rows[1], rows[10]}) {
    ASSERT_EQ(run("simulate net.textproto --set population.E.I_e=" + row[1] +
                  " --set population.E.tau_m.gamma.mean=" + row[2] +
                  " --set population.E.tau_m.gamma.cv=" + row[3] + " --until 300 --spikes hand.csv --quiet")
                  .code,
              0);
    const std::string spikes = read_file(path("hand.csv"));
    const auto count = static_cast<double>(std::count(spikes.begin(), spikes.end(), '\n') - 1);
    EXPECT_DOUBLE_EQ(std::stod(row[4]), count / 20 / 0.3);
  }
  double best = std::stod(rows[1][4]);
  for (std::size_t k = 1; k < rows.size(); ++k) {
    const double value = std::stod(rows[k][4]);
    if (std::abs(value - 30) < std::abs(best - 30)) best = value;
    EXPECT_EQ(std::stod(rows[k][5]), best) << k;
  }
  EXPECT_NE(outcome.out.find("best: E.rate_hz "), std::string::npos) << outcome.out;
}

TEST_F(Optimise, StoppedAndRepeatedIsUninterrupted) {
  for (const std::string method : {"bayes", "random"}) {
    const std::string options = "--method " + method + " --seed 3 --jobs ";
    ASSERT_EQ(run(words("whole" + method, 12, options + "3")).code, 0);
    ASSERT_EQ(run(words("parts" + method, 3, options + "1")).code, 0);
    ASSERT_EQ(run(words("parts" + method, 9, options + "2")).code, 0);
    fs::remove(path("parts" + method + "/optimise.csv"));
    const auto cell = *fs::directory_iterator(path("parts" + method));
    fs::remove(cell);
    ASSERT_EQ(run(words("parts" + method, 12, options + "1")).code, 0);
    for (const char* file : {"/optimise.csv", "/optimise.json"})
      EXPECT_EQ(read_file(path("whole" + method + file)), read_file(path("parts" + method + file)))
          << method << file;
  }
  EXPECT_NE(read_file(path("wholebayes/optimise.csv")), read_file(path("wholerandom/optimise.csv")));
}

TEST_F(Optimise, ARepeatedSearchRunsNothing) {
  ASSERT_EQ(run(words("found", 4)).code, 0);
  std::vector<std::pair<fs::path, fs::file_time_type>> before;
  for (const auto& entry : fs::directory_iterator(path("found")))
    if (entry.path().extension() == ".pb") before.emplace_back(entry.path(), entry.last_write_time());
  EXPECT_EQ(before.size(), 4U);
  ASSERT_EQ(run(words("found", 4)).code, 0);
  for (const auto& [file, time] : before) EXPECT_EQ(fs::last_write_time(file), time);
}

TEST_F(Optimise, SeedsAreAveraged) {
  ASSERT_EQ(run(words("found", 3, "--seeds 2")).code, 0);
  const auto row = table("found")[2];
  double mean = 0;
  for (const char* seed : {"5", "6"}) {
    ASSERT_EQ(run("simulate net.textproto --set population.E.I_e=" + row[1] +
                  " --set population.E.tau_m.gamma.mean=" + row[2] + " --set population.E.tau_m.gamma.cv=" +
                  row[3] + " --seed " + seed + " --until 300 --spikes hand.csv --quiet")
                  .code,
              0);
    const std::string spikes = read_file(path("hand.csv"));
    mean += static_cast<double>(std::count(spikes.begin(), spikes.end(), '\n') - 1) / 20 / 0.3 / 2;
  }
  EXPECT_NEAR(std::stod(row[4]), mean, 1e-9);
}

TEST_F(Optimise, WholeNumbersStayWhole) {
  ASSERT_EQ(
      run("optimise net.textproto --over population.E.size=20:20.9 --objective E.synchrony --evaluations 6 --out one "
          "-- simulate --until 100")
          .code,
      0);
  for (const auto& row : table("one")) EXPECT_EQ(row[1], row[0] == "number" ? "population.E.size" : "20");
  const Outcome outcome = run(
      "optimise net.textproto --over 'projection.E->E.indegree=1:9' --objective E.cv_isi --evaluations 8 --out found "
      "-- simulate --until 100");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  for (const auto& row : table("found"))
    EXPECT_EQ(row[1].find('.'), row[0] == "number" ? 10U : std::string::npos) << row[1];
}

TEST_F(Optimise, AReadOutOfTwoInputsIsLearnt) {
  std::string events = "time_ms,channel,stimulus,label\n";
  for (int s = 0; s < 20; ++s)
    for (int k = 0; k < 10; ++k)
      events += std::to_string(5 * k + s % 3) + "," + std::to_string(s % 2) + "," + std::to_string(s) + "," +
                (s % 2 == 0 ? "even" : "odd") + "\n";
  save("events.csv", events);
  ASSERT_EQ(run("encode events.csv --duration 60 --gap 50 --out events.pb --quiet").code, 0);
  save(
      "heard.textproto",
      "population { name: 'E' size: 2 exp_psc_lif { } } input { name: 'x' size: 2 spike_stream { path: 'events.pb' } } "
      "projection { source: 'x' target: 'E' one_to_one { } weight: 1 delay: 1 }");
  const Outcome outcome = run(
      "optimise heard.textproto --over 'projection.x->E.weight=1:3000' --evaluations 8 --out found -- simulate --until "
      "2200");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto rows = table("found");
  EXPECT_EQ(rows.back()[3], "1");
  bool is_silent = false;
  for (std::size_t k = 1; k < rows.size(); ++k) is_silent = is_silent || rows[k][2] == "0";
  EXPECT_TRUE(is_silent) << "weak synapses leave all answers equal";
}

TEST_F(Optimise, JsonHoldsTheTrials) {
  const Outcome outcome = run(words("found", 2, "--json"));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1);
  EXPECT_NE(outcome.out.find("chronotope.OptimisationReport 1"), std::string::npos);
  EXPECT_NE(outcome.out.find("population.E.tau_m.gamma.cv"), std::string::npos);
}

TEST_F(Optimise, WhatCanNotBeSearchedIsTold) {
  const auto refused = [&](const std::string& options, const std::string& reason,
                           const std::string& cells = "simulate --until 10") {
    expect_refused("optimise net.textproto " + options + " --out found -- " + cells, reason);
  };
  refused("", "missing --over");
  refused("--over population.E.I_e", "must be PATH=LOW:HIGH");
  refused("--over population.E.I_e=5", "must be PATH=LOW:HIGH");
  refused("--over population.E.I_e=5:5", "LOW < HIGH");
  refused("--over population.E.I_e=5:nan", "finite");
  refused("--over population.E.I_e=5:1e999", "finite");
  refused("--over population.E.I_e=0:5:log", "must be > 0");
  refused("--over population.E.I_e=1:5:lin", "must be PATH=LOW:HIGH");
  refused("--over population.E.I_e=1:5 --over population.E.I_e=2:3", "given once");
  refused("--over 'projection.E->E.allow_autapses=0:1'", "takes no number");
  refused("--over population.E=1:5", "population.E");
  refused("--over population.F.I_e=1:5", "no population named 'F'");
  refused("--over population.E.size=20.1:20.9", "a whole number");
  // Distributions are checked at both ends of a range before anything runs.
  const std::string uniform = "--set 'population.E.V_m={uniform {low: -70 high: -56}}' ";
  refused(uniform + "--over population.E.V_m.uniform.high=-80:-60", "high: -80 is not allowed");
  refused(uniform + "--over population.E.V_m.uniform.low=-80:-50", "high: -56 is not allowed");
  refused("--over population.E.I_e=1:5 --objective rate", "--objective: 'rate' is not allowed");
  refused("--over population.E.I_e=1:5 --objective loss", "needs -- train");
  refused("--over population.E.I_e=1:5 --goal 1e", "--goal");
  refused("--over population.E.I_e=1:5 --evaluations 0", "--evaluations: 0 is not allowed");
  refused("--over population.E.I_e=1:5", "no verb", "study");
  refused("--over population.E.I_e=1:5", "is the sweep's to give", "simulate --until 10 --seed 4");
  expect_refused("optimise net.textproto --over population.E.I_e=1:5 --out found", "missing --");
  expect_refused("optimise - --over population.E.I_e=1:5 --out found -- simulate --until 10",
                 "- is not allowed");
}

TEST_F(Optimise, AnObjectiveThatNoStreamHasIsTold) {
  Outcome outcome =
      run("optimise net.textproto --over population.E.I_e=1:5 --evaluations 1 --objective F.rate_hz --out "
          "found -- simulate --until 10");
  expect_one_line(outcome, 2, "F", "has no population 'F'");
  outcome = run(
      "optimise net.textproto --over population.E.I_e=1:5 --evaluations 1 --out found -- simulate --until 10");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("stimul"), std::string::npos) << outcome.err;
}

TEST_F(Optimise, ACellThatFailsEndsTheSearch) {
  const Outcome outcome = run(words("found", 1, "") + " --no-such-option");
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_NE(outcome.err.find("no-such-option"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace chronotope::apps
