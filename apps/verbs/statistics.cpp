// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <string>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/output/csv_cell.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/apps/output/statistics_report.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace {

Usage make_usage() {
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
  usage.groups = statistics_options();
  usage.groups.push_back({"Output",
                          {{"csv", File{File::Use::kWritten}, "write a row of figures for each population"},
                           {"psth-csv",
                            File{File::Use::kWritten},
                            "write the histograms: population,begin_ms,rate_hz",
                            {{"psth"}}},
                           {"json", Flag(), "print one JSON object"}}});
  return usage;
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
    out.write(fmt::format("{},{},{:.0f},{},{},{},{},{},{},{},{},{},{},{}\n", csv_cell(p.name()), p.neurons(),
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
      out.write(
          fmt::format("{},{},{}\n", csv_cell(h.population()), h.begin_ms() + b * h.bin_ms(), h.rate_hz(b)));
  out.commit();
}

}  // namespace

int statistics(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const std::string csv = text_option(*values, "csv"), psth_csv = text_option(*values, "psth-csv");
  const StatisticsReport report = make_statistics_report(*values, (*values)["FILE"].as<std::string>());
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
