// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

class Drive : public ProgramTest {
 protected:
  /// A network whose input is `source`, with 4 channels.
  std::string network(const std::string& source) const {
    return "population { name: 'E' size: 1 delta_lif { } } input { name: 'in' size: 4 " + source +
           " } projection { source: 'in' target: 'E' all_to_all { } weight: 1 }";
  }
  Outcome simulate(const std::string& source, const std::string& words = "") const {
    save("n.textproto", network(source));
    return run("simulate n.textproto --until 1000 --spikes s.csv --record-inputs --quiet " + words);
  }
  /// How many spikes of the input lie in [low, high) ms.
  int count(int low, int high, int channel = -1) const {
    return std::stoi(shell("awk -F, '$2 == \"in\" && $1 >= " + std::to_string(low) + " && $1 < " +
                           std::to_string(high) +
                           (channel < 0 ? "" : " && $3 == " + std::to_string(channel)) +
                           " { n++ } END { print n + 0 }' s.csv")
                         .out);
  }
  void expect_bad(const std::string& source, const std::string& reason) const {
    save("n.textproto", network(source));
    expect_refused("simulate n.textproto --until 1", reason);
  }
};

TEST_F(Drive, RatesChangeWhenTheSpecificationSays) {
  ASSERT_EQ(
      simulate("inhomogeneous_poisson { rate_times: [100, 300, 600] rate_values: [500, 0, 100] stop: 900 }")
          .code,
      0);
  EXPECT_EQ(count(0, 100), 0);
  EXPECT_NEAR(count(100, 300), 400, 100);
  EXPECT_EQ(count(300, 600), 0);
  EXPECT_NEAR(count(600, 900), 120, 55);
  EXPECT_EQ(count(900, 1000), 0);
  const std::string listed = read_file(path("s.csv"));
  save("rates.csv", "time_ms,rate_hz\n100,500\n300,0\n600,100\n");
  ASSERT_EQ(simulate("inhomogeneous_poisson { path: 'rates.csv' stop: 900 }").code, 0);
  EXPECT_EQ(read_file(path("s.csv")), listed);
  save("rates.csv", "channel,time_ms,rate_hz\n2,0,200\n0,500,200\n");
  ASSERT_EQ(simulate("inhomogeneous_poisson { path: 'rates.csv' }").code, 0);
  EXPECT_EQ(count(0, 1000, 1) + count(0, 1000, 3) + count(0, 500, 0), 0);
  EXPECT_NEAR(count(0, 1000, 2), 200, 70);
  EXPECT_NEAR(count(500, 1000, 0), 100, 50);
}

TEST_F(Drive, RefusesRatesThatAreNone) {
  expect_bad("inhomogeneous_poisson { }", "rate_times: nothing is not allowed (must be given [ms]");
  expect_bad("inhomogeneous_poisson { rate_times: [0, 1] rate_values: 3 }",
             "rate_values: 1 is not allowed (as many as rate_times, 2)");
  expect_bad("inhomogeneous_poisson { rate_times: [1, 1] rate_values: [3, 4] }",
             "rate_times: 1 is not allowed (must be later");
  expect_bad("inhomogeneous_poisson { rate_times: 0 rate_values: nan }", "rate_values: nan is not allowed");
  expect_bad("inhomogeneous_poisson { rate_times: 0 rate_values: 1e10 }", "must be from 0 to 1e9 Hz");
  expect_bad("inhomogeneous_poisson { rate_times: 0 rate_values: 1 path: 'x.csv' }",
             "rate_times is not allowed (cannot stand beside path)");
  expect_bad("inhomogeneous_poisson { path: 'none.csv' }", "cannot read: No such file or directory");
  for (const auto& [rows, reason] :
       {std::pair("time_ms,rate_hz\n1,2\n1,3\n",
                  "r.csv:3: column 1: '1' is not later than the time before it"),
        {"time_ms,rate_hz\n1,-2\n", "is not a rate from 0 to 1e9 Hz"},
        {"time_ms,rate_hz\n-1,2\n", "r.csv:2:"},
        {"time_ms,channel,rate_hz\n1,4,2\n", "channel 4 is not allowed (must be below the input's size, 4)"},
        {"a,b\n1,2\n", "time_ms"},
        {"", "r.csv"}}) {
    save("r.csv", rows);
    expect_bad("inhomogeneous_poisson { path: 'r.csv' }", reason);
  }
  save("r.csv", "time_ms,rate_hz\n");
  EXPECT_EQ(simulate("inhomogeneous_poisson { path: 'r.csv' }").code, 0);
  EXPECT_EQ(count(0, 1000), 0);
}

TEST_F(Drive, ChannelsCopyAMother) {
  ASSERT_EQ(simulate("correlated_poisson { rate: 200 p_copy: 1 }").code, 0);
  const std::string all =
      shell("grep ,in, s.csv | cut -d, -f1 | sort | uniq -c | awk '{ print $1 }' | sort -u").out;
  EXPECT_EQ(all, "4\n");
  EXPECT_NEAR(count(0, 1000, 0), 200, 70);
  ASSERT_EQ(
      simulate("correlated_poisson { rate: 400 p_copy: 0.5 jitter { normal { mean: 0 sd: 1 } min: -5 } }")
          .code,
      0);
  EXPECT_NEAR(count(0, 1000), 800, 150);
  EXPECT_EQ(shell("grep ,in, s.csv | cut -d, -f1 | uniq -d | wc -l").out, "0\n");
  const std::string one = read_file(path("s.csv"));
  ASSERT_EQ(
      simulate("correlated_poisson { rate: 400 p_copy: 0.5 jitter { normal { mean: 0 sd: 1 } min: -5 } }",
               "--threads 2")
          .code,
      0);
  EXPECT_EQ(read_file(path("s.csv")), one);
  expect_bad("correlated_poisson { p_copy: 0.5 }", "rate: nothing is not allowed");
  expect_bad("correlated_poisson { rate: 5 }", "p_copy: nothing is not allowed");
  expect_bad("correlated_poisson { rate: 5 p_copy: 1.5 }",
             "p_copy: 1.5 is not allowed (must be 0, or from 1e-6 to 1)");
  expect_bad("correlated_poisson { rate: 5 p_copy: 0.5 jitter { normal { mean: 0 sd: 1 } } }",
             "jitter: no smallest value is not allowed (must have one: give min)");
  expect_bad("correlated_poisson { rate: 5 p_copy: 0.5 jitter: [1, 2, 3, 4] }",
             "jitter: values is not allowed");
}

/// A run that is stopped and goes on has the spikes of one that was not.
TEST_F(Drive, GoesOnFromAState) {
  for (const std::string source :
       {"inhomogeneous_poisson { rate_times: [0, 300] rate_values: [300, 50] }",
        "correlated_poisson { rate: 400 p_copy: 0.5 jitter { uniform { low: -3 high: 9 } } }"}) {
    ASSERT_EQ(simulate(source).code, 0);
    const std::string whole = read_file(path("s.csv"));
    ASSERT_EQ(
        run("simulate n.textproto --until 333.3 --out r.pb --spikes s.csv --record-inputs --quiet").code, 0);
    ASSERT_EQ(run("simulate --resume r.pb --until 1000 --quiet").code, 0);
    EXPECT_EQ(read_file(path("s.csv")), whole) << source;
  }
}

TEST_F(Drive, ASpecificationComesThroughAPipe) {
  save("n.textproto", network("poisson { rate: 50 }"));
  ASSERT_EQ(run("simulate n.textproto --until 100 --spikes s.csv --record-inputs --quiet").code, 0);
  EXPECT_EQ(shell("cat n.textproto | '" CHRONOTOPE_PROGRAM
                  "' simulate - --until 100 --spikes - --record-inputs --quiet")
                .out,
            read_file(path("s.csv")));
  expect_refused("simulate - --until 1 </dev/null", "standard input");
  save("bad.textproto", "population { nme: 'E' }");
  expect_refused("simulate - --until 1 <bad.textproto", "standard input:1:");
}

}  // namespace
}  // namespace chronotope
