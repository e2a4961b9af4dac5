// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/sweep/cell_verb.hpp"
#include "chronotope/apps/sweep/sweep_plan.hpp"
#include "chronotope/apps/sweep/sweep_run.hpp"
#include "chronotope/apps/verbs/verbs.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

constexpr const char* kTable = "sweep.csv";

Usage sweep_usage() {
  Usage usage;
  usage.synopsis = "sweep SPEC --out FOLDER [options] -- simulate|train [its options]";
  usage.summary =
      "Runs a network once for every combination of varied values and seeds, each as a process of its own, and "
      "makes one table of how they fire. A sweep can be stopped, repeated and shared out: finished cells are "
      "not run again, one that was begun goes on from its last snapshot, and no cell is run by two processes "
      "at a time (docs/clusters.md). Writes a stream per cell and sweep.csv.";
  usage.examples =
      "  chronotope sweep net.textproto --vary population.E.I_e=300,350,400 --seeds 3 --out runs -- simulate --until 1000\n"
      "  chronotope sweep net.textproto --table values.csv --out runs --shard 0/4 -- simulate --until 1e6 "
      "--snapshot-every 1e5\n"
      "  chronotope sweep net.textproto --table values.csv --out runs --collect -- simulate --until 1e6 "
      "--snapshot-every 1e5\n";
  usage.positional = {"SPEC"};
  usage.groups = {
      {"What is varied",
       {{"vary", Text{"PATH=V1,V2", "", true},
         "the values of one path of the specification, as in --set; given several times: every combination, the "
         "last one fastest"},
        {"table", File{File::Use::kRead},
         "instead: a CSV whose columns are paths and whose rows are settings"},
        {"seeds", WholeNumber{1, 100'000, "1"}, "of every setting, from the specification's on"},
        {"set", Text{"PATH=VALUE", "", true}, "put this value into all of them"}}},
      {"Sharing out", sharing_options()},
      {"Output",
       {required({"out", Text{"FOLDER"}, "gets the streams and sweep.csv"}),
        {"from", Milliseconds{Duration(), "0"}, "begin of what the table looks at"},
        {"quiet", Flag(), "print nothing but errors"}}}};
  return usage;
}

SweepPlan read_plan(const po::variables_map& values) {
  if (given(values, "table")) {
    if (given(values, "vary")) throw InputError("--vary: not beside --table");
    return read_sweep_table(values["table"].as<std::string>());
  }
  return grid(given(values, "vary") ? values["vary"].as<std::vector<std::string>>()
                                    : std::vector<std::string>());
}

SweepRequest read_request(const po::variables_map& values, const Arguments& verb_words) {
  SweepRequest request;
  request.spec = values["SPEC"].as<std::string>();
  if (request.spec == "-") throw InputError("SPEC: - is not allowed (every cell reads the file again)");
  request.plan = read_plan(values);
  if (given(values, "table")) request.varied_by = "--table " + values["table"].as<std::string>() + ":";
  if (given(values, "set")) request.changes = values["set"].as<std::vector<std::string>>();
  request.seeds = values["seeds"].as<std::uint64_t>();
  read_cell_verb(verb_words, request);
  return request;
}

}  // namespace

int sweep(const Arguments& arguments) {
  const auto dashes = std::ranges::find(arguments, "--");
  const auto values = parse(sweep_usage(), Arguments(arguments.begin(), dashes));
  if (!values) return 0;
  const Arguments verb_words =
      dashes == arguments.end() ? Arguments() : Arguments(dashes + 1, arguments.end());
  return SweepRun(read_request(*values, verb_words), text_option(*values, "out"), kTable,
                  time_option(*values, "from").time(), (*values)["quiet"].as<bool>())
      .run(*values);
}

}  // namespace chronotope::apps
