// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/exports/graph_files.hpp"

#include <fmt/core.h>

#include <string>
#include <vector>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/output/csv_cell.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

/// A text inside XML.
std::string escaped(const std::string& text) {
  std::string xml;
  for (const char c : printable(text)) switch (c) {
      case '&':
        xml += "&amp;";
        break;
      case '<':
        xml += "&lt;";
        break;
      case '>':
        xml += "&gt;";
        break;
      case '"':
        xml += "&quot;";
        break;
      default:
        xml += c;
    }
  return xml;
}

/// The layers of a header's populations.
class NeuronLayers {
 public:
  NeuronLayers(const Header& header, const std::optional<topology::Layering>& layering)
      : header_(header), layering_(layering), first_(first_neurons(header)) {}

  bool are_known(std::uint32_t population) const {
    return layering_ && !header_.population(static_cast<int>(population)).is_input();
  }
  int layer(std::uint32_t population, std::uint32_t neuron) const {
    return layering_->layer[first_[population] + neuron];
  }
  double betweenness(std::uint32_t population, std::uint32_t neuron) const {
    return layering_->centrality[first_[population] + neuron];
  }
  /// "1,0.25", or "," for an input.
  std::string cells(std::uint32_t population, std::uint32_t neuron) const {
    if (!are_known(population)) return ",";
    return fmt::format("{},{}", layer(population, neuron), to_string(betweenness(population, neuron)));
  }

 private:
  const Header& header_;
  const std::optional<topology::Layering>& layering_;
  std::vector<std::uint32_t> first_;
};

void write_key(proto::Output& out, const char* of, const char* name, const char* type) {
  out.write(
      fmt::format("  <key id=\"{0}\" for=\"{1}\" attr.name=\"{0}\" attr.type=\"{2}\"/>\n", name, of, type));
}

void write_keys(proto::Output& out, bool layered) {
  write_key(out, "node", "population", "string");
  write_key(out, "node", "number", "long");
  write_key(out, "node", "is_input", "boolean");
  if (layered) {
    write_key(out, "node", "layer", "int");
    write_key(out, "node", "betweenness", "double");
  }
  write_key(out, "edge", "projection", "int");
  write_key(out, "edge", "weight", "double");
  write_key(out, "edge", "delay_ms", "double");
  write_key(out, "edge", "is_plastic", "boolean");
}

std::string data(const char* key, const std::string& value) {
  return fmt::format("<data key=\"{}\">{}</data>", key, value);
}

void write_nodes(proto::Output& out, const Header& header, const NeuronLayers& layers) {
  for (std::uint32_t p = 0; p < static_cast<std::uint32_t>(header.population_size()); ++p) {
    const PopulationInfo& population = header.population(static_cast<int>(p));
    const std::string name = escaped(population.name());
    for (std::uint32_t i = 0; i < population.size(); ++i) {
      Interrupt::check();
      std::string node = fmt::format("    <node id=\"{}:{}\">", name, i) + data("population", name) +
                         data("number", std::to_string(i)) +
                         data("is_input", population.is_input() ? "true" : "false");
      if (layers.are_known(p))
        node += data("layer", std::to_string(layers.layer(p, i))) +
                data("betweenness", to_string(layers.betweenness(p, i)));
      out.write(node + "</node>\n");
    }
  }
}

void write_edges(proto::Output& out, const Header& header, const StreamNetwork& network) {
  for (const auto& [number, projection] : network.projections()) {
    const auto end = [&](std::uint32_t population) {
      return escaped(header.population(static_cast<int>(population)).name());
    };
    const std::string source = end(projection.source), target = end(projection.target);
    for (std::size_t k = 0; k < projection.weight.size(); ++k) {
      Interrupt::check();
      out.write(fmt::format("    <edge source=\"{}:{}\" target=\"{}:{}\">", source, projection.from[k],
                            target, projection.to[k]) +
                data("projection", std::to_string(number)) + data("weight", to_string(projection.weight[k])) +
                data("delay_ms", to_text(projection.delay[k])) +
                data("is_plastic", projection.is_plastic ? "true" : "false") + "</edge>\n");
    }
  }
}

}  // namespace

void write_graphml(proto::Output& out, const Header& header, const StreamNetwork& network,
                   const std::optional<topology::Layering>& layering) {
  out.write(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml "
      "xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
  write_keys(out, layering.has_value());
  out.write("  <graph id=\"network\" edgedefault=\"directed\">\n");
  write_nodes(out, header, NeuronLayers(header, layering));
  write_edges(out, header, network);
  out.write("  </graph>\n</graphml>\n");
}

void write_edge_list(proto::Output& out, const Header& header, const StreamNetwork& network,
                     const std::optional<topology::Layering>& layering) {
  const NeuronLayers layers(header, layering);
  out.write("source_population,source,target_population,target,weight,delay_ms,projection");
  if (layering) out.write(",source_layer,source_betweenness,target_layer,target_betweenness");
  out.write("\n");
  for (const auto& [number, projection] : network.projections()) {
    const auto name = [&](std::uint32_t population) {
      return csv_cell(printable(header.population(static_cast<int>(population)).name()));
    };
    const std::string source = name(projection.source), target = name(projection.target);
    for (std::size_t k = 0; k < projection.weight.size(); ++k) {
      Interrupt::check();
      std::string row =
          fmt::format("{},{},{},{},{},{},{}", source, projection.from[k], target, projection.to[k],
                      to_string(projection.weight[k]), to_text(projection.delay[k]), number);
      if (layering)
        row += "," + layers.cells(projection.source, projection.from[k]) + "," +
               layers.cells(projection.target, projection.to[k]);
      out.write(row + "\n");
    }
  }
}

}  // namespace chronotope::apps
