// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <string>

#include "chronotope/proto/formats/number_table.hpp"

namespace chronotope::apps {

/// The options that say how a table of numbers is read: --header and --columns.
void add_table_options(boost::program_options::options_description& options);

/// Reads them. Throws FieldError for another word than yes or no.
proto::TableChoice read_table_choice(const boost::program_options::variables_map& values);

/// The first of them that is given, empty for none.
std::string given_table_option(const boost::program_options::variables_map& values);

}  // namespace chronotope::apps
