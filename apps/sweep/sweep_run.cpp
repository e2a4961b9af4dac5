// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/sweep/sweep_run.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/leftovers.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/apps/output/result_folder.hpp"
#include "chronotope/apps/sweep/sweep_table.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace {

namespace po = boost::program_options;
namespace fs = std::filesystem;

std::size_t jobs_of(const po::variables_map& values) {
  if (given(values, "jobs")) return whole_option(values, "jobs");
  return std::max(1U, std::thread::hardware_concurrency());
}

[[noreturn]] void complain(const std::vector<std::string>& failed) {
  constexpr std::size_t kShown = 10;
  for (std::size_t k = 0; k < std::min(failed.size(), kShown); ++k)
    fmt::print(stderr, "{}\n", printable(failed[k]));
  throw Failure(fmt::format("{} cell{} failed", failed.size(), failed.size() == 1 ? "" : "s"));
}

}  // namespace

std::vector<Option> sharing_options() {
  return {shard_option(),
          {"jobs", WholeNumber{1, 1024}, "cells that run at once; default: one for each processor"},
          {"collect", Flag(), "run nothing, make the table of finished cells"},
          {"dry-run", Flag(), "print the cells and run nothing"}};
}

SweepRun::SweepRun(SweepRequest request, fs::path folder, std::string table, Time from, bool quiet)
    : request_(std::move(request)),
      folder_(std::move(folder)),
      table_(std::move(table)),
      from_(from),
      quiet_(quiet),
      cells_(sweep_cells(request_)) {}

int SweepRun::run(const po::variables_map& values) {
  require(!values["collect"].as<bool>() || !values["dry-run"].as<bool>(), "dry-run", "with --collect",
          "must stand without --collect");
  if (values["collect"].as<bool>()) return collect();
  const Shard shard = choose_shard(text_option(values, "shard"), quiet_);
  if (!values["dry-run"].as<bool>()) return run_cells_of(shard, jobs_of(values));
  print_cells(shard);
  return 0;
}

int SweepRun::run_cells_of(const Shard& shard, std::size_t jobs) {
  make_folder(folder_);
  const Interrupt interrupt;
  const SweepOutcome outcome = run_shard(shard, jobs);
  if (!outcome.locks && !quiet_)
    fmt::print(stderr, "{}: this file system has no locks; nothing keeps two processes from the same cell\n",
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

int SweepRun::collect() const {
  for (const SweepCell& cell : cells_)
    if (!fs::exists(cell.file(folder_)))
      throw InputError(fmt::format("{}: {} of {} cells are missing, the first is {}", folder_.string(),
                                   cells_.size() - finished(), cells_.size(),
                                   cell.file(folder_).filename().string()));
  const std::string path = (folder_ / table_).string();
  remove_leftovers(path, quiet_);
  proto::Output out(path);
  out.write(sweep_table(request_, cells_, folder_, from_));
  out.commit();
  if (!quiet_) fmt::print("{}: {} cells\n", path, cells_.size());
  return 0;
}

void SweepRun::print_cells(const Shard& shard) const {
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

SweepOutcome SweepRun::run_shard(const Shard& shard, std::size_t jobs) const {
  Progress progress(fs::path(table_).stem().string(), quiet_);
  return run_cells(request_, cells_, shard, folder_, jobs, [&](std::size_t done, std::size_t of) {
    progress.update(static_cast<double>(done), static_cast<double>(of), fmt::format("{} cells", of));
  });
}

std::size_t SweepRun::finished() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(cells_, [&](const SweepCell& cell) { return fs::exists(cell.file(folder_)); }));
}

}  // namespace chronotope::apps
