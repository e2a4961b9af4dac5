// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/optimise/optimisation_run.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/output/csv_cell.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/apps/output/whole_file.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTable = "optimise.csv";
constexpr const char* kJson = "optimise.json";
constexpr const char* kSchema = "chronotope.OptimisationReport 1";

/// With ranges that know what they are for. The ends of every range, the others in their middle, are read and
/// checked: what can be told to be wrong before anything runs.
OptimisationRequest checked(OptimisationRequest request, const std::vector<TunedRange>& over) {
  request.over = over;
  SweepPlan& plan = request.cells.plan;
  for (const TunedRange& range : over) plan.paths.push_back(range.path);
  for (std::size_t r = 0; r < over.size(); ++r)
    for (const double end : {0.0, 1.0}) {
      std::vector<std::string>& setting = plan.settings.emplace_back();
      for (std::size_t k = 0; k < over.size(); ++k) setting.push_back(over[k].value(k == r ? end : 0.5));
    }
  sweep_cells(request.cells);
  plan.settings.clear();
  return request;
}

}  // namespace

OptimisationRun::OptimisationRun(OptimisationRequest request)
    : network_(request.cells.spec, request.cells.changes, request.over),
      request_(checked(std::move(request), network_.ranges())),
      search_(request_.method, network_.space(), request_.seed) {
  report_.set_schema(kSchema);
  report_.set_producer(std::string("chronotope ") + CHRONOTOPE_VERSION);
  report_.set_spec(request_.cells.spec);
  report_.set_method(request_.method == models::SearchMethod::kRandom ? "random" : "bayes");
  report_.set_seed(request_.seed);
  report_.set_objective(request_.objective.name());
  report_.set_goal(request_.objective.goal());
  for (const TunedRange& range : request_.over) report_.add_path(range.path);
}

OptimisationReport OptimisationRun::run() {
  Progress progress("optimise", request_.quiet);
  while (search_.told() < request_.evaluations) {
    const std::size_t first = search_.told();
    const std::size_t known = std::min(search_.designed(), request_.evaluations);
    const std::size_t count = first < known ? std::min(known - first, request_.jobs) : 1;
    progress.update(static_cast<double>(first), static_cast<double>(request_.evaluations));
    std::vector<std::vector<double>> points;
    for (std::size_t k = 0; k < count; ++k) points.push_back(search_.point(first + k));
    const std::vector<SweepCell> cells = run_settings(points);
    auto cell = cells.begin();
    for (const std::vector<double>& point : points) {
      const auto end = cell + static_cast<std::ptrdiff_t>(request_.cells.seeds);
      tell(point, {cell, end});
      cell = end;
    }
  }
  return report_;
}

/// The cells of some points, finished, point by point.
std::vector<SweepCell> OptimisationRun::run_settings(const std::vector<std::vector<double>>& points) {
  SweepRequest request = request_.cells;
  for (const std::vector<double>& point : points) {
    std::vector<std::string>& setting = request.plan.settings.emplace_back();
    for (std::size_t k = 0; k < point.size(); ++k) setting.push_back(request_.over[k].value(point[k]));
  }
  std::vector<SweepCell> cells = sweep_cells(request);
  const SweepOutcome outcome =
      run_cells(request, cells, Shard{}, request_.folder, request_.jobs, [](std::size_t, std::size_t) {});
  if (Interrupt::requested())
    throw Interrupted{fmt::format("{} of {} evaluations are finished, in {}", search_.told(),
                                  request_.evaluations, request_.folder.string())};
  if (!outcome.failed.empty()) throw Failure(outcome.failed.front());
  if (!outcome.busy.empty()) throw Failure(outcome.busy.front() + " runs it");
  return cells;
}

/// Takes the values of one point's cells.
void OptimisationRun::tell(const std::vector<double>& point, const std::vector<SweepCell>& cells) {
  OptimisationTrial& trial = *report_.add_trial();
  trial.set_number(static_cast<std::uint32_t>(search_.told() + 1));
  for (std::size_t k = 0; k < point.size(); ++k) trial.add_value(request_.over[k].value(point[k]));
  double sum = 0;
  bool is_defined = true;
  for (const SweepCell& cell : cells) {
    const fs::path file = cell.file(request_.folder);
    trial.add_cell(file.filename().string());
    const auto value = request_.objective.of(file.string());
    is_defined = is_defined && value.has_value();
    sum += value.value_or(0);
  }
  if (is_defined) trial.set_objective(sum / static_cast<double>(cells.size()));
  search_.tell(point, is_defined ? std::optional(request_.objective.merit(trial.objective())) : std::nullopt);
  if (const auto best = search_.best()) report_.set_best(static_cast<std::uint32_t>(*best + 1));
  write_files();
}

void OptimisationRun::write_files() const {
  write_whole(request_.folder / kTable, optimisation_table(report_, request_.objective));
  write_whole(request_.folder / kJson, to_json(report_, true) + "\n");
}

std::string optimisation_table(const OptimisationReport& report, const Objective& objective) {
  std::string text = "number";
  for (const std::string& path : report.path()) text += "," + csv_cell(path);
  text += ",objective,best\n";
  std::optional<double> best;
  for (const OptimisationTrial& trial : report.trial()) {
    if (trial.has_objective() && (!best || objective.merit(trial.objective()) > objective.merit(*best)))
      best = trial.objective();
    text += fmt::format("{}", trial.number());
    for (const std::string& value : trial.value()) text += "," + csv_cell(value);
    text += fmt::format(",{},{}\n", trial.has_objective() ? fmt::format("{}", trial.objective()) : "",
                        best ? fmt::format("{}", *best) : "");
  }
  return text;
}

}  // namespace chronotope::apps
