// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/sweep/sweep_table.hpp"

#include <fmt/core.h>

#include <optional>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/output/csv_cell.hpp"
#include "chronotope/apps/statistics/population_statistics.hpp"
#include "chronotope/apps/statistics/population_trains.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace {

// The figures' defaults in `chronotope statistics`.
constexpr double kBinMs = 2;
constexpr double kWindowMs = 100;
constexpr std::uint32_t kSample = 200;

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

/// The last epoch of a trained network's stream.
std::string last_epoch(const std::string& file) {
  proto::FrameReader reader(file);
  TrainingEpoch last;
  while (const auto envelope = reader.next())
    if (envelope->has_training_epoch()) last = envelope->training_epoch();
  const std::string validation =
      last.has_validation() ? fmt::format("{}", last.validation().accuracy()) : std::string();
  return fmt::format(",{},{},{}", last.training().loss(), last.training().accuracy(), validation);
}

std::string rows(const SweepRequest& request, const SweepCell& cell, const std::string& file, Time from) {
  const RecordedActivity activity = read_activity(file);
  if (activity.end <= from)
    throw InputError(file + ": ends at " + to_text(activity.end) + " ms, before --from");
  StatisticsPlan plan;
  plan.from = from;
  plan.until = activity.end;
  plan.bin = Duration::nearest(kBinMs);
  plan.window = Duration::nearest(kWindowMs);
  plan.sample = kSample;
  std::string begin = "cell-" + cell.digest + ".pb";
  for (const std::string& value : request.plan.settings[cell.setting]) begin += "," + csv_cell(value);
  begin += fmt::format(",{},", cell.seed);
  const std::string end = (request.verb == "train" ? last_epoch(file) : "") + "\n";
  std::string all;
  for (std::size_t p = 0; p < activity.populations.size(); ++p)
    all +=
        begin +
        figures(describe(activity.populations[p], plan, RandomStream(1, Purpose("statistics.sample"), p))) +
        end;
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
