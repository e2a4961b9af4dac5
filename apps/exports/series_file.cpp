// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/exports/series_file.hpp"

#include <fmt/format.h>

#include <iterator>

namespace chronotope::apps {

SeriesWriter::SeriesWriter(proto::Output& out, const std::string& problem, std::size_t dimensions,
                           std::size_t length, const std::vector<std::string>& classes)
    : out_(out), dimensions_(dimensions) {
  std::string names;
  for (const std::string& name : classes) names += " " + name;
  out_.write(fmt::format(
      "@problemName {}\n@timeStamps false\n@missing false\n@univariate {}\n@dimensions {}\n@equalLength "
      "true\n@seriesLength {}\n@classLabel true{}\n@data\n",
      problem, dimensions == 1, dimensions, length, names));
}

void SeriesWriter::write(const std::vector<std::vector<double>>& steps, const std::string& label) {
  std::string line;
  for (std::size_t d = 0; d < dimensions_; ++d) {
    for (std::size_t t = 0; t < steps.size(); ++t) {
      if (t > 0) line += ',';
      fmt::format_to(std::back_inserter(line), "{:.6g}", steps[t][d]);
    }
    line += ':';
  }
  out_.write(line + label + "\n");
}

}  // namespace chronotope::apps
