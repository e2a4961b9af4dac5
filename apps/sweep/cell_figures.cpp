// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/sweep/cell_figures.hpp"

#include "chronotope/apps/statistics/population_statistics.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace {

// The figures' defaults in `chronotope statistics`.
constexpr double kBinMs = 2;
constexpr double kWindowMs = 100;
constexpr std::uint32_t kSample = 200;

}  // namespace

std::vector<PopulationStatistics> population_figures(const std::string& stream, Time from) {
  const RecordedActivity activity = read_activity(stream);
  if (activity.end <= from)
    throw InputError(stream + ": ends at " + to_text(activity.end) + " ms, before --from");
  StatisticsPlan plan;
  plan.from = from;
  plan.until = activity.end;
  plan.bin = Duration::nearest(kBinMs);
  plan.window = Duration::nearest(kWindowMs);
  plan.sample = kSample;
  std::vector<PopulationStatistics> figures;
  for (std::size_t p = 0; p < activity.populations.size(); ++p)
    figures.push_back(
        describe(activity.populations[p], plan, RandomStream(1, Purpose("statistics.sample"), p)));
  return figures;
}

TrainingEpoch last_epoch(const std::string& stream) {
  proto::FrameReader reader(stream);
  TrainingEpoch last;
  while (const auto envelope = reader.next())
    if (envelope->has_training_epoch()) last = envelope->training_epoch();
  return last;
}

}  // namespace chronotope::apps
