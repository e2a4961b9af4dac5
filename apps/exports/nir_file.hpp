// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/core/network_description.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/proto/formats/nir_graph.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {

/// A network as a NIR graph, and what of it NIR can not say and is left out, a sentence each.
struct NirNetwork {
  proto::NirGraph graph;
  std::vector<std::string> notes;
};

/// Draws a network and makes a graph of it: what import_nir() makes the same network of. An input becomes an Input,
/// exp_psc_lif and multi_receptor_lif with one receptor a CubaLIF, delta_lif a LIF, linear_leak_lif without leak and
/// floor an IF, and a projection
/// - a Scale when it connects each neuron to that of its number, else a Linear, or the Affine that carries I_e;
/// - with a Delay before it or behind it when delays are those of sources or of targets, and not one step `dt` all; else
///   with a pair of both for each delay, of which there may be 64.
/// Weights are for spikes that are pulses of height 1 and length dt: w_in = tau_syn/dt. dt stands in the metadata.
/// Populations that lead to no other one lead to an Output.
///
/// Errors: FieldError for a model, an option of it, a refractory period or short-term plasticity that has no counterpart,
/// with the field and what is allowed; InputError for names with '/', and for weight matrices beyond the machine's
/// memory. Cost: 8 bytes for each pair of neurons of a projection.
NirNetwork to_nir(const NetworkDescription& spec, Duration dt);

/// The specification of a stream, whose projections have the weights of its last snapshot, or the first.
void read_stream_network(const std::string& path, bool first, proto::SpecText& spec);

}  // namespace chronotope::apps
