// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <string>

#include "chronotope/apps/options/option.hpp"
#include "chronotope/proto/formats/number_table.hpp"

namespace chronotope::apps {

/// The options that say how a table of numbers is read: --header and --columns.
OptionGroup table_options();

/// Reads them. Throws FieldError for another word than yes or no.
proto::TableChoice read_table_choice(const boost::program_options::variables_map& values);

}  // namespace chronotope::apps
