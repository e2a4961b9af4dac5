// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <string>

#include "chronotope/apps/options/option.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {

/// What is changed in a specification before it is decoded: --set PATH=VALUE, --seed, --seed-of PART=SEED (of
/// wiring, neurons, learning, order or delays), --cv.
OptionGroup network_options();

/// Applies these options to a specification, in this order. Throws InputError for a
/// path that leads nowhere, a value that is none, a part that there is not, or a seed that is no whole
/// number.
void set_network_options(const boost::program_options::variables_map& values, proto::SpecText& spec);

/// The same to the specification at `path`, which is read.
void read_network(const boost::program_options::variables_map& values, const std::string& path,
                  proto::SpecText& spec);

}  // namespace chronotope::apps
