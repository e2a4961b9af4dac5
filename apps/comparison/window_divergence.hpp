// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>

#include "chronotope/apps/comparison/divergence.hpp"
#include "chronotope/apps/options/option.hpp"

namespace chronotope::apps {

/// Windows of activity as objects: --window, --from, --until, --population, --neurons.
OptionGroup window_options();

/// RTD of spontaneous or recorded activity: A and B are streams or spike tables time_ms,population,neuron,
/// and the objects are the consecutive windows of one length, whole ones only, from --from on, in both; no
/// stimuli are asked for. A neuron's spikes in a window become what --code says. Where rows correspond both
/// are looked at up to the earlier end, else (MTop-Div) each to its own. Prints the report.
/// Throws InputError that names the file or option.
int compare_windows(const boost::program_options::variables_map& values, const DivergenceOptions& options);

}  // namespace chronotope::apps
