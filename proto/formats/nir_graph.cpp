// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/nir_graph.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::proto {
namespace {

const std::string kRoot = "/node";
constexpr const char* kGraph = "NIRGraph";

struct NodeType {
  std::string name;
  std::vector<std::string> required;
  std::vector<std::string> optional;
};

const std::vector<NodeType>& node_types() {
  static const std::vector<NodeType> types{
      {"Input", {"shape"}, {}},
      {"Output", {}, {"shape"}},
      {"Identity", {}, {"shape", "input_type"}},
      {"Flatten", {}, {"start_dim", "end_dim", "input_type"}},
      {"Linear", {"weight"}, {}},
      {"Affine", {"weight", "bias"}, {}},
      {"Scale", {"scale"}, {}},
      {"Delay", {"delay"}, {}},
      {"LIF", {"tau", "r", "v_leak", "v_threshold"}, {"v_reset"}},
      {"CubaLIF", {"tau_mem", "tau_syn", "r", "v_leak", "v_threshold"}, {"v_reset", "w_in"}},
      {"IF", {"r", "v_threshold"}, {"v_reset"}},
  };
  return types;
}

const NodeType* type_named(const std::string& name) {
  for (const NodeType& type : node_types())
    if (type.name == name) return &type;
  return nullptr;
}

std::string type_names() {
  std::string names;
  for (const NodeType& type : node_types()) names += type.name + " ";
  return names + kGraph;
}

/// The one text of a data set.
std::string word(const Hdf5File& file, const std::string& path) {
  const auto texts = file.texts(path);
  if (texts.size() != 1) file.refuse(path, "must hold one text");
  return texts.front();
}

NirArray read_array(const Hdf5File& file, const std::string& path) {
  NirArray array{file.extents(path), file.numbers(path), file.is_single(path)};
  for (std::size_t k = 0; k < array.values.size(); ++k)
    if (!std::isfinite(array.values[k]))
      file.refuse(path, "number " + std::to_string(k) + " (from 0): " + to_string(array.values[k]) +
                            " is not allowed (must be finite)");
  return array;
}

/// Reads a graph and those inside it.
class GraphReader {
 public:
  explicit GraphReader(const Hdf5File& file) : file_(file) {}

  NirGraph read() {
    graph_.file = file_.name();
    read_graph(kRoot, "", 0);
    const std::string dt = kRoot + "/metadata/dt";
    if (file_.has(dt)) {
      const NirArray step = read_array(file_, dt);
      if (step.values.size() != 1 || !(step.values[0] > 0)) file_.refuse(dt, "must be one number > 0 [s]");
      graph_.dt = step.values[0];
    }
    return std::move(graph_);
  }

 private:
  /// Where edges to and from a node of a graph lead.
  struct Ends {
    std::vector<std::size_t> in;
    std::vector<std::size_t> out;
  };
  using Names = std::map<std::string, Ends>;

  Ends read_graph(const std::string& path, const std::string& prefix, int depth) {
    constexpr int kDeepest = 6;
    if (depth > kDeepest) file_.refuse(path, "graphs are nested more than 6 deep");
    Names names;
    Ends ends;
    const std::string nodes = path + "/nodes";
    for (const std::string& name : file_.names(nodes)) {
      const std::string inner = nodes + "/" + name, type = word(file_, inner + "/type");
      if (type == kGraph) {
        names[name] = read_graph(inner, prefix + name + ".", depth + 1);
        continue;
      }
      const std::size_t place = add_node(inner, prefix + name, type);
      names[name] = {{place}, {place}};
      if (depth == 0 || (type != "Input" && type != "Output")) continue;
      graph_.nodes[place].type = "Identity";
      (type == "Input" ? ends.in : ends.out).push_back(place);
    }
    read_edges(path + "/edges", names);
    return ends;
  }

  std::size_t add_node(const std::string& path, const std::string& name, const std::string& type_name) {
    const NodeType* const type = type_named(type_name);
    if (type == nullptr)
      file_.refuse(path, "type " + in_quotes(type_name) + " has no counterpart here (" + type_names() +
                             " can be read)");
    NirNode node{name, type_name, {}, path};
    for (const std::string& array : type->required)
      node.arrays[array] = read_array(file_, path + "/" + array);
    for (const std::string& array : file_.names(path)) {
      if (array == "type" || array == "metadata" || node.has(array)) continue;
      if (std::find(type->optional.begin(), type->optional.end(), array) == type->optional.end())
        file_.refuse(path + "/" + array, type_name + " has no such parameter");
      if (array != "input_type") node.arrays[array] = read_array(file_, path + "/" + array);
    }
    check_weights(node);
    for (const NirNode& other : graph_.nodes)
      if (other.name == name)
        file_.refuse(path, "is called " + in_quotes(name) + " with the graphs around it, as " +
                               printable(other.path) + " is");
    graph_.nodes.push_back(std::move(node));
    return graph_.nodes.size() - 1;
  }

  void check_weights(const NirNode& node) const {
    if (!node.has("weight")) return;
    const NirArray& weight = node.arrays.at("weight");
    if (weight.extents.size() != 2)
      file_.refuse(node.path + "/weight", "has " + std::to_string(weight.extents.size()) +
                                              " dimensions; outputs x inputs can be read");
    if (node.has("bias") && node.arrays.at("bias").values.size() != weight.extents[0])
      file_.refuse(node.path + "/bias", "holds " + std::to_string(node.arrays.at("bias").values.size()) +
                                            " numbers for " + std::to_string(weight.extents[0]) + " outputs");
  }

  void read_edges(const std::string& path, const Names& names) {
    const auto extents = file_.extents(path);
    const auto texts = file_.texts(path);
    if (!texts.empty() && (extents.size() != 2 || extents[1] != 2))
      file_.refuse(path, "must hold rows of two names");
    const auto end = [&](std::size_t k) -> const Ends& {
      const auto found = names.find(texts[k]);
      if (found == names.end())
        file_.refuse(path,
                     "edge " + std::to_string(k / 2) + " (from 0): there is no node " + in_quotes(texts[k]));
      return found->second;
    };
    for (std::size_t k = 0; k + 1 < texts.size(); k += 2) {
      if (end(k).out.empty() || end(k + 1).in.empty())
        file_.refuse(path, "edge " + std::to_string(k / 2) +
                               " (from 0): a graph in it has no Output to come from or no Input to go to");
      for (const std::size_t from : end(k).out)
        for (const std::size_t to : end(k + 1).in) graph_.edges.emplace_back(from, to);
    }
  }

  const Hdf5File& file_;
  NirGraph graph_;
};

void add_word(Hdf5Image& image, const std::string& path, const std::string& text) {
  image.add_texts(path, {text}, {});
}

void add_node(Hdf5Image& image, const NirNode& node) {
  const std::string path = kRoot + "/nodes/" + node.name;
  image.add_group(path);
  add_word(image, path + "/type", node.type);
  for (const auto& [name, array] : node.arrays) {
    const std::vector<std::uint64_t> whole(array.values.begin(), array.values.end());
    if (name == "shape")  // as the reference implementation has it
      image.add_indices(path + "/" + name, whole, array.extents);
    else
      image.add_numbers(path + "/" + name, array.values, array.extents);
  }
}

}  // namespace

void NirGraph::refuse(const NirNode& node, const std::string& array, const std::string& what) const {
  throw InputError(file + ":" + printable(node.path + (array.empty() ? "" : "/" + array)) + ": " + node.type +
                   ": " + what);
}

bool holds_nir_graph(const Hdf5File& file) { return file.is_group(kRoot) && file.has(kRoot + "/type"); }

NirGraph read_nir_graph(const Hdf5File& file) {
  if (!holds_nir_graph(file)) file.refuse(kRoot, "is missing; a NIR graph has it");
  if (const std::string type = word(file, kRoot + "/type"); type != kGraph)
    file.refuse(kRoot + "/type", "is " + in_quotes(type) + "; NIRGraph can be read");
  return GraphReader(file).read();
}

std::string nir_bytes(const NirGraph& graph) {
  constexpr const char* kVersion = "1.0.0";  // of the reference implementation whose layout this is
  Hdf5Image image;
  add_word(image, "/version", kVersion);
  image.add_group(kRoot);
  add_word(image, kRoot + "/type", kGraph);
  image.add_group(kRoot + "/nodes");
  for (const NirNode& node : graph.nodes) add_node(image, node);
  std::vector<std::string> ends;
  for (const auto& [from, to] : graph.edges) {
    ends.push_back(graph.nodes[from].name);
    ends.push_back(graph.nodes[to].name);
  }
  image.add_texts(kRoot + "/edges", ends, {graph.edges.size(), 2});
  if (graph.dt) {
    image.add_group(kRoot + "/metadata");
    image.add_numbers(kRoot + "/metadata/dt", std::vector<double>{*graph.dt}, {});
  }
  return image.bytes();
}

}  // namespace chronotope::proto
