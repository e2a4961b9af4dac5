// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/table_options.hpp"

#include <array>

#include "chronotope/apps/named_option.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

void add_table_options(po::options_description& options) {
  options.add_options()  //
      ("header", po::value<std::string>(),
       "whether the first row of text names the columns, yes or no; default: when it can be nothing else")  //
      ("columns", po::value<std::string>(),
       "read these columns: names, numbers from 1 and ranges, as x,y or 2-4,7 or 3-");
}

proto::TableChoice read_table_choice(const po::variables_map& values) {
  constexpr std::array kFirstRows{Name<proto::FirstRow>{"yes", proto::FirstRow::kNames},
                                  Name<proto::FirstRow>{"no", proto::FirstRow::kNumbers}};
  proto::TableChoice choice;
  if (values.count("header") != 0) choice.first_row = named(values, "header", kFirstRows);
  if (values.count("columns") != 0) choice.columns = proto::ColumnChoice(values["columns"].as<std::string>());
  return choice;
}

std::string given_table_option(const po::variables_map& values) {
  for (const char* option : {"header", "columns"})
    if (values.count(option) != 0) return option;
  return "";
}

}  // namespace chronotope::apps
