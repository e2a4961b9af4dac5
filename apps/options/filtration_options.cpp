// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/options/filtration_options.hpp"

#include <cstdint>
#include <string>

namespace chronotope::apps {
namespace po = boost::program_options;

OptionGroup filtration_options() {
  return {"Filtration",
          {{"dim", WholeNumber{0, 2, "1"}, "the highest degree"},
           {"threshold", RealNumber{from(0), no_bound()},
            "leave out simplices of a larger diameter; default: none"},
           {"modulus", WholeNumber{2, 65535, "2"}, "of the coefficients, a prime"},
           {"metric", Word{"metric", {"euclidean", "cosine", "correlation", "hamming"}, "euclidean"},
            "of points"}}};
}

topology::PersistenceOptions read_persistence_options(const po::variables_map& values) {
  topology::PersistenceOptions options;
  options.degree = whole_option(values, "dim");
  options.modulus = static_cast<std::uint32_t>(whole_option(values, "modulus"));
  if (values.count("threshold") != 0) options.threshold = values["threshold"].as<double>();
  return options;
}

topology::Metric read_metric(const po::variables_map& values) {
  return topology::metric_of(values["metric"].as<std::string>());
}

}  // namespace chronotope::apps
