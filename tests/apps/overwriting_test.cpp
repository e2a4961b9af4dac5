// SPDX-License-Identifier: Apache-2.0
// No output may be a file that the run reads, however that was named; an output that fails leaves the others.
#include <gtest/gtest.h>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

class Overwriting : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("i.csv", "time_ms,channel\n1,0\n2,0\n");
    save("r.csv", "time_ms,amount\n1,1\n");
    std::filesystem::create_directory(path("rec"));
    save("rec/a.csv", "time_ms,channel\n1,0\n2,0\n");
    std::filesystem::create_symlink("i.csv", path("link.csv"));
    ASSERT_EQ(run("encode i.csv --phase probe --out het-1.pb --quiet").code, 0);
    save("csv.textproto", spec("csv { path: 'i.csv' }"));
    save("stream.textproto", spec("spike_stream { path: 'het-1.pb' }"));
    save("rewarded.textproto", spec("poisson { rate { constant: 100 } }") +
                                   "reward { name: 'da' tau_n: 200 csv { path: 'r.csv' } }");
    ASSERT_EQ(run("simulate stream.textproto --until 30 --out n.pb --quiet").code, 0);
    save("l.csv", "population,neuron,layer\nE,0,1\nE,1,2\nE,2,3\nE,3,4\nE,4,5\n");
  }
  static std::string spec(const std::string& source) {
    return "population { name: 'E' size: 5 exp_psc_lif { I_e: 500 } } input { name: 'in' size: 1 " + source +
           " } projection { source: 'in' target: 'E' all_to_all { } weight: 100 delay: 1 }";
  }
  /// `words` are refused and `file` is as it was.
  void expect_kept(const std::string& words, const std::string& file) const {
    const std::string before = read_file(path(file));
    expect_refused(words, "is not allowed (");
    EXPECT_EQ(read_file(path(file)), before) << words;
  }
};

TEST_F(Overwriting, WhatASpecificationNamesIsKept) {
  for (const char* option : {"--spikes", "--weights", "--out"})
    for (const char* file : {"i.csv", "./i.csv", "link.csv"})
      expect_kept(std::string("simulate csv.textproto --until 5 ") + option + " " + file, "i.csv");
  expect_kept("simulate csv.textproto --until 5 --clock 0.1 --spikes i.csv", "i.csv");
  expect_kept("simulate stream.textproto --until 5 --out het-1.pb", "het-1.pb");
  expect_kept("simulate rewarded.textproto --until 5 --spikes r.csv", "r.csv");
  expect_kept("compare csv.textproto --dt 1 --until 5 --out i.csv", "i.csv");
}

TEST_F(Overwriting, WhatAFolderOrAnOptionNamesIsKept) {
  expect_kept("encode rec --out rec/a.csv", "rec/a.csv");
  expect_kept("encode rec --out e.pb --spikes rec/../rec/a.csv", "rec/a.csv");
  expect_kept("study stream.textproto --spikes het-1.pb --out .", "het-1.pb");
  expect_kept("layers n.pb --csv n.pb", "n.pb");
  expect_kept("layers n.pb --layers l.csv --csv l.csv", "l.csv");
  expect_kept("rtd het-1.pb --against n.pb --barcodes n.pb", "n.pb");
}

TEST_F(Overwriting, WhatAStudyFoundIsKept) {
  save("ev.csv", "time_ms,channel,stimulus\n1,0,0\n2,0,0\n1,0,1\n3,0,1\n1,0,2\n2,0,2\n");
  ASSERT_EQ(run("encode ev.csv --out ev.pb --quiet").code, 0);
  save("learns.textproto",
       "population { name: 'E' size: 12 exp_psc_lif { } } input { name: 'in' size: 1 spike_stream { } } "
       "projection { source: 'in' target: 'E' all_to_all { } weight: 500 delay: 1 } "
       "projection { source: 'E' target: 'E' all_to_all { } weight: 10 delay: 1 pair_stdp { w_max: 20 } }");
  ASSERT_EQ(run("study learns.textproto --spikes ev.pb --out st --seeds 2 --conditions MM,MU --quiet").code,
            0);
  for (const std::string file : {"st/study.json", "st/cells.csv", "st/MM-0.pb"})
    expect_kept("report st --out " + file, file);
  for (int again = 0; again < 2; ++again) EXPECT_EQ(run("report st --out st/report.html").code, 0);
}

TEST_F(Overwriting, AFullDiskLeavesTheOutputsOnOtherDisks) {
  ASSERT_EQ(run("simulate csv.textproto --until 50 --spikes whole.csv --quiet").code, 0);
  const std::string whole = read_file(path("whole.csv"));
  const Outcome late = run("simulate csv.textproto --until 50 --out /dev/full --spikes s.csv --quiet");
  expect_one_line(late, 1, "simulate", "/dev/full: cannot write: No space left on device");
  const std::string kept = read_file(path("s.csv"));
  EXPECT_NE(kept, "");
  EXPECT_EQ(whole.rfind(kept, 0), 0U);
  EXPECT_EQ(run("simulate csv.textproto --until 50 --out s.pb --spikes /dev/full --quiet").code, 1);
  EXPECT_EQ(run("inspect s.pb").code, 0);
  EXPECT_EQ(
      run("simulate csv.textproto --until 50 --clock 1 --weights w.csv --spikes /dev/full --quiet").code, 1);
  EXPECT_NE(read_file(path("w.csv")), "");
  EXPECT_EQ(run("encode i.csv --out /dev/full --spikes e.csv --quiet").code, 1);
  EXPECT_EQ(read_file(path("e.csv")), "time_ms,channel,stimulus_id\n1.0,0,0\n2.0,0,0\n");
  EXPECT_EQ(run("encode i.csv --out e.pb --spikes /dev/full --quiet").code, 1);
  EXPECT_EQ(run("inspect e.pb").code, 0);
}

}  // namespace
}  // namespace chronotope
