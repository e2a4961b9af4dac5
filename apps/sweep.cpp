// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "chronotope/apps/cells/shard.hpp"
#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options.hpp"
#include "chronotope/apps/progress.hpp"
#include "chronotope/apps/result_folder.hpp"
#include "chronotope/apps/sweep/sweep_cells.hpp"
#include "chronotope/apps/sweep/sweep_table.hpp"
#include "chronotope/apps/verbs.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;
namespace fs = std::filesystem;

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
      {"Sharing out",
       {shard_option(),
        {"jobs", WholeNumber{1, 1024}, "cells that run at once; default: one for each processor"},
        {"collect", Flag(), "run nothing, make the table of finished cells"},
        {"dry-run", Flag(), "print the cells and run nothing"}}},
      {"Output",
       {required({"out", Text{"FOLDER"}, "gets the streams and sweep.csv"}),
        {"from", Milliseconds{Duration(), "0"}, "begin of what the table looks at"},
        {"quiet", Flag(), "print nothing but errors"}}}};
  return usage;
}

/// Options of the verb that are the sweep's to give, or name one file for all cells.
std::vector<std::string> taken_options(const std::string& verb) {
  if (verb == "simulate")
    return {"--out", "--spikes", "--weights", "--weight-histogram", "--resume", "--seed",
            "--set", "--json",   "--quiet"};
  return {"--out",         "--save", "--checkpoint", "--resume", "--evaluate",
          "--predictions", "--seed", "--set",        "--json",   "--quiet"};
}

/// The words behind "--": the verb and its options.
void read_verb(const Arguments& words, SweepRequest& request) {
  if (words.empty())
    throw InputError("missing -- and the verb that runs a cell, as -- simulate --until 1000");
  request.verb = words.front();
  if (request.verb != "simulate" && request.verb != "train")
    throw InputError("--: no verb " + in_quotes(request.verb) + " runs a cell; one of simulate, train");
  request.words.assign(words.begin() + 1, words.end());
  for (const std::string& word : request.words)
    for (const std::string& option : taken_options(request.verb))
      if (word == option || word.starts_with(option + "="))
        throw InputError(
            option + ": is the sweep's to give to " + request.verb +
            (option == "--set" || option == "--seed" ? "; put --set and --seeds before --" : ""));
}

SweepPlan read_plan(const po::variables_map& values) {
  if (given(values, "table")) {
    if (given(values, "vary")) throw InputError("--vary: not beside --table");
    return read_sweep_table(values["table"].as<std::string>());
  }
  return grid(given(values, "vary") ? values["vary"].as<std::vector<std::string>>()
                                    : std::vector<std::string>());
}

class Sweep {
 public:
  Sweep(const po::variables_map& values, const Arguments& verb_words)
      : folder_(values["out"].as<std::string>()),
        quiet_(values["quiet"].as<bool>()),
        from_(time_option(values, "from").time()) {
    request_.spec = values["SPEC"].as<std::string>();
    if (request_.spec == "-") throw InputError("SPEC: - is not allowed (every cell reads the file again)");
    request_.plan = read_plan(values);
    if (given(values, "set")) request_.changes = values["set"].as<std::vector<std::string>>();
    request_.seeds = values["seeds"].as<std::uint64_t>();
    read_verb(verb_words, request_);
    cells_ = sweep_cells(request_);
  }

  void print_cells(const Shard& shard) const {
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      if (!shard.has(c)) continue;
      const fs::path file = cells_[c].file(folder_);
      fmt::print("{:<10}{}  seed={}", fs::exists(file) ? "finished" : "to run", file.filename().string(),
                 cells_[c].seed);
      for (std::size_t k = 0; k < request_.plan.paths.size(); ++k)
        fmt::print("  {}", printable(request_.plan.assignment(cells_[c].setting, k)));
      fmt::print("\n");
    }
  }

  int run(const Shard& shard, std::size_t jobs) {
    make_folder(folder_);
    const Interrupt interrupt;
    const SweepOutcome outcome = run_shard(shard, jobs);
    if (!outcome.locks && !quiet_)
      fmt::print(stderr,
                 "{}: this file system has no locks; nothing keeps two processes from the same cell\n",
                 folder_.string());
    if (Interrupt::requested())
      throw Interrupted{
          fmt::format("{} of {} cells are finished, in {}", finished(), cells_.size(), folder_.string())};
    if (!outcome.failed.empty()) complain(outcome.failed);
    for (const std::string& cell : outcome.busy)
      if (!quiet_) fmt::print("{} runs it\n", printable(cell));
    if (finished() == cells_.size()) return collect();
    if (!quiet_)
      fmt::print("{} of {} cells are finished; --collect makes the table when all are\n", finished(),
                 cells_.size());
    return 0;
  }

  int collect() const {
    for (const SweepCell& cell : cells_)
      if (!fs::exists(cell.file(folder_)))
        throw InputError(fmt::format("{}: {} of {} cells are missing, the first is {}", folder_.string(),
                                     cells_.size() - finished(), cells_.size(),
                                     cell.file(folder_).filename().string()));
    const std::string path = (folder_ / kTable).string();
    proto::Output out(path);
    out.write(sweep_table(request_, cells_, folder_, from_));
    out.commit();
    if (!quiet_) fmt::print("{}: {} cells\n", path, cells_.size());
    return 0;
  }

 private:
  [[noreturn]] static void complain(const std::vector<std::string>& failed) {
    constexpr std::size_t kShown = 10;
    for (std::size_t k = 0; k < std::min(failed.size(), kShown); ++k)
      fmt::print(stderr, "{}\n", printable(failed[k]));
    throw Failure(fmt::format("{} cell{} failed", failed.size(), failed.size() == 1 ? "" : "s"));
  }
  SweepOutcome run_shard(const Shard& shard, std::size_t jobs) const {
    Progress progress("sweep", quiet_);
    return run_cells(request_, cells_, shard, folder_, jobs, [&](std::size_t done, std::size_t of) {
      progress.update(static_cast<double>(done), static_cast<double>(of), fmt::format("{} cells", of));
    });
  }
  std::size_t finished() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(cells_, [&](const SweepCell& cell) { return fs::exists(cell.file(folder_)); }));
  }

  fs::path folder_;
  bool quiet_;
  Time from_;
  SweepRequest request_;
  std::vector<SweepCell> cells_;
};

std::size_t jobs_of(const po::variables_map& values) {
  if (given(values, "jobs")) return whole_option(values, "jobs");
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

int sweep(const Arguments& arguments) {
  const auto dashes = std::ranges::find(arguments, "--");
  const auto values = parse(sweep_usage(), Arguments(arguments.begin(), dashes));
  if (!values) return 0;
  Sweep sweep(*values, dashes == arguments.end() ? Arguments() : Arguments(dashes + 1, arguments.end()));
  if ((*values)["collect"].as<bool>()) return sweep.collect();
  const Shard shard = choose_shard(text_option(*values, "shard"), (*values)["quiet"].as<bool>());
  if (!(*values)["dry-run"].as<bool>()) return sweep.run(shard, jobs_of(*values));
  sweep.print_cells(shard);
  return 0;
}

}  // namespace chronotope::apps
