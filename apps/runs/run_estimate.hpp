// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <optional>

#include "chronotope/core/time.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::apps {

/// What a run up to `until` would take: memory, synapses, events, time. A network that the machine can hold
/// is built and run for two seconds of work at most, of which the second half is taken for all that follows;
/// the spikes that plastic synapses remember later come on top. Of another one only what its rules say is
/// known. Prints it; returns an exit code.
int print_estimate(const boost::program_options::variables_map& values, const proto::DecodedSpec& spec,
                   Time until, std::optional<Duration> snapshot_every);

}  // namespace chronotope::apps
