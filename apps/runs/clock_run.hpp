// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <string>

#include "chronotope/apps/options/option.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/events/clock/clock_options.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::apps {

/// The options of a clock: --interpolate, --integrator and --grid.
OptionGroup clock_method_options();
/// The same after --clock, the step.
OptionGroup clock_options();

/// What they say, for a step of `dt` ms. Throws InputError.
events::ClockOptions read_clock_method(const boost::program_options::variables_map& values, double dt);

/// The rounding rule of a clock in one line.
std::string describe(const events::ClockOptions& options);

/// `chronotope simulate --clock`: returns the exit code.
int simulate_on_clock(const boost::program_options::variables_map& values, const proto::DecodedSpec& spec,
                      Time until);

}  // namespace chronotope::apps
