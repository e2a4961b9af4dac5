// SPDX-License-Identifier: Apache-2.0
// What the command line says when words are misspelt, options have no use, and outputs are links.
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

class Options : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("n.textproto", "population { name: 'E' size: 2 exp_psc_lif { I_e: 500 } }");
    save("p.csv", "0,0\n1,0\n1,1\n0,1\n");
  }
};

TEST_F(Options, TheVersionIsToldEverywhere) {
  const std::string version = run("--version").out;
  EXPECT_TRUE(std::regex_match(
      version,
      std::regex(
          "chronotope \\d+\\.\\d+\\.\\d+ \\(commit ([0-9a-f]{12}|unknown), stream format 2, reads 1 to 2\\)\n")))
      << version;
  for (const char* words :
       {"-V", "simulate --version", "rtd -V", "encode --version", "study a b --version"}) {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << words;
    EXPECT_EQ(outcome.out, version) << words;
    EXPECT_EQ(outcome.err, "") << words;
  }
}

TEST_F(Options, MisspeltWordsComeWithThoseThatAreNear) {
  EXPECT_EQ(run("simulte n.textproto").code, 2);
  EXPECT_EQ(run("simulte n.textproto").err,
            "chronotope: no verb named \"simulte\" (did you mean simulate?); see chronotope --help\n");
  EXPECT_EQ(run("quux").err, "chronotope: no verb named \"quux\"; see chronotope --help\n");
  expect_refused("simulate n.textproto --utnil 10",
                 "simulate: --utnil: no such option (did you mean --until?); see chronotope simulate --help");
  expect_refused("simulate n.textproto --snapshot-evry 10",
                 "--snapshot-evry: no such option (did you mean --snapshot-every?)");
  expect_refused("rtd p.csv p.csv --zzzzzzz 10", "rtd: --zzzzzzz: no such option; see chronotope rtd --help");
}

TEST_F(Options, WhatNothingWouldUseIsRefused) {
  expect_refused("simulate n.textproto --snapshot-every 10", "--snapshot-every: needs --out");
  expect_refused("simulate n.textproto --potentials", "--potentials: needs --out");
  for (const char* option : {"interpolate cubic", "integrator rk4", "grid brian2"})
    expect_refused(std::string("simulate n.textproto --") + option, ": needs --clock");
  for (const char* option : {"weights-of 'E->E'", "histogram 0,1,2"})
    expect_refused(std::string("simulate n.textproto --clock 0.1 --") + option, "needs --weights-every");
  for (const char* option : {"potentials", "snapshot-every 5"})
    expect_refused(std::string("simulate n.textproto --clock 0.1 --") + option,
                   "cannot stand beside --clock");
  expect_refused("rtd p.csv p.csv --reference-batch 5", "--reference-batch: needs --variant mtop-div");
  expect_refused("rtd p.csv p.csv --normalize median --quantile 0.5",
                 "--quantile: needs --normalize quantile or pairs-quantile");
  expect_refused("rtd p.csv p.csv --variant mtop-div --quantile 0.5", "--quantile: needs --normalize");
  expect_refused("simulate n.textproto --out r.pb --snapshot-every 1e-300",
                 "--snapshot-every: 1e-300 is not allowed (must be from 0.001 to 1e12 ms)");
}

TEST_F(Options, WhatNoCodeWouldUseIsRefused) {
  ASSERT_EQ(run("simulate n.textproto --until 5 --out r.pb --quiet").code, 0);
  expect_refused("rtd r.pb r.pb --bins 3", "--bins: needs --code bins");
  expect_refused("rtd r.pb r.pb --code trace --bins 3", "--bins: needs --code bins");
  expect_refused("rtd r.pb r.pb --tau 3", "--tau: needs --code trace or train");
  expect_refused("rtd r.pb r.pb --code train --metric isi --tau 3",
                 "--tau: needs --code trace or --metric van-rossum");
  expect_refused("rtd r.pb r.pb --code train --q 3", "--q: needs --metric victor-purpura");
  expect_refused("rtd r.pb r.pb --layering quantile --bottleneck 0.2",
                 "--bottleneck: needs --layering centrality");
  expect_refused("rtd r.pb r.pb --layers p.csv --layering quantile",
                 "--layering: needs layers that are found");
  expect_refused("report r.pb --out r.html --bins 3", "--bins: needs --code bins");
}

TEST_F(Options, ErrorsHaveOneForm) {
  const auto said = [&](const std::string& words) { return run(words).err; };
  EXPECT_EQ(
      said("rtd p.csv p.csv --metric euclidian"),
      "chronotope rtd: --metric: no metric named \"euclidian\" (did you mean euclidean?); one of euclidean, "
      "cosine, correlation, hamming, van-rossum, victor-purpura, isi, spike\n");
  EXPECT_EQ(said("barcode p.csv --metric foo"),
            "chronotope barcode: --metric: no metric named \"foo\"; one of euclidean, cosine, correlation, "
            "hamming\n");
  EXPECT_EQ(said("simulate n.textproto --until x"),
            "chronotope simulate: --until: 'x' is not allowed (must be > 0 and at most 1e12 ms)\n");
  EXPECT_EQ(said("simulate n.textproto --until"),
            "chronotope simulate: --until: needs a value; see chronotope simulate --help\n");
  EXPECT_EQ(said("simulate n.textproto --until 1 --until 2"),
            "chronotope simulate: --until: stands more than once\n");
  EXPECT_EQ(said("simulate n.textproto --json=3"), "chronotope simulate: --json: takes no value\n");
  EXPECT_EQ(said("simulate n.textproto m.textproto"),
            "chronotope simulate: a word too many; usage: chronotope simulate SPEC [options]\n");
  EXPECT_EQ(
      said("compare n.textproto --until 10"),
      "chronotope compare: missing --dt; usage: chronotope compare SPEC --dt LIST --until MS [options]\n");
  EXPECT_EQ(said("rtd p.csv p.csv --metric isi"),
            "chronotope rtd: --metric: isi is not allowed (it compares spike trains: needs --code train)\n");
  EXPECT_EQ(
      said("simulate n.textproto --json --spikes -"),
      "chronotope simulate: only one of --spikes -, --out -, --recordings -, --json, --weights - and --histograms - can have "
      "the standard output\n");
}

/// What --help shows is what is taken, and nothing else.
TEST_F(Options, HelpListsEveryOptionInGroups) {
  for (const std::string verb :
       {"encode", "simulate", "rtd", "barcode", "compare", "layers", "study", "train", "gradient", "report",
        "inspect", "statistics", "likelihood", "embed", "sweep", "optimise", "generate"}) {
    const Outcome help = run("help " + verb);
    EXPECT_EQ(help.code, 0) << verb;
    EXPECT_EQ(help.err, "") << verb;
    EXPECT_EQ(help.out, run(verb + " --help").out) << verb;
    EXPECT_EQ(help.out, run(verb + " x y -h").out) << verb;
    EXPECT_EQ(help.out.rfind("Usage: chronotope " + verb + " ", 0), 0U) << help.out;
    EXPECT_NE(
        help.out.find("\nHelp:\n  -h, --help              show this\n  -V, --version           print the"),
        std::string::npos)
        << help.out;
    EXPECT_EQ(help.out.find(" arg"), std::string::npos) << help.out;
  }
  const std::string simulate = run("simulate --help").out;
  for (const char* piece :
       {"\nSpecification:\n      --set PATH=VALUE...\n", "\nRun:\n      --until MS          ",
        "\nClock:\n      --clock MS", "\nWeights:\n      --weights FILE", "\nOutput:\n"})
    EXPECT_NE(simulate.find(piece), std::string::npos) << piece << simulate;
  std::istringstream lines(simulate.substr(0, simulate.find("Examples:")));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
  EXPECT_EQ(run("help").out, run("--help").out);
  EXPECT_EQ(run("help simulte").err,
            "chronotope: no verb named \"simulte\" (did you mean simulate?); see chronotope --help\n");
}

TEST_F(Options, AReportTakesOnlyWhatItShows) {
  ASSERT_EQ(run("simulate n.textproto --until 5 --out r.pb --quiet").code, 0);
  const std::string help = run("report --help").out;
  for (const std::string option : {"permutations", "explain", "level", "resamples", "layers"}) {
    expect_refused("report r.pb --out r.html --" + option + " 1", "--" + option + ": no such option");
    EXPECT_EQ(help.find("--" + option + " "), std::string::npos) << option;
  }
}

TEST_F(Options, ValuesOfTheSpecificationCanBeSet) {
  save("p.textproto", "population { name: 'E' size: 2 exp_psc_lif { I_e: 400 } }");
  const auto spikes = [&](const std::string& words) {
    return run("simulate " + words + " --quiet --spikes -").out;
  };
  EXPECT_EQ(spikes("p.textproto --set population.E.I_e=500"), spikes("n.textproto"));
  EXPECT_NE(spikes("p.textproto"), spikes("n.textproto"));
  EXPECT_EQ(spikes("n.textproto --set population.E.size=1 --set 'population[0].exp_psc_lif.I_e=400'"),
            spikes("p.textproto --set 'population.E={size: 1}'"));
  expect_refused(
      "simulate n.textproto --set population.E.C_m=-1",
      "simulate: --set population.E.C_m=-1: population E.exp_psc_lif.C_m: -1 is not allowed (must ");
  expect_refused("compare n.textproto --dt 1 --until 5 --set population.E.I_a=4",
                 "compare: --set population.E.I_a=4: population.E has no field 'I_a' (did you mean I_e?)");
  expect_refused("study n.textproto --spikes p.csv --out o --set population.F.I_e=4",
                 "study: --set population.F.I_e=4: no population named 'F' (must be one of E)");
  ASSERT_EQ(
      run("simulate p.textproto --set seed=9 --set population.E.I_e=500 --until 5 --out r.pb --quiet").code,
      0);
  const Header header = proto::FrameReader(path("r.pb")).header();
  EXPECT_EQ(header.seed(), 9U);
  EXPECT_EQ(header.spec().seed(), 9U);
  EXPECT_EQ(header.spec().population(0).exp_psc_lif().i_e().constant(), 500);
}

TEST_F(Options, ASymbolicLinkIsWrittenThrough) {
  shell(
      "mkdir far; echo old > far/a.csv; ln -s far/a.csv link.csv; ln -s ../far/new.csv far/hop.csv; "
      "ln -s far/hop.csv dangling.csv; ln -s loop.csv loop.csv");
  for (const char* link : {"link.csv", "dangling.csv"}) {
    const Outcome outcome = run(std::string("simulate n.textproto --until 50 --quiet --spikes ") + link);
    EXPECT_EQ(outcome.err, "");
    EXPECT_TRUE(std::filesystem::is_symlink(path(link))) << link;
  }
  const std::string spikes = run("simulate n.textproto --until 50 --quiet --spikes -").out;
  EXPECT_FALSE(std::filesystem::is_symlink(path("far/a.csv")));
  EXPECT_EQ(read_file(path("far/a.csv")), spikes);
  EXPECT_EQ(read_file(path("far/new.csv")), spikes);
  expect_one_line(run("simulate n.textproto --until 50 --quiet --spikes loop.csv"), 1, "loop.csv",
                  "loop.csv: cannot write: ");
  EXPECT_TRUE(std::filesystem::is_symlink(path("loop.csv")));
}

TEST_F(Options, TheProgressBarFitsTheTerminal) {
  const auto widest = [&](const std::string& before) {
    const std::string drawn = shell("script -qec \"" + before + kProgram +
                                    " simulate n.textproto --until 3000 --spikes s.csv --json\" "
                                    "/dev/null </dev/null")
                                  .out;
    std::size_t columns = 0;
    const std::string start = "\r\x1b[K";
    for (auto at = drawn.find(start); at != std::string::npos; at = drawn.find(start, at + 1)) {
      const auto begin = at + start.size();
      if (drawn.compare(begin, 8, "simulate") == 0)
        columns = std::max(columns, drawn.find_first_of("\r\n", begin) - begin);
    }
    return columns;
  };
  EXPECT_GE(widest("stty cols 200; unset COLUMNS; "), std::string("simulate []   0 %  1 ms").size() + 30);
  for (const std::size_t columns : {12, 20, 40, 55}) {
    EXPECT_GE(widest("stty cols 200; COLUMNS=" + std::to_string(columns) + " "), columns / 2);
    EXPECT_LT(widest("stty cols 200; COLUMNS=" + std::to_string(columns) + " "), columns);
    EXPECT_LT(widest("unset COLUMNS; stty cols " + std::to_string(columns) + "; "), columns);
  }
}

TEST_F(Options, TheSchemasCompileAsDocumented) {
  const Outcome outcome =
      shell("ln -s '" CHRONOTOPE_DOCS "/../proto' proto; sed -n 's/^    protoc/protoc/p' '" CHRONOTOPE_DOCS
            "/stream_format.md' >page.sh; test -s page.sh && bash -e page.sh");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  for (const char* schema : {"network_spec", "stream", "accuracy"})
    EXPECT_TRUE(std::filesystem::exists(path(std::string("chronotope/proto/") + schema + "_pb2.py")))
        << schema;
}

}  // namespace
}  // namespace chronotope
