// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>

#include "chronotope/apps/comparison/divergence.hpp"
#include "chronotope/apps/options/option.hpp"

namespace chronotope::apps {

/// Which objects are compared: --batch, --trials, --reference-batch, --seed, --threads.
OptionGroup sampling_options();
/// How two representations are compared: --variant, --dims, --metric and what belongs to it, --normalize.
OptionGroup comparison_options();
/// What is told beside the score: --explain, --permutations, --level, --resamples.
OptionGroup resampling_options();

/// Reads the first two groups; `code` is that of the rows, `distances` says that matrices are given. Throws
/// InputError for options that do not go together.
DivergenceOptions read_divergence_options(const boost::program_options::variables_map& values,
                                          topology::RowCode code, bool distances);
/// Reads the third group into what the others made.
void read_resampling_options(const boost::program_options::variables_map& values, DivergenceOptions& options);

}  // namespace chronotope::apps
