// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/proto/formats/hdf5_file.hpp"

namespace chronotope::proto {

// Graphs in the Neuromorphic Intermediate Representation (Pedersen et al. 2024): an HDF5 file with a group
// /node/nodes/NAME for every node, with its type and arrays, and with /node/edges, rows of two names. Times are
// in seconds. A nested graph is a node of type NIRGraph that has nodes and edges itself.

/// Numbers of one node, the last dimension fastest.
struct NirArray {
  std::vector<std::uint64_t> extents;
  std::vector<double> values;  // finite
  bool is_single = false;      // of single precision in the file
};

struct NirNode {
  std::string name;  // behind the names of the graphs around it: "lif1.w_rec"
  std::string type;
  std::map<std::string, NirArray> arrays{};
  std::string path{};  // in the file

  bool has(const std::string& array) const { return arrays.contains(array); }
};

/// Types: Input Output Identity Flatten Linear Affine Scale Delay LIF CubaLIF IF. In what is read from nested graphs,
/// their own Input and Output are of type Identity.
struct NirGraph {
  std::string file;  // for errors
  std::vector<NirNode> nodes;
  std::vector<std::pair<std::size_t, std::size_t>> edges;  // from and to, places among the nodes
  std::optional<double> dt{};  // of the program that wrote it [s], where its metadata tell it

  /// Throws InputError that names the file, the node and maybe one of its arrays.
  [[noreturn]] void refuse(const NirNode& node, const std::string& array, const std::string& what) const;
};

bool holds_nir_graph(const Hdf5File& file);

/// Errors: InputError that names the file and the path, for types that are none of those above, arrays that are
/// missing, of another number of dimensions, not finite, or that the type does not have, and edges from or to
/// nodes that there are not.
NirGraph read_nir_graph(const Hdf5File& file);

/// The bytes of a file that read_nir_graph() reads as the same graph. Requires: names without '/', arrays as the
/// types have them.
std::string nir_bytes(const NirGraph& graph);

}  // namespace chronotope::proto
