// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <string>

#include "chronotope/apps/options/option.hpp"
#include "chronotope/topology/representation/representation.hpp"

namespace chronotope::apps {

/// Whose layers two networks are compared in (method: own or shared assignment, or an explicit one).
enum class LayerSource {
  kOwn,      ///< each network's own
  kShared,   ///< A's for both
  kInitial,  ///< those of A's first snapshot for both
  kListed,   ///< of a table that lists every neuron
};

struct StreamOptions {
  topology::RepresentationOptions representation;
  LayerSource layers = LayerSource::kOwn;
  std::string layer_list;  // file of kListed
};

/// How layers are found: --layering, --edge-length, --excitatory, --bottleneck, --middle.
OptionGroup layering_options();
topology::LayeringOptions read_layering_options(const boost::program_options::variables_map& values);

/// What a neuron's activity becomes: --code, --tau, --bins.
OptionGroup code_options();
topology::ActivationOptions read_code_options(const boost::program_options::variables_map& values);
/// The same and --phase.
OptionGroup activity_options();

/// own, shared, initial, or a file, whose name goes into `list`. Throws InputError of --layers for other
/// words.
LayerSource layer_source(const std::string& word, std::string& list);

/// The layers of two networks: --layers WORD|FILE and layering_options().
OptionGroup representation_layer_options();
/// The layers of networks that stand alone: --layers FILE and layering_options().
OptionGroup own_layer_options();
/// How a stream becomes five representation matrices: activity_options() and either group of layers.
StreamOptions read_stream_options(const boost::program_options::variables_map& values);

}  // namespace chronotope::apps
