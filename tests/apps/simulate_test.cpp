// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>
#include <vector>

#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/text_spec.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// One neuron that a kick of 100 mV fires 1.5 ms after 5, 25 and 45 ms.
constexpr const char* kKicked = R"(
population { name: "E" size: 1 delta_lif { } }
input { name: "kick" size: 1 spike_times { neuron: 0 times: [5, 25, 45] } }
projection { source: "kick" target: "E" all_to_all { } weight { constant: 100 } delay { constant: 1.5 } }
)";

/// The same, and a plastic synapse whose presynaptic spike arrives at 2 ms: it pairs with the spikes after
/// it.
constexpr const char* kPlastic = R"(
input { name: "pre" size: 1 spike_times { neuron: 0 times: 1 } }
projection { source: "pre" target: "E" all_to_all { } weight { constant: 5 } delay { constant: 1 }
  pair_stdp { mu_plus: 0 mu_minus: 0 A_plus { constant: 0.01 } tau_plus { constant: 20 } w_max: 60 } }
)";

/// A network with draws of every kind.
constexpr const char* kRandom = R"(
seed: 7
population { name: "E" size: 20 exp_psc_lif { tau_m { gamma { mean: 20 cv: 0.3 } min: 2 } } }
input { name: "noise" size: 20 poisson { rate { constant: 300 } } }
projection { source: "noise" target: "E" one_to_one { } weight { constant: 600 } }
projection { source: "E" target: "E" pairwise_bernoulli { p: 0.5 } weight { uniform { low: 10 high: 30 } }
  delay { uniform { low: 1 high: 3 } } pair_stdp { w_max: 60 } }
)";

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) result.push_back(line);
  return result;
}

class Simulate : public ProgramTest {};

TEST_F(Simulate, WritesTheSpikesItMustHaveWithTheirDecimals) {
  save("n.textproto", kKicked);
  ASSERT_EQ(run("simulate n.textproto --until 40 --spikes s.csv").code, 0);
  EXPECT_EQ(read_file(path("s.csv")), "time_ms,population,neuron\n6.5,E,0\n26.5,E,0\n");
}

/// A projection's synapses and constants, as text of the specification and as a table.
TEST_F(Simulate, SynapsesOfAFileAreThoseOfAnExplicitList) {
  std::string listed = kKicked, filed = kKicked;
  std::string table = "source,target,weight,delay\n";
  std::string synapses;
  for (int k = 0; k < 40; ++k) {
    const int source = 7 * k % 20, target = 3 * k % 20;
    const std::string weight = std::to_string(20 + k) + ".5", delay = std::to_string(1 + k % 3) + ".3";
    table += std::to_string(source) + "," + std::to_string(target) + "," + weight + "," + delay + "\n";
    synapses += "synapses { source: " + std::to_string(source) + " target: " + std::to_string(target) +
                " weight: " + weight + " delay: " + delay + " } ";
  }
  for (auto* text : {&listed, &filed})
    *text =
        "population { name: \"E\" size: 20 delta_lif { V_m: -56 } }\n"
        "input { name: \"kick\" size: 20 regular { interval: 7.3 } }\n"
        "projection { source: \"kick\" target: \"E\" one_to_one { } weight: 12 }\n"
        "projection { source: \"E\" target: \"E\" pair_stdp { w_max: 90 } " +
        (text == &listed ? synapses : "synapse_file { path: \"s.csv\" }") + " }\n";
  save("s.csv", table);
  save("listed.textproto", listed);
  save("filed.textproto", filed);
  ASSERT_EQ(run("simulate listed.textproto --until 200 --spikes a.csv --weights a_w.csv").code, 0);
  ASSERT_EQ(run("simulate filed.textproto --until 200 --spikes b.csv --weights b_w.csv").code, 0);
  EXPECT_GT(lines(read_file(path("a.csv"))).size(), 100U);
  EXPECT_EQ(read_file(path("a.csv")), read_file(path("b.csv")));
  EXPECT_EQ(read_file(path("a_w.csv")), read_file(path("b_w.csv")));
  expect_refused("simulate filed.textproto --until 200 --spikes s.csv", "s.csv");  // it is read
}

TEST_F(Simulate, SettlesThePlasticWeightsToTheEndOfTheRun) {
  save("n.textproto", std::string(kKicked) + kPlastic);
  ASSERT_EQ(run("simulate n.textproto --until 60 --weights w.csv").code, 0);
  const auto rows = lines(read_file(path("w.csv")));
  ASSERT_EQ(rows.size(), 2U);  // the static projection has no row
  EXPECT_EQ(rows[0], "source_population,source,target_population,target,weight,projection,delay_ms");
  EXPECT_TRUE(rows[1].ends_with(",pre->E,1.0")) << rows[1];
  EXPECT_EQ(rows[1].rfind("pre,0,E,0,", 0), 0U);
  double expected = 5;
  for (const double spike : {6.5, 26.5, 46.5}) expected += 0.01 * 60 * std::exp(-(spike - 2) / 20);
  EXPECT_NEAR(std::stod(rows[1].substr(10)), expected, 1e-14 * expected);
}

/// Every spike of an input kicks a neuron of its own over the threshold; no other neuron hears it.
const char* const kRelayed = R"(population { name: "E" size: 3 delta_lif { t_ref { constant: 0 } } }
  input { name: "x" size: 3 poisson { rate { constant: 50 } } }
  input { name: "list" size: 2 spike_times { neuron: 1 times: [3.25, 7] } }
  projection { source: "x" target: "E" one_to_one { } weight { constant: 20 } delay { constant: 1.5 } })";

TEST_F(Simulate, RecordsTheSpikesOfInputsThatTheRunHears) {
  save("n.textproto", kRelayed);
  ASSERT_EQ(run("simulate n.textproto --until 500 --spikes all.csv --record-inputs --out all.pb").code, 0);
  ASSERT_EQ(run("simulate n.textproto --until 500 --spikes own.csv --out own.pb").code, 0);
  std::vector<std::string> heard, fired, own, listed;
  double before = 0;
  for (const std::string& row : lines(read_file(path("all.csv")))) {
    if (row.find(",E,") != std::string::npos) own.push_back(row);
    if (row.find(",list,") != std::string::npos) listed.push_back(row);
    if (row.find(",x,") == std::string::npos && row.find(",E,") == std::string::npos) continue;
    const double ms = std::stod(row);
    EXPECT_GE(ms, before);
    before = ms;
    if (row.find(",x,") != std::string::npos && ms < 498)
      heard.push_back(std::to_string(ms + 1.5) + row.substr(row.rfind(',')));
    if (row.find(",E,") != std::string::npos && ms < 499.5)
      fired.push_back(std::to_string(ms) + row.substr(row.rfind(',')));
  }
  EXPECT_EQ(listed, (std::vector<std::string>{"3.25,list,1", "7.0,list,1"}));
  EXPECT_GT(heard.size(), 40U);
  EXPECT_EQ(heard, fired);
  std::vector<std::string> alone = lines(read_file(path("own.csv")));
  alone.erase(alone.begin());
  EXPECT_EQ(own, alone);
  EXPECT_NE(run("inspect all.pb").out.find("spikes of x, the last at"), std::string::npos);
  EXPECT_EQ(run("inspect own.pb").out.find("spikes of x"), std::string::npos);
  expect_refused("simulate n.textproto --until 5 --record-inputs",
                 "--record-inputs: needs --spikes or --out");
}

TEST_F(Simulate, TheSummaryTellsTheRateOfEveryPopulation) {
  save("n.textproto", kRelayed);
  const Outcome r = run("simulate n.textproto --until 500 --spikes own.csv");
  const std::size_t spikes = lines(read_file(path("own.csv"))).size() - 1;
  EXPECT_NE(r.err.find("  E: " + std::to_string(spikes) + " spikes of 3 neurons, "), std::string::npos)
      << r.err;
  EXPECT_NE(run("simulate n.textproto --until 500 --json")
                .out.find("\"population\":[{\"name\":\"E\",\"neurons\":3,\"spikes\":" +
                          std::to_string(spikes) + ",\"rate_hz\":"),
            std::string::npos);
}

TEST_F(Simulate, NobodyFiresAtZeroHertz) {
  save("n.textproto", "population { name: 'z' size: 0 delta_lif {} }");
  EXPECT_NE(run("simulate n.textproto --until 5").err.find("  z: 0 spikes of 0 neurons, 0 Hz\n"),
            std::string::npos);
  EXPECT_NE(
      run("simulate n.textproto --until 5 --json").out.find("\"neurons\":0,\"spikes\":0,\"rate_hz\":0}"),
      std::string::npos);
}

TEST_F(Simulate, NamesAndRemovesWhatAKilledRunLeft) {
  save("n.textproto", kKicked);
  const Outcome pid = shell("sh -c 'echo $$'");  // of a process that is gone
  const std::string gone = std::to_string(std::stoi(pid.out));
  const std::string living = std::to_string(::getpid());
  for (const std::string& name :
       {"s.csv.part" + gone, "s.csv.part" + living, std::string("s.csv.part1x"), "t.csv.part" + gone})
    save(name, "left");
  const Outcome r = run("simulate n.textproto --spikes s.csv");
  EXPECT_NE(r.err.find("s.csv.part" + gone + ", left by a run that was killed\n"), std::string::npos)
      << r.err;
  EXPECT_FALSE(std::filesystem::exists(path("s.csv.part" + gone)));
  for (const std::string& name : {"s.csv.part" + living, std::string("s.csv.part1x"), "t.csv.part" + gone})
    EXPECT_TRUE(std::filesystem::exists(path(name))) << name;
}

TEST_F(Simulate, RunsToTheEndOfItsInputsWhenNotToldOtherwise) {
  save("n.textproto", kKicked);
  const Outcome outcome = run("simulate n.textproto --spikes -");
  EXPECT_EQ(lines(outcome.out).size(), 3U);  // the last kick, at 45 ms, would arrive after the end
}

TEST_F(Simulate, PrintsOneJsonObjectWithTheseKeys) {
  save("n.textproto", kKicked);
  const Outcome outcome = run("simulate n.textproto --until 60 --json");
  EXPECT_EQ(outcome.err, "");
  ASSERT_EQ(lines(outcome.out).size(), 1U);
  for (const char* key :
       {"until_ms", "spikes", "synaptic_events", "simulate_seconds", "build_seconds", "peak_rss_mb", "events",
        "emissions", "deliveries", "wake_ups", "superseded", "exactness", "bounds_evaluated",
        "roots_polished", "largest_residual_mV", "interrupted"})
    EXPECT_NE(outcome.out.find(std::string("\"") + key + "\":"), std::string::npos) << key;
  RunSummary summary;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(outcome.out, &summary).ok());
  EXPECT_EQ(summary.until_ms(), 60);
  EXPECT_EQ(summary.spikes(), 3);
  EXPECT_EQ(summary.synaptic_events(), 3);
}

TEST_F(Simulate, ReadsTheSameNetworkAsTextJsonBinaryAndFromAPipe) {
  save("n.textproto", kRandom);
  proto::SpecText spec;
  proto::parse_spec(kRandom, "n.textproto", spec);
  std::string json;
  ASSERT_TRUE(google::protobuf::util::MessageToJsonString(spec.message, &json).ok());
  save("n.json", json);
  save("n.pb", spec.message.SerializeAsString());
  const std::string spikes = run("simulate n.textproto --until 50 --spikes - --quiet").out;
  EXPECT_GT(lines(spikes).size(), 20U);
  for (const char* words : {"simulate n.json", "simulate n.pb", "simulate - < n.textproto"})
    EXPECT_EQ(run(std::string(words) + " --until 50 --spikes - --quiet").out, spikes) << words;
}

TEST_F(Simulate, BitsDoNotDependOnTheCLibrarysVariants) {
  save("n.textproto", kRandom);
  const std::string wav = "'" CHRONOTOPE_EXAMPLES "/digits/recordings/0_theo_0.wav'";
  const auto all = [&](const std::string& before, const std::string& after) {
    const std::string program = before + kProgram;
    EXPECT_EQ(shell(program + " simulate n.textproto --until 300 --quiet --spikes s" + after +
                    " --weights w" + after + " && " + program +
                    " simulate n.textproto --until 300 --quiet --clock 0.1 --integrator rk4 --spikes c" +
                    after + " && " + program + " encode " + wav + " --quiet --out e.pb --spikes e" + after)
                  .code,
              0);
    std::string bytes;
    for (const char* name : {"s", "w", "c", "e"}) bytes += read_file(path(name + after));
    return bytes;
  };
  const std::string bytes = all("", "1");
  EXPECT_GT(bytes.size(), 10000U);
  EXPECT_TRUE(all("GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-AVX2 ", "2") == bytes);
}

TEST_F(Simulate, TheSeedDecides) {
  save("n.textproto", kRandom);
  const auto spikes = [&](const std::string& words) {
    return run("simulate n.textproto --until 50 --spikes - --quiet " + words).out;
  };
  EXPECT_EQ(spikes(""), spikes("--seed 7"));
  EXPECT_NE(spikes(""), spikes("--seed 8"));
}

TEST_F(Simulate, HearsCsvAndSpikeStreamsAlike) {
  save("events.csv", "time_ms,channel,stimulus\n5,0,1\n25,0,1\n5,0,2\n");
  save("all.csv", "time_ms,channel\n5,0\n25,0\n131,0\n");  // the second stimulus begins at 26 + 100 ms
  ASSERT_EQ(run("encode events.csv --out s.pb").code, 0);
  const auto spikes = [&](const std::string& input) {
    save("n.textproto", R"(population { name: "E" size: 1 delta_lif { } }
      input { name: "in" size: 1 )" +
                            input + R"( }
      projection { source: "in" target: "E" all_to_all { } weight { constant: 100 } })");
    return run("simulate n.textproto --until 200 --spikes - --quiet").out;
  };
  EXPECT_EQ(lines(spikes("csv { path: \"all.csv\" }")).size(), 4U);
  EXPECT_EQ(spikes("spike_stream { path: \"s.pb\" }"), spikes("csv { path: \"all.csv\" }"));
  EXPECT_NE(run("simulate n.textproto --out - --quiet | " + kProgram + " inspect -").out.find("spikes of E"),
            std::string::npos);
}

TEST_F(Simulate, StreamsWhileItRuns) {
  save("n.textproto", kRandom);
  // Neither end would stop by itself: head closes inspect's pipe, inspect closes simulate's.
  const Outcome outcome = run("simulate n.textproto --until 1e12 --snapshot-every 10 --out - --quiet | " +
                              kProgram + " inspect - | head -5");
  EXPECT_EQ(outcome.err, "");
  const auto rows = lines(outcome.out);
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[4].rfind("E->E: ", 0), 0U) << outcome.out;
}

/// The words that run `words`, which would not end, and send a signal once `output` is being written.
std::string interrupted(const std::string& words, const std::string& output, const std::string& signal) {
  return words + " --quiet & until ls " + output + ".part* >/dev/null 2>&1; do sleep 0.01; done; kill -" +
         signal + " $!; wait $!";
}

TEST_F(Simulate, CtrlCWritesASnapshotAndCompletesTheFiles) {
  save("n.textproto", kRandom);
  const Outcome outcome = run(interrupted(
      "simulate n.textproto --until 1e12 --out r.pb --spikes s.csv --weights w.csv", "r.pb", "INT"));
  EXPECT_EQ(outcome.code, 130);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(files(), 4U);
  proto::FrameReader frames(path("r.pb"));
  Envelope last;
  bool snapshot = false;
  while (const auto envelope = frames.next()) {
    snapshot |= envelope->has_snapshot();
    last = *envelope;
  }
  EXPECT_TRUE(snapshot);
  EXPECT_TRUE(last.summary().interrupted());
  EXPECT_LT(last.summary().until_ms(), 1e12);
}

TEST_F(Simulate, CtrlCEndsAClockRunWithCompleteFiles) {
  save("n.textproto", kRandom);
  const Outcome outcome = run(interrupted(
      "simulate n.textproto --clock 0.1 --until 1e9 --spikes s.csv --weights w.csv", "s.csv", "HUP"));
  EXPECT_EQ(outcome.code, 130);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(files(), 3U);
}

TEST_F(Simulate, AFullDiskIsAFailureThatLeavesNothing) {
  save("n.textproto", kRandom);
  for (const char* option : {"--out", "--spikes", "--weights"}) {
    const std::string words = std::string("simulate n.textproto --until 200 --quiet ") + option;
    expect_one_line(run(words + " /dev/full"), 1, words, "/dev/full: cannot write: No space left on device");
    expect_one_line(run(words + " - >/dev/full"), 1, words,
                    "standard output: cannot write: No space left on device");
    expect_one_line(shell("ulimit -f 1; " + kProgram + " " + words + " file"), 1, words,
                    "file: cannot write:");
    expect_one_line(run(words + " nowhere/file"), 1, words, "nowhere/file: cannot write: No such file");
    EXPECT_EQ(files(), 1U) << words;
  }
  expect_one_line(run("simulate n.textproto --until 9 --json >/dev/full"), 1, "--json", "No space left");
  expect_one_line(run("simulate --help >/dev/full"), 1, "--help", "No space left on device");
}

TEST_F(Simulate, ClosedStandardStreamsReceiveNoFile) {
  save("n.textproto", kKicked);
  ASSERT_EQ(run("simulate n.textproto --spikes open.csv --until 40 --quiet").code, 0);
  EXPECT_EQ(run("simulate n.textproto --spikes o.csv --until 40 2>&-").code, 0);
  EXPECT_EQ(read_file(path("o.csv")), read_file(path("open.csv")));
  EXPECT_EQ(run("simulate n.textproto --spikes p.csv --until 40 --json >&-").code, 1);
  EXPECT_EQ(read_file(path("p.csv")), read_file(path("open.csv")));
  EXPECT_EQ(run("simulate nowhere.textproto 2>&-").code, 2);
  EXPECT_EQ(run("simulate nowhere.textproto 2>/dev/full").code, 2);
}

TEST_F(Simulate, RefusesBadOptionsInOneLine) {
  save("n.textproto", kKicked);
  expect_refused("simulate", "SPEC is missing");
  expect_refused("simulate nowhere.textproto", "nowhere.textproto: cannot read: No such file");
  expect_refused("simulate .", "is a directory");
  const std::string all = "simulate n.textproto --out o.pb --spikes o.csv --weights w.csv ";
  expect_refused(all + "--seed -1", "--seed: -1 is not allowed (must be >= 0)");
  expect_refused(all + "--seed=-1", "--seed: -1 is not allowed (must be >= 0)");
  expect_refused(all + "--seed 1.5", "--seed");
  expect_refused(all + "--seed 18446744073709551616", "--seed");
  for (const char* ms : {"0", "-5", "nan", "inf", "1e13"})
    expect_refused(all + "--until " + ms, "must be > 0 and at most 1e12 ms");
  expect_refused(all + "--snapshot-every 0", "--snapshot-every: 0 is not allowed");
  expect_refused(all + "--what", "--what: no such option");
  expect_refused("simulate n.textproto --out . ", "is a directory");
  expect_refused("simulate n.textproto --out - --spikes -", "only one of");
  expect_refused("simulate n.textproto --out o --weights o",
                 "--weights: 'o' is not allowed (the same file is --out)");
  expect_refused("simulate n.textproto --out n.textproto", "(the same file is SPEC)");
}

TEST_F(Simulate, RefusesBadSpecificationsNamingFileLineFieldValueAndRange) {
  const auto refused = [&](const std::string& text, const std::string& reason) {
    save("bad.textproto", text);
    expect_refused("simulate bad.textproto --until 10 --out o.pb --spikes o.csv", "bad.textproto" + reason);
  };
  const std::string net = "population { name: \"E\" size: 2 delta_lif { } }\n";
  const auto projection = [&](const std::string& fields) {
    return net + "projection { source: \"E\" target: \"E\" all_to_all { }\n" + fields + " }";
  };
  const auto input = [&](const std::string& source) {
    return net + "input { name: \"in\" size: 2\n" + source + " }";
  };
  refused("", ": population: nothing is not allowed (at least one is needed)");
  refused(
      net + "nonsense: 3",
      ":2:1: unknown field 'nonsense' (must be one of seed population input projection reward seeds recorder current)");
  refused(projection("weight { constant: nan }"),
          ":3: projection E->E.weight.constant: nan is not allowed (must be a finite number)");
  refused(projection("weight { constant: 1 } delay { constant: -1 }"),
          ":3: projection E->E.delay: -1 is not allowed (must be > 0 ms, from 1e-12 to 1e12; instead of none "
          "take a short one, 0.1 ms)");
  refused(
      net + "projection { source: \"E\" target: \"E\" synapses { source: 0 target: 1 weight: 1 delay: 0 } }",
      ":2: projection E->E.synapses[0].delay: 0 is not allowed (must be > 0 ms, from 1e-12 to 1e12; instead "
      "of none take");
  refused(projection("weight: 0 pair_stdp { }"),
          ":3: projection E->E.pair_stdp.w_max: 0, by default, is not allowed (must be above w_min = 0)");
  refused(projection("weight { constant: 1 } delay { constant: 1e300 }"),
          ":3: projection E->E.delay: 1e+300");
  refused(projection("weight { constant: 1 } pair_stdp { learn_until: 1e300 }"),
          ":3: projection E->E.pair_stdp.learn_until: 1e+300 is not allowed (must be from 0 to 1e12 ms)");
  refused(input("spike_times { neuron: 1 times: 1e300 }"), ":3: input in.spike_times[0].times: 1e+300");
  refused(input("poisson { rate { constant: 1e300 } }"),
          ":3: input in.poisson.rate: 1e+300 is not allowed (must be from 0 to 1e9 Hz)");
  refused(input("regular { interval { constant: 1e-300 } }"),
          ":3: input in.regular.interval: 1e-300 is not allowed (must be from 1e-6 to 1e12 ms)");
  refused(input("csv { path: \"nowhere.csv\" }"),
          ":3: input in.csv.path: 'nowhere.csv' is not allowed (cannot read");
  refused(input("csv { path: \".\" }"), ":3: input in.csv.path: '.' is not allowed (is a directory");
  refused(input("spike_stream { }"), ":3: input in.spike_stream.path: '' is not allowed (must name a file)");
  save("bad.json", R"({"population": [{"name": "E", "size": 2, "delta_lif": {}, "bogus": 1}]})");
  expect_refused(
      "simulate bad.json --out o.pb",
      "bad.json:1:59: population[0]: unknown field 'bogus' (must be one of name size grid positions exp_psc_lif");
  refused(input("csv { path: \"no\\nwhere.csv\" }"),
          ":3: input in.csv.path: 'no?where.csv' is not allowed (cannot read");
  save("bad.json", "{\"seed\" 1}");
  expect_refused("simulate bad.json --out o.pb", "bad.json:1:9: seed: expected ':', found 1\n");
  refused("\xEF\xBB\xBF" + net + "reward { size }",
          ":2:10: reward[0]: unknown field 'size' (must be one of name");
}

TEST_F(Simulate, ConnectionsWithoutEffectChangeNothing) {
  const std::string alone = "population { name: 'E' size: 3 exp_psc_lif { I_e: 500 } }";
  save("alone.textproto", alone);
  const std::string spikes = run("simulate alone.textproto --until 100 --spikes - --quiet").out;
  EXPECT_GT(spikes.size(), 100U);
  for (const char* nothing :
       {"fixed_indegree { indegree: 0 } weight: 9", "fixed_outdegree { outdegree: 0 } weight: 9",
        "fixed_indegree { indegree: 0 } allow_autapses: false allow_multapses: false weight: 9 pair_stdp { }",
        "fixed_total { N: 0 } weight: 9", "pairwise_bernoulli { p: 0 } weight: 9", "all_to_all { } weight: 0",
        "all_to_all { } weight: 0 short_term { }",
        "all_to_all { } weight: 0 pair_stdp { w_max: 5 A_plus: 0 }",
        "synapses { source: 1 target: 2 delay: 1 }"}) {
    save("net.textproto", alone + "projection { source: 'E' target: 'E' " + nothing + " }");
    const Outcome outcome = run("simulate net.textproto --until 100 --spikes - --quiet");
    EXPECT_EQ(outcome.err, "") << nothing;
    EXPECT_EQ(outcome.out, spikes) << nothing;
  }
}

TEST_F(Simulate, WhatCanNotBeDrawnIsToldOnceWithItsField) {
  const std::string bounds = " { normal { mean: 1 sd: 0.1 } min: 500 max: 501 } ";
  for (const std::string rule : {"one_to_one { } ", "fixed_total { N: 10 } "})
    for (const auto& [field, values] :
         {std::pair("delay", "weight: 1 delay" + bounds), std::pair("weight", "weight" + bounds)}) {
      save("net.textproto",
           "population { name: 'E' size: 10 delta_lif { } }\nprojection { source: 'E' target: 'E' " + rule +
               values + " }");
      expect_refused(
          "simulate net.textproto --until 1",
          std::string("chronotope simulate: net.textproto:2: projection E->E.") + field + ": the value ");
    }
}

TEST_F(Simulate, ADendriticPartIsCheckedWhateverTheRule) {
  for (const std::string rule : {"", "pair_stdp { w_max: 2 }", "short_term { }"})
    for (const auto& [part, reason] :
         {std::pair("dendritic_delay: 5", "delay: 5 is not allowed (must not be longer than the delay, 1.0)"),
          std::pair("dendritic_delay: -1", "delay: -1 is not allowed (must be from 0 to 1e12 ms)"),
          std::pair("dendritic_fraction: 2", "fraction: 2 is not allowed (must lie in [0, 1])")}) {
      save("net.textproto",
           std::string("population { name: 'E' size: 10 delta_lif { } } projection { source: 'E' "
                       "target: 'E' one_to_one { } weight: 1 ") +
               part + " " + rule + " }");
      expect_refused("simulate net.textproto --until 1", std::string("projection E->E.dendritic_") + reason);
    }
}

TEST_F(Simulate, APlainNumberIsAConstantInBothSyntaxes) {
  save(
      "long.textproto",
      R"(seed: 4 population { name: "E" size: 20 exp_psc_lif { tau_m { constant: 15 } I_e { constant: 300 } } }
      projection { source: "E" target: "E" fixed_indegree { indegree: 5 } weight { constant: 20 } delay { constant: 1.5 } })");
  save("short.textproto", R"(seed: 4 population { name: "E" size: 20 exp_psc_lif { tau_m: 15 I_e: 300 } }
      projection { source: "E" target: "E" fixed_indegree { indegree: 5 } weight: 20 delay: 1.5 })");
  save("short.json",
       R"({"seed": 4, "population": [{"name": "E", "size": 20, "exp_psc_lif": {"tau_m": 15, "I_e": 300}}],
      "projection": [{"source": "E", "target": "E", "fixed_indegree": {"indegree": 5}, "weight": 20, "delay": 1.5}]})");
  const std::string long_form = run("simulate long.textproto --until 100 --spikes - --quiet").out;
  EXPECT_GT(long_form.size(), 100U);
  EXPECT_EQ(run("simulate short.textproto --until 100 --spikes - --quiet").out, long_form);
  EXPECT_EQ(run("simulate short.json --until 100 --spikes - --quiet").out, long_form);
}

/// V climbs from -1e5 mV towards 1e5 mV with tau_m = 10 ms: the threshold is reached at 10 ln 2 ms, at 1e4
/// mV/ms, and 1e-9 mV above the reset again within a tick.
constexpr const char* kBreaking = R"(
population { name: "calm" size: 2 delta_lif { I_e: 1000 } }
population { name: "wild" size: 1 delta_lif { tau_m: 10 C_m: 1 I_e: 1e4 E_L: 0 V_m: -1e5 V_reset: 0 V_th: 1e-9
  t_ref: 0 } }
projection { source: "calm" target: "calm" all_to_all { } weight: 1 delay: 1 pair_stdp { w_max: 2 } }
)";

TEST_F(Simulate, WhatABreakdownLeavesIsKept) {
  save("n.textproto", kBreaking);
  const std::string words = "simulate n.textproto --until 100 --spikes s.csv --out r.pb --weights w.csv ";
  expect_one_line(run(words + "--snapshot-every 2"), 2, "a breakdown", "population wild: neuron 0, 6.93147");
  EXPECT_FALSE(std::filesystem::exists(path("w.csv")));  // of the end, which was not reached
  const std::string spikes = read_file(path("s.csv"));
  const Outcome again = run("simulate n.textproto --until 6 --spikes - --quiet");  // the last whole window
  EXPECT_EQ(spikes, again.out);
  EXPECT_GT(spikes.size(), 40U);
  proto::FrameReader frames(path("r.pb"));
  std::vector<double> snapshots;
  Envelope last;
  while (const auto envelope = frames.next()) {
    if (envelope->has_snapshot()) snapshots.push_back(proto::decode(envelope->snapshot().time()).to_ms());
    last = *envelope;
  }
  EXPECT_EQ(snapshots, (std::vector<double>{2, 4, 6}));
  EXPECT_TRUE(last.summary().interrupted());
  EXPECT_EQ(last.summary().until_ms(), 6);
  EXPECT_EQ(last.summary().spikes(), static_cast<double>(std::count(spikes.begin(), spikes.end(), '\n')) - 1);
  expect_one_line(run(words + "--weights-every 1"), 2, "a breakdown", "; the outputs end at 6 ms\n");
  EXPECT_NE(read_file(path("w.csv")).find("\n6.0,"), std::string::npos);
}

/// By Euler's rule in steps of 1 ms a current with tau_syn = 0.1 ms grows by the factor -9 per step: it
/// passes the largest double in the 325th step (9^324 > 1.8e308), and V with it.
constexpr const char* kUnstable = R"(
population { name: "calm" size: 2 delta_lif { I_e: 1000 } }
population { name: "wild" size: 2 exp_psc_lif { tau_syn_ex: 0.1 V_th: 1e9 } }
input { name: "once" size: 1 spike_times { neuron: 0 times: [1] } }
projection { source: "once" target: "wild" all_to_all { } weight: 1 delay: 1 }
projection { source: "calm" target: "calm" all_to_all { } weight: 1 delay: 1 pair_stdp { w_max: 2 } }
)";

TEST_F(Simulate, WhatABreakdownOnAClockLeavesIsKept) {
  save("n.textproto", kUnstable);
  const std::string euler = " --clock 1 --integrator euler --quiet";
  expect_one_line(run("simulate n.textproto --until 1000 --spikes s.csv --weights w.csv" + euler), 2, euler,
                  "population wild: neuron 0, 512.0 ms: V is");
  EXPECT_FALSE(std::filesystem::exists(path("w.csv")));
  EXPECT_EQ(read_file(path("s.csv")), run("simulate n.textproto --until 256 --spikes -" + euler).out);
  expect_one_line(run("simulate n.textproto --until 1000 --interpolate cubic" + euler), 2, "interpolated",
                  "; the outputs end at 256 ms\n");
  expect_one_line(run("simulate n.textproto --until 340 --spikes s.csv" + euler), 2, "the end",
                  "population wild: neuron 0, 340.0 ms: V is");
  EXPECT_EQ(run("simulate n.textproto --until 300 --spikes s.csv" + euler).code, 0);
}

/// `timeout` signals the program and then its whole group: a second signal within the same moment.
TEST_F(Simulate, SeveralSignalsAtOnceLeaveCompleteFiles) {
  save("n.textproto", kRandom);
  const Outcome outcome =
      shell("timeout --preserve-status 0.4 " + kProgram + " simulate n.textproto --until 1e9 --out r.pb");
  EXPECT_EQ(outcome.code, 130) << outcome.err;
  EXPECT_EQ(run("inspect r.pb").code, 0);
}

TEST_F(Simulate, AnInterruptedRunSaysSo) {
  save("n.textproto", kRandom);
  const auto interrupted = [&](const std::string& words) {
    return shell("timeout --foreground --preserve-status -s INT 0.4 " + kProgram + " " + words);
  };
  const Outcome run = interrupted("simulate n.textproto --until 1e9 --spikes s.csv");
  EXPECT_EQ(run.code, 130);
  EXPECT_NE(run.err.find("interrupted at "), std::string::npos) << run.err;
  const Outcome clock = interrupted("simulate n.textproto --until 1e9 --clock 0.1");
  EXPECT_EQ(clock.code, 130);
  EXPECT_NE(clock.err.find("interrupted at "), std::string::npos) << clock.err;
  const Outcome nothing = interrupted("compare n.textproto --until 1e9 --dt 1 --out c.json");
  EXPECT_EQ(nothing.code, 130);
  EXPECT_EQ(nothing.out, "");
  EXPECT_NE(nothing.err.find("nothing was compared"), std::string::npos) << nothing.err;
  EXPECT_FALSE(std::filesystem::exists(path("c.json")));
  const Outcome some =
      interrupted("compare n.textproto --until 200 --dt 1,0.000001 --perturbation 0 --out c.json");
  EXPECT_EQ(some.code, 130);
  EXPECT_NE(some.out.find("interrupted: 1 of the time steps were compared, none is recommended"),
            std::string::npos)
      << some.out;
  EXPECT_NE(read_file(path("c.json")).find("\"interrupted\": true"), std::string::npos);
  EXPECT_EQ(read_file(path("c.json")).find("recommended"), std::string::npos);
}

}  // namespace
}  // namespace chronotope
