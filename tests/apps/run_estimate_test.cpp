// SPDX-License-Identifier: Apache-2.0
// What --estimate tells of a run, what --over-memory lets pass, and what --progress shows.
#include <cstdlib>
#include <string>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope::apps {
namespace {

constexpr const char* kNetwork = R"(
population { name: 'E' size: 50 exp_psc_lif { I_e: 300 V_m { uniform { low: -70 high: -55 } } } }
input { name: 'x' size: 50 poisson { rate: 50 } }
projection { source: 'E' target: 'E' fixed_indegree { indegree: 10 } weight: 20 delay: 1.5 pair_stdp { w_max: 60 } }
projection { source: 'x' target: 'E' one_to_one {} weight: 300 delay: 1 }
)";

class RunEstimate : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("net.textproto", kNetwork);
  }
  /// A number of a line of JSON.
  static double number(const Outcome& outcome, const std::string& key) {
    const auto at = outcome.out.find("\"" + key + "\":");
    EXPECT_NE(at, std::string::npos) << key << " in " << outcome.out << outcome.err;
    return at == std::string::npos ? 0 : std::atof(outcome.out.c_str() + at + key.size() + 3);
  }
};

TEST_F(RunEstimate, OfAShortRunIsTheRun) {
  const Outcome estimate = run("simulate net.textproto --until 100 --estimate --json");
  const Outcome whole = run("simulate net.textproto --until 100 --json --quiet");
  EXPECT_EQ(number(estimate, "synapses"), 550);
  for (const char* key : {"spikes", "synaptic_events"})
    EXPECT_EQ(number(estimate, key), number(whole, key)) << key;
}

/// The network is as busy in its last minute as in its first one, so the counts are known within what chance
/// does.
TEST_F(RunEstimate, OfALongRunIsWithinAFactorOfTwo) {
  const Outcome estimate = run("simulate net.textproto --until 600000 --estimate --json");
  const Outcome whole = run("simulate net.textproto --until 600000 --json --quiet");
  for (const std::string key : {"spikes", "synaptic_events", "peak_rss_mb"}) {
    EXPECT_LT(number(estimate, key), 2 * number(whole, key)) << key;
    EXPECT_GT(number(estimate, key), number(whole, key) / 2) << key;
  }
}

TEST_F(RunEstimate, WritesNothing) {
  const std::size_t before = files();
  EXPECT_EQ(run("simulate net.textproto --until 100 --out r.pb --spikes r.csv --estimate").code, 0);
  EXPECT_EQ(files(), before);
}

TEST_F(RunEstimate, OfWhatDoesNotFitIsWhatItTakesAtLeast) {
  save(
      "large.textproto",
      "population { name: 'E' size: 20000 exp_psc_lif { } } projection { source: 'E' target: 'E' weight: 1 delay: 1 "
      "fixed_indegree { indegree: 5000 } }");  // 1e8 synapses
  const std::string limit = "ulimit -v 300000; " + kProgram + " simulate large.textproto --until 1 ";
  const Outcome estimate = shell(limit + "--estimate --json");
  EXPECT_EQ(estimate.code, 0) << estimate.err;
  EXPECT_EQ(number(estimate, "synapses"), 1e8);
  EXPECT_GT(number(estimate, "peak_rss_mb"), number(estimate, "machine_mb"));
  EXPECT_EQ(estimate.out.find("spikes"), std::string::npos) << estimate.out;
  EXPECT_NE(shell(limit + "--estimate").out.find("it would be refused (--over-memory)"), std::string::npos);
  expect_one_line(shell(limit + "--quiet"), 2, "large", " GB");
  // Told to, it begins, and ends where the memory does.
  expect_one_line(shell(limit + "--quiet --over-memory"), 1, "large", "memory");
}

TEST_F(RunEstimate, ProgressIsLinesWhereThereIsNoTerminal) {
  const Outcome shown = run("simulate net.textproto --until 2000 --progress --json");
  EXPECT_EQ(shown.err.rfind("simulate ", 0), 0U) << shown.err;
  for (const char* part : {" %", " ms", "events/s"})
    EXPECT_NE(shown.err.find(part), std::string::npos) << shown.err;
  EXPECT_EQ(shown.err.find('\r'), std::string::npos);
  EXPECT_EQ(run("simulate net.textproto --until 2000 --json").err, "");
  EXPECT_EQ(run("simulate net.textproto --until 2000 --progress --quiet --json").err, "");
}

}  // namespace
}  // namespace chronotope::apps
