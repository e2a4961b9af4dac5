// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/options/network_options.hpp"

#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/runs/heterogeneity.hpp"
#include "chronotope/proto/spec_assignment.hpp"

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

OptionGroup network_options() {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
  return {
      "Specification",
      {{"set", Text{"PATH=VALUE", "", true},
        "put this value into the specification, as population.E.I_e=400, 'projection.E->E.weight={gamma "
        "{mean: 5 cv: 0.3}}' or input.x.poisson.rate=20; may be given several times"},
       {"seed", WholeNumber{0, kLargest, "", "SEED"}, "seed of every draw; default: the specification's"},
       {"seed-of", Text{"PART=SEED", "", true},
        "draw one part anew and leave the bits of everything else; PART is wiring, neurons, learning "
        "(constants of plasticity), order (of a study's stimuli) or delays; may be given several times"},
       {"cv", RealNumber{from(0), any_finite()},
        "coefficient of variation of every constant of plasticity that is drawn, the random numbers being "
        "the same; 0: each at its mean"}}};
}

void set_network_options(const po::variables_map& values, proto::SpecText& spec) {
  if (values.count("set") != 0)
    for (const std::string& assignment : values["set"].as<std::vector<std::string>>())
      proto::assign(spec, assignment, "--set " + assignment);
  if (values.count("seed") != 0) spec.message.set_seed(values["seed"].as<std::uint64_t>());
  if (values.count("seed-of") != 0)
    for (const std::string& word : values["seed-of"].as<std::vector<std::string>>())
      set_seed_of(word, spec.message);
  if (values.count("cv") != 0) set_cv(spec.message, Varied::kLearning, values["cv"].as<double>());
}

void read_network(const po::variables_map& values, const std::string& path, proto::SpecText& spec) {
  proto::read_spec(path, spec);
  set_network_options(values, spec);
}

}  // namespace chronotope::apps
