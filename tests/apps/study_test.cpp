// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <sstream>

#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// Six stimuli on four channels and a network of 24 neurons that learns from them.
class StudyTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("t.csv",
         "time_ms,channel,stimulus\n1,0,1\n2,1,1\n1,2,2\n3,3,2\n2,0,3\n2,3,3\n1,1,4\n4,2,4\n1,3,5\n1,0,6\n5,"
         "1,6\n");
    ASSERT_EQ(run("encode t.csv --out s.pb --quiet").code, 0);
    save("n.textproto", R"(population { name: "E" size: 24 exp_psc_lif { } }
      input { name: "in" size: 4 spike_stream { } }
      projection { source: "in" target: "E" fixed_outdegree { outdegree: 6 } weight { constant: 3000 } }
      projection { source: "E" target: "E" pairwise_bernoulli { p: 0.2 } weight { constant: 900 }
        pair_stdp { A_plus { gamma { mean: 0.05 cv: 0.8 } } w_max: 3000 } })");
  }
};

Header header_of(const std::string& path) { return proto::FrameReader(path).header(); }

TEST_F(StudyTest, ComparesBothConditionsOverTheSeeds) {
  const Outcome outcome = run("study n.textproto --spikes s.pb --out results --seeds 2");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out, read_file(path("results/table.txt")));
  EXPECT_EQ(
      outcome.out.rfind("layer   neurons     het vs hom STDP     het, other seed     hom, other seed\n", 0),
      0U)
      << outcome.out;
  std::istringstream csv(read_file(path("results/rtd.csv")));
  std::string line;
  std::getline(csv, line);
  EXPECT_EQ(line, "comparison,a,b,layer,rtd,rtd_ab,rtd_ba,n,cka,shuffled_mean,shuffled_sd,missing");
  int rows = 0;
  while (std::getline(csv, line)) ++rows;
  EXPECT_EQ(rows, 10 * 5);  // six pairs of four trained networks, each of these with its untrained twin
  EXPECT_NE(outcome.out.find("normalised"), std::string::npos);
  EXPECT_EQ(read_file(path("results/tests.csv")).rfind("layer,T,T_low,T_high,p,smallest_p\nL1,", 0), 0U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path("results")), {}), 9);
  for (const char* name : {"het-0", "hom-0", "het-1", "hom-1", "untrained-0", "untrained-1"})
    EXPECT_EQ(header_of(path(std::string("results/") + name + ".pb")).population(0).name(), "E");
}

TEST_F(StudyTest, SaysThatFewSeedsCanNotTellConditionsApart) {
  const Outcome few = run("study n.textproto --spikes s.pb --out few --seeds 3 --permutations 1");
  EXPECT_NE(few.out.find("no layer can count as distinct"), std::string::npos) << few.out;
  EXPECT_NE(few.out.find("takes the 3 pairs of one seed; T, p and the means of a report take all 9 pairs"),
            std::string::npos);
  const Outcome enough = run("study n.textproto --spikes s.pb --out enough --seeds 4 --permutations 1");
  EXPECT_EQ(enough.out.find("no layer can count as distinct"), std::string::npos) << enough.out;
  ASSERT_EQ(run("report few/het-*.pb few/hom-*.pb --out page.html").code, 0);
  EXPECT_NE(read_file(path("page.html")).find("conditions (9)"), std::string::npos);
}

TEST_F(StudyTest, CpuTimeIsThatOfTheNetworkAlone) {
  ASSERT_EQ(
      run("study n.textproto --spikes s.pb --out r --seeds 4 --permutations 0 --threads 8 --quiet").code, 0);
  double cpu = 0, wall = 0;
  for (const auto& file : std::filesystem::directory_iterator(path("r"))) {
    if (file.path().extension() != ".pb") continue;
    proto::FrameReader reader(file.path());
    while (const auto frame = reader.next()) {
      cpu += frame->summary().simulate_cpu_seconds();
      wall += frame->summary().simulate_seconds();
    }
  }
  EXPECT_GT(cpu, 0);
  EXPECT_LT(cpu, 1.02 * wall);  // each runs on one thread
}

TEST_F(StudyTest, ShortTermParametersKeepTheirSpread) {
  save("st.textproto", R"(population { name: "E" size: 24 exp_psc_lif { } }
      input { name: "in" size: 4 spike_stream { } }
      projection { source: "in" target: "E" fixed_outdegree { outdegree: 6 } weight { constant: 3000 }
        short_term { U { uniform { low: 0.1 high: 0.9 } } } }
      projection { source: "E" target: "E" pairwise_bernoulli { p: 0.2 } weight { constant: 900 }
        pair_stdp { A_plus { constant: 0.05 } w_max: 3000 } })");
  ASSERT_EQ(run("study st.textproto --spikes s.pb --seeds 2 --permutations 0 --quiet --out r").code, 0);
  // Nothing that learns has a spread: both are the same network.
  EXPECT_TRUE(shell(kProgram + " inspect --json r/het-0.pb | grep '^{\"spikes'").out ==
              shell(kProgram + " inspect --json r/hom-0.pb | grep '^{\"spikes'").out);
}

TEST_F(StudyTest, TheSameWordsGiveTheSameTable) {
  ASSERT_EQ(run("study n.textproto --spikes s.pb --out one --seeds 2 --threads 1 --quiet").code, 0);
  ASSERT_EQ(run("study n.textproto --spikes s.pb --out two --seeds 2 --threads 3 --quiet").code, 0);
  EXPECT_EQ(read_file(path("one/rtd.csv")), read_file(path("two/rtd.csv")));
}

TEST_F(StudyTest, CtrlCLeavesNoHalfWrittenStream) {
  std::string table = "time_ms,channel\n";
  for (int ms = 0; ms < 200000; ++ms) table += std::to_string(ms) + "," + std::to_string(ms % 4) + "\n";
  save("long.csv", table);
  ASSERT_EQ(run("encode long.csv --out long.pb --quiet").code, 0);
  const Outcome outcome =
      run("study n.textproto --spikes long.pb --out results --seeds 2 & "
          "until ls results/*.part* >/dev/null 2>&1; do sleep 0.01; done; kill -INT $!; wait $!");
  EXPECT_EQ(outcome.code, 130);
  EXPECT_EQ(outcome.err, "");
  EXPECT_TRUE(std::filesystem::is_empty(path("results")));
}

TEST_F(StudyTest, RefusesBadInputInOneLine) {
  save("plain.textproto", "population { name: \"E\" size: 2 delta_lif { } }");
  save("cut.pb", read_file(path("s.pb")).substr(0, 150));
  expect_refused("study n.textproto --out r", "missing spikes");
  expect_refused("study n.textproto --spikes s.pb", "missing out");
  expect_refused("study nowhere.textproto --spikes s.pb --out r", "nowhere.textproto: cannot read");
  expect_refused("study n.textproto --spikes nowhere.pb --out r", "nowhere.pb: cannot read");
  expect_refused("study n.textproto --spikes cut.pb --out r", "the stream was cut");
  expect_refused("study plain.textproto --spikes s.pb --out r", "no input has stimuli");
  expect_refused("study n.textproto --spikes s.pb --out r --seeds 1", "--seeds: 1 is not allowed");
  expect_refused("study n.textproto --spikes s.pb --out n.textproto", "n.textproto: ");
}

}  // namespace
}  // namespace chronotope
