// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/options/representation_options.hpp"
#include "chronotope/proto/study.pb.h"
#include "chronotope/topology/representation/representation.hpp"

namespace chronotope::apps {

/// What rows are compared.
enum class Rows : std::uint8_t {
  kRaw,      ///< as they are
  kUnit,     ///< each scaled to length 1, which takes out how much was fired; a row of zeros stays one
  kMatched,  ///< as they are, of equally many neurons drawn from either layer: RTD depends on their number
};
std::string to_string(Rows rows);  ///< raw, unit, matched

/// Whether a code has rows of a length: counts, traces, bins.
bool has_unit_rows(topology::RowCode code);

/// What a finished network of a study answered to the probe, over all of its neurons, and how it falls into
/// layers before and after learning.
struct CellRows {
  std::string file;
  topology::Activations all;   // one layer of all neurons
  Time time;                   // of the last snapshot
  std::vector<double> rates;   // of every neuron over the whole run [Hz]
  std::vector<double> probed;  // spikes of every neuron per probe stimulus
  topology::Layering initial;  // by the weights before anything was learnt
  topology::Layering own;      // by those at the end
  std::optional<topology::Layering> given;
  std::string given_by;
  std::vector<double> embedding;  // of the network at the end
};

/// Reads the stream of a finished cell. `list` is a table of layers, empty for none. Errors: InputError as
/// SnapshotReader's and read_layering's.
CellRows read_cell_rows(const std::filesystem::path& stream, const topology::RepresentationOptions& options,
                        const std::string& list);

/// What is told of a network by itself: activity and sizes of its layers.
void fill(const CellRows& rows, StudyCellReport& report);

/// The representation in layers chosen: own, initial or given. `of` is the network whose layers they are, for
/// `shared`. Matched rows are raw here.
topology::Representation in_layers(const CellRows& rows, LayerSource source, const CellRows& of, Rows form);

/// Neurons of the smallest layer that is not empty, of all networks, layer by layer; 0 when all are empty.
std::array<std::size_t, topology::kLayers> smallest_layers(const std::vector<CellRows>& cells,
                                                           LayerSource source);

}  // namespace chronotope::apps
