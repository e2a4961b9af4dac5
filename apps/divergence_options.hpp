// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>

#include "chronotope/apps/divergence.hpp"

namespace chronotope::apps {

/// The options that say how two representations are compared.
void add_divergence_options(boost::program_options::options_description& options);

/// Reads them; `code` is that of the rows, `distances` says that matrices are given. Throws FieldError or
/// InputError for values outside their range and for options that do not go together.
DivergenceOptions read_divergence_options(const boost::program_options::variables_map& values,
                                          topology::RowCode code, bool distances);

}  // namespace chronotope::apps
