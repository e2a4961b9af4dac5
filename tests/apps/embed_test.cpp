// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// A ring of eight neurons whose weights and constants are listed, from any neuron on.
std::string ring(int first, const std::string& weight) {
  std::string synapses, constants;
  for (int k = 0; k < 8; ++k) {
    const int source = (k + first) % 8, target = (k + 1 + first) % 8;
    synapses += " synapses { source: " + std::to_string(source) + " target: " + std::to_string(target) +
                " weight: " + (k == 3 ? weight : std::to_string(10 + k)) +
                " delay: " + std::to_string(1 + k % 3) + " }";
    constants += " value: " + std::to_string(10 + (k - first + 8) % 8);
  }
  return "population { name: 'n' size: 8 exp_psc_lif { tau_m { values {" + constants +
         "} } } } projection { source: 'n' target: 'n'" + synapses + " }";
}

class EmbedTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    network("a-1", ring(0, "50"));
    network("a-2", ring(3, "50"));
    network("b-1", ring(0, "51"));
    network("b-2", ring(5, "51"));
  }
  void network(const std::string& name, const std::string& spec) const {
    save(name + ".textproto", spec);
    ASSERT_EQ(run("simulate " + name + ".textproto --until 1 --out " + name + ".pb --quiet").code, 0);
  }
};

TEST_F(EmbedTest, IsTheSameFromAnyNeuronOn) {
  const Outcome outcome = run("embed a-1.pb a-2.pb b-1.pb --csv e.csv --distances d.csv");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  std::istringstream lines(read_file(path("e.csv")));
  std::string head, a, again, b;
  std::getline(lines, head);
  std::getline(lines, a);
  std::getline(lines, again);
  std::getline(lines, b);
  EXPECT_EQ(head.substr(0, 12), "stream,x0,x1");
  EXPECT_EQ(std::count(head.begin(), head.end(), ','), 128);
  EXPECT_EQ(a.substr(a.find(',')), again.substr(again.find(',')));
  EXPECT_NE(a.substr(a.find(',')), b.substr(b.find(',')));
  EXPECT_EQ(read_file(path("d.csv")).substr(0, 6), "0,0,0.");
}

TEST_F(EmbedTest, TellsKindsOfNewGroups) {
  const Outcome outcome = run("embed a-1.pb b-1.pb a-2.pb b-2.pb --classify --json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("\"kinds\": [\"a\", \"b\"], \"scored\": 4, \"correct\": 4"), std::string::npos)
      << outcome.out;
  EXPECT_NE(run("embed a-1.pb b-1.pb a-2.pb b-2.pb --classify").out.find("tells 4 of 4"), std::string::npos);
}

TEST_F(EmbedTest, NamesOfStreamsAreTextsOfJson) {
  ASSERT_EQ(shell("cp a-1.pb 'a\"b\\c.pb'").code, 0);
  const Outcome outcome = run("embed 'a\"b\\c.pb' --json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find(R"("stream": "a\"b\\c.pb", )"), std::string::npos) << outcome.out.substr(0, 200);
  save("all.json", outcome.out);
  EXPECT_EQ(shell("python3 -m json.tool all.json > /dev/null").code, 0);
}

TEST_F(EmbedTest, RefusesInOneLine) {
  expect_refused("embed", "missing STREAM");
  expect_refused("embed a-1.textproto", "a-1.textproto");
  expect_refused("embed a-1.pb b-1.pb --classify", "all streams are of group '1'");
  expect_refused("embed a-1.pb a-2.pb --classify", "1 classes");
  ASSERT_EQ(shell("cp a-1.pb one.pb").code, 0);
  expect_refused("embed a-1.pb one.pb --classify", "is not named KIND-GROUP.pb");
  expect_refused("embed a-1.pb --csv a-1.pb", "--csv");
  expect_refused("embed a-1.pb --csv - --distances -", "only one of");
  save("t.csv", "time_ms,channel\n1,0\n");
  ASSERT_EQ(run("encode t.csv --out t.pb --quiet").code, 0);
  expect_refused("embed t.pb", "has no network");
  ASSERT_EQ(shell("head -c 300 a-1.pb > cut.pb").code, 0);
  expect_refused("embed cut.pb", "cut.pb");
}

/// Layers over time: a row for each snapshot, layer, weighting and strength.
TEST_F(EmbedTest, LayersTellStrengthsOverTime) {
  save("p.textproto", R"(seed: 1
    population { name: "E" size: 30 exp_psc_lif { I_e: 380 } }
    input { name: "x" size: 5 poisson { rate: 20 } }
    projection { source: "x" target: "E" pairwise_bernoulli { p: 0.3 } weight: 50 }
    projection { source: "E" target: "E" pairwise_bernoulli { p: 0.2 } weight: 20 pair_stdp { w_max: 60 } })");
  ASSERT_EQ(run("simulate p.textproto --until 300 --snapshot-every 100 --out p.pb --quiet").code, 0);
  ASSERT_EQ(run("layers p.pb --over-time s.csv").code, 0);
  std::istringstream lines(read_file(path("s.csv")));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "time_ms,layer,neurons,weighting,strength,mean,fluctuation");
  int rows = 0, snapshots = 0, neurons = 0;
  std::string in, absolute;
  while (std::getline(lines, line)) {
    ++rows;
    if (line.find(",L1,") != std::string::npos && line.find(",signed,in,") != std::string::npos) ++snapshots;
    if (line.starts_with("300.0,L") && line.find(",signed,in,") != std::string::npos)
      neurons += std::stoi(line.substr(9));
    if (line.starts_with("300.0,L3,") && line.find(",signed,sum,") != std::string::npos)
      in = line.substr(line.find(",sum,"));
    if (line.starts_with("300.0,L3,") && line.find(",absolute,sum,") != std::string::npos)
      absolute = line.substr(line.find(",sum,"));
  }
  EXPECT_GE(snapshots, 3);
  EXPECT_EQ(rows, snapshots * 5 * 4 * 4);
  EXPECT_EQ(neurons, 30);
  EXPECT_EQ(in, absolute);  // no weight is negative
  expect_refused("layers - --over-time s2.csv < p.pb", "needs a file");
}

}  // namespace
}  // namespace chronotope
