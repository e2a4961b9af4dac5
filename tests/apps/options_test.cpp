// SPDX-License-Identifier: Apache-2.0
// What the command line says when words are misspelt, options have no use, and outputs are links.
#include <gtest/gtest.h>

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
  EXPECT_EQ(version.rfind("chronotope ", 0), 0U);
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
            "chronotope: unknown verb 'simulte' (did you mean simulate?); see chronotope --help\n");
  EXPECT_EQ(run("quux").err, "chronotope: unknown verb 'quux'; see chronotope --help\n");
  expect_refused("simulate n.textproto --utnil 10",
                 "unrecognised option '--utnil' (did you mean --until?); see --help");
  expect_refused("simulate n.textproto --snapshots 10",
                 "unrecognised option '--snapshots' (did you mean --snapshot-every?); see --help");
  expect_refused("rtd p.csv p.csv --zzzzzzz 10", "unrecognised option '--zzzzzzz'; see --help");
}

TEST_F(Options, WhatNothingWouldUseIsRefused) {
  expect_refused("simulate n.textproto --snapshot-every 10", "--snapshot-every needs --out");
  expect_refused("simulate n.textproto --potentials", "--potentials needs --out");
  for (const char* option : {"interpolate cubic", "integrator rk4", "grid brian2"})
    expect_refused(std::string("simulate n.textproto --") + option, " needs --clock");
  for (const char* option : {"potentials", "snapshot-every 5", "weights-of 'E->E'", "histogram 0,1,2"})
    expect_refused(std::string("simulate n.textproto --clock 0.1 --") + option,
                   "cannot stand beside --clock");
  expect_refused("rtd p.csv p.csv --reference-batch 5", "--reference-batch needs --variant mtop-div");
  expect_refused("rtd p.csv p.csv --normalize median --quantile 0.5",
                 "--quantile needs --normalize quantile or pairs-quantile");
  expect_refused("rtd p.csv p.csv --variant mtop-div --quantile 0.5", "--quantile needs --normalize");
  expect_refused("simulate n.textproto --out r.pb --snapshot-every 1e-300",
                 "--snapshot-every: 1e-300 is not allowed (must be from 1e-3 to 1e12 ms)");
}

TEST_F(Options, WhatNoCodeWouldUseIsRefused) {
  ASSERT_EQ(run("simulate n.textproto --until 5 --out r.pb --quiet").code, 0);
  expect_refused("rtd r.pb r.pb --bins 3", "--bins needs --code bins");
  expect_refused("rtd r.pb r.pb --code trace --bins 3", "--bins needs --code bins");
  expect_refused("rtd r.pb r.pb --tau 3", "--tau needs --code trace or train");
  expect_refused("rtd r.pb r.pb --code train --metric isi --tau 3",
                 "--tau needs --code trace or --metric van-rossum");
  expect_refused("rtd r.pb r.pb --code train --q 3", "--q needs --metric victor-purpura");
  expect_refused("rtd r.pb r.pb --layering quantile --bottleneck 0.2",
                 "--bottleneck needs --layering centrality");
  expect_refused("rtd r.pb r.pb --layers p.csv --layering quantile",
                 "--layering needs layers that are found");
  expect_refused("report r.pb --out r.html --bins 3", "--bins needs --code bins");
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
