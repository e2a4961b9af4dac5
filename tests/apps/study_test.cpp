// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <tuple>
#include <vector>

#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// A network of 24 neurons on four channels, with a rule whose constants are drawn.
std::string network(const std::string& A_plus, const std::string& tau_m = ": 20") {
  return "population { name: \"E\" size: 24 exp_psc_lif { tau_m " + tau_m + R"( } }
      input { name: "in" size: 4 spike_stream { } }
      projection { source: "in" target: "E" fixed_outdegree { outdegree: 6 } weight { constant: 3000 } }
      projection { source: "E" target: "E" pairwise_bernoulli { p: 0.2 } weight { lognormal { mean: 900 cv: 0.2 } }
        delay { uniform { low: 1 high: 3 } } pair_stdp { A_plus )" +
         A_plus + R"( w_max: 3000 } })";
}

Header header_of(const std::string& path) { return proto::FrameReader(path).header(); }

/// Marks of the stimuli of one phase, in their order: ids.
std::vector<std::uint32_t> shown(const std::string& path, Phase phase) {
  proto::FrameReader reader(path);
  std::vector<std::uint32_t> ids;
  while (const auto frame = reader.next())
    if (frame->has_stimulus() && frame->stimulus().phase() == phase) ids.push_back(frame->stimulus().id());
  return ids;
}

/// The weights of a projection at the last snapshot.
std::vector<double> weights(const std::string& path, std::uint32_t projection) {
  proto::FrameReader reader(path);
  std::vector<double> last;
  while (const auto frame = reader.next()) {
    if (frame->has_snapshot()) last.clear();
    if (frame->has_weights() && frame->weights().projection() == projection)
      last.insert(last.end(), frame->weights().weight().begin(), frame->weights().weight().end());
  }
  return last;
}

/// Labels of the stimuli of one phase.
std::vector<std::string> labels(const std::string& path, Phase phase) {
  proto::FrameReader reader(path);
  std::vector<std::string> found;
  while (const auto frame = reader.next())
    if (frame->has_stimulus() && frame->stimulus().phase() == phase)
      found.push_back(frame->stimulus().label());
  return found;
}

/// The weights of a projection at the first snapshot.
std::vector<double> first_weights(const std::string& path, std::uint32_t projection) {
  proto::FrameReader reader(path);
  std::vector<double> first;
  for (int snapshots = 0; const auto frame = reader.next();) {
    if (frame->has_snapshot() && ++snapshots == 2) break;
    if (frame->has_weights() && frame->weights().projection() == projection)
      first.insert(first.end(), frame->weights().weight().begin(), frame->weights().weight().end());
  }
  return first;
}

using Row = std::map<std::string, std::string>;

/// A table with a header; fields that are quoted are kept together.
std::vector<Row> rows_of(const std::string& path) {
  std::istringstream lines(read_file(path));
  const auto fields = [](const std::string& line) {
    std::vector<std::string> found(1);
    bool quoted = false;
    for (const char c : line)
      if (c == '"')
        quoted = !quoted;
      else if (c == ',' && !quoted)
        found.emplace_back();
      else
        found.back() += c;
    return found;
  };
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> names = fields(line);
  std::vector<Row> rows;
  while (std::getline(lines, line)) {
    const std::vector<std::string> values = fields(line);
    rows.emplace_back();
    for (std::size_t c = 0; c < names.size(); ++c) rows.back()[names[c]] = values.at(c);
  }
  return rows;
}

/// Twelve stimuli on four channels.
class StudyTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    std::string table = "time_ms,channel,stimulus\n";
    for (int s = 1; s <= 12; ++s)
      for (int k = 0; k < 4; ++k)
        table += std::to_string(1 + (s * 5 + k * (s + 1)) % 17) + "," +
                 std::to_string((s + k * (s % 3)) % 4) + "," + std::to_string(s) + "\n";
    save("t.csv", table);
    ASSERT_EQ(run("encode t.csv --duration 20 --gap 30 --out s.pb --quiet").code, 0);
    save("n.textproto", network("{ gamma { mean: 0.05 cv: 0.8 } }"));
  }

  /// The spikes of a stream of a study, as text.
  std::string spikes(const std::string& stream) const {
    return shell(kProgram + " inspect --json " + stream + " | grep '^{\"spikes'").out;
  }
  void study(const std::string& words) const { measure(words + " --memory 0 --read-outs none"); }
  /// With read-outs and memory as the words ask for them.
  void measure(const std::string& words, const std::string& spikes = "s.pb") const {
    const Outcome outcome = run("study " + words + " --spikes " + spikes + " --quiet --permutations 0");
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.out + outcome.err, "");
  }
  /// Two digits, three speakers, two takes each: a digit has channels of its own, a take its times.
  void save_labelled() const {
    std::filesystem::create_directory(path("takes"));
    for (int digit = 0; digit < 2; ++digit)
      for (const char* speaker : {"anna", "ben", "cleo"})
        for (int take = 0; take < 2; ++take) {
          std::string table = "time_ms,channel\n";
          for (int k = 0; k < 6; ++k)
            table += std::to_string(1 + (take * 5 + k * (digit + 2)) % 17) + "," +
                     std::to_string(2 * digit + k % 2) + "\n";
          save("takes/" + std::to_string(digit) + "_" + speaker + "_" + std::to_string(take) + ".csv", table);
        }
    ASSERT_EQ(run("encode takes --channels 4 --duration 20 --gap 30 --out labelled.pb --quiet").code, 0);
  }
};

TEST_F(StudyTest, EveryConditionIsTheNetworkThatItsNameSays) {
  save("hom.textproto", network(": 0.05"));
  study("n.textproto --out r --seeds 2 --conditions MM,MH,MU,MH.order,MH.jitter,MH.permuted,MH.gain");
  study("hom.textproto --out hom --seeds 2 --conditions MM");
  EXPECT_EQ(spikes("r/MM-0.pb"), spikes("hom/MM-0.pb"));
  EXPECT_NE(spikes("r/MM-0.pb"), spikes("r/MH-0.pb"));
  EXPECT_NE(spikes("r/MH-0.pb"), spikes("r/MH.learning2-0.pb"));
  const auto plain = shown(path("r/MH-0.pb"), TRAIN);
  const auto other = shown(path("r/MH.order-0.pb"), TRAIN);
  EXPECT_EQ(plain, shown(path("r/MM-0.pb"), TRAIN));
  EXPECT_NE(plain, other);
  EXPECT_NE(plain, shown(path("r/MH-1.pb"), TRAIN));
  EXPECT_EQ(std::multiset(plain.begin(), plain.end()), std::multiset(other.begin(), other.end()));
  for (const char* name : {"MM", "MU", "MH.order", "MH.jitter", "MH.permuted", "MH.gain"})
    EXPECT_EQ(shown(path(std::string("r/") + name + "-1.pb"), PROBE), shown(path("r/MH-0.pb"), PROBE))
        << name;
  EXPECT_EQ(shown(path("r/MH.permuted-0.pb"), TRAIN), plain);
  EXPECT_NE(spikes("r/MH.permuted-0.pb"), spikes("r/MH-0.pb"));
  EXPECT_NE(spikes("r/MH.jitter-0.pb"), spikes("r/MH-0.pb"));
  EXPECT_TRUE(shown(path("r/MU-0.pb"), TRAIN).empty());
  EXPECT_EQ(header_of(path("r/MH.order-1.pb")).study().description(), "het STDP, another order");
}

TEST_F(StudyTest, GainMatchedWeightsAreTheTrainedMean) {
  study("n.textproto --out r --seeds 2 --conditions MM,MH,MH.gain");
  const auto trained = weights(path("r/MH-1.pb"), 1);
  double mean = 0;
  for (const double w : trained) mean += w;
  mean /= static_cast<double>(trained.size());
  EXPECT_NE(trained.front(), trained.back());
  const auto matched = weights(path("r/MH.gain-1.pb"), 1);
  ASSERT_EQ(matched.size(), trained.size());
  for (const double w : matched) EXPECT_DOUBLE_EQ(w, mean);
}

TEST_F(StudyTest, NeuronsAndDelaysAreSwitchesToo) {
  save("h.textproto", network("{ gamma { mean: 0.05 cv: 0.8 } }", "{ gamma { mean: 20 cv: 0.5 } min: 5 }"));
  study("h.textproto --out r --seeds 2 --conditions MM,HM,MMM");
  save("m.textproto", network("{ gamma { mean: 0.05 cv: 0.8 } }"));
  study("m.textproto --out m --seeds 2 --conditions MM");
  EXPECT_EQ(spikes("r/MM-0.pb"), spikes("m/MM-0.pb"));
  std::set<std::string> contrasts;
  for (const Row& row : rows_of(path("r/decisions.csv"))) contrasts.insert(row.at("contrast"));
  EXPECT_EQ(contrasts, (std::set<std::string>{"MM-HM", "MMM-MM"}));
  study("h.textproto --out d --seeds 2 --conditions MMM,MMH");
  contrasts.clear();
  for (const Row& row : rows_of(path("d/decisions.csv"))) contrasts.insert(row.at("contrast"));
  EXPECT_EQ(contrasts, (std::set<std::string>{"MMM-MMH"}));
  EXPECT_TRUE(std::filesystem::exists(path("r/HM.neurons2-1.pb")));
  EXPECT_TRUE(std::filesystem::exists(path("d/MMH.delays2-1.pb")));
  expect_refused("study n.textproto --spikes s.pb --out x --conditions MM,MH,MM",
                 "--conditions: 'MM,MH,MM' is not allowed (names 'MM' twice)");
  expect_refused("study n.textproto --spikes s.pb --out x --sweep 0.1,0.10", "--sweep: ");
  expect_refused("study n.textproto --spikes s.pb --out x --layers own,own", "names 'own' twice");
  save(
      "few.textproto",
      "population { name: 'E' size: 4 exp_psc_lif { } } input { name: 'x' size: 1 spike_stream { } } projection { "
      "source: 'E' target: 'E' all_to_all { } weight: 1 pair_stdp { } }");
  expect_refused("study few.textproto --spikes s.pb --out x",
                 "few.textproto: population: 4 neurons are not allowed (five layers need");
  expect_refused("study n.textproto --spikes s.pb --out x --conditions MM,HM", "no spread");
}

TEST_F(StudyTest, ScoresAreThoseOfTheVerbRtd) {
  study("n.textproto --out r --seeds 2 --conditions MM,MH --layers own,initial,shared");
  ASSERT_EQ(run("layers r/MM-0.pb --csv layers.csv").code, 0);
  study("n.textproto --out listed --seeds 2 --conditions MM,MH --layers layers.csv");
  std::vector<Row> rows = rows_of(path("r/rtd.csv"));
  for (const Row& row : rows_of(path("listed/rtd.csv"))) rows.push_back(row);
  std::set<std::string> seen;
  for (const Row& row : rows) {
    if (row.at("rows") != "raw" || row.at("a") != "MM" || row.at("b") != "MH") continue;
    seen.insert(row.at("layers"));
    const Outcome outcome =
        shell(kProgram + " rtd r/MM-" + row.at("seed_a") + ".pb r/MH-" + row.at("seed_b") + ".pb --layers " +
              row.at("layers") + " --json | grep '\"layer\":\"" + row.at("layer") + "\"'");
    const std::size_t at = outcome.out.find("\"rtd\":");
    ASSERT_NE(at, std::string::npos) << outcome.err;
    if (row.at("missing").empty()) {
      EXPECT_EQ(std::stod(outcome.out.substr(at + 6)), std::stod(row.at("rtd"))) << row.at("layers");
    }
  }
  EXPECT_EQ(seen, (std::set<std::string>{"own", "initial", "shared", "layers.csv"}));
}

TEST_F(StudyTest, DecisionsFollowFromTheScores) {
  study("n.textproto --out r --seeds 7 --conditions MM,MH");
  using Key = std::tuple<std::string, std::string, std::string, std::string>;  // layers, rows, layer, seed
  std::map<Key, std::map<std::string, std::string>> scores;
  for (const Row& row : rows_of(path("r/rtd.csv")))
    if (row.at("seed_a") == row.at("seed_b"))
      scores[{row.at("layers"), row.at("rows"), row.at("layer"), row.at("seed_a")}]
            [row.at("a") + row.at("b")] = row.at("rtd");
  int compared = 0;
  for (const Row& row : rows_of(path("r/decisions.csv"))) {
    std::vector<double> D;
    for (int s = 0; s < 7; ++s) {
      const auto& of = scores.at({row.at("layers"), row.at("rows"), row.at("layer"), std::to_string(s)});
      const std::string first = of.at("MMMH"), second = of.at("MMMH.learning2"),
                        among = of.at("MHMH.learning2");
      if (first.empty() || second.empty() || among.empty()) continue;
      D.push_back((std::log(std::stod(first)) + std::log(std::stod(second))) / 2 -
                  std::log(std::stod(among)));
    }
    EXPECT_EQ(row.at("seeds"), std::to_string(D.size()));
    if (D.empty()) {
      EXPECT_EQ(row.at("verdict"), "undecided");
      EXPECT_NE(row.at("reason"), "");
      continue;
    }
    double mean = 0;
    for (const double d : D) mean += d / static_cast<double>(D.size());
    EXPECT_NEAR(std::stod(row.at("mean")), mean, 1e-12);
    ++compared;
  }
  EXPECT_GT(compared, 5);
}

TEST_F(StudyTest, MissingScoresAreToldWithTheirReasons) {
  const Outcome outcome =
      run("study n.textproto --spikes s.pb --out r --seeds 2 --conditions MM,MH --permutations 0");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, read_file(path("r/table.txt")));
  EXPECT_NE(outcome.out.find("undecided: 2 usable seeds of 2 (at least 7 are needed)"), std::string::npos)
      << outcome.out;
  std::set<std::string> reasons;
  for (const Row& row : rows_of(path("r/rtd.csv")))
    if (!row.at("missing").empty()) {
      EXPECT_EQ(row.at("rtd"), "");
      reasons.insert(row.at("missing"));
    }
  for (const std::string& reason : reasons) EXPECT_NE(outcome.out.find(reason), std::string::npos) << reason;
}

TEST_F(StudyTest, SweepAndCurvesAddTheirNetworks) {
  study("n.textproto --out r --seeds 2 --conditions MM,MH --sweep 0.1,1 --curves 1");
  for (const char* name : {"MH.cv0.1", "MH.cv0.1.learning2", "MH.cv1", "MH.at0.5", "MM.at0.5", "MU"})
    EXPECT_TRUE(std::filesystem::exists(path(std::string("r/") + name + "-1.pb"))) << name;
  EXPECT_EQ(shown(path("r/MH.at0.5-0.pb"), TRAIN).size(), 6U);
  std::set<std::string> kinds, contrasts;
  for (const Row& row : rows_of(path("r/rtd.csv"))) kinds.insert(row.at("kind"));
  for (const Row& row : rows_of(path("r/decisions.csv"))) contrasts.insert(row.at("contrast"));
  EXPECT_EQ(kinds,
            (std::set<std::string>{"checkpoint", "contrast", "last", "redrawn", "untrained", "wiring"}));
  EXPECT_EQ(contrasts, (std::set<std::string>{"MM-MH", "MM-MH.cv0.1", "MM-MH.cv1"}));
}

TEST_F(StudyTest, MapsCompareEveryLayerWithEveryOther) {
  study("n.textproto --out r --seeds 2 --conditions MM,MH --maps");
  int rows = 0;
  std::map<std::string, std::string> between;  // MM with MH on wiring 0
  for (const Row& row : rows_of(path("r/rtd.csv"))) {
    if (row.at("kind") == "contrast" && row.at("b") == "MH" && row.at("layers") == "own" &&
        row.at("rows") == "raw" && row.at("seed_a") == "0")
      between[row.at("layer")] = row.at("rtd");
    if (row.at("kind") != "map") continue;
    ++rows;
    if (row.at("a") == row.at("b") && row.at("layer").size() == 2 && row.at("missing").empty()) {
      EXPECT_EQ(std::stod(row.at("rtd")), 0) << row.at("layer");
    }
  }
  EXPECT_EQ(rows, 2 * 3 * 25);
  for (const Row& row : rows_of(path("r/rtd.csv")))
    if (row.at("kind") == "map" && row.at("a") != row.at("b") && row.at("layer").size() == 2 &&
        row.at("seed_a") == "0") {
      EXPECT_EQ(row.at("rtd"), between.at(row.at("layer"))) << row.at("layer");
    }
}

TEST_F(StudyTest, ASweepsPointAtTheWrittenCvIsTheNetworkAsWritten) {
  study("n.textproto --out r --seeds 2 --conditions MM,MH --sweep 0.8");
  EXPECT_EQ(spikes("r/MH.cv0.8-0.pb"), spikes("r/MH-0.pb"));
  study("n.textproto --out zero --seeds 2 --conditions MH --cv 0.8");
  EXPECT_EQ(spikes("zero/MH-0.pb"), spikes("r/MH-0.pb"));
}

TEST_F(StudyTest, FinishedNetworksAreNotRunAgain) {
  study("n.textproto --out r --seeds 2 --conditions MM,MH,MH.gain");
  const std::string table = read_file(path("r/rtd.csv"));
  const auto when = [&](const char* name) { return std::filesystem::last_write_time(path(name)); };
  const auto kept = when("r/MH-0.pb");
  std::filesystem::remove(path("r/MM-1.pb"));
  save("r/MH-1.pb", "no stream");
  study("n.textproto --out r --seeds 2 --conditions MM,MH,MH.gain");
  EXPECT_EQ(when("r/MH-0.pb"), kept);
  EXPECT_TRUE(read_file(path("r/rtd.csv")) == table);
  study("n.textproto --out r --seeds 2 --conditions MM,MH,MH.gain --passes 2");
  EXPECT_NE(when("r/MH-0.pb"), kept);
  EXPECT_FALSE(read_file(path("r/rtd.csv")) == table);
}

TEST_F(StudyTest, AKilledStudyGoesOnWhereItWas) {
  study("n.textproto --out whole --seeds 4 --conditions MM,MH,MU --passes 40 --threads 1");
  shell(
      kProgram +
      " study n.textproto --spikes s.pb --out r --seeds 4 --conditions MM,MH,MU --passes 40 --permutations 0 "
      "--memory 0 --read-outs none --threads 1 --quiet & until test $(ls r/*.pb 2>/dev/null | wc -l) -ge 3; "
      "do sleep 0.01; done; kill "
      "-KILL $!; "
      "wait $!");
  EXPECT_FALSE(std::filesystem::exists(path("r/rtd.csv")));
  study("n.textproto --out r --seeds 4 --conditions MM,MH,MU --passes 40");
  EXPECT_TRUE(read_file(path("r/rtd.csv")) == read_file(path("whole/rtd.csv")));
  EXPECT_TRUE(read_file(path("r/decisions.csv")) == read_file(path("whole/decisions.csv")));
}

TEST_F(StudyTest, ADryRunRunsNothing) {
  const Outcome outcome =
      run("study n.textproto --spikes s.pb --out r --seeds 2 --conditions MM,MH --dry-run");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("to run    MH.learning2-1.pb"), std::string::npos) << outcome.out;
  EXPECT_NE(
      outcome.out.find("6 networks, 6 to run; 12 presentations to learn from, 12 stimuli to probe with"),
      std::string::npos)
      << outcome.out;
  EXPECT_NE(outcome.out.find(" MB, by the first second of "), std::string::npos) << outcome.out;
  EXPECT_FALSE(std::filesystem::exists(path("r")));
}

TEST_F(StudyTest, HeldOutStimuliAreNotLearntFrom) {
  study("n.textproto --out r --seeds 2 --conditions MM,MH --held-out 0.25");
  const auto learnt = shown(path("r/MM-0.pb"), TRAIN);
  const auto probed = shown(path("r/MM-0.pb"), PROBE);
  EXPECT_EQ(learnt.size(), 9U);
  EXPECT_EQ(probed.size(), 3U);
  for (const std::uint32_t id : probed) EXPECT_EQ(std::count(learnt.begin(), learnt.end(), id), 0);
}

TEST_F(StudyTest, ShortTermParametersKeepTheirSpread) {
  save("st.textproto", R"(population { name: "E" size: 24 exp_psc_lif { } }
      input { name: "in" size: 4 spike_stream { } }
      projection { source: "in" target: "E" fixed_outdegree { outdegree: 6 } weight { constant: 3000 }
        short_term { U { uniform { low: 0.1 high: 0.9 } } } }
      projection { source: "E" target: "E" pairwise_bernoulli { p: 0.2 } weight { constant: 900 }
        pair_stdp { A_plus { gamma { mean: 0.05 cv: 0.5 } } w_max: 3000 } })");
  study("st.textproto --out r --seeds 2 --conditions MM,MH");
  save("mean.textproto", R"(population { name: "E" size: 24 exp_psc_lif { } }
      input { name: "in" size: 4 spike_stream { } }
      projection { source: "in" target: "E" fixed_outdegree { outdegree: 6 } weight { constant: 3000 }
        short_term { U { uniform { low: 0.1 high: 0.9 } } } }
      projection { source: "E" target: "E" pairwise_bernoulli { p: 0.2 } weight { constant: 900 }
        pair_stdp { A_plus: 0.05 w_max: 3000 } })");
  study("mean.textproto --out m --seeds 2 --conditions MM");
  EXPECT_EQ(spikes("r/MM-0.pb"), spikes("m/MM-0.pb"));
  EXPECT_NE(spikes("r/MM-0.pb"), spikes("r/MH-0.pb"));
}

TEST_F(StudyTest, TheSameWordsGiveTheSameTables) {
  save_labelled();
  measure("n.textproto --out one --seeds 2 --threads 1 --memory 60", "labelled.pb");
  measure("n.textproto --out two --seeds 2 --threads 3 --memory 60", "labelled.pb");
  for (const char* name :
       {"rtd.csv", "decisions.csv", "floors.csv", "wirings.csv", "cells.csv", "accuracy.csv", "paired.csv"})
    EXPECT_EQ(read_file(path(std::string("one/") + name)), read_file(path(std::string("two/") + name)))
        << name;
}

TEST_F(StudyTest, ReadOutsAreScoredBesideTheirInput) {
  save_labelled();
  measure("n.textproto --out r --seeds 2 --conditions MM,MH --memory 0", "labelled.pb");
  std::map<std::string, int> rows;
  for (const Row& row : rows_of(path("r/accuracy.csv"))) {
    ++rows[row.at("source")];
    ASSERT_EQ(row.at("missing"), "");
    EXPECT_EQ(row.at("scored"), "12");
    const double accuracy = std::stod(row.at("accuracy"));
    EXPECT_EQ(accuracy, std::stod(row.at("correct")) / 12);
    EXPECT_LE(std::stod(row.at("low")), accuracy);
    EXPECT_GE(std::stod(row.at("high")), accuracy);
    EXPECT_EQ(row.at("chance"), "0.5");
    if (row.at("source") == "input" && row.at("code") == "count") {
      EXPECT_EQ(accuracy, 1) << row.at("read_out") << row.at("split");
    }
    if (row.at("source") == "input" && row.at("code") == "bins") {
      EXPECT_EQ(row.at("features"), "32");
    }
  }
  EXPECT_EQ(rows, (std::map<std::string, int>{
                      {"input", 2 * 4}, {"MM", 2 * 16}, {"MH", 2 * 16}, {"MH.learning2", 2 * 16}}));
  EXPECT_NE(read_file(path("r/table.txt")).find("logistic, new speaker"), std::string::npos);
}

TEST_F(StudyTest, TrainedNetworksAreComparedWithUntrainedOnes) {
  save_labelled();
  measure("n.textproto --out r --seeds 2 --conditions MM,MH,MU --memory 0 --read-outs count", "labelled.pb");
  std::map<std::string, int> rows;
  for (const Row& row : rows_of(path("r/paired.csv"))) {
    ++rows[row.at("trained") + "-" + row.at("untrained")];
    EXPECT_EQ(row.at("seeds"), "2");
    const int for_trained = std::stoi(row.at("for_trained"));
    const int for_untrained = std::stoi(row.at("for_untrained"));
    EXPECT_LE(for_trained + for_untrained, 12);
    if (for_trained == for_untrained) {
      EXPECT_EQ(row.at("p"), "1");
    }
    EXPECT_GT(std::stod(row.at("p")), 0);
    EXPECT_LE(std::stod(row.at("p")), 1);
  }
  EXPECT_EQ(rows, (std::map<std::string, int>{{"MM-MU", 4}, {"MH-MU", 4}}));
  EXPECT_NE(read_file(path("r/table.txt")).find("MM against MU, logistic, 5-fold"), std::string::npos);
}

TEST_F(StudyTest, StimuliWithoutLabelsHaveNoAccuracyAndAReason) {
  measure("n.textproto --out r --seeds 2 --conditions MM,MH --memory 0 --read-outs count");
  for (const Row& row : rows_of(path("r/accuracy.csv"))) {
    EXPECT_EQ(row.at("accuracy"), "");
    EXPECT_NE(row.at("missing"), "");
  }
  EXPECT_NE(read_file(path("r/table.txt")).find("at least 2 are needed"), std::string::npos);
}

TEST_F(StudyTest, TheMemorySignalComesAfterTheProbeAndChangesNothingBefore) {
  measure("n.textproto --out r --seeds 2 --conditions MM,MH --read-outs none --memory 60");
  study("n.textproto --out plain --seeds 2 --conditions MM,MH");
  EXPECT_TRUE(read_file(path("r/rtd.csv")) == read_file(path("plain/rtd.csv")));
  EXPECT_EQ(shown(path("r/MM-0.pb"), MEMORY).size(), 60U);
  EXPECT_TRUE(shown(path("plain/MM-0.pb"), MEMORY).empty());
  EXPECT_EQ(labels(path("r/MM-0.pb"), MEMORY), labels(path("r/MH-1.pb"), MEMORY));
  for (const Row& row : rows_of(path("r/cells.csv"))) {
    EXPECT_GE(std::stod(row.at("memory_capacity")), 0);
    const double spikes = std::stod(row.at("memory_spikes"));
    if (spikes > 0) {
      EXPECT_DOUBLE_EQ(std::stod(row.at("spike_efficiency")), std::stod(row.at("memory_capacity")) / spikes);
    }
  }
  for (const Row& row : rows_of(path("plain/cells.csv"))) EXPECT_EQ(row.at("memory_capacity"), "");
}

TEST_F(StudyTest, MatchedLayersHaveTheSizeOfTheSmallest) {
  study("n.textproto --out r --seeds 2 --conditions MM,MH,MH.order");
  std::map<std::string, std::set<std::string>> matched;
  std::map<std::string, int> smallest;
  for (const Row& row : rows_of(path("r/cells.csv"))) {
    std::istringstream sizes(row.at("neurons"));
    int size = 0;
    for (int l = 1; sizes >> size; ++l) {
      int& least = smallest.try_emplace("L" + std::to_string(l), size).first->second;
      if (size > 0 && (least == 0 || size < least)) least = size;
    }
  }
  for (const Row& row : rows_of(path("r/rtd.csv")))
    if (row.at("rows") == "matched")
      for (const char* side : {"neurons_a", "neurons_b"}) matched[row.at("layer")].insert(row.at(side));
  ASSERT_EQ(matched.size(), 5U);
  for (const auto& [layer, sizes] : matched)
    for (const std::string& size : sizes)
      if (size != "0") {
        EXPECT_EQ(size, std::to_string(smallest.at(layer))) << layer;
      }
}

TEST_F(StudyTest, SupervisedNetworksAreThoseOfTheVerbTrain) {
  save_labelled();
  measure(
      "n.textproto --out r --seeds 2 --conditions MM,MH,MU,MS --epochs 2 --rate 0.01 --memory 0 --read-outs none",
      "labelled.pb");
  ASSERT_EQ(run("train n.textproto --spikes labelled.pb --epochs 2 --rate 0.01 --out t.pb --quiet").code, 0);
  const auto trained = weights(path("r/MS-0.pb"), 1);
  EXPECT_EQ(trained, weights(path("t.pb"), 1));
  EXPECT_EQ(first_weights(path("r/MS-0.pb"), 1), first_weights(path("r/MU-0.pb"), 1));
  EXPECT_NE(trained, first_weights(path("r/MS-0.pb"), 1));
  EXPECT_EQ(shown(path("r/MS-1.pb"), PROBE), shown(path("r/MH-0.pb"), PROBE));
  EXPECT_TRUE(shown(path("r/MS-1.pb"), TRAIN).empty());
}

TEST_F(StudyTest, SupervisedNetworksAreHeldAgainstBothKindsOfStdp) {
  save_labelled();
  measure("n.textproto --out r --seeds 7 --conditions MM,MH,MS --epochs 1 --memory 0 --read-outs none",
          "labelled.pb");
  std::map<std::string, std::string> questions;
  for (const Row& row : rows_of(path("r/decisions.csv"))) questions[row.at("contrast")] = row.at("question");
  EXPECT_EQ(questions, (std::map<std::string, std::string>{
                           {"MM-MH", "het against hom STDP"},
                           {"MS-MM", "hom STDP against supervised, surrogate gradients"},
                           {"MS-MH", "het STDP against supervised, surrogate gradients"}}));
  std::map<std::string, std::map<std::string, std::string>> scores;  // of L1, by seed and pair
  for (const Row& row : rows_of(path("r/rtd.csv")))
    if (row.at("rows") == "raw" && row.at("layers") == "own" && row.at("layer") == "L1" &&
        row.at("seed_a") == row.at("seed_b"))
      scores[row.at("seed_a")][row.at("a") + " " + row.at("b")] = row.at("rtd");
  for (const Row& row : rows_of(path("r/decisions.csv"))) {
    if (row.at("contrast") != "MS-MM" || row.at("layer") != "L1" || row.at("rows") != "raw" ||
        row.at("layers") != "own" || row.at("seeds") != "7")
      continue;
    double mean = 0;
    for (const auto& [seed, of] : scores)
      mean += (std::log(std::stod(of.at("MS MM"))) + std::log(std::stod(of.at("MS MM.order")))) / 2 -
              std::log(std::stod(of.at("MM MM.order")));
    EXPECT_NEAR(std::stod(row.at("mean")), mean / 7, 1e-12);
  }
}

TEST_F(StudyTest, WhatCanNotBeTaughtIsMissingWithItsReason) {
  save_labelled();
  save("delta.textproto", R"(population { name: "E" size: 24 delta_lif { } }
      input { name: "in" size: 4 spike_stream { } }
      projection { source: "in" target: "E" fixed_outdegree { outdegree: 6 } weight { constant: 20 } }
      projection { source: "E" target: "E" pairwise_bernoulli { p: 0.2 } weight { constant: 4 }
        pair_stdp { A_plus { gamma { mean: 0.05 cv: 0.8 } } w_max: 20 } })");
  measure("delta.textproto --out r --seeds 2 --conditions MM,MH,MS --memory 0 --read-outs none",
          "labelled.pb");
  EXPECT_FALSE(std::filesystem::exists(path("r/MS-0.pb")));
  EXPECT_NE(read_file(path("r/table.txt")).find("Missing condition MS: "), std::string::npos);
  EXPECT_NE(read_file(path("r/table.txt")).find("has no gradient form"), std::string::npos);
}

TEST_F(StudyTest, CtrlCLeavesNoHalfWrittenStream) {
  std::string table = "time_ms,channel\n";
  for (int ms = 0; ms < 200000; ++ms) table += std::to_string(ms) + "," + std::to_string(ms % 4) + "\n";
  save("long.csv", table);
  ASSERT_EQ(run("encode long.csv --out long.pb --quiet").code, 0);
  const Outcome outcome =
      run("study n.textproto --spikes long.pb --out results --seeds 2 & "
          "until ls results/*.part* >/dev/null 2>&1; do sleep 0.01; done; kill -INT $!; wait $!");
  ProgramTest::expect_one_line(outcome, 130, "study",
                               "study: interrupted: not all of the 16 networks were run");
  EXPECT_TRUE(std::filesystem::is_empty(path("results")));
}

TEST_F(StudyTest, RefusesBadInputInOneLine) {
  save("plain.textproto", "population { name: \"E\" size: 5 delta_lif { } }");
  save("cut.pb", read_file(path("s.pb")).substr(0, 150));
  expect_refused("study n.textproto --out r", "--spikes is missing");
  expect_refused("study n.textproto --spikes s.pb", "missing --out");
  expect_refused("study nowhere.textproto --spikes s.pb --out r", "nowhere.textproto: cannot read");
  expect_refused("study n.textproto --spikes nowhere.pb --out r", "nowhere.pb: cannot read");
  expect_refused("study n.textproto --spikes cut.pb --out r", "the stream was cut");
  expect_refused("study plain.textproto --spikes s.pb --out r --conditions MU", "no input has stimuli");
  expect_refused("study n.textproto --spikes s.pb --out r --seeds 1", "--seeds: 1 is not allowed");
  expect_refused("study n.textproto --spikes s.pb --out n.textproto", "n.textproto: ");
  for (const char* word : {"M", "MX", "MM.sideways", "MU.order", "MM,", "MMMM", "MS.order"})
    expect_refused(std::string("study n.textproto --spikes s.pb --out r --conditions ") + word,
                   "--conditions: '");
  expect_refused("study n.textproto --spikes s.pb --out r --sweep 0", "at 0 het is hom");
  expect_refused("study n.textproto --spikes s.pb --out r --layers own,own", "names 'own' twice");
  expect_refused("study n.textproto --spikes s.pb --out r --read-outs count,train", "--read-outs: 'train'");
  expect_refused("study n.textproto --spikes s.pb --out r --memory 39", "must be 0 or at least 40");
  expect_refused("study n.textproto --spikes s.pb --out r --data .", "goes with a preset alone");
  expect_refused("study vowels --out r", "--data is missing: the folder of JapaneseVowels_TRAIN.ts");
  expect_refused("study vowels --out r --data .", "./JapaneseVowels_TRAIN.ts: cannot read");
  expect_refused("study digits --out r --data .", "whose recordings come along");
}

}  // namespace
}  // namespace chronotope
