// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <sstream>
#include <string>
#include <tuple>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// Values by (time as text, neuron as text, quantity).
using Values = std::map<std::tuple<std::string, std::string, std::string>, double>;

class StateRecorderTest : public ProgramTest {
 protected:
  /// The rows of a file of --recordings.
  Values read(const std::string& name) const {
    std::istringstream rows(read_file(path(name)));
    std::string row;
    std::getline(rows, row);
    EXPECT_EQ(row, "time_ms,population,neuron,quantity,value");
    Values values;
    while (std::getline(rows, row)) {
      std::istringstream cells(row);
      std::string time, population, neuron, quantity, value;
      for (std::string* cell : {&time, &population, &neuron, &quantity, &value})
        std::getline(cells, *cell, ',');
      if (neuron.empty()) quantity += " of " + population;
      EXPECT_TRUE(values.try_emplace({time, neuron, quantity}, std::stod(value)).second) << row;
    }
    return values;
  }
};

/// One arrival of 200 pA at 5 ms; what happens at a time is not in its values.
TEST_F(StateRecorderTest, ValuesAreTheClosedForm) {
  for (const std::string model : {"exp_psc_lif", "adaptive_current_lif", "multi_receptor_lif"}) {
    const bool several = model == "multi_receptor_lif";
    save("n.textproto", "population { name: 'E' size: 3 " + model + " { tau_m: 10 C_m: 250 E_L: -65 " +
                            (several ? "tau_syn: [2, 4]" : "tau_syn_ex: 2 tau_syn_in: 4") + R"( } }
      input { name: "x" size: 1 spike_times { neuron: 0 times: [4] } }
      projection { source: "x" target: "E" synapses { source: 0 target: 1 weight: 200 delay: 1 } }
      recorder { population: "E" neuron: [1, 2] record: [V_m, I_syn] times: [0, 5, 5.5, 7.25, 30] })");
    ASSERT_EQ(run("simulate n.textproto --until 30 --recordings r.csv --quiet").code, 0);
    const Values values = read("r.csv");
    const std::string excitatory = several ? "I_syn_0" : "I_syn_ex",
                      inhibitory = several ? "I_syn_1" : "I_syn_in";
    EXPECT_EQ(values.size(), 30U);
    for (const auto& [text, t] :
         {std::pair("0.0", 0.0L), {"5.0", 5.0L}, {"5.5", 5.5L}, {"7.25", 7.25L}, {"30.0", 30.0L}}) {
      const long double s = std::max(0.0L, t - 5);
      const long double I = s > 0 ? 200 * std::exp(-s / 2) : 0;
      const long double V =
          -65 + 200.0L / 250 * (10.0L * 2 / (10 - 2)) * (std::exp(-s / 10) - std::exp(-s / 2));
      EXPECT_NEAR(values.at({text, "1", "V_m"}), static_cast<double>(V), 1e-12) << model << text;
      EXPECT_NEAR(values.at({text, "1", excitatory}), static_cast<double>(I), 1e-11) << model << text;
      EXPECT_EQ(values.at({text, "1", inhibitory}), 0) << model << text;
      EXPECT_EQ(values.at({text, "2", "V_m"}), -65) << model << text;
    }
  }
}

/// An alpha current that an arrival of -100 pA begins at 5 ms, through a spike's refractory period at 8 ms.
TEST_F(StateRecorderTest, CurrentsGoOnInTheRefractoryPeriod) {
  save("n.textproto", R"(population { name: "E" size: 1 alpha_psc_lif { tau_syn_in: 3 t_ref: 5 } }
    input { name: "x" size: 2 spike_times { neuron: 0 times: [4] } spike_times { neuron: 1 times: [7] } }
    projection { source: "x" target: "E" synapses { source: 0 target: 0 weight: -100 delay: 1 }
                                         synapses { source: 1 target: 0 weight: 1e5 delay: 1 } }
    recorder { population: "E" record: [V_m, I_syn] every: 1 })");
  ASSERT_EQ(run("simulate n.textproto --until 14 --recordings r.csv --spikes s.csv --quiet").code, 0);
  const Values values = read("r.csv");
  for (int t = 6; t <= 14; ++t) {
    const std::string text = std::to_string(t) + ".0";
    const double I = -100 * (t - 5) / 3.0 * std::exp(1 - (t - 5) / 3.0);
    EXPECT_NEAR(values.at({text, "0", "I_syn_in"}), I, 1e-11) << t;
  }
  const double spike =
      std::stod(read_file(path("s.csv")).substr(std::string("time_ms,population,neuron\n").size()));
  ASSERT_GT(spike, 8);
  ASSERT_LT(spike, 9);
  for (int t = 9; t <= 13; ++t) EXPECT_EQ(values.at({std::to_string(t) + ".0", "0", "V_m"}), -70);
}

/// With a private drive and plastic synapses; a second synapse of every train makes the drive one of the queue's.
const std::string kNetwork = R"(seed: 4
  population { name: "E" size: 30 exp_psc_lif { I_e: 200 } } population { name: "I" size: 10 delta_lif { } }
  input { name: "drive" size: 30 poisson { rate: 1500 } }
  projection { source: "drive" target: "E" one_to_one { } weight: 40 }
  projection { source: "E" target: "E" fixed_indegree { indegree: 6 } weight: 30 delay { uniform { low: 1 high: 3 } }
    pair_stdp { w_max: 60 } }
  projection { source: "E" target: "I" fixed_indegree { indegree: 6 } weight: 4 }
  recorder { population: "E" record: [V_m, I_syn, rate] every: 12.5 }
  recorder { population: "I" neuron: [0, 9] record: rate every: 50 }
)";

TEST_F(StateRecorderTest, RecordingChangesNoSpikeAndThreadsNoValue) {
  save("n.textproto", kNetwork);
  save("bare.textproto", kNetwork.substr(0, kNetwork.find("  recorder")));
  ASSERT_EQ(run("simulate n.textproto --until 300 --recordings r.csv --spikes s.csv --quiet").code, 0);
  ASSERT_EQ(run("simulate n.textproto --until 300 --recordings r3.csv --threads 3 --quiet").code, 0);
  ASSERT_EQ(run("simulate bare.textproto --until 300 --spikes bare.csv --quiet").code, 0);
  EXPECT_EQ(read_file(path("s.csv")), read_file(path("bare.csv")));
  EXPECT_EQ(read_file(path("r.csv")), read_file(path("r3.csv")));
  save("queued.textproto", kNetwork + "projection { source: 'drive' target: 'I' one_to_one { } weight: 0 }");
  shell("sed -i 's/\"I\" size: 10/\"I\" size: 30/' queued.textproto");
  ASSERT_EQ(run("simulate queued.textproto --until 300 --recordings q.csv --quiet").code, 0);
  const Values own = read("r.csv"), queued = read("q.csv");
  for (const auto& [key, value] : own)
    if (!std::get<1>(key).empty()) {
      EXPECT_NEAR(value, queued.at(key), 1e-9) << std::get<0>(key) << " " << std::get<1>(key);
    }
}

/// Rates are those of the rows of --spikes.
TEST_F(StateRecorderTest, RatesCountTheSpikesSinceTheLastOne) {
  save("n.textproto", kNetwork);
  ASSERT_EQ(run("simulate n.textproto --until 300 --recordings r.csv --spikes s.csv --quiet").code, 0);
  const auto count = [&](const std::string& which, double low, double high) {
    return std::stod(shell("awk -F, '$1 >= " + std::to_string(low) + " && $1 < " + std::to_string(high) +
                           " && " + which + " { n++ } END { print n + 0 }' s.csv")
                         .out);
  };
  std::istringstream rows(read_file(path("r.csv")));
  int seen = 0;
  for (std::string row; std::getline(rows, row);) {
    const std::size_t at = row.find(",,rate,");
    if (at == std::string::npos) continue;
    ++seen;
    const double time = std::stod(row), rate = std::stod(row.substr(at + 7));
    if (row.find(",E,") != std::string::npos)
      EXPECT_NEAR(rate, count("$2 == \"E\"", time - 12.5, time) / 30 / 0.0125, 1e-9) << row;
    else
      EXPECT_NEAR(rate, count("$2 == \"I\" && ($3 == 0 || $3 == 9)", time - 50, time) / 2 / 0.05, 1e-9)
          << row;
  }
  EXPECT_EQ(seen, 24 + 6);
}

TEST_F(StateRecorderTest, ARunThatGoesOnRecordsWhatOneRunWould) {
  save("n.textproto", kNetwork);
  ASSERT_EQ(run("simulate n.textproto --until 300 --recordings whole.csv --out whole.pb --quiet").code, 0);
  ASSERT_EQ(run("simulate n.textproto --until 130 --recordings r.csv --out r.pb --quiet").code, 0);
  ASSERT_EQ(run("simulate --resume r.pb --until 300 --quiet").code, 0);
  EXPECT_EQ(read_file(path("r.csv")), read_file(path("whole.csv")));
  EXPECT_EQ(run("inspect r.pb --only recordings --json | tail -n +2").out,
            run("inspect whole.pb --only recordings --json | tail -n +2").out);
  EXPECT_NE(run("inspect whole.pb").out.find("750 values of V_m at 25 times by recorder 0\n"),
            std::string::npos)
      << run("inspect whole.pb").out;
  ASSERT_EQ(run("simulate --resume r.pb --out fork.pb --recordings fork.csv --until 400 --quiet").code, 0);
  EXPECT_EQ(read("fork.csv").begin()->first, std::tuple("300.0", "0", "I_syn_ex"));
}

TEST_F(StateRecorderTest, RefusesWhatItCanNotRecord) {
  const auto refused = [&](const std::string& recorder, const std::string& reason) {
    save("n.textproto", "population { name: 'E' size: 3 delta_lif { } } recorder { " + recorder + " }");
    expect_refused("simulate n.textproto --until 1 --recordings r.csv", reason);
  };
  refused("population: 'X' record: V_m every: 1",
          "recorder[0].population: 'X' is not allowed (must be one of E)");
  refused("population: 'E' every: 1", "record: nothing is not allowed (must be some of V_m I_syn rate)");
  refused("population: 'E' record: V_m", "every: nothing is not allowed (must give one of every times)");
  refused("population: 'E' record: V_m every: 1 times: [2]", "must give one of every times");
  refused("population: 'E' record: V_m neuron: 3 every: 1",
          "neuron: 3 is not allowed (must be below the population's size, 3)");
  refused("population: 'E' record: V_m every: 0", "every: 0 is not allowed");
  refused("population: 'E' record: V_m times: [2, 1]",
          "times: 1 is not allowed (must be later than the one before)");
  refused("population: 'E' record: V_m times: nan", "times: nan is not allowed");
  refused("population: 'E' record: rate times: [2]",
          "every: nothing is not allowed (must be given for a rate");
  refused("population: 'E' record: I_syn every: 1",
          "record: I_syn is not allowed (delta_lif has no synaptic current)");
  save("n.textproto", "population { name: 'E' size: 3 delta_lif { } }");
  expect_refused("simulate n.textproto --until 1 --recordings r.csv",
                 "--recordings: needs a recorder in the specification");
  expect_refused("simulate n.textproto --until 1 --clock 0.1 --recordings r.csv",
                 "--recordings: cannot stand beside --clock");
  save(
      "n.textproto",
      "population { name: 'E' size: 0 exp_psc_lif { } } recorder { population: 'E' record: [V_m, I_syn, rate] every: 1 }");
  EXPECT_EQ(run("simulate n.textproto --until 2 --recordings none.csv --quiet").code, 0);
  EXPECT_EQ(read("none.csv").size(), 0U);
}

}  // namespace
}  // namespace chronotope
