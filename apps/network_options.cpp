// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/network_options.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/apps/heterogeneity.hpp"
#include "chronotope/apps/options.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

/// learning=7
void set_seed_of(const std::string& word, NetworkSpec& spec) {
  const std::size_t sign = word.find('=');
  const auto* part = Seeds::descriptor()->FindFieldByName(word.substr(0, sign));
  std::uint64_t seed = 0;
  const char* const begin = word.data() + (sign == std::string::npos ? word.size() : sign + 1);
  const char* const end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(begin, end, seed);
  require(part != nullptr && begin != end && error == std::errc() && rest == end, "seed-of", "'" + word + "'",
          "must be PART=SEED, PART one of wiring neurons learning order delays, SEED a whole number from 0");
  spec.mutable_seeds()->GetReflection()->SetUInt64(spec.mutable_seeds(), part, seed);
}

}  // namespace

void add_network_options(po::options_description& options) {
  options.add_options()                                                                         //
      ("seed", po::value<std::uint64_t>(), "seed of every draw; default: the specification's")  //
      ("seed-of", po::value<std::vector<std::string>>()->composing(),
       "PART=SEED: draw one part anew and leave the bits of everything else; PART is wiring, neurons, "
       "learning "
       "(constants of plasticity), order (of a study's stimuli) or delays; may be given several times")  //
      ("cv", po::value<double>(),
       "coefficient of variation of every constant of plasticity that is drawn, the random numbers being the "
       "same; 0: each at its mean");
}

void apply_network_options(const po::variables_map& values, NetworkSpec& spec) {
  if (values.count("seed") != 0) spec.set_seed(values["seed"].as<std::uint64_t>());
  if (values.count("seed-of") != 0)
    for (const std::string& word : values["seed-of"].as<std::vector<std::string>>()) set_seed_of(word, spec);
  if (values.count("cv") == 0) return;
  const double cv = values["cv"].as<double>();
  require(cv >= 0 && std::isfinite(cv), "cv", to_string(cv), "must be >= 0 and finite");
  set_cv(spec, Part::kLearning, cv);
}

}  // namespace chronotope::apps
