// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// Currents that change, through the program.
class StepCurrents : public ProgramTest {
 protected:
  /// Eight neurons that excite each other, and what goes into them.
  void save_network(const std::string& currents,
                    const std::string& model = "exp_psc_lif { I_e: 220 }") const {
    save("n.textproto",
         "seed: 2 population { name: 'E' size: 8 " + model +
             " } projection { source: 'E' target: 'E' fixed_indegree { indegree: 2 } weight: 30 "
             "delay: 1.5 pair_stdp { w_max: 90 } }\n" +
             currents);
  }
  std::string spikes(const std::string& words = "") const {
    const Outcome outcome = run("simulate n.textproto --until 400 --spikes s.csv --quiet " + words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return read_file(path("s.csv"));
  }
};

const std::string kSteps =
    "current { name: 'a' population: 'E' neurons: '1,3-5' times: [50, 120.5, 300] amplitudes: [80, -40, 120] }";

TEST_F(StepCurrents, AreListedOrInAFile) {
  save_network("");
  const std::string plain = spikes();
  save_network(kSteps);
  const std::string listed = spikes();
  EXPECT_NE(listed, plain);
  EXPECT_EQ(spikes("--threads 3"), listed);
  save("c.csv", "time_ms,amplitude_pA\n50,80\n120.5,-40\n300,120\n");
  save_network("current { name: 'a' population: 'E' neurons: '1,3-5' path: 'c.csv' }");
  EXPECT_EQ(spikes(), listed);
  save(
      "c.csv",
      "channel,time_ms,amplitude_pA\n3,50,80\n0,50,80\n1,50,80\n0,120.5,-40\n1,120.5,-40\n0,300,120\n2,50,80\n"
      "2,120.5,-40\n2,300,120\n3,120.5,-40\n3,300,120\n1,300,120\n");
  EXPECT_EQ(spikes(), listed);
  save("c.csv", "time_ms,amplitude_pA\n");
  EXPECT_EQ(spikes(), plain);
}

TEST_F(StepCurrents, AreSetFromTheCommandLine) {
  save_network(kSteps);
  const std::string listed = spikes();
  save_network("current { name: 'a' population: 'E' neurons: '1,3-5' }");
  EXPECT_EQ(spikes("--set 'current.a.times=[50, 120.5, 300]' --set 'current.a.amplitudes=[80, -40, 120]'"),
            listed);
}

TEST_F(StepCurrents, GoOnFromAStateInTheMiddleOfSteps) {
  save("c.csv", "time_ms,amplitude_pA\n50,80\n120.5,-40\n300,120\n");
  save_network(kSteps + " current { name: 'b' population: 'E' path: 'c.csv' }");
  const std::string whole = spikes("--out whole.pb");
  for (const std::string at : {"30", "50", "77.7", "300"}) {
    ASSERT_EQ(run("simulate n.textproto --until " + at + " --out r.pb --spikes s.csv --quiet").code, 0);
    ASSERT_EQ(run("simulate --resume r.pb --until 400 --quiet --threads 2").code, 0);
    EXPECT_EQ(read_file(path("s.csv")), whole) << at;
  }
  save("c.csv", "time_ms,amplitude_pA\n50,81\n");
  expect_refused("simulate --resume r.pb --until 500", "c.csv: was changed since the run read it");
  expect_refused("simulate --resume r.pb --until 500 --out f.pb --set population.E.I_e=230",
                 "c.csv was changed since the run read it");
}

/// A fork changes the constants of neurons under the currents that its run has.
TEST_F(StepCurrents, StayInAFork) {
  save_network(kSteps, "exp_psc_lif { I_e: 220 V_th: -55 }");
  ASSERT_EQ(run("simulate n.textproto --until 200 --out r.pb --quiet").code, 0);
  ASSERT_EQ(
      run("simulate --resume r.pb --until 400 --out f.pb --spikes f.csv --quiet --set population.E.I_e=270")
          .code,
      0);
  // The same by a current: from 200 ms on 50 pA more.
  save_network(kSteps + " current { name: 'b' population: 'E' times: 200 amplitudes: 50 }");
  const std::string more = spikes();
  EXPECT_EQ(read_file(path("f.csv")), shell("awk -F, 'NR == 1 || $1 >= 200' s.csv").out);
  expect_refused("simulate --resume r.pb --until 400 --out g.pb --set 'current.a.amplitudes=[1, 2, 3]'",
                 "--resume: current can not change: a fork keeps the currents of its run");
}

TEST_F(StepCurrents, RunOnAClock) {
  save_network(kSteps);
  EXPECT_NE(spikes("--clock 0.1"), "");
  for (const std::string model : {"adex { I_e: 500 }", "cond_exp_lif { I_e: 250 }"}) {
    save_network("", model);
    const std::string plain = spikes("--clock 0.1");
    save_network(kSteps, model);
    EXPECT_NE(spikes("--clock 0.1"), plain) << model;
  }
  save_network(kSteps);
  const Outcome compared = run("compare n.textproto --until 400 --dt 0.01 --json");
  EXPECT_EQ(compared.code, 0) << compared.err;
}

TEST_F(StepCurrents, AreToldByInspect) {
  save_network(kSteps);
  ASSERT_EQ(run("simulate n.textproto --until 100 --out r.pb --quiet").code, 0);
  EXPECT_NE(run("inspect r.pb").out.find("current a: into E, 3 changes"), std::string::npos);
}

TEST_F(StepCurrents, AreRefusedWhereTheyHaveNoForm) {
  const std::string path_of_marks = "input { name: 'x' size: 2 spike_stream { path: 'marks.pb' } }";
  save("marks.csv", "time_ms,channel,stimulus\n1,0,0\n60,1,1\n");
  ASSERT_EQ(run("encode marks.csv --out marks.pb --quiet").code, 0);
  save_network(path_of_marks + kSteps);
  expect_refused("simulate n.textproto --until 100 --reset", "--reset: current a goes on over the marks");
  save("t.textproto", "population { name: 'E' size: 4 exp_psc_lif { } } " + path_of_marks +
                          " projection { source: 'x' target: 'E' all_to_all { } weight: 30 }" +
                          "current { name: 'a' population: 'E' times: 1 amplitudes: 2 }");
  expect_refused("train t.textproto --spikes marks.pb --validation 0 --quiet",
                 "current a: a current is not allowed (has no gradient form here");
  expect_refused("gradient t.textproto --until 60 --loss 'spike_times_linear terms=E:0:0:1'",
                 "current a: a current is not allowed (has no gradient form here");
  save("l.textproto",
       "population { name: 'E' size: 4 escape_noise_lif { } } current { name: 'a' population: 'E' times: 1 "
       "amplitudes: 2 }");
  save("s.csv", "time_ms,population,neuron\n1,E,0\n");
  expect_refused("likelihood l.textproto s.csv",
                 "current a: a current is not allowed (has no likelihood here");
}

}  // namespace
}  // namespace chronotope
