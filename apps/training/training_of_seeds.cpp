// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/training/training_of_seeds.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/sweep/cell_verb.hpp"
#include "chronotope/apps/sweep/sweep_plan.hpp"
#include "chronotope/apps/sweep/sweep_run.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::apps {
namespace {

namespace po = boost::program_options;

constexpr const char* kTable = "train.csv";

bool is_flag(const Usage& usage, const std::string& name) {
  for (const OptionGroup& group : usage.groups)
    for (const Option& option : group.options)
      if ("--" + option.name == name) return std::holds_alternative<Flag>(option.value);
  return false;
}

bool is_given_to_cells(const std::string& name) {
  const std::vector<std::string>& taken = taken_options("train");
  const OptionGroup own = seeds_options();
  return std::ranges::find(taken, name) == taken.end() &&
         std::ranges::none_of(own.options, [&](const Option& o) { return "--" + o.name == name; });
}

/// The arguments that every cell has: without SPEC and what is different in each.
Arguments words_of_cells(const Usage& usage, const Arguments& arguments) {
  Arguments words;
  const auto options_end = std::ranges::find(arguments, "--");  // behind it stands SPEC
  for (auto word = arguments.begin(); word != options_end; ++word) {
    if (!word->starts_with("--")) continue;  // SPEC
    const std::string name = word->substr(0, word->find('='));
    const bool has_value_behind = name == *word && !is_flag(usage, name);
    if (is_given_to_cells(name)) words.insert(words.end(), word, word + (has_value_behind ? 2 : 1));
    if (has_value_behind) ++word;
  }
  return words;
}

}  // namespace

OptionGroup seeds_options() {
  OptionGroup group{
      "Several seeds",
      {{"seeds",
        WholeNumber{1, 100'000},
        "train so many times, from --seed or the specification's seed on, each as a process of its own: "
        "--out is a folder then, and gets a stream per seed and train.csv; what is finished is not trained "
        "again (docs/clusters.md)",
        {{"out"}}}}};
  for (Option& option : sharing_options()) {
    option.needs = {{"seeds"}};
    group.options.push_back(std::move(option));
  }
  return group;
}

int train_seeds(const Usage& usage, const Arguments& arguments, const po::variables_map& values) {
  for (const char* option : {"save", "checkpoint", "resume", "evaluate", "json"})
    require_use(values, option, false, "one seed, not --seeds");
  SweepRequest request;
  request.spec = values["SPEC"].as<std::string>();
  if (request.spec == "-") throw InputError("SPEC: - is not allowed (every cell reads the file again)");
  request.plan = grid({});
  if (given(values, "set")) request.changes = values["set"].as<std::vector<std::string>>();
  if (given(values, "seed"))
    request.changes.push_back("seed=" + std::to_string(values["seed"].as<std::uint64_t>()));
  request.seeds = values["seeds"].as<std::uint64_t>();
  request.verb = "train";
  request.words = words_of_cells(usage, arguments);
  return SweepRun(std::move(request), values["out"].as<std::string>(), kTable, Time(),
                  values["quiet"].as<bool>())
      .run(values);
}

}  // namespace chronotope::apps
