// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace chronotope::proto {

/// What the JSON configurations of a SONATA network say (Dai et al. 2020, and its developer guide).
struct SonataConfig {
  struct Table {
    std::filesystem::path file;   // HDF5
    std::filesystem::path types;  // CSV; empty: none
  };
  struct NodeSet {
    std::set<std::string> populations{};  // empty: all
    std::set<std::uint64_t> nodes{};      // empty: all
  };
  /// Spikes of nodes, all or some.
  struct SpikeInput {
    std::string name;
    std::filesystem::path file;
    NodeSet nodes{};
  };
  /// Currents into nodes, each from a time on for some time, or until the next one begins.
  struct CurrentClamp {
    struct Step {
      double delay = 0;                  // when it begins [ms]
      std::optional<double> duration{};  // [ms]; nothing: for ever
      double amp = 0;                    // [pA], as NEST takes it
    };
    std::string name;
    std::vector<Step> steps;  // in order of time
    NodeSet nodes{};
  };

  std::vector<Table> nodes;
  std::vector<Table> edges;
  std::filesystem::path neuron_models{};   // folder of parameters; empty: none is named
  std::filesystem::path synapse_models{};  // the same
  std::optional<double> v_init{};          // [mV]
  std::optional<double> tstop{};           // [ms]
  std::vector<SpikeInput> inputs{};
  std::vector<CurrentClamp> clamps{};
  std::vector<std::filesystem::path> files{};  // that were read
};

/// Reads a configuration of a circuit, of a simulation, or one that names both, and what it names. Variables of
/// `manifest` are put in, relative paths start at the file's folder, edges that are not enabled are left out. Errors:
/// InputError with file:line:column, for values of another kind, variables that nothing defines, inputs that are neither
/// spikes in HDF5 nor current clamps, and node sets by anything but population, node_id and model_type.
SonataConfig read_sonata_config(const std::string& path);

}  // namespace chronotope::proto
