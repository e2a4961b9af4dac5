// SPDX-License-Identifier: Apache-2.0
// NIR graphs in and out. Truths: what the NIR project published, a walk over a fine grid that reads the file by itself,
// and closed forms.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/exports/nir_file.hpp"
#include "chronotope/apps/imports/nir_network.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/hdf5_file.hpp"
#include "chronotope/proto/formats/nir_graph.hpp"
#include "chronotope/proto/text_spec.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

const std::string kNir = CHRONOTOPE_TEST_DATA "/nir/";
const std::string kBraille = kNir + "braille_noDelay_bias_zero.nir";
const std::string kNoBias = kNir + "braille_noDelay_noBias_subtract.nir";

using Trains = std::map<std::string, std::map<std::uint32_t, std::vector<double>>>;

class ImportNir : public ProgramTest {
 protected:
  /// Spikes [ms] by population and neuron.
  Trains simulate(const std::string& words) const {
    const Outcome outcome = run("simulate " + words + " --spikes s.csv --quiet");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    std::istringstream lines(read_file(path("s.csv")));
    Trains trains;
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      const auto first = line.find(','), second = line.find(',', first + 1);
      trains[line.substr(first + 1, second - first - 1)]
            [static_cast<std::uint32_t>(std::stoul(line.substr(second + 1)))]
                .push_back(std::stod(line.substr(0, first)));
    }
    return trains;
  }
  std::string import(const std::string& words) const {
    const Outcome outcome = run("import " + words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.err;
  }
  NetworkSpec spec(const std::string& name) const {
    proto::SpecText text;
    proto::read_spec(path(name), text);
    return text.message;
  }
  proto::NirGraph graph(const std::string& name) const {
    return proto::read_nir_graph(proto::Hdf5File(path(name)));
  }

  /// A graph of the test's own.
  void save_graph(const std::string& name, const std::vector<proto::NirNode>& nodes,
                  const std::vector<std::pair<std::size_t, std::size_t>>& edges) const {
    save(name, proto::nir_bytes({"", nodes, edges, {}}));
  }
  static proto::NirArray list(const std::vector<double>& values) { return {{values.size()}, values}; }
  static proto::NirArray matrix(std::uint64_t rows, const std::vector<double>& values) {
    return {{rows, values.size() / rows}, values};
  }
  static proto::NirNode lif(const std::string& name, double tau, double r, double v_leak, double v_threshold,
                            double v_reset) {
    return {name,
            "LIF",
            {{"tau", list({tau})},
             {"r", list({r})},
             {"v_leak", list({v_leak})},
             {"v_threshold", list({v_threshold})},
             {"v_reset", list({v_reset})}}};
  }
};

TEST_F(ImportNir, ASingleNeuronFiresAtJumpsAsThePublishedExactRunDoesInPulses) {
  // The channel's spikes [ms] and the exact spike times of lif_exact_sim.ipynb, whose pulses are 0.1 ms long: a pulse ends
  // at 1 - e^(-dt/tau) = 0.0392, a jump begins at dt/tau = 0.04, so that ours may be one input, 1 ms, earlier.
  const std::vector<double> input{6,  22, 27, 31, 32, 35, 37, 40, 41, 43, 44, 45, 46, 47, 48, 49, 50,
                                  51, 52, 53, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 83, 84};
  const std::vector<double> published{46.084, 51.090, 71.092, 76.091};
  std::string list;
  std::vector<double> expected;
  double v = 0, last = 0;
  for (const double t : input) {
    list += (list.empty() ? "" : ", ") + std::to_string(t);
    v = v * std::exp((last - t) / 2.5) + 0.04;
    last = t;
    if (v < 0.1) continue;
    expected.push_back(t + 0.001);
    v = 0;
  }
  import("'" + kNir + "lif_norse.nir' --dt 0.1 --delay 0.001 --out n.textproto");
  const Trains trains =
      simulate("n.textproto --until 100 --set 'input.input.spike_times={neuron: 0 times: [" + list + "]}'");
  ASSERT_EQ(trains.size(), 1U);
  const std::vector<double>& spikes = trains.at("1").at(0);
  EXPECT_EQ(spikes, expected);
  ASSERT_EQ(spikes.size(), published.size());
  for (std::size_t k = 0; k < spikes.size(); ++k) {
    EXPECT_LT(spikes[k], published[k]);
    EXPECT_GT(spikes[k], published[k] - 1.1);
  }
}

/// The Braille network on a grid of 2e-5 ms, each step exact but for the time of arrivals and spikes in it. What a
/// delay of 0.1 ms has on its way stands in a ring.
class GridWalk {
 public:
  explicit GridWalk(const std::string& path) : file_(path), first_(38), second_(7) {
    fc1_ = numbers("fc1/weight");
    fc2_ = numbers("fc2/weight");
    recurrent_ = numbers("lif1.w_rec/weight");
    std::vector<double> bias = numbers("fc1/bias");
    const std::vector<double> more = numbers("lif1.w_rec/bias");
    for (std::size_t i = 0; i < bias.size(); ++i) bias[i] += more[i];
    first_.begin(file_, "lif1.lif", bias);
    second_.begin(file_, "lif2", numbers("fc2/bias"));
  }

  /// Times [ms] of the two layers' spikes until `end`; channel c sends at 1 + c/8 ms and every 0.75 + c/16 ms.
  std::vector<std::vector<std::vector<double>>> run(double end) {
    std::vector<std::vector<std::vector<double>>> spikes{std::vector<std::vector<double>>(38),
                                                         std::vector<std::vector<double>>(7)};
    std::vector<std::int64_t> next(12);
    for (std::int64_t c = 0; c < 12; ++c) next[c] = 50000 + 6250 * c;
    for (std::int64_t step = 0; step < static_cast<std::int64_t>(end / kStep); ++step) {
      for (std::size_t c = 0; c < next.size(); ++c)
        if (next[c] == step) {
          first_.send(fc1_, c, 12, step);
          next[c] += 37500 + 3125 * static_cast<std::int64_t>(c);
        }
      for (const std::size_t i : first_.advance(step)) {
        spikes[0][i].push_back(static_cast<double>(step + 1) * kStep);
        first_.send(recurrent_, i, 38, step + 1);
        second_.send(fc2_, i, 38, step + 1);
      }
      for (const std::size_t i : second_.advance(step))
        spikes[1][i].push_back(static_cast<double>(step + 1) * kStep);
    }
    return spikes;
  }

 private:
  static constexpr double kStep = 2e-5;         // [ms]
  static constexpr std::int64_t kDelay = 5000;  // steps

  class Layer {
   public:
    explicit Layer(std::size_t size) : I_(size), v_(size), arriving_(kDelay + 2, std::vector<double>(size)) {}

    void begin(const proto::Hdf5File& file, const std::string& name, const std::vector<double>& bias) {
      const std::string path = "/node/nodes/" + name + "/";
      tau_mem_ = 1000 * file.numbers(path + "tau_mem")[0];
      tau_syn_ = 1000 * file.numbers(path + "tau_syn")[0];
      r_ = file.numbers(path + "r")[0];
      for (const double b : bias) steady_.push_back(file.numbers(path + "w_in")[0] * b);
      syn_decay_ = std::exp(-kStep / tau_syn_);
      mem_decay_ = std::exp(-kStep / tau_mem_);
    }
    /// Weights are outputs x inputs; in these files a spike adds its weight to I.
    void send(const std::vector<double>& weight, std::size_t from, std::size_t inputs, std::int64_t step) {
      auto& slot = arriving_[static_cast<std::size_t>((step + kDelay) % std::int64_t(arriving_.size()))];
      for (std::size_t i = 0; i < slot.size(); ++i) slot[i] += weight[i * inputs + from];
    }
    /// Exact over one step without arrivals; returns who fired.
    std::vector<std::size_t> advance(std::int64_t step) {
      auto& slot = arriving_[static_cast<std::size_t>(step % std::int64_t(arriving_.size()))];
      std::vector<std::size_t> fired;
      const double mixed = r_ * tau_syn_ / (tau_syn_ - tau_mem_) * (syn_decay_ - mem_decay_);
      for (std::size_t i = 0; i < I_.size(); ++i) {
        I_[i] += std::exchange(slot[i], 0);
        v_[i] = v_[i] * mem_decay_ + I_[i] * mixed + r_ * steady_[i] * (1 - mem_decay_);
        I_[i] *= syn_decay_;
        if (v_[i] < 1) continue;
        v_[i] = 0;
        fired.push_back(i);
      }
      return fired;
    }

   private:
    std::vector<double> I_, v_, steady_;
    std::vector<std::vector<double>> arriving_;
    double tau_mem_ = 0, tau_syn_ = 0, r_ = 0, syn_decay_ = 0, mem_decay_ = 0;
  };

  std::vector<double> numbers(const std::string& data) const { return file_.numbers("/node/nodes/" + data); }

  proto::Hdf5File file_;
  std::vector<double> fc1_, fc2_, recurrent_;
  Layer first_, second_;
};

TEST_F(ImportNir, ATrainedRecurrentNetworkFiresAsAWalkOverItsEquationsDoes) {
  const std::string notes = import("'" + kBraille + "' --out b.textproto");
  EXPECT_NE(notes.find("a spike stands for a pulse of height 1 and 0.1 ms"), std::string::npos) << notes;
  EXPECT_NE(notes.find("connections without a Delay take 0.1 ms"), std::string::npos) << notes;
  EXPECT_NE(notes.find("lif2 leads to the output output"), std::string::npos) << notes;
  constexpr double kEnd = 12;
  std::string trains;
  for (int c = 0; c < 12; ++c) {
    trains += "spike_times { neuron: " + std::to_string(c) + " times: [";
    for (int k = 0; k < 20; ++k)
      trains += (k > 0 ? ", " : "") + std::to_string(1 + 0.125 * c + k * (0.75 + 0.0625 * c));
    trains += "] } ";
  }
  std::string text = read_file(path("b.textproto"));
  const auto input = text.find("name: \"input\"");
  text.insert(input, trains);
  save("b.textproto", text);
  const Trains ours = simulate("b.textproto --until 12");
  const auto twin = GridWalk(kBraille).run(kEnd);
  std::size_t spikes = 0;
  const std::vector<std::string> names{"lif1.lif", "lif2"};
  for (std::size_t layer = 0; layer < names.size(); ++layer)
    for (std::uint32_t i = 0; i < twin[layer].size(); ++i) {
      const auto population = ours.find(names[layer]);
      const std::vector<double> none;
      const auto& mine =
          population != ours.end() && population->second.contains(i) ? population->second.at(i) : none;
      ASSERT_EQ(mine.size(), twin[layer][i].size()) << names[layer] << " " << i;
      for (std::size_t k = 0; k < mine.size(); ++k)
        EXPECT_NEAR(mine[k], twin[layer][i][k], 5e-3) << names[layer] << " " << i;
      spikes += mine.size();
    }
  EXPECT_GT(spikes, 100U);
}

TEST_F(ImportNir, ParametersAreThoseOfTheFile) {
  import("'" + kBraille + "' --out b.textproto --quiet");
  const NetworkSpec network = spec("b.textproto");
  ASSERT_EQ(network.population_size(), 2);
  ASSERT_EQ(network.projection_size(), 3);
  const ExpPscLif& first = network.population(0).exp_psc_lif();
  EXPECT_EQ(network.population(0).name(), "lif1.lif");
  EXPECT_EQ(network.population(0).size(), 38U);
  EXPECT_NEAR(first.tau_m().constant(), 1, 1e-6);  // computed in single precision
  EXPECT_NEAR(first.tau_syn_ex().constant(), 0.1 / 0.45, 1e-6);
  EXPECT_NEAR(first.tau_syn_in().constant(), 0.1 / 0.45, 1e-6);
  EXPECT_NEAR(first.r_m().constant(), 10000, 1e-2);
  EXPECT_EQ(first.v_th().constant(), 1);
  EXPECT_EQ(first.v_reset().constant(), 0);
  EXPECT_EQ(first.t_ref().constant(), 0);
  EXPECT_EQ(first.i_e().values().value_size(), 38);
  EXPECT_EQ(network.projection(0).delay().constant(), 0.1);
}

/// The nodes of a graph by what does not depend on the names of its matrices: neurons by name, weights by the names of
/// their ends, biases by that of the neurons, summed.
struct Content {
  std::map<std::string, std::map<std::string, std::vector<double>>> neurons;
  std::map<std::pair<std::string, std::string>, std::vector<double>> weights;
  std::map<std::string, std::vector<double>> biases;

  friend bool operator==(const Content&, const Content&) = default;

  explicit Content(const proto::NirGraph& graph) {
    for (const proto::NirNode& node : graph.nodes)
      for (const auto& [name, array] : node.arrays)
        if (node.has("v_threshold")) neurons[node.name][name] = array.values;
    for (const auto& [from, node] : graph.edges) {
      const proto::NirNode& matrix = graph.nodes[node];
      if (!matrix.has("weight")) continue;
      for (const auto& [again, to] : graph.edges) {
        if (again != node) continue;
        const std::string& target = graph.nodes[to].name;
        weights[{graph.nodes[from].name, target}] = matrix.arrays.at("weight").values;
        auto& bias = biases[target];
        bias.resize(matrix.arrays.at("weight").extents[0]);
        if (matrix.has("bias"))
          for (std::size_t i = 0; i < bias.size(); ++i) bias[i] += matrix.arrays.at("bias").values[i];
      }
    }
  }
};

TEST_F(ImportNir, OutAndInAgainItIsTheSame) {
  for (const std::string& file : {kBraille, kNoBias, kNir + "lif_norse.nir", kNir + "lif_rockpool.nir"}) {
    import("'" + file + "' --dt 0.1 --out a.textproto --quiet");
    ASSERT_EQ(run("export a.textproto --out a.nir --dt 0.1").code, 0);
    import("a.nir --out b.textproto --quiet");
    ASSERT_EQ(run("export b.textproto --out b.nir").code, 0);
    EXPECT_EQ(Content(graph("a.nir")), Content(graph("b.nir"))) << file;
    for (const char* table : {"0", "1", "2"})
      EXPECT_EQ(read_file(path(std::string("a.synapses-") + table + ".npy")),
                read_file(path(std::string("b.synapses-") + table + ".npy")))
          << file;
    const auto without_tables = [&](const std::string& name) {
      NetworkSpec network = spec(name);
      for (Projection& projection : *network.mutable_projection()) projection.clear_synapse_file();
      return network.DebugString();
    };
    EXPECT_EQ(without_tables("a.textproto"), without_tables("b.textproto")) << file;
  }
}

TEST_F(ImportNir, WhatComesOutIsWhatWentIn) {
  for (const std::string& file : {kBraille, kNoBias, kNir + "lif_norse.nir", kNir + "lif_rockpool.nir"}) {
    import("'" + file + "' --dt 0.1 --out a.textproto --quiet");
    ASSERT_EQ(run("export a.textproto --out a.nir").code, 0);
    const Content in(proto::read_nir_graph(proto::Hdf5File(file))), out(graph("a.nir"));
    EXPECT_EQ(graph("a.nir").dt, 0.0001);
    ASSERT_EQ(out.neurons.size(), in.neurons.size());
    for (const auto& [name, arrays] : in.neurons) {
      for (const auto& [parameter, values] : arrays)
        for (std::size_t i = 0; i < values.size(); ++i)
          EXPECT_DOUBLE_EQ(out.neurons.at(name).at(parameter)[i], values[i]) << name << "/" << parameter;
      EXPECT_EQ(out.neurons.at(name).at("v_reset"), std::vector<double>(arrays.at("r").size(), 0));
    }
    EXPECT_EQ(out.weights, in.weights) << file;
    ASSERT_EQ(out.biases.size(), in.biases.size());
    for (const auto& [name, bias] : in.biases)
      for (std::size_t i = 0; i < bias.size(); ++i) EXPECT_DOUBLE_EQ(out.biases.at(name)[i], bias[i]);
  }
}

TEST_F(ImportNir, AConstantDriveFiresAtTheClosedForm) {
  // tau dv/dt = v_leak - v + r b from v_leak on: v_threshold after tau ln(r b/(v_leak + r b - v_threshold)).
  proto::NirNode affine{"a", "Affine", {{"weight", matrix(1, {0, 0})}, {"bias", list({3})}}};
  save_graph("d.nir", {{"in", "Input", {{"shape", list({2})}}}, affine, lif("n", 0.02, 0.5, 0.25, 1.25, -1)},
             {{0, 1}, {1, 2}});
  import("d.nir --dt 1 --out d.textproto");
  const Trains trains = simulate("d.textproto --until 100");
  const auto passage = [](double from) { return 20 * std::log((1.75 - from) / (1.75 - 1.25)); };
  double t = passage(0.25);
  for (const double spike : trains.at("n").at(0)) {
    EXPECT_NEAR(spike, t, 1e-9);
    t += passage(-1);
  }
  EXPECT_EQ(trains.at("n").at(0).size(), 3U);
}

TEST_F(ImportNir, ScalesAndDelaysAreTakenOnTheirWay) {
  // in -> scale 2, 0.5 -> delay 1 ms, 3 ms -> IF with r = 4: an arrival adds 4 W dt with dt = 0.25 s.
  const proto::NirNode integrate{"n", "IF", {{"r", list({4, 4})}, {"v_threshold", list({3.5, 0.75})}}};
  save_graph("w.nir",
             {{"in", "Input", {{"shape", list({2})}}},
              {"s", "Scale", {{"scale", list({2, 0.5})}}},
              {"d", "Delay", {{"delay", list({0.001, 0.003})}}},
              integrate},
             {{0, 1}, {1, 2}, {2, 3}});
  import("w.nir --dt 250 --out w.textproto");
  const Trains trains =
      simulate("w.textproto --until 40 --set 'input.in.spike_times={neuron: 0 times: [5, 10]}'");
  EXPECT_EQ(trains.at("n").at(0), (std::vector<double>{11}));
  EXPECT_FALSE(trains.at("n").contains(1));
  const Trains second =
      simulate("w.textproto --until 40 --set 'input.in.spike_times={neuron: 1 times: [5, 10.5]}'");
  EXPECT_EQ(second.at("n").at(1), (std::vector<double>{13.5}));
}

/// A spike of weight 1 lifts a neuron by its own r dt/tau: 0.5 and 0.75, with thresholds just below and just above.
TEST_F(ImportNir, JumpsAreThoseOfEachNeuronsOwnConstants) {
  const proto::NirNode own{"n",
                           "LIF",
                           {{"tau", list({0.02, 0.02, 0.04, 0.04})},
                            {"r", list({1, 1, 3, 3})},
                            {"v_leak", list({0, 0, 0, 0})},
                            {"v_threshold", list({0.49, 0.51, 0.74, 0.76})},
                            {"v_reset", list({0, 0, 0, 0})}}};
  save_graph(
      "j.nir",
      {{"in", "Input", {{"shape", list({1})}}}, {"w", "Linear", {{"weight", matrix(4, {1, 1, 1, 1})}}}, own},
      {{0, 1}, {1, 2}});
  import("j.nir --dt 10 --delay 1 --out j.textproto --quiet");
  const Trains trains =
      simulate("j.textproto --until 40 --set 'input.in.spike_times={neuron: 0 times: [5]}'");
  EXPECT_EQ(trains.at("n"), (Trains::mapped_type{{0, {6}}, {2, {6}}}));
}

TEST_F(ImportNir, MatricesInARowAreMultipliedAndNestedGraphsBecomeOne) {
  save_graph("m.nir",
             {{"in", "Input", {{"shape", list({2})}}},
              {"a", "Affine", {{"weight", matrix(3, {1, 2, 3, 4, 5, 6})}, {"bias", list({1, 0, -1})}}},
              {"b", "Linear", {{"weight", matrix(1, {1, 10, 100})}}},
              lif("n", 0.02, 1, 0, 1e6, 0)},
             {{0, 1}, {1, 2}, {2, 3}});
  import("m.nir --dt 20 --out m.textproto --quiet");  // dt r/tau = 1: weights are the products
  ASSERT_EQ(run("export m.textproto --out again.nir --dt 20").code, 0);
  const Content content(graph("again.nir"));
  EXPECT_EQ(content.weights.at({"in", "n"}), (std::vector<double>{1 + 30 + 500, 2 + 40 + 600}));
  EXPECT_EQ(content.biases.at("n"), (std::vector<double>{1 - 100}));
}

TEST_F(ImportNir, DelaysComeOutAsTheyAre) {
  save(
      "d.textproto",
      "population { name: 'A' size: 3 delta_lif { t_ref: 0 } } population { name: 'B' size: 3 delta_lif { t_ref: 0 } } "
      "projection { source: 'A' target: 'B' all_to_all { } weight: 2 delay: 0.1 } "
      "projection { source: 'B' target: 'A' all_to_all { } weight: [1, 2, 3, 4, 5, 6, 7, 8, 9] delay: 1.7 } "
      "projection { source: 'A' target: 'A' synapses { source: 0 target: 1 weight: 3 delay: 0.3 } "
      "synapses { source: 0 target: 2 weight: 4 delay: 0.3 } synapses { source: 2 target: 2 weight: 5 delay: 1.25 } } "
      "projection { source: 'B' target: 'B' synapses { source: 0 target: 1 weight: 3 delay: 0.3 } "
      "synapses { source: 0 target: 2 weight: 4 delay: 0.7 } synapses { source: 1 target: 2 weight: 5 delay: 0.9 } }");
  ASSERT_EQ(run("export d.textproto --out d.nir").code, 0);
  std::size_t delays = 0;
  for (const proto::NirNode& node : graph("d.nir").nodes)
    if (node.type == "Delay") ++delays;
  EXPECT_EQ(delays, 1U + 1 + 3);
  import("d.nir --out e.textproto --quiet");
  const auto edges = [&](const std::string& name) {
    EXPECT_EQ(run("simulate " + name + " --until 1 --out r.pb --quiet").code, 0);
    std::istringstream lines(run("export r.pb --format edges --bare --out -").out);
    std::vector<std::string> all;
    for (std::string line; std::getline(lines, line);) all.push_back(line.substr(0, line.rfind(',')));
    std::sort(all.begin(), all.end());
    return all;
  };
  EXPECT_EQ(edges("e.textproto"), edges("d.textproto"));
}

TEST_F(ImportNir, CurrentsOfAStreamAreTold) {
  save("c.csv", "time_ms,amplitude_pA\n1,400\n");
  save(
      "c.textproto",
      "population { name: 'A' size: 2 delta_lif { t_ref: 0 } } population { name: 'B' size: 1 delta_lif { t_ref: 0 } } "
      "projection { source: 'A' target: 'B' all_to_all { } weight: 1 delay: 1 } "
      "current { name: 'a' population: 'A' path: 'c.csv' } current { name: 'b' population: 'B' times: 2 amplitudes: 9 }");
  ASSERT_EQ(run("simulate c.textproto --until 10 --out c.pb --quiet").code, 0);
  std::filesystem::remove(path("c.csv"));
  const Outcome exported = run("export c.pb --out c.nir");
  EXPECT_EQ(exported.code, 0) << exported.err;
  EXPECT_EQ(
      exported.err,
      "population A: currents that change are left out\npopulation B: currents that change are left out\n");
}

TEST_F(ImportNir, TheWeightsOfASnapshotComeOut) {
  save(
      "p.textproto",
      "population { name: 'A' size: 2 delta_lif { t_ref: 0 } } input { name: 'x' size: 1 regular { interval: 5 } } "
      "projection { source: 'x' target: 'A' all_to_all { } weight: 20 delay: 0.1 pair_stdp { w_max: 60 } }");
  ASSERT_EQ(run("simulate p.textproto --until 100 --out p.pb --quiet").code, 0);
  const Outcome exported = run("export p.pb --out p.nir");
  EXPECT_EQ(exported.code, 0) << exported.err;
  std::istringstream edges(run("export p.pb --out - --format edges --bare").out);
  std::string line;
  std::getline(edges, line);
  std::vector<double> weights;
  while (std::getline(edges, line)) weights.push_back(std::stod(line.substr(8)));
  ASSERT_EQ(weights.size(), 2U);
  EXPECT_NE(weights[0], 20);
  const auto written = Content(graph("p.nir")).weights.at({"x", "A"});
  const double jump = 20. / 250 * 0.1 / 20;  // r dt/tau
  for (std::size_t k = 0; k < 2; ++k) EXPECT_DOUBLE_EQ(written[k] * jump, weights[k]);
}

TEST_F(ImportNir, WhatHasNoCounterpartIsToldByNode) {
  save("x", "");
  const std::string out = " --out n.textproto";
  expect_refused("import '" + kNir + "lif_norse.nir'" + out,
                 "lif_norse.nir:/node/nodes/1: LIF: what a spike adds to it depends on the step");
  save_graph("low.nir", {lif("n", 0.02, 1, 0, 1, 1)}, {});
  expect_refused("import low.nir" + out,
                 "low.nir:/node/nodes/n/v_reset: LIF: neuron 0: v_reset 1 is not allowed (must be below "
                 "v_threshold = 1)");
  save_graph("tau.nir", {lif("n", -0.02, 1, 0, 1, 0)}, {});
  expect_refused(
      "import tau.nir" + out,
      "tau.nir:/node/nodes/n/tau: LIF: neuron 0: -0.02 is not allowed (must be from 1e-6 to 1e6 s)");
  save_graph("comma.nir", {lif("a,b", 0.02, 1, 0, 1, 0)}, {});
  expect_refused("import comma.nir" + out, "its name holds a comma");
  save_graph("none.nir", {{"in", "Input", {{"shape", list({2})}}}}, {});
  expect_refused("import none.nir" + out, "none.nir:/node/nodes: holds no LIF, CubaLIF or IF");
  const proto::NirNode three{"l", "Linear", {{"weight", matrix(1, {1, 1, 1})}}};
  save_graph("wide.nir", {{"in", "Input", {{"shape", list({2})}}}, three, lif("n", 0.02, 1, 0, 1, 0)},
             {{0, 1}, {1, 2}});
  expect_refused("import wide.nir --dt 1" + out,
                 "wide.nir:/node/nodes/l: Linear: takes 3 values, in gives 2");
  const proto::NirNode one{"l", "Linear", {{"weight", matrix(1, {1})}}};
  save_graph("ring.nir", {one, {"s", "Scale", {{"scale", list({1})}}}, lif("n", 0.02, 1, 0, 1, 0)},
             {{0, 1}, {1, 0}, {1, 2}});
  expect_refused("import ring.nir --dt 1" + out, "lead from it to itself without a neuron between");
  expect_refused("import '" + kBraille + "' --out b.pb", "must end in .textproto");
  expect_refused("import '" + kBraille + "' --out -", "must end in .textproto");
  expect_refused("import missing.nir" + out, "missing.nir: cannot read");
  expect_refused("import x" + out, "x:1:1: expected '{', found the end");
  expect_refused("import " CHRONOTOPE_TEST_DATA "/hdf5/spoken.h5" + out, "holds no NIR graph");
  expect_refused("import '" + kBraille + "' --dt 0" + out, "--dt: 0 is not allowed");
}

TEST_F(ImportNir, WhatNirCanNotSayIsToldByField) {
  const auto refused = [&](const std::string& model, const std::string& reason) {
    save("n.textproto", "population { name: 'E' size: 2 " + model + " }");
    expect_refused("export n.textproto --out n.nir", reason);
  };
  refused("alpha_psc_lif { }",
          "population E.alpha_psc_lif: alpha_psc_lif is not allowed (has no counterpart in NIR");
  refused("delta_lif { }", "t_ref: 2 is not allowed (must be 0 in NIR, which has no refractory period)");
  refused("linear_leak_lif { t_ref: 0 floor: NONE }",
          "linear_leak_lif.leak: 0.1 is not allowed (must be 0 in NIR)");
  refused("linear_leak_lif { t_ref: 0 leak: 0 floor: NONE reset: SUBTRACT }",
          "linear_leak_lif.reset: SUBTRACT is not allowed");
  refused("multi_receptor_lif { t_ref: 0 tau_syn: [2, 3] }", "NIR has one receptor");
  refused(
      "exp_psc_lif { t_ref: 0 } } projection { source: 'E' target: 'E' all_to_all { } weight: [1, -1, 1, -1]",
      "tau_syn_in: 10 is not allowed (must be tau_syn_ex = 5 ms: NIR has one time constant");
  refused(
      "exp_psc_lif { t_ref: 0 } } projection { source: 'E' target: 'E' all_to_all { } weight: 1 short_term { }",
      "projection E->E.short_term: short_term is not allowed (has no counterpart in NIR)");
  save("n.textproto", "population { name: 'a/b' size: 2 delta_lif { t_ref: 0 } }");
  expect_refused("export n.textproto --out n.nir", "a name in a NIR file holds no '/'");
}

TEST_F(ImportNir, FilesThatAreCutOrChangedAreRefusedOrRead) {
  const std::string bytes = read_file(kBraille);
  const auto import_bytes = [&](const std::string& some) {
    save("cut.nir", some);
    apps::ImportedNetwork network(path("cut.textproto"));
    const proto::Hdf5File file(path("cut.nir"));
    apps::import_nir(proto::read_nir_graph(file), {stated_duration(0.1), {}}, network);
    network.check("cut.nir");
  };
  for (std::size_t size = 0; size < bytes.size(); size += bytes.size() / 40 + 1)
    EXPECT_THROW(import_bytes(bytes.substr(0, size)), InputError) << size;
  for (std::size_t at = 11; at < bytes.size(); at += 211) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ 0xff);
    try {
      import_bytes(other);
    } catch (const InputError&) {
    }
  }
}

}  // namespace
}  // namespace chronotope
