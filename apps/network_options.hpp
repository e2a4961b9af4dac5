// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>

#include "chronotope/proto/network_spec.pb.h"

namespace chronotope::apps {

/// Options that change what a specification says before it is decoded: --seed, --seed-of PART=SEED (of
/// wiring, neurons, learning, order or delays), --cv.
void add_network_options(boost::program_options::options_description& options);
/// Throws FieldError for a part that there is not, a seed that is no whole number, or a negative cv.
void apply_network_options(const boost::program_options::variables_map& values, NetworkSpec& spec);

}  // namespace chronotope::apps
