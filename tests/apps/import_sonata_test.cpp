// SPDX-License-Identifier: Apache-2.0
// SONATA networks: the 300 neurons of the SONATA project (tests/data/sonata), and small ones that the tests make.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "chronotope/apps/imports/sonata_import.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/hdf5_file.hpp"
#include "chronotope/proto/formats/sonata_spikes.hpp"
#include "chronotope/proto/text_spec.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

namespace fs = std::filesystem;
const fs::path kSonata = CHRONOTOPE_TEST_DATA "/sonata";
const fs::path kPoint = kSonata / "300_pointneurons";

class ImportSonata : public ProgramTest {
 protected:
  NetworkSpec spec(const std::string& name) const {
    proto::SpecText text;
    proto::read_spec(path(name), text);
    return text.message;
  }
  std::string spikes(const std::string& words) const {
    const Outcome outcome = run("simulate " + words + " --spikes s.csv --quiet");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return read_file(path("s.csv"));
  }

  /// A network of the test's own: two neurons of iaf_psc_exp with node_ids 7 and 3, one virtual node 5, two edges.
  void save_network() const {
    save(
        "circuit.json",
        R"({"manifest": {"$NET": "$BASE/net", "$BASE": "."}, "components": {"point_neuron_models_dir": "${BASE}/models",
             "synaptic_models_dir": "./models"},
             "networks": {"nodes": [{"nodes_file": "$NET/n.h5", "node_types_file": "$NET/n.csv"},
                                    {"nodes_file": "$NET/v.h5", "node_types_file": "$NET/v.csv"}],
                          "edges": [{"edges_file": "$NET/e.h5", "edge_types_file": "$NET/e.csv"},
                                    {"edges_file": "$NET/missing.h5", "enabled": false}]}})");
    save("simulation.json",
         R"({"network": "circuit.json", "conditions": {"v_init": -61.5}, "run": {"tstop": 50},
             "node_sets_file": "sets.json", "inputs": {"s": {"input_type": "spikes", "module": "sonata",
             "input_file": "in.h5", "node_set": "drive"}, "off": {"enabled": false}}})");
    save("sets.json", R"({"drive": {"population": "ext"}})");
    fs::create_directories(path("net"));
    fs::create_directories(path("models"));
    save("models/cell.json", R"({"tau_m": 16, "C_m": 320, "E_L": -65, "t_ref": 0.5, "tau_syn_ex": 4})");
    save("models/syn.json", R"({"delay": 2.5, "receptor_type": 0})");
    save("net/n.csv",
         "node_type_id model_type model_template dynamics_params note\n"
         "2 point_neuron nest:iaf_psc_exp cell.json NULL\n9 point_neuron nest:iaf_psc_exp NULL 'x'\n");
    save("net/v.csv", "node_type_id model_type\n1 virtual\n");
    save("net/e.csv",
         "edge_type_id model_template syn_weight dynamics_params\n4 static_synapse 30 syn.json\n");
    save("net/n.h5", nodes("net", {7, 3}, {2, 9}, [](proto::Hdf5Image& file) {
           file.add_group("/nodes/net/0/dynamics_params");
           file.add_numbers("/nodes/net/0/dynamics_params/I_e", std::vector<double>{500, 0}, {2});
         }));
    save("net/v.h5", nodes("ext", {5}, {1}, [](proto::Hdf5Image&) {}));
    save("net/e.h5", edges());
    save("in.h5", proto::sonata_spikes({{"ext", {{Time() + Duration::nearest(4), 5}}, 0}, {"other", {}, 0}}));
  }

  static std::string nodes(const std::string& name, const std::vector<std::uint64_t>& ids,
                           const std::vector<std::uint64_t>& types,
                           const std::function<void(proto::Hdf5Image&)>& add) {
    proto::Hdf5Image file;
    const std::string group = "/nodes/" + name;
    file.add_group("/nodes");
    file.add_group(group);
    file.add_group(group + "/0");
    file.add_indices(group + "/node_id", ids, {ids.size()});
    file.add_indices(group + "/node_type_id", types, {types.size()});
    std::vector<std::uint64_t> places, groups(ids.size());
    for (std::uint64_t k = 0; k < ids.size(); ++k) places.push_back(k);
    file.add_indices(group + "/node_group_id", groups, {ids.size()});
    file.add_indices(group + "/node_group_index", places, {ids.size()});
    add(file);
    return file.bytes();
  }
  /// 5 -> 3 of the type's weight and delay, and 7 -> 3 of its own weight, twice.
  static std::string edges() {
    proto::Hdf5Image file;
    file.add_group("/edges");
    const auto add = [&](const std::string& group, const std::string& source, std::uint64_t from) {
      file.add_group(group);
      for (const auto& [name, value] : {std::pair<const char*, std::uint64_t>{"source_node_id", from},
                                        {"target_node_id", 3},
                                        {"edge_type_id", 4},
                                        {"edge_group_id", 0},
                                        {"edge_group_index", 0}})
        file.add_indices(group + "/" + name, std::vector<std::uint64_t>{value}, {1});
      file.set_text_attribute(group + "/source_node_id", "node_population", source);
      file.set_text_attribute(group + "/target_node_id", "node_population", "net");
      file.add_group(group + "/0");
    };
    add("/edges/a", "ext", 5);
    add("/edges/b", "net", 7);
    file.add_numbers("/edges/b/0/syn_weight", std::vector<double>{-20}, {1});
    file.add_numbers("/edges/b/0/delay", std::vector<double>{0.75}, {1});
    file.add_numbers("/edges/b/0/nsyns", std::vector<double>{2}, {1});
    return file.bytes();
  }
};

TEST_F(ImportSonata, ASmallNetworkIsTheOneWrittenByHand) {
  save_network();
  const Outcome imported = run("import simulation.json --out n.textproto");
  ASSERT_EQ(imported.code, 0) << imported.err;
  EXPECT_EQ(imported.err, "the simulation runs until 50 ms\n");
  save("hand.textproto", R"(
    population { name: "net" size: 2 exp_psc_lif { tau_m: [16, 10] C_m: [320, 250] E_L: [-65, -70] V_th: -55
      V_reset: -70 t_ref: [0.5, 2] tau_syn_ex: [4, 2] tau_syn_in: 2 I_e: [500, 0] V_m: -61.5 } }
    input { name: "ext" size: 1 spike_times { neuron: 0 times: 4 } }
    projection { source: "ext" target: "net" synapses { source: 0 target: 1 weight: 30 delay: 2.5 } }
    projection { source: "net" target: "net" synapses { source: 0 target: 1 weight: -40 delay: 0.75 } })");
  const std::string hand = spikes("hand.textproto --until 50"), ours = spikes("n.textproto --until 50");
  EXPECT_EQ(ours, hand);
  // Neuron 0: from V_m, then from V_reset after t_ref, to V_th; V_inf = E_L + tau_m I_e/C_m = -40 mV.
  const auto passage = [](double from) { return 16 * std::log((-40 - from) / (-40. - -55)); };
  std::istringstream lines(ours);
  std::string line;
  std::getline(lines, line);
  double t = passage(-61.5);
  std::size_t count = 0;
  while (std::getline(lines, line)) {
    EXPECT_EQ(line.substr(line.find(',')), ",net,0");
    EXPECT_NEAR(std::stod(line), t, 1e-9);
    t += 0.5 + passage(-70);
    ++count;
  }
  EXPECT_EQ(count, 4U);
}

TEST_F(ImportSonata, WithoutASimulationNeuronsBeginWhereNestsDo) {
  save_network();
  ASSERT_EQ(run("import circuit.json --out n.textproto --quiet").code, 0);
  const NetworkSpec network = spec("n.textproto");
  EXPECT_EQ(network.population(0).exp_psc_lif().v_m().constant(), -70);
  EXPECT_FALSE(network.input(0).has_csv());
}

/// The network of 300 neurons again, read and put together by the test itself.
NetworkSpec built_by_hand() {
  const std::map<std::uint64_t, std::vector<double>> parameters{
      // tau_m C_m t_ref E_L V_th V_reset of the files in shared_components
      {100, {44.9, 239, 3, -78, -43, -55}},
      {101, {11.5, 53, 3, -72, -25, -50}},
      {102, {22.1, 117, 3, -78, -47, -50}},
      {103, {22.2, 180, 3, -82, -35, -50}},
      {104, {12.5, 78, 3, -73, -37, -55}}};
  NetworkSpec spec;
  Population& population = *spec.add_population();
  population.set_name("internal");
  population.set_size(300);
  AlphaPscLif& neuron = *population.mutable_alpha_psc_lif();
  const proto::Hdf5File file((kPoint / "network/internal_nodes.h5").string());
  for (const std::uint64_t type : file.indices("/nodes/internal/node_type_id")) {
    const std::vector<double>& values = parameters.at(type);
    neuron.mutable_tau_m()->mutable_values()->add_value(values[0]);
    neuron.mutable_c_m()->mutable_values()->add_value(values[1]);
    neuron.mutable_t_ref()->mutable_values()->add_value(values[2]);
    neuron.mutable_e_l()->mutable_values()->add_value(values[3]);
    neuron.mutable_v_th()->mutable_values()->add_value(values[4]);
    neuron.mutable_v_reset()->mutable_values()->add_value(values[5]);
  }
  neuron.mutable_tau_syn_ex()->set_constant(2);
  neuron.mutable_tau_syn_in()->set_constant(2);
  neuron.mutable_v_m()->set_constant(-80);
  Input& input = *spec.add_input();
  input.set_name("external");
  input.set_size(100);
  const proto::Hdf5File drive((kPoint / "inputs/external_spike_trains.h5").string());
  std::map<std::uint64_t, std::vector<double>> times;
  const auto at = drive.numbers("/spikes/timestamps");
  const auto who = drive.indices("/spikes/gids");
  for (std::size_t k = 0; k < at.size(); ++k) times[who[k]].push_back(at[k]);
  for (auto& [neuron_id, list] : times) {
    std::sort(list.begin(), list.end());
    SpikeTimes& train = *input.add_spike_times();
    train.set_neuron(static_cast<std::uint32_t>(neuron_id));
    for (const double t : list) train.add_times(t);
  }
  const auto add_edges = [&](const std::string& name, const std::string& group, const std::string& from,
                             double delay) {
    const proto::Hdf5File edges((kPoint / "network" / (name + "_edges.h5")).string());
    Projection& projection = *spec.add_projection();
    projection.set_source(from);
    projection.set_target("internal");
    const auto sources = edges.indices(group + "/source_node_id"),
               targets = edges.indices(group + "/target_node_id");
    const auto places = edges.indices(group + "/edge_group_index");
    const auto weights = edges.numbers(group + "/0/syn_weight");
    for (std::size_t k = 0; k < sources.size(); ++k) {
      Synapse& synapse = *projection.add_synapses();
      synapse.set_source(static_cast<std::uint32_t>(sources[k]));
      synapse.set_target(static_cast<std::uint32_t>(targets[k]));
      synapse.set_weight(weights[places[k]]);
      synapse.set_delay(delay);
    }
  };
  add_edges("internal_internal", "/edges/internal_to_internal", "internal", 2);
  add_edges("external_internal", "/edges/external_to_internal", "external", 1);
  return spec;
}

TEST_F(ImportSonata, ThreeHundredNeuronsFireAsThoseBuiltByHand) {
  const Outcome imported = run("import '" + (kPoint / "config.json").string() + "' --out p.textproto");
  ASSERT_EQ(imported.code, 0) << imported.err;
  EXPECT_NE(imported.err.find("/edges/external_to_internal: 20844 edges have no delay and take 1 ms"),
            std::string::npos)
      << imported.err;
  EXPECT_NE(imported.err.find("the simulation runs until 1500 ms"), std::string::npos);
  save("hand.pb", built_by_hand().SerializeAsString());
  const std::string ours = spikes("p.textproto --until 1500"), hand = spikes("hand.pb --until 1500");
  EXPECT_GT(std::count(ours.begin(), ours.end(), '\n'), 1000);
  EXPECT_TRUE(ours == hand);
}

TEST_F(ImportSonata, AMissingFileOfParametersIsNamed) {
  fs::copy(kPoint, path("300"), fs::copy_options::recursive);
  expect_refused(
      "import 300/config.json --out p.textproto",
      "300/network/internal_node_types.csv: node type 100: dynamics_params 472363762_point.json: there is "
      "no file shared_components/nest_models/cell_models/472363762_point.json");
  fs::create_directories(path("shared_components/nest_models"));
  fs::copy(kSonata / "shared_components", path("shared_components"),
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  EXPECT_EQ(run("import 300/config.json --out p.textproto --quiet").code, 0);
}

TEST_F(ImportSonata, WhatHasNoCounterpartIsToldByFileAndPlace) {
  const auto refused = [&](const std::string& file, const std::string& bytes, const std::string& reason) {
    save_network();
    save(file, bytes);
    expect_refused("import simulation.json --out n.textproto", reason);
  };
  refused("models/cell.json", "{\"tau_m\": 16,\n \"tau_x\": 3}",
          "models/cell.json:2:11: parameter 'tau_x' has no counterpart in exp_psc_lif (did you mean tau_m");
  refused("models/cell.json", "{\"C_m\": -3}",
          "simulation.json: population net.exp_psc_lif.C_m: -3 is not allowed (must be from 1e-3 to 1e9)");
  refused("models/cell.json", "{\"C_m\": \"x\"}", "models/cell.json:1:9: 'C_m' must be a number");
  refused("net/n.csv", "node_type_id model_type model_template\n2 biophysical hoc:x\n9 biophysical hoc:x\n",
          "net/n.h5:/nodes/net: node 0 (from 0) has the model_type 'biophysical'");
  refused("net/n.csv",
          "node_type_id model_type model_template\n2 point_neuron nest:hh_psc_alpha\n9 point_neuron x\n",
          "node 1 (from 0) has the model_template 'x', the first one 'nest:hh_psc_alpha'");
  refused("net/n.csv",
          "node_type_id model_type model_template\n2 point_neuron nest:hh\n9 point_neuron nest:hh\n",
          "has the model_template 'nest:hh', which has no counterpart (must be one of nest:iaf_psc_exp");
  refused("net/n.csv", "node_type_id model_type\n2 point_neuron\n",
          "node 1 (from 0) has the type 9, which net/n.csv does not list");
  refused("net/n.csv", "node_type_id model_type\n2 point_neuron\n2 point_neuron\n",
          "net/n.csv:3: column 1: '2' stands in two rows");
  refused("net/e.csv", "edge_type_id model_template syn_weight\n4 tsodyks_synapse 3\n",
          "net/e.h5:/edges/a: edge 0 (from 0) has the model_template 'tsodyks_synapse'");
  refused("net/e.csv", "edge_type_id model_template syn_weight weight_function\n4 NULL 3 gaussianLL\n",
          "has the weight_function 'gaussianLL'");
  refused("net/e.csv", "edge_type_id\n4\n",
          "net/e.h5:/edges/a: edge 0 (from 0) has no syn_weight, nor has its type");
  refused("net/e.csv", "edge_type_id syn_weight\n4 many\n",
          "net/e.csv: edge type 4: syn_weight: 'many' is not a number");
  refused("models/syn.json", "{\"delay\": 0}",
          "edge 0 (from 0) has a delay of 0, which is not allowed (must be > 0 ms");
  refused("models/syn.json", "{\"receptor_type\": 2}",
          "models/syn.json:1:19: parameter 'receptor_type' has no counterpart");
  refused("sets.json", "{\"other\": {}}", "there is no node set 'drive'");
  refused("sets.json", "{\"drive\": {\"ei\": \"e\"}}",
          "sets.json:1:18: a node set by 'ei' of this value can not be read");
  refused("in.h5", proto::sonata_spikes({{"ext", {{Time(), 6}}, 0}}),
          "in.h5:/spikes: 6 is no node_id of ext");
  refused("in.h5", proto::sonata_spikes({{"lgn", {}, 0}}),
          "in.h5:/spikes: input 's': holds spikes of no virtual");
  refused("circuit.json", "{\"networks\": {\"nodes\": [{\"nodes_file\": \"$X/n.h5\"}]}}",
          "circuit.json:1:40: no manifest defines '$X'");
  refused("circuit.json", "{\"networks\": {}}", "networks: names no nodes");
  refused("circuit.json", "{}", "circuit.json:1:1: is no SONATA configuration");
  refused("circuit.json", "{\"network\": \"circuit.json\"}", "simulation.json: networks: names no nodes");
  refused("net/n.h5", nodes("net", {7, 7}, {2, 9}, [](proto::Hdf5Image&) {}),
          "net/n.h5:/nodes/net/node_id: the id 7 stands twice");
  save_network();
  expect_refused("import simulation.json --dt 1 --out n.textproto", "--dt: needs a NIR graph");
  save("twice.json", "{\"networks\": {},\n \"networks\": {}}");
  expect_refused("import twice.json --out n.textproto", "twice.json:2:2: 'networks' stands here twice");
  save("in.textproto", read_file(path("simulation.json")));
  expect_refused("import in.textproto --out in.textproto", "in.textproto");
}

TEST_F(ImportSonata, FilesThatAreCutOrChangedAreRefusedOrRead) {
  save_network();
  const auto import = [&] {
    apps::ImportedNetwork network(path("cut.textproto"));
    apps::import_sonata(path("simulation.json"), network);
    network.check("simulation.json");
  };
  import();
  for (const char* name :
       {"circuit.json", "simulation.json", "sets.json", "models/cell.json", "models/syn.json", "net/n.h5",
        "net/v.h5", "net/e.h5", "in.h5", "net/n.csv", "net/e.csv"}) {
    const std::string bytes = read_file(path(name));
    const bool is_table = std::string(name).ends_with(".csv");  // whose last row may be shorter than it was
    for (std::size_t size = 0; size < bytes.size(); size += bytes.size() / 23 + 1) {
      save(name, bytes.substr(0, size));
      try {
        import();
        EXPECT_TRUE(is_table) << name << " cut at " << size;
      } catch (const InputError&) {
      }
    }
    for (std::size_t at = 3; at < bytes.size(); at += bytes.size() / 29 + 1) {
      std::string other = bytes;
      other[at] = static_cast<char>(other[at] ^ 0xff);
      save(name, other);
      try {
        import();
      } catch (const InputError&) {
      }
    }
    save(name, bytes);
  }
  import();
}

TEST_F(ImportSonata, CurrentClampsAreCurrents) {
  save_network();
  const auto import = [&](const std::string& clamps) {
    save("clamps.json",
         R"({"network": "circuit.json", "node_sets_file": "sets.json", "inputs": {)" + clamps + "}}");
    return "import clamps.json --out n.textproto";
  };
  const std::string clamp = R"("input_type": "current_clamp", "module": "IClamp", )";
  ASSERT_EQ(run(import(R"("one": {)" + clamp +
                       R"("node_set": {"node_id": 3}, "amp": 400, "delay": 10, "duration": 20.5},
                          "all": {)" +
                       clamp + R"("node_set": "all", "amp": [5, -5, 7], "delay": [0, 10, 20.25],
                                  "duration": [3, 10.25, 0.1]},
                          "on": {)" +
                       clamp + R"("node_set": {"population": "net", "node_id": [3, 7]}, "amp": 2, "delay": 1},
                          "off": {"enabled": false, )" +
                       clamp + R"("amp": "x"})"))
                .code,
            0);
  const NetworkSpec network = spec("n.textproto");
  ASSERT_EQ(network.current_size(), 3);
  const auto text = [&](int k) {
    const StepCurrent& current = network.current(k);
    std::string all = current.name() + " " + current.population() + " [" + current.neurons() + "]";
    for (int i = 0; i < current.times_size(); ++i)
      all += " " + to_string(current.times(i)) + ":" + to_string(current.amplitudes(i));
    return all;
  };
  EXPECT_EQ(text(0), "one net [1] 10:400 30.5:0");  // node 3 is the second
  EXPECT_EQ(text(1), "all net [] 0:5 3:0 10:-5 20.25:7 20.35:0");
  EXPECT_EQ(text(2), "on net [0-1] 1:2");
  const std::string clamped = spikes("n.textproto --until 100");
  EXPECT_NE(clamped, spikes("n.textproto --until 100 --set 'current.all.amplitudes=[0, 0, 0, 0, 0]'"));
  for (const auto& [input, reason] :
       {std::pair<std::string, std::string>{R"("module": "IClamp", "amp": 1, "delay": [1, 2])",
                                            "must have as many delay and duration as amp, at least one"},
        {R"("module": "IClamp", "delay": 1)", "must have as many delay and duration as amp"},
        {R"("module": "IClamp", "amp": [1, 2], "delay": [5, 5])", "delays must be >= 0 and ascend"},
        {R"("module": "IClamp", "amp": 1, "delay": -5)", "delays must be >= 0 and ascend"},
        {R"("module": "IClamp", "amp": 1, "delay": 5, "duration": 0)", "durations be > 0"},
        {R"("module": "IClamp", "amp": "much", "delay": 5)", "'amp' must be a number, or a list of them"},
        {R"("module": "IClamp", "amp": 2e9, "delay": 5)", "current c.amplitudes: 2e+09 is not allowed"},
        {R"("module": "nwb", "amp": 1, "delay": 5)", "module 'nwb' can not be read (IClamp)"},
        {R"("module": "IClamp", "amp": 1, "delay": 5, "node_set": {"node_id": 8})",
         "input c: 8 is no node_id of its populations"},
        {R"("module": "IClamp", "amp": 1, "delay": 5, "node_set": {"population": "ext"})",
         "input c: goes into no population of point neurons"},
        {R"("module": "IClamp", "amp": 1, "delay": 5, "node_set": {"model_type": "virtual"})",
         "can not be read (population, node_id, model_type point_neuron)"}})
    expect_refused(import(R"("c": {"input_type": "current_clamp", )" + input + "}"), reason);
}

}  // namespace
}  // namespace chronotope
