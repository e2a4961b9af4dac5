// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/json.hpp"
#include "chronotope/apps/options.hpp"
#include "chronotope/apps/statistics/population_statistics.hpp"
#include "chronotope/apps/statistics/population_trains.hpp"
#include "chronotope/apps/statistics/stimulus_histogram.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

constexpr std::int64_t kMostBins = 1'000'000'000;

Usage make_usage() {
  const Milliseconds positive{stated_duration(1e-12)};
  const std::vector<Option::Company> with_psth{{"psth"}};
  Usage usage;
  usage.synopsis = "statistics FILE [options]";
  usage.summary =
      "How the neurons of each population fire: rates, CV(ISI), Fano factor, pairwise correlations, "
      "synchrony, and histograms around stimuli. FILE is a stream, or a table time_ms,population,neuron; - for standard "
      "input. docs/statistics.md defines every figure.";
  usage.examples =
      "  chronotope statistics run.pb --from 1000\n"
      "  chronotope simulate net.textproto --until 2000 --out - | chronotope statistics - --json\n"
      "  chronotope statistics run.pb --psth 20 --label 7 --csv populations.csv --psth-csv psth.csv\n";
  usage.positional = {"FILE"};
  usage.groups = {
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
        {"label", Text{"LABEL"}, "of stimuli with this label only", with_psth}}},
      {"Output",
       {{"csv", File{File::Use::kWritten}, "write a row of figures for each population"},
        {"psth-csv", File{File::Use::kWritten}, "write the histograms: population,begin_ms,rate_hz",
         with_psth},
        {"json", Flag(), "print one JSON object"}}}};
  return usage;
}

void require_bins(const po::variables_map& values, const std::string& option, Duration length,
                  Duration whole) {
  require(length <= whole, option, values[option].as<std::string>(),
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
  if (given(values, "window")) require_bins(values, "window", plan.window, plan.until - plan.from);
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

HistogramPlan read_histogram_plan(const po::variables_map& values, const RecordedActivity& activity,
                                  const StatisticsPlan& plan) {
  if (activity.stimuli.empty())
    throw InputError("--psth: " + printable(text_option(values, "FILE")) +
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

StatisticsReport make_report(const po::variables_map& values, const RecordedActivity& activity) {
  const StatisticsPlan plan = read_plan(values, activity);
  std::optional<HistogramPlan> histogram;
  if (given(values, "psth")) histogram = read_histogram_plan(values, activity, plan);
  StatisticsReport report;
  report.set_file(printable(values["FILE"].as<std::string>()));
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

std::string number(bool has, double value) { return has ? fmt::format("{:.4g}", value) : "-"; }

void print_populations(const StatisticsReport& report) {
  fmt::print(
      "{:.12g} to {:.12g} ms; correlation and synchrony in bins of {:.12g} ms, Fano factor of {:.12g} ms\n",
      report.from_ms(), report.until_ms(), report.bin_ms(), report.window_ms());
  fmt::print("{:<16}{:>9}{:>9}{:>11}{:>11}{:>9}{:>9}{:>13}{:>11}\n", "population", "neurons", "silent",
             "rate Hz", "sd", "CV(ISI)", "Fano", "correlation", "synchrony");
  for (const PopulationStatistics& p : report.population())
    fmt::print("{:<16}{:>9}{:>9}{:>11.4g}{:>11.4g}{:>9}{:>9}{:>13}{:>11}\n", printable(p.name()), p.neurons(),
               p.silent(), p.rate_hz(), p.rate_sd_hz(), number(p.has_cv_isi(), p.cv_isi()),
               number(p.has_fano(), p.fano()), number(p.has_correlation(), p.correlation()),
               number(p.has_synchrony(), p.synchrony()));
}

void print_histograms(const StatisticsReport& report) {
  if (report.psth_size() == 0) return;
  const PopulationHistogram& first = report.psth(0);
  fmt::print("\nrate Hz around {} stimuli\n{:>10}", first.presentations(), "ms");
  for (const PopulationHistogram& h : report.psth()) fmt::print("{:>16}", printable(h.population()));
  fmt::print("\n");
  for (int b = 0; b < first.rate_hz_size(); ++b) {
    fmt::print("{:>10.6g}", first.begin_ms() + b * first.bin_ms());
    for (const PopulationHistogram& h : report.psth()) fmt::print("{:>16.4g}", h.rate_hz(b));
    fmt::print("\n");
  }
}

/// A number that reads back as the same one; nothing for one that is undefined.
std::string cell(bool has, double value) { return has ? fmt::format("{}", value) : ""; }

void write_populations(const std::string& path, const StatisticsReport& report) {
  proto::Output out(path);
  out.write(
      "population,neurons,spikes,silent,rate_hz,rate_sd_hz,cv_isi,cv_isi_neurons,fano,fano_neurons,"
      "correlation,"
      "correlation_sd,correlation_neurons,synchrony\n");
  for (const PopulationStatistics& p : report.population())
    out.write(fmt::format("{},{},{:.0f},{},{},{},{},{},{},{},{},{},{},{}\n", p.name(), p.neurons(),
                          p.spikes(), p.silent(), p.rate_hz(), p.rate_sd_hz(),
                          cell(p.has_cv_isi(), p.cv_isi()), p.cv_isi_neurons(), cell(p.has_fano(), p.fano()),
                          p.fano_neurons(), cell(p.has_correlation(), p.correlation()),
                          cell(p.has_correlation_sd(), p.correlation_sd()), p.correlation_neurons(),
                          cell(p.has_synchrony(), p.synchrony())));
  out.commit();
}

void write_histograms(const std::string& path, const StatisticsReport& report) {
  proto::Output out(path);
  out.write("population,begin_ms,rate_hz\n");
  for (const PopulationHistogram& h : report.psth())
    for (int b = 0; b < h.rate_hz_size(); ++b)
      out.write(fmt::format("{},{},{}\n", h.population(), h.begin_ms() + b * h.bin_ms(), h.rate_hz(b)));
  out.commit();
}

}  // namespace

int statistics(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const std::string csv = text_option(*values, "csv"), psth_csv = text_option(*values, "psth-csv");
  const StatisticsReport report = make_report(*values, read_activity((*values)["FILE"].as<std::string>()));
  if ((*values)["json"].as<bool>()) {
    fmt::print("{}\n", to_json(report));
  } else if (csv != "-" && psth_csv != "-") {
    print_populations(report);
    print_histograms(report);
  }
  if (!csv.empty()) write_populations(csv, report);  // last: they may fail
  if (!psth_csv.empty()) write_histograms(psth_csv, report);
  return 0;
}

}  // namespace chronotope::apps
