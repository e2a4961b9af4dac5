// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>

#include "chronotope/core/time.hpp"
#include "chronotope/topology/representation/activations.hpp"
#include "chronotope/topology/representation/layering.hpp"
#include "chronotope/topology/representation/snapshot_reader.hpp"

namespace chronotope::topology {

/// What a stream says about a network's representation: five layers, and their activations on the
/// presentations that ended by a snapshot.
struct Representation {
  std::string name;  // of the stream
  Time time;         // of the snapshot
  Layering layering;
  std::string layering_source;  // own, or where the layers come from
  std::array<Activations, kLayers> layers;
};

/// Layers that do not come from the stream itself, for method.md's `shared` and `explicit`.
struct GivenLayers {
  Layering layering;
  std::string source;
};

struct RepresentationOptions {
  ActivationOptions activations;
  Presentations presentations = Presentations::kProbeOrAll;
  LayeringOptions layering;
  std::optional<GivenLayers> layers;  // instead of the network's own
};

/// The layers of the snapshot last read. Throws InputError that names the stream.
Layering own_layering(const SnapshotReader& reader, const LayeringOptions& options);

/// The representation at the snapshot last read, of what ended since the rows were last taken. Throws
/// InputError that names the stream when there are no such rows, or when layers are given for another number
/// of neurons.
Representation representation_at(SnapshotReader& reader, const RepresentationOptions& options);

/// Reads on to the first snapshot. Throws InputError when there is none.
void read_first(SnapshotReader& reader);
/// Reads on to the last snapshot and the end of the stream.
void read_to_end(SnapshotReader& reader);

/// Reads a stream of `simulate` to its end: layers by its last snapshot's weights, all rows. Errors:
/// InputError that names the stream when it is cut or damaged, or has no stimuli or no snapshot.
Representation read_representation(const std::string& path, const RepresentationOptions& options = {});

/// The layers that a table with the columns population, neuron and layer gives each neuron of a stream.
/// Throws InputError when a neuron is missing, unknown or listed twice.
Layering read_layering(const std::string& table, const Header& header);

}  // namespace chronotope::topology
