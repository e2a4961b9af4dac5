// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/sweep/sweep_table.hpp"

#include <fmt/core.h>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/output/csv_cell.hpp"
#include "chronotope/apps/sweep/cell_figures.hpp"

namespace chronotope::apps {
namespace {

std::string header(const SweepRequest& request) {
  std::string line = "cell";
  for (const std::string& path : request.plan.paths) line += "," + csv_cell(path);
  line += ",seed,population,neurons,spikes,rate_hz,cv_isi,fano,correlation,synchrony";
  if (request.verb == "train") line += ",loss,training_accuracy,validation_accuracy";
  return line + "\n";
}

std::string figures(const PopulationStatistics& p) {
  const auto maybe = [](bool has, double value) {
    return has ? fmt::format(",{}", value) : std::string(",");
  };
  return fmt::format("{},{},{},{}", csv_cell(p.name()), p.neurons(), p.spikes(), p.rate_hz()) +
         maybe(p.has_cv_isi(), p.cv_isi()) + maybe(p.has_fano(), p.fano()) +
         maybe(p.has_correlation(), p.correlation()) + maybe(p.has_synchrony(), p.synchrony());
}

/// What the last epoch came to.
std::string training_figures(const std::string& file) {
  const TrainingEpoch last = last_epoch(file);
  const auto accuracy = [](const TrainingScore& score) {
    return score.has_accuracy() ? fmt::format("{}", score.accuracy()) : std::string();
  };
  return fmt::format(",{},{},{}", last.training().loss(), accuracy(last.training()),
                     accuracy(last.validation()));
}

std::string rows(const SweepRequest& request, const SweepCell& cell, const std::string& file, Time from) {
  std::string begin = "cell-" + cell.digest + ".pb";
  for (const std::string& value : request.plan.settings[cell.setting]) begin += "," + csv_cell(value);
  begin += fmt::format(",{},", cell.seed);
  const std::string end = (request.verb == "train" ? training_figures(file) : "") + "\n";
  std::string all;
  for (const PopulationStatistics& population : population_figures(file, from))
    all += begin + figures(population) + end;
  return all;
}

}  // namespace

std::string sweep_table(const SweepRequest& request, const std::vector<SweepCell>& cells,
                        const std::filesystem::path& folder, Time from) {
  std::string table = header(request);
  for (const SweepCell& cell : cells) {
    Interrupt::check();
    table += rows(request, cell, cell.file(folder).string(), from);
  }
  return table;
}

}  // namespace chronotope::apps
