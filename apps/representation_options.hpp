// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <string>

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
void add_layering_options(boost::program_options::options_description& options);
topology::LayeringOptions read_layering_options(const boost::program_options::variables_map& values);

/// What a neuron's activity becomes: --code, --tau, --bins.
void add_code_options(boost::program_options::options_description& options);
topology::ActivationOptions read_code_options(const boost::program_options::variables_map& values);

/// own, shared, initial, or a file, whose name goes into `list`. Throws FieldError of --layers for other
/// words.
LayerSource layer_source(const std::string& word, std::string& list);

/// How a stream becomes five representation matrices: all of these, --phase and --layers.
void add_stream_options(boost::program_options::options_description& options);
StreamOptions read_stream_options(const boost::program_options::variables_map& values);

/// The first of these options that was given: a comparison of tables has no use for it. Empty for none.
std::string given_stream_option(const boost::program_options::variables_map& values);

}  // namespace chronotope::apps
