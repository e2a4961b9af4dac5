// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/tests/apps/learning_network.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope::apps {
namespace {

class Resume : public ProgramTest {
 protected:
  static constexpr const char* kWords =
      "simulate ../net.textproto --until 1500 --snapshot-every 100 --out r.pb --spikes r.csv --weights w.csv "
      "--record-inputs --quiet";

  void SetUp() override {
    ProgramTest::SetUp();
    save("net.textproto", kLearningNetwork);
    run_whole(kWords);
  }
  /// In the same folder, whose name is in the state, as the runs that are killed.
  void run_whole(const std::string& words) const {
    shell("rm -rf whole part; mkdir part");
    ASSERT_EQ(in("part", words).code, 0);
    shell("mv part whole; mkdir part");
  }
  Outcome in(const std::string& folder, const std::string& words) const {
    return shell("cd " + folder + " && " + kProgram + " " + words);
  }
  /// The same bytes, but for the summary at the end of the stream.
  void expect_the_same(const std::string& what) const {
    EXPECT_TRUE(read_file(path("part/r.csv")) == read_file(path("whole/r.csv"))) << what;
    EXPECT_TRUE(read_file(path("part/w.csv")) == read_file(path("whole/w.csv"))) << what;
    const std::string whole = read_file(path("whole/r.pb"));
    const std::string part = read_file(path("part/r.pb"));
    constexpr std::size_t kSummary = 400;
    ASSERT_GT(part.size(), kSummary) << what;
    EXPECT_TRUE(part.substr(0, part.size() - kSummary) == whole.substr(0, part.size() - kSummary)) << what;
    EXPECT_NEAR(static_cast<double>(part.size()), static_cast<double>(whole.size()), kSummary) << what;
  }
};

TEST_F(Resume, AKilledRunGoesOnAsIfNothingHadBeen) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> seconds(0.01, 0.25);
  int resumed = 0;
  for (int k = 0; k < 50; ++k) {
    shell("rm -rf part && mkdir part");
    const std::string wait = std::to_string(seconds(random));
    shell("cd part && timeout -s KILL " + wait + " " + kProgram + " " + kWords);
    if (!shell("ls part").out.empty() && read_file(path("part/w.csv")).empty()) {
      const Outcome outcome =
          in("part", "simulate --resume r.pb --quiet --threads " + std::to_string(1 + k % 3));
      if (outcome.code == 2) {  // killed before the first state
        EXPECT_NE(outcome.err.find("r.pb"), std::string::npos) << outcome.err;
        continue;
      }
      ASSERT_EQ(outcome.code, 0) << outcome.err;
      ++resumed;
      expect_the_same("killed after " + wait + " s");
    }
  }
  EXPECT_GE(resumed, 10);
}

/// What zstd's own program makes of them is what plain outputs hold.
TEST_F(Resume, ATornCompressedStreamGoesOnToo) {
  ASSERT_EQ(
      in("part",
         "simulate ../net.textproto --until 1500 --snapshot-every 100 --out r.pb.zst --spikes r.csv.zst "
         "--record-inputs --quiet")
          .code,
      0);
  const std::string stream = read_file(path("part/r.pb.zst")), spikes = read_file(path("part/r.csv.zst"));
  std::mt19937 random(7);
  int resumed = 0;
  for (int k = 0; k < 20; ++k) {
    shell("rm -rf part && mkdir part");
    std::string torn = stream.substr(0, random() % stream.size());
    if (k % 3 == 0 && torn.size() > 100) torn[torn.size() - 1 - random() % 100] ^= 0x20;
    save("part/r.pb.zst.part999999", torn);
    save("part/r.csv.zst.part999999", spikes);
    const Outcome outcome = in("part", "simulate --resume r.pb.zst --quiet");
    if (outcome.code != 0) {  // torn before the first state
      EXPECT_EQ(outcome.code, 2) << outcome.err;
      EXPECT_EQ(read_file(path("part/r.pb.zst.part999999")), torn);
      continue;
    }
    ++resumed;
    ASSERT_EQ(shell("cd part && zstd -dc r.csv.zst >r.csv && zstd -dc r.pb.zst >r.pb").code, 0);
    EXPECT_TRUE(read_file(path("part/r.csv")) == read_file(path("whole/r.csv")));
    EXPECT_EQ(in("part", "inspect --diff r.pb ../whole/r.pb").code, 0);
    EXPECT_EQ(in("part", "inspect --diff r.pb.zst ../whole/r.pb").code, 0);
  }
  EXPECT_GE(resumed, 10);
}

TEST_F(Resume, ATornStreamGoesOnFromItsLastWholeState) {
  const std::string whole = read_file(path("whole/r.pb"));
  const std::string spikes = read_file(path("whole/r.csv"));
  std::mt19937 random(6);
  for (int k = 0; k < 60; ++k) {
    shell("rm -rf part && mkdir part");
    std::string torn = whole.substr(0, random() % whole.size());
    if (k % 3 == 0 && torn.size() > 100) torn[torn.size() - 1 - random() % 100] ^= 0x20;
    save("part/r.pb.part999999", torn);
    save("part/r.csv.part999999", spikes);
    const Outcome outcome = in("part", "simulate --resume r.pb --quiet");
    if (outcome.code != 0) {
      EXPECT_EQ(outcome.code, 2) << outcome.err;
      EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
      EXPECT_EQ(read_file(path("part/r.pb.part999999")), torn);
      continue;
    }
    expect_the_same("cut after " + std::to_string(torn.size()));
  }
}

TEST_F(Resume, AnInterruptedRunAndOneThatEndedGoOn) {
  shell("cd part && timeout -s INT 0.15 " + kProgram + " " + kWords);
  Outcome outcome = in("part", "simulate --resume r.pb --quiet");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  expect_the_same("interrupted");
  outcome = in("part", "simulate --resume r.pb --until 1650 --json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const std::string spikes = read_file(path("part/r.csv"));
  const std::string weights = read_file(path("part/w.csv"));
  std::string longer = kWords;
  run_whole(longer.replace(longer.find("1500"), 4, "1650"));
  EXPECT_TRUE(spikes == read_file(path("whole/r.csv")));
  EXPECT_TRUE(weights == read_file(path("whole/w.csv")));
}

/// The rows of a table of spikes from `ms` on, with its header.
std::string rows_from(const std::string& table, double ms) {
  std::istringstream in(table);
  std::string line, rows;
  std::getline(in, rows);
  rows += "\n";
  while (std::getline(in, line))
    if (std::stod(line) >= ms) rows += line + "\n";
  return rows;
}

TEST_F(Resume, AForkWithoutChangesIsTheRunFromThereOn) {
  ASSERT_EQ(in("part",
               "simulate --resume ../whole/r.pb --out f.pb --spikes f.csv --record-inputs --weights w.csv "
               "--until 1700 --threads 3 --quiet")
                .code,
            0);
  const std::string fork = read_file(path("part/f.csv"));
  const std::string weights = read_file(path("part/w.csv"));
  std::string longer = kWords;
  run_whole(longer.replace(longer.find("1500"), 4, "1700"));
  EXPECT_TRUE(fork ==
              rows_from(read_file(path("whole/r.csv")), 1400));  // the last multiple of 100 before the end
  EXPECT_TRUE(weights == read_file(path("whole/w.csv")));
}

TEST_F(Resume, AForkGoesOnItself) {
  const std::string words =
      "simulate --resume ../whole/r.pb --out f.pb --spikes f.csv --set population.E.I_e=350 --quiet "
      "--snapshot-every 50 --until ";
  ASSERT_EQ(in("part", words + "1600").code, 0);
  ASSERT_EQ(in("part", "simulate --resume f.pb --until 1800 --quiet").code, 0);
  const std::string spikes = read_file(path("part/f.csv"));
  shell("rm part/*");
  ASSERT_EQ(in("part", words + "1800").code, 0);
  EXPECT_TRUE(spikes == read_file(path("part/f.csv")));
  const std::string header = shell(kProgram + " inspect part/f.pb --json | head -1").out;
  EXPECT_NE(header.find("population.E.exp_psc_lif.I_e"), std::string::npos) << header;
  // What of the parent's stream stands before its state, and sha1sum's digest of it.
  const std::string digest = header.substr(header.find("\"digest\":\"") + 10, 40);
  bool found = false;
  const std::string parent = read_file(path("whole/r.pb"));
  save("end.py",
       "import hashlib,sys\nd=open('whole/r.pb','rb').read()\nwant=sys.argv[1]\nh=hashlib.sha1()\n"
       "for k in range(len(d)):\n  h.update(d[k:k+1])\n  if h.hexdigest()==want: print('found')\n");
  found = shell("python3 end.py " + digest).out == "found\n";
  EXPECT_TRUE(found) << digest;
}

TEST_F(Resume, AForkThatIsFrozenLearnsNothing) {
  ASSERT_EQ(
      in("part", "simulate --resume ../whole/r.pb --out f.pb --weights w.csv --freeze --until 1800 --quiet")
          .code,
      0);
  ASSERT_EQ(
      in("part",
         "simulate --resume ../whole/r.pb --out g.pb --weights-at 1400 --weights at.csv --until 1401 --quiet")
          .code,
      0);
  std::istringstream then(read_file(path("part/at.csv"))), now(read_file(path("part/w.csv")));
  std::string a, b;
  std::getline(then, a);
  std::getline(now, b);
  int rows = 0;
  for (; std::getline(then, a) && std::getline(now, b); ++rows) EXPECT_EQ(a.substr(a.find(',') + 1), b);
  EXPECT_GT(rows, 100);
}

TEST_F(Resume, AForkHearsAnotherInputFromThereOn) {
  const std::string set =
      " --set input.slow.poisson.rate=95 --set 'input.list.spike_times={neuron: 1 times: [3, 1450, 1460]}' ";
  ASSERT_EQ(
      in("part",
         "simulate --resume ../whole/r.pb --out f.pb --spikes f.csv --record-inputs --quiet --until 1600" +
             set)
          .code,
      0);
  ASSERT_EQ(
      in("part", "simulate ../net.textproto --spikes n.csv --record-inputs --quiet --until 1600" + set).code,
      0);
  const auto of_inputs = [&](const char* file) {
    return shell("grep -E '^time|,slow,|,list,' part/" + std::string(file)).out;
  };
  EXPECT_EQ(of_inputs("f.csv"), rows_from(of_inputs("n.csv"), 1400));
}

/// The intervals of neurons under constant current: t_ref + tau ln((V_inf - V_reset)/(V_inf - V_th)), with what
/// a fork changed from its first whole one on.
TEST_F(Resume, AForkFiresByItsThresholdResetAndRefractoryPeriod) {
  const double V_inf = -70 + 600.0 * 10 / 250;
  const double interval = 5 + 10 * std::log((V_inf + 65) / (V_inf + 52));
  for (const std::string model : {"exp_psc_lif {", "delta_lif {", "alpha_psc_lif {",
                                  "adaptive_current_lif { q_w: 0", "multi_receptor_lif { tau_syn: 2"}) {
    save("one.textproto", "population { name: 'n' size: 1 " + model +
                              " I_e: 600 tau_m: 10 C_m: 250 E_L: -70 V_th: -55 V_reset: -70 t_ref: 2 } }");
    Outcome outcome = run("simulate one.textproto --until 100 --out one.pb --quiet");
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    outcome =
        run("simulate --resume one.pb --until 400 --out fork.pb --spikes fork.csv --quiet --set "
            "population.n.V_th=-52 --set population.n.V_reset=-65 --set population.n.t_ref=5");
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    std::istringstream rows(read_file(path("fork.csv")));
    std::vector<double> times;
    std::string line;
    std::getline(rows, line);
    while (std::getline(rows, line)) times.push_back(std::stod(line));
    ASSERT_GT(times.size(), 10U) << model;
    for (std::size_t k = 1; k < times.size(); ++k)
      EXPECT_NEAR(times[k] - times[k - 1], interval, 1e-9) << model << " " << k;
    shell("rm one.pb fork.pb fork.csv");
  }
}

/// Every constant that the table of docs/snapshots.md lists, all of a model at once.
TEST_F(Resume, AForkTakesAllConstantsThatCanChange) {
  const std::string membrane = "I_e=700 E_L=-69 tau_m=9 C_m=300 V_th=-54 V_reset=-68 t_ref=3 ";
  const std::vector<std::pair<std::string, std::string>> kModels{
      {"exp_psc_lif", membrane + "tau_syn_ex=3 tau_syn_in=4"},
      {"delta_lif", membrane},
      {"alpha_psc_lif", membrane},
      {"adaptive_current_lif", membrane + "tau_syn_ex=3 tau_syn_in=4 tau_w=90 q_w=40"},
      {"adaptive_threshold_lif",
       membrane + "tau_syn_ex=3 tau_syn_in=4 alpha_1=9 alpha_2=1 tau_1=9 tau_2=190"},
      {"escape_noise_lif", membrane + "tau_syn_ex=3 tau_syn_in=4 delta_u=3 tau_0=9"},
      {"multi_receptor_lif", membrane + "tau_syn={constant:3}"},
      {"linear_leak_lif", "I_e=500 E_L=-71 C_m=300 leak=0.2 V_th=-54 V_reset=-68 t_ref=3"},
      {"quadratic_lif", membrane + "a=0.2 V_c=-56"}};
  for (const auto& [model, constants] : kModels) {
    const std::string receptor = model == "multi_receptor_lif" ? "tau_syn: 2" : "";
    save("one.textproto", "population { name: 'n' size: 3 " + model + " { I_e: 600 " + receptor + " } }");
    ASSERT_EQ(run("simulate one.textproto --until 100 --out one.pb --quiet").code, 0) << model;
    std::istringstream words(constants);
    std::string all;
    for (std::string word; words >> word;) all += " --set 'population.n." + word + "'";
    const Outcome outcome =
        run("simulate --resume one.pb --until 300 --out fork.pb --spikes fork.csv --quiet" + all);
    ASSERT_EQ(outcome.code, 0) << model << outcome.err;
    EXPECT_GT(std::stoi(shell("wc -l < fork.csv").out), 3) << model;
    expect_refused("simulate --resume one.pb --until 300 --out f.pb --quiet --set population.n.V_m=-60",
                   "population.n." + model + ".V_m can not change");
    shell("rm one.pb fork.pb fork.csv");
  }
}

/// Additive potentiation alone takes weights from below the old bound to the new one, and none beyond it.
TEST_F(Resume, AForkLearnsByItsBoundsAndPowers) {
  ASSERT_EQ(in("part",
               "simulate --resume ../whole/r.pb --out f.pb --weights f.csv --until 1800 --quiet "
               "--set projection[0].w_max=200 --set projection[0].mu_plus=0 --set projection[0].A_plus=0.2 "
               "--set projection[0].A_minus=0")
                .code,
            0);
  const Outcome column = shell("grep -F 'E->E' part/f.csv | cut -d, -f5 | sort -g | sed -n '1p;$p'");
  std::istringstream ends(column.out);
  double smallest = 0, largest = 0;
  ends >> smallest >> largest;
  EXPECT_GE(smallest, 0);
  EXPECT_EQ(largest, 200) << column.out;
  expect_refused("simulate --resume whole/r.pb --out f.pb --quiet --set projection[0].w_max=61",
                 "which the bounds of synapse");
}

TEST_F(Resume, AnInputThatNothingHearsCanChange) {
  save("unheard.textproto",
       "population { name: 'n' size: 3 delta_lif { } }\n"
       "input { name: 'x' size: 2 poisson { rate: 500 } }\n");
  ASSERT_EQ(run("simulate unheard.textproto --until 50 --out u.pb --quiet").code, 0);
  const Outcome fork =
      run("simulate --resume u.pb --out f.pb --until 100 --set input.x.poisson.rate=5 --quiet");
  EXPECT_EQ(fork.code, 0) << fork.err;
}

TEST_F(Resume, WhatAForkCanNotChangeIsNamed) {
  const std::vector<std::pair<std::string, std::string>> kRefused{
      {"--set population.E.size=50", "population.E.size can not change"},
      {"--set population.E.V_m=-60", "population.E.exp_psc_lif.V_m can not change"},
      {"--set population.E.tau_m={uniform {low: 9 high: 13}}",
       "population.E.exp_psc_lif.tau_m can not change: its neurons draw fast Poisson trains"},
      {"--set population.E.C_m=200", "population.E.exp_psc_lif.C_m can not change: its neurons draw"},
      {"--set population.I.refractory_input=KEEP",
       "population.I.delta_lif.refractory_input can not change: of delta_lif it is I_e, E_L, C_m, R_m, V_th, "
       "V_reset, t_ref, tau_m that can"},
      {"--set projection[0].tau_plus={gamma {mean: 30 cv: 0.5}}",
       "projection.E->E.pair_stdp.tau_plus can not change"},
      {"--set population.E.I_e={uniform {low: 1 high: 2}}", "constant"},
      {"--set projection[0].fixed_indegree.indegree=9",
       "projection.E->E.fixed_indegree.indegree can not change"},
      {"--set projection[0].weight=9", "the weights that were learnt"},
      {"--set projection[1].delay=9", "projection.E->I.delay can not change"},
      {"--set input.drive.poisson.rate=1500", "input.drive can not change"},
      {"--set input.drive.poisson.rate=15", "input.drive can not change"},
      {"--set projection[3].weight=9", "projection.drive->E.weight can not change"},
      {"--set input.slow.regular={interval: 3}", "an input stays of its kind"},
      {"--set seed=9", "seed can not change"},
      {"--seed 9", "--seed: can not be changed by a fork"}};
  for (const auto& [words, reason] : kRefused) {
    const auto space = words.find(' ');
    expect_refused("simulate --resume whole/r.pb --out f.pb --quiet " + words.substr(0, space) + " '" +
                       words.substr(space + 1) + "'",
                   reason);
  }
}

TEST_F(Resume, RecordedWeightsGoOn) {
  const std::string words =
      "simulate ../net.textproto --until 1500 --snapshot-every 100 --out r.pb --spikes r.csv --weights w.csv "
      "--weights-every 70 --weights-of 'E->E:0-19' --histogram 0,120,6 --histograms h.csv --quiet";
  run_whole(words);
  std::mt19937 random(8);
  std::uniform_real_distribution<double> seconds(0.05, 0.3);
  int resumed = 0;
  for (int k = 0; k < 12; ++k) {
    shell("rm -rf part && mkdir part");
    const std::string wait = std::to_string(seconds(random));
    shell("cd part && timeout -s KILL " + wait + " " + kProgram + " " + words);
    if (std::filesystem::exists(path("part/r.pb"))) continue;
    if (in("part", "simulate --resume r.pb --quiet").code != 0) continue;
    ++resumed;
    expect_the_same("killed after " + wait + " s");
    EXPECT_TRUE(read_file(path("part/h.csv")) == read_file(path("whole/h.csv"))) << wait;
  }
  EXPECT_GE(resumed, 1);
}

/// States in files beside the stream leave no trace in it.
TEST_F(Resume, CheckpointFilesOfWallTimeAreGoneOnWith) {
  const std::string words =
      "simulate ../net.textproto --until 20000 --out r.pb --spikes r.csv --weights w.csv --quiet";
  run_whole(words);
  int resumed = 0;
  for (const double wait : {0.2, 0.3, 0.4, 0.5, 0.6}) {
    shell("rm -rf part && mkdir part");
    shell("cd part && timeout -s KILL " + std::to_string(wait) + " " + kProgram + " " + words +
          " --snapshot-wall 0.05 --keep 3");
    EXPECT_LE(std::stoi(shell("ls part | grep -c 'checkpoint[0-9]*$'").out), 3);
    if (std::filesystem::exists(path("part/r.pb"))) continue;
    if (in("part", "simulate --resume r.pb --quiet").code != 0) continue;
    ++resumed;
    expect_the_same("killed after " + std::to_string(wait) + " s");
  }
  EXPECT_GE(resumed, 1);
}

TEST_F(Resume, WhatChangedSinceIsNoticed) {
  save("spikes.csv", "time_ms,channel\n5,0\n600,1\n1200,0\n");
  save("net.textproto", std::string(kLearningNetwork) +
                            "input { name: 'file' size: 2 csv { path: 'spikes.csv' } }\n"
                            "projection { source: 'file' target: 'I' all_to_all {} weight: 3 }\n");
  run_whole(kWords);
  save("spikes.csv", "time_ms,channel\n5,0\n600,1\n1201,0\n");
  const Outcome input = in("whole", "simulate --resume r.pb --until 1600");
  EXPECT_EQ(input.code, 2);
  EXPECT_NE(input.err.find("spikes.csv: was changed since the run read it"), std::string::npos) << input.err;
  EXPECT_EQ(in("whole", "simulate --resume r.pb --until 1600 --out f.pb --quiet").code, 0);
  const std::string header = shell(kProgram + " inspect whole/f.pb --json | head -1").out;
  EXPECT_NE(header.find("input.file (its file)"), std::string::npos) << header;
  save("spikes.csv", "time_ms,channel\n5,0\n600,1\n1200,0\n");
  shell("cd whole && sed -i '2s/0/1/' r.csv");
  const Outcome table = in("whole", "simulate --resume r.pb --until 1600");
  EXPECT_EQ(table.code, 2);
  EXPECT_NE(table.err.find("r.csv: was changed since"), std::string::npos) << table.err;
}

TEST_F(Resume, ARunThatGoesOnIsLocked) {
  const std::string start =
      "cd part && (" + kProgram +
      " simulate ../net.textproto --until 1e7 --snapshot-every 1000 --out r.pb --quiet & "
      "echo $! >pid; until ls r.pb.part* >/dev/null 2>&1; do sleep 0.01; done; sleep 0.1; ";
  const std::string stop = "; kill -INT $(cat pid); wait)";
  const Outcome resumed = shell(start + kProgram + " simulate --resume r.pb --quiet" + stop);
  EXPECT_NE(resumed.err.find("the run that writes it, process " + read_file(path("part/pid")).substr(0, 3)),
            std::string::npos)
      << resumed.err;
  EXPECT_NE(resumed.err.find("goes on"), std::string::npos) << resumed.err;
  shell("rm -rf part; mkdir part");
  const Outcome second =
      shell(start + kProgram + " simulate ../net.textproto --until 5 --out r.pb --quiet" + stop);
  EXPECT_NE(second.err.find("goes on"), std::string::npos) << second.err;
}

TEST_F(Resume, ARunawayStopsWithItsState) {
  save("wild.textproto",
       "population { name: 'n' size: 20 delta_lif { E_L: 0 V_th: 1 V_reset: 0 t_ref: 1 } }\n"
       "input { name: 'x' size: 1 spike_times { times: [500] } }\n"
       "projection { source: 'x' target: 'n' all_to_all {} weight: 2 }\n"
       "projection { source: 'n' target: 'n' all_to_all {} weight: 2 delay: 1.5 }\n");
  const Outcome outcome = run("simulate wild.textproto --until 1e6 --max-rate 200 --out r.pb --quiet");
  expect_one_line(outcome, 1, "--max-rate", "population n fires at");
  EXPECT_EQ(run("simulate --resume r.pb --until 2e3 --quiet").code, 0);
}

TEST_F(Resume, WhatCanNotGoOnIsRefusedAndStays) {
  expect_refused("simulate --resume none.pb", "no such file");
  expect_refused("simulate --resume net.textproto", "not a chronotope stream");
  expect_refused("simulate net.textproto --resume whole/r.pb", "leave net.textproto out");
  expect_refused("simulate --resume whole/r.pb --spikes x.csv", "--spikes: can not be changed by --resume");
  expect_refused("simulate --resume -", "-");
  EXPECT_EQ(in("whole", "simulate --resume r.pb --until 5").code, 2);
  EXPECT_TRUE(std::filesystem::exists(path("whole/r.pb")));
  shell("cp whole/r.pb whole/r.pb.part999999");
  const Outcome both = in("whole", "simulate --resume r.pb");
  EXPECT_EQ(both.code, 2);
  EXPECT_NE(both.err.find("name the one to go on from"), std::string::npos) << both.err;
  shell("rm whole/r.pb.part999999; truncate -s 100 whole/r.csv");
  const Outcome torn = in("whole", "simulate --resume r.pb --until 4000");
  EXPECT_EQ(torn.code, 2);
  EXPECT_NE(torn.err.find("r.csv: 100 bytes are there"), std::string::npos) << torn.err;
  EXPECT_TRUE(std::filesystem::exists(path("whole/r.pb")));
}

}  // namespace
}  // namespace chronotope::apps
