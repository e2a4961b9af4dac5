// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/options/table_options.hpp"

#include <array>

#include "chronotope/apps/options/named_option.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

OptionGroup table_options() {
  return {"Tables",
          {{"header", Word{"answer", {"yes", "no"}},
            "whether the first row of text names the columns; default: when it can be nothing else"},
           {"columns", Text{"LIST"},
            "read these columns: names, numbers from 1 and ranges, as x,y or 2-4,7 or 3-"}}};
}

proto::TableChoice read_table_choice(const po::variables_map& values) {
  constexpr std::array kFirstRows{Name<proto::FirstRow>{"yes", proto::FirstRow::kNames},
                                  Name<proto::FirstRow>{"no", proto::FirstRow::kNumbers}};
  proto::TableChoice choice;
  if (values.count("header") != 0) choice.first_row = named(values, "header", kFirstRows);
  if (values.count("columns") != 0) choice.columns = proto::ColumnChoice(values["columns"].as<std::string>());
  return choice;
}

}  // namespace chronotope::apps
