// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "chronotope/apps/exports/stream_network.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/topology/representation/layering.hpp"

namespace chronotope::apps {

/// Writes a network as GraphML (Brandes et al. 2002), a directed graph in which pairs may have several edges:
/// a node for each neuron and channel, called "E:3", with its population, number, whether it is an input's,
/// and, when `layering` is given, layer and betweenness; an edge for each synapse with its projection, weight
/// [pA or mV], delay [ms] and whether it is plastic.
void write_graphml(proto::Output& out, const Header& header, const StreamNetwork& network,
                   const std::optional<topology::Layering>& layering);

/// Writes the synapses as CSV, one a row: the ends as populations and numbers, weight, delay_ms, projection,
/// and, when `layering` is given, the layers of the ends and the betweenness of the source and of the target,
/// empty for inputs.
void write_edge_list(proto::Output& out, const Header& header, const StreamNetwork& network,
                     const std::optional<topology::Layering>& layering);

}  // namespace chronotope::apps
