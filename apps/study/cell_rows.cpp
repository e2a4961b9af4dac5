// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/cell_rows.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "chronotope/apps/embedding/stream_embedding.hpp"

namespace chronotope::apps {
namespace {

/// Of the random matrices: the same for every study, so that distances compare.
constexpr std::uint64_t kEmbeddingSeed = 1;

/// Every neuron in one layer.
topology::Layering undivided(std::size_t neurons) {
  topology::Layering layering;
  layering.layer.assign(neurons, 1);
  layering.sizes[0] = neurons;
  return layering;
}

/// The columns of the neurons of one layer.
topology::Activations layer_of(const topology::Activations& all, const topology::Layering& layering,
                               std::uint8_t layer) {
  topology::Activations part;
  part.layer = layer;
  part.code = all.code;
  part.stimuli = all.stimuli;
  const std::size_t rows = all.stimuli.size();
  const std::size_t columns = all.neurons.empty() ? 0 : all.values.dimension() / all.neurons.size();
  std::vector<std::size_t> places;
  for (std::size_t k = 0; k < all.neurons.size(); ++k)
    if (layering.layer[all.neurons[k]] == layer) {
      places.push_back(k);
      part.neurons.push_back(all.neurons[k]);
    }
  if (all.code == topology::RowCode::kTrain) {
    for (const topology::TrainRow& row : all.trains) {
      part.trains.emplace_back();
      for (const std::size_t k : places) part.trains.back().push_back(row[k]);
    }
    part.values = topology::PointCloud(rows, 0, {});
    return part;
  }
  std::vector<double> values;
  for (std::size_t r = 0; r < rows; ++r)
    for (const std::size_t k : places)
      for (std::size_t c = 0; c < columns; ++c) values.push_back(all.values.row(r)[k * columns + c]);
  part.values = topology::PointCloud(rows, places.size() * columns, std::move(values));
  return part;
}

/// Every row of length 1, those of zeros aside.
topology::PointCloud unit_rows(const topology::PointCloud& cloud) {
  std::vector<double> values;
  for (std::size_t r = 0; r < cloud.size(); ++r) {
    const auto row = cloud.row(r);
    double squares = 0;
    for (const double v : row) squares += v * v;
    const double length = squares > 0 ? std::sqrt(squares) : 1;
    for (const double v : row) values.push_back(v / length);
  }
  return {cloud.size(), cloud.dimension(), std::move(values)};
}

const topology::Layering& chosen(const CellRows& rows, LayerSource source) {
  if (source == LayerSource::kInitial) return rows.initial;
  return source == LayerSource::kListed ? *rows.given : rows.own;
}

/// Mean of every column.
std::vector<double> column_means(const topology::PointCloud& cloud) {
  std::vector<double> mean(cloud.dimension(), 0);
  for (std::size_t r = 0; r < cloud.size(); ++r)
    for (std::size_t c = 0; c < mean.size(); ++c) mean[c] += cloud(r, c) / static_cast<double>(cloud.size());
  return mean;
}

/// Spikes of every neuron per probe stimulus, whatever the code of the rows.
std::vector<double> probed_spikes(const std::filesystem::path& stream, const topology::Activations& all) {
  if (all.code == topology::RowCode::kCount) return column_means(all.values);
  topology::SnapshotReader reader(stream.string(), {}, topology::Presentations::kProbe);
  topology::read_to_end(reader);
  return column_means(reader.take(undivided(reader.neurons()))[0].values);
}

std::string source_name(const CellRows& rows, LayerSource source) {
  switch (source) {
    case LayerSource::kInitial:
      return "initial";
    case LayerSource::kShared:
      return "shared";
    case LayerSource::kListed:
      return rows.given_by;
    case LayerSource::kOwn:
      break;
  }
  return "own";
}

}  // namespace

std::string to_string(Rows rows) {
  switch (rows) {
    case Rows::kUnit:
      return "unit";
    case Rows::kMatched:
      return "matched";
    case Rows::kRaw:
      break;
  }
  return "raw";
}

bool has_unit_rows(topology::RowCode code) {
  return code == topology::RowCode::kCount || code == topology::RowCode::kTrace ||
         code == topology::RowCode::kBins;
}

CellRows read_cell_rows(const std::filesystem::path& stream, const topology::RepresentationOptions& options,
                        const std::string& list) {
  CellRows rows;
  rows.file = stream.filename().string();
  topology::SnapshotReader reader(stream.string(), options.activations, topology::Presentations::kProbe);
  topology::read_first(reader);
  rows.initial = topology::own_layering(reader, options.layering);
  reader.next();  // the end of the probe; a memory signal may follow
  rows.own = topology::own_layering(reader, options.layering);
  rows.time = reader.time();
  if (!list.empty()) {
    rows.given = topology::read_layering(list, reader.header());
    rows.given_by = list;
  }
  rows.rates = reader.rates();
  for (double& rate : rows.rates) rate *= 1000;
  rows.all = std::move(reader.take(undivided(reader.neurons()))[0]);
  rows.probed = probed_spikes(stream, rows.all);
  rows.embedding = topology::network_embedding(embedded_network(stream.string(), false), kEmbeddingSeed);
  return rows;
}

void fill(const CellRows& rows, StudyCellReport& report) {
  const double neurons = static_cast<double>(std::max<std::size_t>(1, rows.rates.size()));
  report.set_rate_hz(std::accumulate(rows.rates.begin(), rows.rates.end(), 0.0) / neurons);
  report.set_spikes(std::round(report.rate_hz() * neurons * rows.time.to_ms() / 1000));
  report.set_probe_spikes(std::accumulate(rows.probed.begin(), rows.probed.end(), 0.0));
  std::array<double, topology::kLayers> spikes{};
  for (std::size_t v = 0; v < rows.probed.size(); ++v) spikes[rows.own.layer[v] - 1u] += rows.probed[v];
  for (std::size_t l = 0; l < topology::kLayers; ++l) {
    report.add_neurons(static_cast<std::uint32_t>(rows.own.sizes[l]));
    report.add_initial_neurons(static_cast<std::uint32_t>(rows.initial.sizes[l]));
    report.add_layer_spikes(rows.own.sizes[l] == 0 ? 0 : spikes[l] / static_cast<double>(rows.own.sizes[l]));
  }
}

topology::Representation in_layers(const CellRows& rows, LayerSource source, const CellRows& of, Rows form) {
  topology::Representation representation;
  representation.name = rows.file;
  representation.time = rows.time;
  representation.layering = chosen(of, source);
  representation.layering_source = source_name(of, source);
  for (std::uint8_t l = 0; l < topology::kLayers; ++l) {
    topology::Activations& layer = representation.layers[l];
    layer = layer_of(rows.all, representation.layering, static_cast<std::uint8_t>(l + 1));
    if (form == Rows::kUnit) layer.values = unit_rows(layer.values);
  }
  return representation;
}

std::array<std::size_t, topology::kLayers> smallest_layers(const std::vector<CellRows>& cells,
                                                           LayerSource source) {
  std::array<std::size_t, topology::kLayers> smallest{};
  for (const CellRows& cell : cells)
    for (std::size_t l = 0; l < topology::kLayers; ++l) {
      const std::size_t size = chosen(cell, source).sizes[l];
      if (size > 0 && (smallest[l] == 0 || size < smallest[l])) smallest[l] = size;
    }
  return smallest;
}

}  // namespace chronotope::apps
