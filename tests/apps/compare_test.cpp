// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// A small network whose spikes are driven by inputs, with plastic synapses.
const std::string kNetwork = R"(
  population { name: "n" size: 20 exp_psc_lif { I_e { constant: 160 } V_m { uniform { low: -70 high: -55 } } } }
  input { name: "x" size: 20 poisson { rate { constant: 20 } } }
  projection { source: "x" target: "n" one_to_one { } weight { constant: 300 } delay { constant: 1 } }
  projection { source: "n" target: "n" pairwise_bernoulli { p: 0.1 } weight { constant: 10 } delay { constant: 1.5 }
    pair_stdp { w_max: 30 } }
)";

class Compare : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("net.textproto", kNetwork);
  }

  /// The number behind the first `"name":` after `from` in a report.
  static double number(const std::string& json, const std::string& name, std::size_t from = 0) {
    const std::size_t at = json.find("\"" + name + "\":", from);
    EXPECT_NE(at, std::string::npos) << name << " in " << json;
    return at == std::string::npos ? 0 : std::stod(json.substr(at + name.size() + 3));
  }
};

TEST_F(Compare, FitsAHundredColumnsAndLayersPrintsNoExponents) {
  std::istringstream lines(run("compare net.textproto --dt 0.5,0.1 --until 200").out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
  ASSERT_EQ(run("simulate net.textproto --until 200 --out r.pb --quiet").code, 0);
  std::istringstream layers(run("layers r.pb").out);
  for (std::string line; std::getline(layers, line);) {
    EXPECT_LE(line.size(), 114U) << line;
    EXPECT_EQ(line.find("e+"), std::string::npos) << line;
  }
}

TEST_F(Compare, ErrorsShrinkWithTheStepAndTheReportSaysHowFast) {
  const Outcome r = run("compare net.textproto --dt 0.5,0.1,0.02 --until 500 --open-loop --json");
  ASSERT_EQ(r.code, 0) << r.err;
  const std::size_t second = r.out.find("\"dt_ms\":0.1"), third = r.out.find("\"dt_ms\":0.02");
  ASSERT_NE(second, std::string::npos);
  ASSERT_NE(third, std::string::npos);
  EXPECT_GT(number(r.out, "error_median_ms"), 2 * number(r.out, "error_median_ms", second));
  EXPECT_GT(number(r.out, "error_median_ms", second), 2 * number(r.out, "error_median_ms", third));
  EXPECT_GT(number(r.out, "rms"), number(r.out, "rms", third));
  EXPECT_NEAR(number(r.out, "order"), 1, 0.25);
  EXPECT_NE(r.out.find("\"reference\":\"exact\""), std::string::npos);
}

TEST_F(Compare, RecommendsTheLargestStepThatKeepsTheTolerance) {
  const std::string words =
      "compare net.textproto --dt 0.02,1,0.1 --until 500 --open-loop --json --tolerance ";
  const Outcome loose = run(words + "0.21");
  EXPECT_EQ(number(loose.out, "recommended_dt_ms"), 0.1);
  const Outcome again = run("compare net.textproto --dt 0.1 --until 500 --open-loop --json --tolerance 0.21");
  EXPECT_LE(number(again.out, "error_95_ms"), 0.21);
  const Outcome strict = run(words + "0.001");
  EXPECT_EQ(strict.out.find("recommended_dt_ms"), std::string::npos);
}

TEST_F(Compare, ChaosIsToldApartFromTheClock) {
  const Outcome r = run("compare net.textproto --dt 0.1 --until 300 --json");
  const std::size_t chaos = r.out.find("\"chaos\"");
  ASSERT_NE(chaos, std::string::npos);
  EXPECT_EQ(number(r.out, "perturbation_ms", chaos), 1e-10);
  EXPECT_LE(number(r.out, "error_max_ms", chaos), 1.001e-10);
  EXPECT_EQ(run("compare net.textproto --dt 0.1 --until 300 --perturbation 0 --json").out.find("\"chaos\""),
            std::string::npos);
}

TEST_F(Compare, SpikesBeforeTheFirstDifferenceAreThoseOfSimulateOnTheSameClock) {
  const Outcome r = run("compare net.textproto --dt 0.1 --until 300 --json");
  const Outcome clock = run("simulate net.textproto --until 300 --clock 0.1 --json");
  EXPECT_EQ(number(r.out, "spikes"), number(clock.out, "spikes"));
}

/// A neuron that fires once, at 9.5 ms.
const std::string kOneSpike = R"(
  population { name: "n" size: 1 delta_lif { } }
  input { name: "x" size: 1 spike_times { neuron: 0 times: [8.5] } }
  projection { source: "x" target: "n" all_to_all { } weight { constant: 20 } delay { constant: 1 } }
)";

TEST_F(Compare, ASpikeThatTheClockMovesToTheEndOrPastItIsNotMissed) {
  save("one.textproto", kOneSpike);
  for (const char* words : {"--until 10 --dt 1", "--until 9.6 --dt 1", "--until 9.50001 --dt 0.4"}) {
    const Outcome r = run(std::string("compare one.textproto --json ") + words);
    EXPECT_EQ(number(r.out, "spikes"), 1) << words;
    EXPECT_EQ(number(r.out, "missed"), 0) << words;
    EXPECT_EQ(number(r.out, "extra"), 0) << words;
    EXPECT_EQ(number(r.out, "rate_error_hz"), 0) << words;
    EXPECT_GT(number(r.out, "error_max_ms"), 0) << words;
  }
}

TEST_F(Compare, ASpikeThatTheClockMovesBeforeTheEndIsNotExtra) {
  save("one.textproto", kOneSpike);
  const Outcome r = run("compare one.textproto --json --until 9.5 --dt 1 --grid brian2");
  EXPECT_EQ(number(r.out, "reference_spikes"), 0);
  EXPECT_EQ(number(r.out, "spikes"), 0);
  EXPECT_EQ(number(r.out, "missed"), 0);
  EXPECT_EQ(number(r.out, "extra"), 0);
}

TEST_F(Compare, WithoutNeuronsOrSpikesNothingIsMeasuredAndNothingRecommended) {
  save("none.textproto", R"(population { name: "n" size: 0 delta_lif { } })");
  const Outcome none = run("compare none.textproto --until 10 --dt 0.1 --json");
  EXPECT_EQ(none.code, 0) << none.err;
  EXPECT_EQ(none.out.find("NaN"), std::string::npos) << none.out;
  EXPECT_EQ(none.out.find("van_rossum"), std::string::npos) << none.out;
  EXPECT_EQ(run("compare none.textproto --until 10 --dt 0.1").out.find("nan"), std::string::npos);
  save("silent.textproto", R"(population { name: "n" size: 3 delta_lif { } })");
  const Outcome silent = run("compare silent.textproto --until 10 --dt 0.1 --json");
  EXPECT_EQ(number(silent.out, "van_rossum"), 0);
  EXPECT_EQ(number(silent.out, "rate_error_hz"), 0);
  EXPECT_EQ(silent.out.find("recommended_dt_ms"), std::string::npos) << silent.out;
  EXPECT_NE(run("compare silent.textproto --until 10 --dt 0.1")
                .out.find("the reference has no spikes before --until"),
            std::string::npos);
}

TEST_F(Compare, WhatHasNoPartnerWithinTheWindowIsMissedBeforeTheEndOnly) {
  save("one.textproto", kOneSpike);
  const Outcome missed = run("compare one.textproto --json --until 10 --dt 1 --window 0.25");
  EXPECT_EQ(number(missed.out, "missed"), 1);
  EXPECT_EQ(number(missed.out, "extra"), 0);  // its spike at 10 is not in [0, 10)
  const Outcome both = run("compare one.textproto --json --until 11 --dt 1 --window 0.25");
  EXPECT_EQ(number(both.out, "missed"), 1);
  EXPECT_EQ(number(both.out, "extra"), 1);
}

TEST_F(Compare, TableAndFileSayTheSame) {
  const Outcome r = run("compare net.textproto --dt 0.2 --until 300 --out report.json");
  ASSERT_EQ(r.code, 0) << r.err;
  EXPECT_NE(r.out.find("recommended dt:"), std::string::npos);
  EXPECT_EQ(number(read_file(path("report.json")), "dt_ms"), 0.2);
}

TEST_F(Compare, AReportThatCanNotBeWrittenIsPrinted) {
  const Outcome r = run("compare net.textproto --dt 0.2 --until 50 --out /dev/full");
  EXPECT_EQ(r.code, 1);
  EXPECT_NE(r.out.find("recommended dt:"), std::string::npos) << r.out;
  EXPECT_NE(r.err.find("No space left on device"), std::string::npos) << r.err;
}

TEST_F(Compare, RefusesWhatItCanNotRun) {
  expect_refused("compare net.textproto --until 100", "--dt");
  expect_refused("compare net.textproto --dt 0.1,x --until 100", "--dt: 'x' is not allowed");
  expect_refused("compare net.textproto --dt 0 --until 100", "must be from 1e-6 to 100 ms");
  expect_refused("compare net.textproto --dt 0.1 --until -1", "--until: -1 is not allowed");
  expect_refused("compare net.textproto --dt 0.1 --until 10 --interpolate quartic",
                 "one of none, linear, cubic");
  expect_refused("compare net.textproto --dt 0.1 --until 10 --bins 1", "from 4 to 2000");
  expect_refused("compare net.textproto --dt 0.1 --until 10 --json --out -",
                 "only one of --out - and --json ");
  expect_refused("compare none.textproto --dt 0.1 --until 10 --out r.json", "none.textproto");
}

/// Euler's rule grows without bound at a step of 1 ms, ten times tau_syn.
TEST_F(Compare, WhatWasComparedBeforeABreakdownIsReported) {
  save("n.textproto", R"(population { name: "wild" size: 1 exp_psc_lif { tau_syn_ex: 0.1 V_th: 1e9 } }
    input { name: "once" size: 1 spike_times { neuron: 0 times: [1] } }
    projection { source: "once" target: "wild" all_to_all { } weight: 1 delay: 1 })");
  const Outcome outcome =
      run("compare n.textproto --dt 0.05,1,0.01 --until 1000 --integrator euler --out r.json --quiet");
  expect_one_line(outcome, 2, "a breakdown", "compare: dt 1: population wild: neuron 0, 512.0 ms: V is");
  const std::string report = read_file(path("r.json"));
  EXPECT_NE(report.find("\"dt_ms\": 0.05"), std::string::npos) << report;
  EXPECT_EQ(report.find("\"dt_ms\": 0.01"), std::string::npos) << report;
  EXPECT_EQ(report.find("recommended"), std::string::npos) << report;
  EXPECT_NE(report.find("\"interrupted\": true"), std::string::npos) << report;
}

TEST_F(Compare, ModelsOfOnlyOneEngineAreToldSo) {
  save("adex.textproto", "population { name: 'n' size: 1 adex { I_e { constant: 900 } } }");
  save("escape.textproto", "population { name: 'n' size: 1 escape_noise_lif { } }");
  expect_refused("simulate adex.textproto --until 10", "adex is not allowed (has no exact event form");
  expect_refused("compare escape.textproto --dt 1 --until 10",
                 "escape_noise_lif is not allowed (does not run on a clock");
  const Outcome r = run("compare adex.textproto --dt 0.1 --until 100 --json");
  EXPECT_EQ(r.code, 0) << r.err;
  EXPECT_NE(r.out.find("\"reference\":\"approximate: a model has no exact event form"), std::string::npos);
  EXPECT_EQ(r.out.find("\"chaos\""), std::string::npos);
  EXPECT_NE(run("simulate adex.textproto --until 10 --clock 0.1 --json")
                .out.find("\"clock\":\"approximate, dt 0.1 ms"),
            std::string::npos);
}

TEST_F(Compare, SimulateOnAClockWritesSpikesAndWeights) {
  const Outcome r =
      run("simulate net.textproto --until 100 --clock 0.1 --spikes spikes.csv --weights weights.csv");
  ASSERT_EQ(r.code, 0) << r.err;
  EXPECT_NE(r.err.find("approximate, dt 0.1 ms: exact propagators (Runge-Kutta 4 where"), std::string::npos);
  const std::string spikes = read_file(path("spikes.csv"));
  const std::string first = spikes.substr(spikes.find('\n') + 1);
  EXPECT_EQ(first.find(",n,"), first.find('.') + 2);  // on the grid: one decimal
  EXPECT_NE(read_file(path("weights.csv")).find("\nn,"), std::string::npos);
  expect_refused("simulate net.textproto --clock 0.1 --out run.pb", "cannot stand beside --clock");
  expect_refused("simulate net.textproto --clock 0.1 --threads 2", "must be 1 with --clock");
}

}  // namespace
}  // namespace chronotope
