// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <string>

#include "chronotope/apps/option.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {

/// What is changed in a specification before it is decoded: --set PATH=VALUE, --seed, --seed-of PART=SEED (of
/// wiring, neurons, learning, order or delays), --cv.
OptionGroup network_options();

/// Reads the specification at `path` and applies these options to it, in this order. Throws InputError for a
/// path that leads nowhere, a value that is none, a part that there is not, or a seed that is no whole
/// number.
void read_network(const boost::program_options::variables_map& values, const std::string& path,
                  proto::SpecText& spec);

}  // namespace chronotope::apps
