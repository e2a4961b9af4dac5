// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/representation/representation.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/csv.hpp"
#include "chronotope/proto/formats/input_file.hpp"

namespace chronotope::topology {

namespace {

const Layering& fitting(const GivenLayers& given, const SnapshotReader& reader) {
  if (given.layering.layer.size() != reader.neurons())
    throw InputError(reader.name() + ": has " + std::to_string(reader.neurons()) +
                     " neurons, and the layers (" + given.source + ") are those of " +
                     std::to_string(given.layering.layer.size()));
  return given.layering;
}

}  // namespace

Layering own_layering(const SnapshotReader& reader, const LayeringOptions& options) {
  try {
    return layer_network(reader.graph(), options);
  } catch (const InputError& error) {
    throw InputError(reader.name() + ": " + error.what());
  }
}

Representation representation_at(SnapshotReader& reader, const RepresentationOptions& options) {
  if (reader.ended() == 0)
    throw InputError(reader.name() + ": no stimulus that is asked for ended before the snapshot at " +
                     to_text(reader.time()) + " ms");
  Representation representation;
  representation.name = reader.name();
  representation.time = reader.time();
  representation.layering =
      options.layers ? fitting(*options.layers, reader) : own_layering(reader, options.layering);
  representation.layering_source = options.layers ? options.layers->source : "own";
  representation.layers = reader.take(representation.layering);
  return representation;
}

void read_first(SnapshotReader& reader) {
  if (!reader.next()) throw InputError(reader.name() + ": the stream has no snapshot with weights");
}

void read_to_end(SnapshotReader& reader) {
  while (reader.next()) continue;
}

Representation read_representation(const std::string& path, const RepresentationOptions& options) {
  SnapshotReader reader(path, options.activations, options.presentations);
  read_first(reader);
  read_to_end(reader);
  return representation_at(reader, options);
}

Layering read_layering(const std::string& table, const Header& header) {
  std::map<std::string, std::pair<std::uint32_t, std::uint32_t>> range;  // first neuron and size
  std::uint32_t neurons = 0;
  for (const PopulationInfo& population : header.population())
    if (!population.is_input()) {
      range[population.name()] = {neurons, population.size()};
      neurons += population.size();
    }
  Layering layering;
  layering.layer.assign(neurons, 0);
  proto::InputFile file(table);
  for (const proto::LayerRow& row : proto::read_layer_rows(file.stream(), file.name())) {
    const std::string neuron = "neuron " + std::to_string(row.neuron) + " of population " + row.population;
    const auto found = range.find(row.population);
    if (found == range.end() || row.neuron >= found->second.second)
      throw InputError(table + ": " + neuron + " is not in the stream");
    std::uint8_t& layer = layering.layer[found->second.first + row.neuron];
    if (layer != 0) throw InputError(table + ": " + neuron + " is listed twice");
    layer = static_cast<std::uint8_t>(row.layer);
    ++layering.sizes[row.layer - 1];
  }
  for (const auto& [name, place] : range)
    for (std::uint32_t i = 0; i < place.second; ++i)
      if (layering.layer[place.first + i] == 0)
        throw InputError(table + ": neuron " + std::to_string(i) + " of population " + name +
                         " has no layer");
  return layering;
}

}  // namespace chronotope::topology
