// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <sstream>

#include "chronotope/proto/stream.pb.h"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<RtdReport> reports(const Outcome& outcome) {
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  std::vector<RtdReport> reports;
  for (const std::string& line : lines(outcome.out))
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &reports.emplace_back()).ok()) << line;
  return reports;
}

/// What is the same however the layers were found and wherever the snapshot stood.
std::vector<std::string> scores(const Outcome& outcome) {
  std::vector<std::string> scores;
  for (const RtdReport& r : reports(outcome))
    scores.push_back(r.missing().empty() ? std::to_string(r.rtd()) + " " + std::to_string(r.rtd_ab())
                                         : r.missing());
  return scores;
}

/// Eight stimuli on four channels, and two networks of 40 neurons that differ in their seed.
class RtdStreams : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    std::string table = "time_ms,channel,stimulus\n";
    for (int s = 1; s <= 8; ++s)
      for (int k = 0; k < 4; ++k)
        table += std::to_string(1 + (s * (k + 3)) % 11) + "," + std::to_string((s + k * k) % 4) + "," +
                 std::to_string(s) + "\n";
    save("t.csv", table);
    ASSERT_EQ(run("encode t.csv --phase probe --gap 20 --out s.pb").code, 0);
    save("n.textproto", R"(population { name: "E" size: 30 exp_psc_lif { } }
      population { name: "F" size: 10 exp_psc_lif { } }
      input { name: "in" size: 4 spike_stream { path: "s.pb" } }
      projection { source: "in" target: "E" fixed_outdegree { outdegree: 6 } weight { uniform { low: 1500 high: 4000 } } }
      projection { source: "E" target: "E" pairwise_bernoulli { p: 0.2 } weight { uniform { low: 400 high: 1500 } }
        pair_stdp { w_max: 3000 } }
      projection { source: "E" target: "F" pairwise_bernoulli { p: 0.5 } weight { constant: 500 } })");
    simulate("1", "--out 1.pb --snapshot-every 60 --potentials --spikes 1.csv");
    simulate("2", "--out 2.pb --snapshot-every 60 --potentials");
  }
  void simulate(const std::string& seed, const std::string& words) const {
    ASSERT_EQ(run("simulate n.textproto --quiet --seed " + seed + " " + words).code, 0);
  }
};

TEST_F(RtdStreams, CompareTheFiveLayersAndSayWhereTheMatricesComeFrom) {
  const auto shown = reports(run("rtd 1.pb 2.pb --json"));
  ASSERT_EQ(shown.size(), 5u);
  for (std::size_t l = 0; l < 5; ++l) {
    EXPECT_EQ(shown[l].layer(), "L" + std::to_string(l + 1));
    EXPECT_EQ(shown[l].a().stream(), "1.pb");
    EXPECT_EQ(shown[l].b().stream(), "2.pb");
    EXPECT_EQ(shown[l].a().layering(), "own");
    EXPECT_EQ(shown[l].a().code(), "count");
    ASSERT_EQ(shown[l].a().stimulus_size(), 8);
    EXPECT_EQ(shown[l].a().window_ms_size(), 8);
    EXPECT_GT(shown[l].a().snapshot().ticks(), 200'000'000'000'000);
  }
  EXPECT_GT(shown[0].rtd(), 0);
  EXPECT_LT(shown[0].cka(), 1);
}

TEST_F(RtdStreams, AStreamDoesNotDifferFromItself) {
  for (const RtdReport& r : reports(run("rtd 1.pb 1.pb --json"))) {
    EXPECT_EQ(r.rtd(), 0);
    if (r.missing().empty()) {
      EXPECT_NEAR(r.cka(), 1, 1e-12);
    }
  }
}

TEST_F(RtdStreams, CkaIsUndefinedForASilentNetworkInEveryOutput) {
  ASSERT_EQ(shell("sed 's/low: 1500 high: 4000/low: 0 high: 1e-9/' n.textproto > silent.textproto").code, 0);
  ASSERT_EQ(run("simulate silent.textproto --quiet --seed 1 --out silent-1.pb").code, 0);
  const std::string text = run("rtd 1.pb silent-1.pb --layers initial").out;
  EXPECT_NE(text.find("are identical, so their distances have no scale to be divided by  CKA undefined\n"),
            std::string::npos)
      << text;
  EXPECT_NE(run("rtd 1.pb silent-1.pb --json").out.find("\"cka\":null"), std::string::npos);
  EXPECT_EQ(run("rtd 1.pb silent-1.pb --json --code train").out.find("cka"), std::string::npos);
  ASSERT_EQ(run("report 1.pb silent-1.pb --out page.html").code, 0);
  EXPECT_NE(read_file(path("page.html")).find("missing, CKA undefined"), std::string::npos);
  ASSERT_EQ(run("encode t.csv --gap 20 --out taught.pb").code, 0);
  const Outcome study = run(
      "study silent.textproto --spikes taught.pb --seeds 2 --conditions MM,MU --permutations 0 --quiet --out "
      "study");
  ASSERT_EQ(study.code, 0) << study.err;
  const auto rows = lines(read_file(path("study/rtd.csv")));
  ASSERT_GT(rows.size(), 1U);
  const auto cell = [](const std::string& row, int column) {
    std::istringstream in(row);
    std::string text;
    for (int c = 0; c <= column; ++c) std::getline(in, text, ',');
    return text;
  };
  EXPECT_EQ(cell(rows[0], 13), "cka");
  for (std::size_t r = 1; r < rows.size(); ++r) EXPECT_EQ(cell(rows[r], 13), "") << rows[r];
}

TEST_F(RtdStreams, ScoresAreThoseOfCountsTakenFromTheSpikeTable) {
  ASSERT_EQ(run("layers 1.pb --csv layers.csv").code, 0);
  std::map<std::string, int> layer;  // by "population,neuron"
  for (const std::string& line : lines(read_file(path("layers.csv")))) {
    const auto second = line.find(',', line.find(',') + 1);
    layer[line.substr(0, second)] = std::atoi(line.substr(second + 1).c_str());
  }
  const auto shown = reports(run("rtd 1.pb 2.pb --layers layers.csv --json"));
  const auto window = shown[0].a().window_ms();
  std::map<std::string, std::vector<int>> counts;  // per neuron of L1, per stimulus
  for (const auto& [neuron, l] : layer)
    if (l == 1) counts[neuron].resize(8);
  for (const std::string& line : lines(read_file(path("1.csv")))) {
    const auto comma = line.find(',');
    const auto found = counts.find(line.substr(comma + 1));
    double onset = 0;
    for (int s = 0; found != counts.end() && s < 8; ++s) {
      const double ms = std::atof(line.c_str());
      found->second[static_cast<std::size_t>(s)] += ms >= onset && ms < onset + window[s];
      onset += window[s] + 20;
    }
  }
  std::string table;
  for (std::size_t s = 0; s < 8; ++s) {
    std::string row;
    for (const auto& [neuron, of] : counts) row += (row.empty() ? "" : ",") + std::to_string(of[s]);
    table += row + "\n";
  }
  save("counts.csv", table);
  const auto itself = reports(run("rtd counts.csv counts.csv --json"));
  EXPECT_EQ(itself.at(0).rtd(), 0);
  ASSERT_EQ(run("layers 2.pb --layers layers.csv").code, 0);
  // The same columns from either side: the distance between table and stream can only be zero if they agree.
  const auto by_stream =
      reports(run("rtd 1.pb 2.pb --layers layers.csv --json --normalize none --explain 1"));
  ASSERT_GT(by_stream[0].longest_size(), 0);
  const BarReport& bar = by_stream[0].longest(0);
  const auto distance = [&](const PairReport& pair) {
    double squares = 0;
    for (const auto& [neuron, of] : counts) squares += std::pow(of[pair.i()] - of[pair.j()], 2);
    return std::sqrt(squares);
  };
  ASSERT_EQ(bar.direction(), "ab");
  ASSERT_TRUE(bar.has_death());
  if (bar.dies().attained_in() != "B") {
    EXPECT_NEAR(distance(bar.dies()), bar.death(), 1e-12);
  }
  if (bar.born().attained_in() != "B") {
    EXPECT_NEAR(distance(bar.born()), bar.birth(), 1e-12);
  }
}

TEST_F(RtdStreams, EveryCodeIsCompared) {
  std::map<std::string, std::vector<std::string>> seen;
  for (const char* words : {"count", "trace", "trace --tau 3", "latency", "bins", "bins --bins 2",
                            "potential", "train", "train --metric victor-purpura", "train --metric isi",
                            "train --metric spike", "train --tau 3", "train --pooled"}) {
    const auto all = scores(run(std::string("rtd 1.pb 2.pb --json --code ") + words));
    ASSERT_EQ(all.size(), 5u) << words;
    for (const auto& [other, score] : seen) EXPECT_NE(score, all) << words << " and " << other;
    seen[words] = all;
  }
  EXPECT_EQ(scores(run("rtd 1.pb 2.pb --json --code bins --bins 1")), seen["count"]);
  EXPECT_EQ(scores(run("rtd 1.pb 2.pb --json --code train --metric van-rossum --tau 10")), seen["train"]);
}

/// The V_m of the first frames of a kind, as `inspect --json` prints them.
std::string potentials(const std::string& json, const std::string& kind) {
  std::string all;
  for (const std::string& line : lines(json))
    if (line.rfind("{\"" + kind, 0) == 0) all += line.substr(line.find("\"V_m\""));
  return all;
}

TEST_F(RtdStreams, PotentialsAreThoseOfARunThatEndsWithTheStimulus) {
  const double end = reports(run("rtd 1.pb 1.pb --json"))[0].a().window_ms(0);  // the first begins at 0
  simulate("1", "--out short.pb --until " + std::to_string(end));
  simulate("1", "--out first.pb --potentials --until " + std::to_string(end));
  const std::string at_end = potentials(run("inspect short.pb --json").out, "neurons");
  EXPECT_NE(at_end, "");
  EXPECT_EQ(potentials(run("inspect first.pb --json").out, "potentials"), at_end);
  expect_refused("simulate n.textproto --potentials", "--potentials: needs --out");
}

TEST_F(RtdStreams, LayersMayBeSharedOrInitialOrListed) {
  const auto own = reports(run("rtd 1.pb 2.pb --json"));
  const auto shared = reports(run("rtd 1.pb 2.pb --json --layers shared"));
  const auto initial = reports(run("rtd 1.pb 2.pb --json --layers initial"));
  EXPECT_EQ(shared[0].a().layering(), "own");
  EXPECT_EQ(shared[0].b().layering(), "of 1.pb");
  EXPECT_EQ(initial[0].b().layering(), "of the first snapshot of 1.pb");
  for (std::size_t l = 0; l < 5; ++l) {
    EXPECT_EQ(shared[l].a().neurons(), own[l].a().neurons());
    EXPECT_EQ(shared[l].b().neurons(), own[l].a().neurons());
    EXPECT_EQ(initial[l].a().neurons(), initial[l].b().neurons());
  }
  ASSERT_EQ(run("layers 1.pb --csv last.csv").code, 0);
  ASSERT_EQ(run("layers 1.pb --first --csv first.csv").code, 0);
  EXPECT_EQ(scores(run("rtd 1.pb 2.pb --json --layers last.csv")),
            scores(run("rtd 1.pb 2.pb --json --layers shared")));
  EXPECT_EQ(scores(run("rtd 1.pb 2.pb --json --layers first.csv")),
            scores(run("rtd 1.pb 2.pb --json --layers initial")));
  EXPECT_EQ(scores(run("rtd - 2.pb --json --layers initial < 1.pb")),
            scores(run("rtd 1.pb 2.pb --json --layers initial")));
  EXPECT_NE(scores(run("rtd 1.pb 2.pb --json --layering quantile")), scores(run("rtd 1.pb 2.pb --json")));
}

TEST_F(RtdStreams, PairsHoldTheLayersOfOneWithThoseOfTheOther) {
  const auto layers = reports(run("rtd 1.pb 2.pb --json"));
  const auto pairs = reports(run("rtd 1.pb 2.pb --json --pairs"));
  ASSERT_EQ(pairs.size(), 25u);
  EXPECT_EQ(pairs[3].layer(), "L1:L4");
  EXPECT_EQ(pairs[3].a().layer(), "L1");
  EXPECT_EQ(pairs[3].b().layer(), "L4");
  for (std::size_t l = 0; l < 5; ++l) EXPECT_EQ(pairs[6 * l].rtd(), layers[l].rtd());
  const auto itself = reports(run("rtd 1.pb 1.pb --json --pairs"));
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t j = 0; j < 5; ++j) EXPECT_EQ(itself[5 * i + j].rtd_ab(), itself[5 * j + i].rtd_ba());
  EXPECT_EQ(lines(run("rtd 1.pb 2.pb --pairs").out).size(), 2u + 6u);
}

TEST_F(RtdStreams, ThreadsChangeNoBit) {
  for (const std::string words :
       {"--batch 5 --trials 4 --permutations 3 --explain 2", "--code train --pairs"})
    EXPECT_EQ(run("rtd 1.pb 2.pb --json --threads 1 " + words).out,
              run("rtd 1.pb 2.pb --json --threads 3 " + words).out);
}

TEST_F(RtdStreams, IntervalsAndShuffledScoresAreThere) {
  const RtdReport r =
      reports(run("rtd 1.pb 2.pb --json --batch 6 --trials 5 --permutations 19 --level 0.9"))[0];
  EXPECT_EQ(r.mean_interval().level(), 0.9);
  EXPECT_LE(r.mean_interval().low(), r.rtd());
  EXPECT_GE(r.mean_interval().high(), r.rtd());
  EXPECT_EQ(r.shuffled().permutations(), 19u);
  EXPECT_GE(r.shuffled().p(), 1 / 20.);
  EXPECT_LE(r.shuffled().p(), 1);
  EXPECT_LE(r.shuffled().interval().low(), r.shuffled().mean());
}

TEST_F(RtdStreams, ArriveSnapshotBySnapshot) {
  const auto live = reports(run("simulate n.textproto --quiet --seed 1 --snapshot-every 60 --out - | " +
                                kProgram + " rtd --against 2.pb - --json"));
  const auto from_file = reports(run("rtd 1.pb --against 2.pb --json"));
  ASSERT_EQ(live.size(), from_file.size());
  std::uint64_t rows = 0;
  for (std::size_t k = 0; k < live.size(); ++k) {
    EXPECT_EQ(live[k].rtd(), from_file[k].rtd());
    EXPECT_EQ(live[k].missing(), from_file[k].missing());
    EXPECT_EQ(live[k].a().snapshot().ticks(), live[k].b().snapshot().ticks());
    if (k % 5 == 0) rows += static_cast<std::uint64_t>(live[k].a().stimulus_size());
  }
  EXPECT_EQ(rows, 8u);  // every stimulus once
  const auto table = lines(run("rtd 1.pb --against 2.pb").out);
  EXPECT_EQ(table.at(0).find("       time ms  stimuli          L1"), 0u) << table.at(0);
  EXPECT_EQ(table.at(1).find("            60        "), 0u) << table.at(1);
}

TEST_F(RtdStreams, OneSnapshotAtTheEndIsTheWholeComparison) {
  simulate("1", "--out end1.pb");
  simulate("2", "--out end2.pb");
  for (const std::string words : {"", "--layers shared ", "--layers initial ", "--code latency "}) {
    EXPECT_EQ(scores(run("rtd end1.pb --against end2.pb --json " + words)),
              scores(run("rtd end1.pb end2.pb --json " + words)))
        << words;
  }
}

TEST_F(RtdStreams, ACutStreamIsComparedUpToTheCutAndThenRefused) {
  const std::string whole = read_file(path("1.pb"));
  save("cut.pb", whole.substr(0, whole.size() - 200));
  const Outcome outcome = run("rtd --against 2.pb - < cut.pb");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_GT(lines(outcome.out).size(), 2u);
  EXPECT_NE(outcome.err.find("the stream was cut"), std::string::npos) << outcome.err;
  EXPECT_EQ(lines(outcome.err).size(), 1u);
  expect_refused("rtd cut.pb 2.pb", "the stream was cut");
}

TEST_F(RtdStreams, RefuseWhatDoesNotBelongTogether) {
  ASSERT_EQ(run("encode t.csv --phase probe --gap 20 --order shuffled --seed 5 --out s.pb").code, 0);
  simulate("1", "--out other.pb");
  ASSERT_EQ(run("encode t.csv --phase probe --gap 20 --limit 7 --out s.pb").code, 0);
  simulate("1", "--out fewer.pb");
  expect_refused("rtd 1.pb other.pb", "row 0 (from 0) is stimulus");
  expect_refused("rtd 1.pb fewer.pb", "the number of stimuli is 8 in A and 7 in B");
  expect_refused("rtd 1.pb other.pb --code potential", "no potentials at the end of presentation 0");
  expect_refused("rtd 1.pb 2.pb --phase train", "no stimulus that is asked for");
  save("some.csv", "population,neuron,layer\nE,0,1\n");
  expect_refused("rtd 1.pb 2.pb --layers some.csv", "some.csv: neuron 1 of population E has no layer");
  expect_refused("rtd 1.pb 2.pb --layers theirs", "--layers: 'theirs' is not allowed (must be own, shared");
  expect_refused("rtd 1.pb 2.pb --code rate",
                 "--code: no code named \"rate\" (did you mean trace?); one of count, trace");
  expect_refused("rtd 1.pb 2.pb --tau 0", "--tau: 0 is not allowed");
  expect_refused("rtd 1.pb 2.pb --bins 0", "--bins: 0 is not allowed");
  expect_refused("rtd 1.pb 2.pb --metric isi", "isi");
  expect_refused("rtd 1.pb 2.pb --code train --metric cosine", "cosine");
  expect_refused("rtd 1.pb 2.pb --pooled", "--pooled: needs --code train");
  expect_refused("rtd 1.pb 2.pb --bottleneck 1", "--bottleneck: 1 is not allowed (must be > 0 and < 1)");
  expect_refused("rtd 1.pb 2.pb --level 1", "--level: 1 is not allowed");
  expect_refused("rtd 1.pb 2.pb --variant lite --explain 1", "--explain: does not go with --variant lite");
  expect_refused("rtd 1.pb 2.pb --against 2.pb", "--against: excludes B");
  expect_refused("rtd 1.pb --against 2.pb --pairs", "--pairs: needs B instead of --against");
  expect_refused("rtd - --against - < 1.pb", "only one of the two streams");
  expect_refused("rtd t.csv t.csv --code trace", "--code: needs streams");
  expect_refused("rtd t.csv t.csv --pairs", "--pairs: needs streams");
  expect_refused("rtd s.pb s.pb", "no snapshot with weights");
}

TEST_F(RtdStreams, AgainstNeedsSnapshotsAtTheSameTimes) {
  simulate("2", "--out rare.pb --snapshot-every 120");
  simulate("2", "--out odd.pb --snapshot-every 70");
  const Outcome odd = run("rtd 1.pb --against odd.pb");
  EXPECT_EQ(odd.code, 2);
  EXPECT_NE(odd.err.find("odd.pb: has no snapshot at 60.0 ms; the next is at 70.0"), std::string::npos)
      << odd.err;
  EXPECT_EQ(run("rtd rare.pb --against 1.pb").code, 0);  // may be asked less often than it was written
}

TEST_F(RtdStreams, LayersAreToldWithTheirEdges) {
  LayersReport report;
  const Outcome outcome = run("layers 1.pb --json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(outcome.out, &report).ok()) << outcome.out;
  ASSERT_EQ(report.layer_size(), 5);
  double neurons = 0;
  for (const LayerReport& layer : report.layer()) neurons += layer.neurons();
  EXPECT_EQ(neurons, 40);
  EXPECT_EQ(report.layer(2).neurons(), 4);  // a tenth
  double edges = 0;
  for (const EdgeClassReport& e : report.between()) edges += e.edges();
  EXPECT_EQ(edges, report.feed_forward().edges() + report.skip().edges() + report.lateral().edges() +
                       report.feedback().edges());
  EXPECT_NE(run("layers 1.pb").out.find("feed-forward"), std::string::npos);
  EXPECT_NE(run("layers 1.pb --layering quantile").out, run("layers 1.pb").out);
  EXPECT_NE(run("layers 1.pb --first").out, run("layers 1.pb").out);
  EXPECT_EQ(run("layers 1.pb --csv -").out.rfind("population,neuron,layer,betweenness\n", 0), 0U);
  const Outcome full = run("layers 1.pb --csv /dev/full");
  EXPECT_EQ(full.code, 1);
  EXPECT_EQ(full.out, run("layers 1.pb").out);
  const std::string whole = read_file(path("1.pb"));
  save("cut.pb", whole.substr(0, whole.size() - 1));
  expect_refused("layers cut.pb --first", "the stream was cut");
  expect_refused("layers 1.pb --json --csv -", "only one of --csv -, --over-time - and --json ");
  expect_refused("layers s.pb", "no snapshot with weights");
  expect_refused("layers t.csv", "t.csv");
  expect_refused("layers 1.pb --layering deep", "--layering: no layering named \"deep\"; one of centrality");
}

TEST_F(RtdStreams, ReadStreamsThroughPipes) {
  const Outcome files = run("rtd 1.pb 2.pb --json");
  const auto bash = [&](const std::string& words) {
    return scores(shell("bash -c \"" + kProgram + " rtd " + words + " --json\""));
  };
  EXPECT_EQ(bash("<(cat 1.pb) <(cat 2.pb)"), scores(files));
  EXPECT_EQ(bash("1.pb <(cat 2.pb)"), scores(files));
  EXPECT_EQ(bash("- 2.pb < 1.pb"), scores(files));
  EXPECT_EQ(bash("1.pb /dev/fd/0 < 2.pb"), scores(files));
  const Outcome table =
      shell("bash -c \"" + kProgram + " rtd <(printf '0,0\n1,0\n3,4') <(printf '0,0\n1,5\n3,4')\"");
  EXPECT_EQ(table.code, 0) << table.err;
  const Outcome report = shell("cat 1.pb | " + kProgram + " report /dev/stdin --out r.html");
  expect_one_line(report, 2, "report", "/dev/stdin: is read several times, which a pipe can not be");
}

TEST_F(RtdStreams, AgainstACutStreamOrOfOneWithoutSnapshotsIsNoSuccess) {
  const std::string whole = read_file(path("2.pb"));
  save("cut.pb", whole.substr(0, whole.size() - 3));
  const Outcome cut = run("rtd 1.pb --against cut.pb");
  EXPECT_EQ(cut.code, 2);
  EXPECT_NE(cut.err.find("cut.pb: the stream was cut"), std::string::npos) << cut.err;
  EXPECT_EQ(run("rtd s.pb --against 1.pb").code, 2);
  EXPECT_NE(run("rtd s.pb --against 1.pb").err.find("s.pb: the stream has no snapshot"), std::string::npos);
}

}  // namespace
}  // namespace chronotope
