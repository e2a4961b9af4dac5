// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/statistics_report.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "chronotope/apps/statistics/population_statistics.hpp"
#include "chronotope/apps/statistics/population_trains.hpp"
#include "chronotope/apps/statistics/stimulus_histogram.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

constexpr std::int64_t kMostBins = 1'000'000'000;

/// Where the default is longer, there is no bin and nothing that is told of bins.
void require_bins(const po::variables_map& values, const std::string& option, Duration length,
                  Duration whole) {
  require(length <= whole || !given(values, option), option, values[option].as<std::string>(),
          "must not be longer than what is looked at, " + to_text(whole) + " ms");
  require(whole <= kMostBins * length, option, values[option].as<std::string>(),
          "must leave at most 1e9 bins of " + to_text(whole) + " ms");
}

StatisticsPlan read_plan(const po::variables_map& values, const RecordedActivity& activity) {
  StatisticsPlan plan;
  plan.from = time_option(values, "from").time();
  plan.until = given(values, "until") ? time_option(values, "until").time() : activity.end;
  require(plan.from < plan.until, "from", values["from"].as<std::string>(),
          "must be before the end, " + to_text(plan.until) + " ms");
  plan.bin = time_option(values, "bin").value;
  plan.window = time_option(values, "window").value;
  require_bins(values, "bin", plan.bin, plan.until - plan.from);
  require_bins(values, "window", plan.window, plan.until - plan.from);
  plan.sample = static_cast<std::uint32_t>(whole_option(values, "sample"));
  return plan;
}

/// Where the histograms lie around an onset.
struct HistogramPlan {
  std::vector<Time> onsets;  // of presentations that lie wholly within what is looked at
  Duration before;
  Duration bin;
  std::int64_t bins = 0;
};

Duration longest_stimulus(const RecordedActivity& activity) {
  Duration longest;
  for (const proto::Stimulus& stimulus : activity.stimuli) longest = std::max(longest, stimulus.duration);
  return longest;
}

HistogramPlan read_histogram_plan(const po::variables_map& values, const std::string& path,
                                  const RecordedActivity& activity, const StatisticsPlan& plan) {
  if (activity.stimuli.empty())
    throw InputError("--psth: " + printable(path) +
                     " has no stimuli; streams of networks that hear a spike_stream have them, tables never");
  HistogramPlan histogram;
  histogram.bin = time_option(values, "psth").value;
  histogram.before = time_option(values, "before").value;
  const Duration after =
      given(values, "after") ? time_option(values, "after").value : longest_stimulus(activity);
  require_bins(values, "psth", histogram.bin, histogram.before + after);
  histogram.bins = floor_ratio(histogram.before + after, histogram.bin);
  const std::string label = text_option(values, "label");
  for (const proto::Stimulus& stimulus : activity.stimuli) {
    if (given(values, "label") && stimulus.label != label) continue;
    const bool begins = plan.from + histogram.before <= stimulus.onset;
    if (begins && stimulus.onset + after <= plan.until) histogram.onsets.push_back(stimulus.onset);
  }
  if (histogram.onsets.empty())
    throw InputError("--psth: no stimulus" + (given(values, "label") ? " labelled '" + label + "'" : "") +
                     " lies wholly between " + to_text(plan.from) + " and " + to_text(plan.until) + " ms");
  return histogram;
}

PopulationHistogram make_histogram(const PopulationTrains& population, const HistogramPlan& plan) {
  std::vector<Time> spikes;
  for (const auto& train : population.trains) spikes.insert(spikes.end(), train.begin(), train.end());
  std::sort(spikes.begin(), spikes.end());
  PopulationHistogram result;
  result.set_population(population.name);
  result.set_presentations(static_cast<std::uint32_t>(plan.onsets.size()));
  result.set_begin_ms(-plan.before.ms());
  result.set_bin_ms(plan.bin.ms());
  for (const double rate : stimulus_histogram(spikes, plan.onsets, plan.before, plan.bin, plan.bins,
                                              static_cast<std::uint32_t>(population.trains.size())))
    result.add_rate_hz(rate);
  return result;
}

}  // namespace

std::vector<OptionGroup> statistics_options() {
  const Milliseconds positive{stated_duration(1e-12)};
  const std::vector<Option::Company> with_psth{{"psth"}};
  return {
      {"What is looked at",
       {{"from", Milliseconds{Duration(), "0"}, "begin of what is looked at"},
        {"until", positive, "its end; default: the end of the run"},
        {"bin", Milliseconds{positive.least, "2"}, "bins of correlations and synchrony"},
        {"window", Milliseconds{positive.least, "100"}, "windows of the Fano factor's counts"},
        {"sample", WholeNumber{2, 100'000, "200"}, "at most so many neurons of a population are correlated"},
        {"seed", WholeNumber{0, std::numeric_limits<std::uint64_t>::max(), "1"},
         "of the draw of these neurons"}}},
      {"Around stimuli",
       {{"psth", positive, "histograms around the onsets of stimuli, in bins of this"},
        {"before", Milliseconds{Duration(), "0"}, "they begin so long before an onset", with_psth},
        {"after", positive, "and end so long after it; default: the longest stimulus", with_psth},
        {"label", Text{"LABEL"}, "of stimuli with this label only", with_psth}}}};
}

StatisticsReport make_statistics_report(const po::variables_map& values, const std::string& path) {
  const RecordedActivity activity = read_activity(path);
  const StatisticsPlan plan = read_plan(values, activity);
  std::optional<HistogramPlan> histogram;
  if (given(values, "psth")) histogram = read_histogram_plan(values, path, activity, plan);
  StatisticsReport report;
  report.set_file(printable(path));
  report.set_from_ms(plan.from.to_ms());
  report.set_until_ms(plan.until.to_ms());
  report.set_bin_ms(plan.bin.ms());
  report.set_window_ms(plan.window.ms());
  const auto seed = values["seed"].as<std::uint64_t>();
  for (std::size_t p = 0; p < activity.populations.size(); ++p) {
    const PopulationTrains& population = activity.populations[p];
    *report.add_population() =
        describe(population, plan, RandomStream(seed, Purpose("statistics.sample"), p));
    if (histogram) *report.add_psth() = make_histogram(population, *histogram);
  }
  return report;
}

}  // namespace chronotope::apps
