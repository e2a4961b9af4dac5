// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// Neurons of two populations with drawn constants, the second without synapses; drawn wiring, delays,
/// weights and constants of learning.
std::string network(const std::string& seeds, const std::string& A_plus, const std::string& tau_plus) {
  return seeds + R"( population { name: "E" size: 40 exp_psc_lif { I_e { normal { mean: 450 sd: 60 } } } }
    population { name: "alone" size: 20 exp_psc_lif { I_e { normal { mean: 450 sd: 60 } } } }
    projection { source: "E" target: "E" pairwise_bernoulli { p: 0.2 } weight { lognormal { mean: 60 cv: 0.3 } }
      delay { uniform { low: 1 high: 5 } }
      pair_stdp { A_plus )" +
         A_plus + " tau_plus " + tau_plus + " w_max: 200 } }";
}
const std::string kGamma = "{ gamma { mean: 0.05 cv: 0.5 } }";
const std::string kUniform = "{ uniform { low: 10 high: 30 } }";

class NetworkOptionsTest : public ProgramTest {
 protected:
  struct Run {
    std::string begin;  // weights at 0: wiring, delays and initial weights
    std::string end;    // weights at the end
    std::string lone;   // spikes of the neurons that hear nothing
  };

  void SetUp() override {
    ProgramTest::SetUp();
    save("n.textproto", network("seed: 3", kGamma, kUniform));
  }
  Run simulate(const std::string& words) const {
    const Outcome outcome =
        run("simulate " + words + " --until 300 --spikes s.csv --weights e.csv --quiet && " + kProgram +
            " simulate " + words + " --until 1 --weights-at 0 --weights b.csv --quiet");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return {read_file(path("b.csv")), read_file(path("e.csv")), shell("grep alone s.csv").out};
  }
  /// The table without one column, its rows sorted.
  static std::string without_delays(const std::string& table) {
    std::istringstream lines(table);
    std::vector<std::string> rows;
    for (std::string line; std::getline(lines, line);) rows.push_back(line.substr(0, line.rfind(',')));
    std::sort(rows.begin(), rows.end());
    std::string all;
    for (const std::string& row : rows) all += row + "\n";
    return all;
  }
};

TEST_F(NetworkOptionsTest, OnePartIsDrawnAnewAndEverythingElseKeepsItsBits) {
  const Run plain = simulate("n.textproto");
  ASSERT_FALSE(plain.lone.empty());
  const Run learning = simulate("n.textproto --seed-of learning=7");
  EXPECT_EQ(learning.begin, plain.begin);
  EXPECT_NE(learning.end, plain.end);
  EXPECT_EQ(learning.lone, plain.lone);
  const Run neurons = simulate("n.textproto --seed-of neurons=7");
  EXPECT_EQ(neurons.begin, plain.begin);
  EXPECT_NE(neurons.lone, plain.lone);
  const Run delays = simulate("n.textproto --seed-of delays=7");
  EXPECT_NE(delays.begin, plain.begin);
  EXPECT_EQ(without_delays(delays.begin), without_delays(plain.begin));
  EXPECT_EQ(delays.lone, plain.lone);
  const Run wiring = simulate("n.textproto --seed-of wiring=7");
  EXPECT_NE(without_delays(wiring.begin), without_delays(plain.begin));
  EXPECT_EQ(wiring.lone, plain.lone);
  const Run order = simulate("n.textproto --seed-of order=7");
  EXPECT_EQ(order.begin + order.end + order.lone, plain.begin + plain.end + plain.lone);
}

TEST_F(NetworkOptionsTest, SeedsOfTheSpecificationAreThoseOfTheCommandLine) {
  save("own.textproto", network("seed: 3 seeds { learning: 7 delays: 3 }", kGamma, kUniform));
  const Run written = simulate("own.textproto");
  const Run given = simulate("n.textproto --seed-of learning=7");
  EXPECT_EQ(written.begin + written.end + written.lone, given.begin + given.end + given.lone);
  save("same.textproto", network("seeds { wiring: 3 neurons: 3 learning: 3 order: 3 }", kGamma, kUniform));
  const Run same = simulate("same.textproto");
  const Run plain = simulate("n.textproto");
  EXPECT_EQ(same.begin + same.end + same.lone, plain.begin + plain.end + plain.lone);
}

TEST_F(NetworkOptionsTest, CvIsAsIfItWereWritten) {
  const std::string around_20 =
      "{ uniform { low: 16.535898384862247 high: 23.464101615137753 } }";  // +- 2 sqrt 3
  save("tenth.textproto", network("seed: 3", "{ gamma { mean: 0.05 cv: 0.1 } }", around_20));
  EXPECT_EQ(simulate("n.textproto --cv 0.1").begin, simulate("n.textproto").begin);
  EXPECT_EQ(simulate("n.textproto --cv 0.1").end, simulate("tenth.textproto").end);
  save("hom.textproto", network("seed: 3", ": 0.05", ": 20"));
  EXPECT_EQ(simulate("n.textproto --cv 0").end, simulate("hom.textproto").end);
  EXPECT_NE(simulate("n.textproto --cv 0.1").end, simulate("n.textproto").end);
}

TEST_F(NetworkOptionsTest, RefusesWhatIsNoSeedAndNoCv) {
  for (const char* word : {"learning", "learning=", "learning=-1", "learning=1x", "weights=1", "=1"})
    expect_refused(std::string("simulate n.textproto --seed-of ") + word, "must be PART=SEED");
  expect_refused("simulate n.textproto --cv -0.1", "--cv: -0.1 is not allowed");
  save("zero.textproto", network("seed: 3", "{ normal { mean: 0 sd: 1 } }", ": 20"));
  expect_refused("simulate zero.textproto --cv 0.2", "around a mean of 0");
}

}  // namespace
}  // namespace chronotope
