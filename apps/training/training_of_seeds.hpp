// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>

#include "chronotope/apps/options/option.hpp"
#include "chronotope/apps/options/usage.hpp"
#include "chronotope/apps/verbs/verbs.hpp"

namespace chronotope::apps {

/// --seeds, and how the trainings are shared out.
OptionGroup seeds_options();

/// Trains the network of `arguments` once for each of --seeds seeds: a sweep of nothing else, whose cells have
/// the names that `sweep … --seeds N -- train …` gives them. `values` are what the arguments say by `usage`. Writes
/// a stream per seed and train.csv into the folder --out.
/// Errors: InputError for an option that names one file for all, and those of a sweep.
int train_seeds(const Usage& usage, const Arguments& arguments,
                const boost::program_options::variables_map& values);

}  // namespace chronotope::apps
