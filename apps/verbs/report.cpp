// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/comparison/divergence.hpp"
#include "chronotope/apps/options/divergence_options.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/options/representation_options.hpp"
#include "chronotope/apps/output/progress.hpp"
#include "chronotope/apps/report/plot.hpp"
#include "chronotope/apps/report/report_page.hpp"
#include "chronotope/apps/report/spike_chart.hpp"
#include "chronotope/apps/report/stream_digest.hpp"
#include "chronotope/apps/study/study_files.hpp"
#include "chronotope/apps/study/study_page.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace po = boost::program_options;

namespace {

constexpr std::size_t kMostHistograms = 5;
constexpr std::size_t kMostBars = 200;

Usage make_usage() {
  Usage usage;
  usage.synopsis = "report FOLDER|STREAM... --out PAGE [options]";
  usage.summary =
      "Makes one HTML page of a study, whose FOLDER is given: its decisions with their numbers, floors, "
      "activity and pictures of its networks; or of streams of simulate or study: spikes, rates, weights "
      "over time, and the divergence of their layers L1-L5 with the barcodes behind it. Streams whose names "
      "differ only in their digits (MH-1.pb, MH-2.pb) count as seeds of one condition: their divergence is "
      "the floor. The page needs no other file and no network.";
  usage.examples =
      "  chronotope report results --out report.html\n"
      "  chronotope report results/MH-1.pb results/MM-1.pb --out report.html\n";
  usage.positional = {"STREAM"};
  usage.last_repeats = true;
  usage.groups = {
      {"Output", {required({"out", File{File::Use::kWritten, "PAGE"}, "write the page, - for stdout"})}},
      sampling_options(),
      comparison_options(),
      activity_options(),
      layering_options()};
  return usage;
}

std::string name_of(const std::string& path) { return std::filesystem::path(path).filename().string(); }

/// A stream's name without its digits: that of the condition.
std::string condition_of(const std::string& path) {
  std::string name = name_of(path);
  std::erase_if(name, [](unsigned char c) { return std::isdigit(c) != 0; });
  return name;
}

std::string rates(const StreamDigest& digest) {
  std::vector<double> all;
  for (const auto& population : digest.populations)
    all.insert(all.end(), population.rate_hz.begin(), population.rate_hz.end());
  Plot plot("rates", "s", "Hz per neuron", {0, digest.until_ms / 1000}, range_of(all, true));
  std::size_t shown = 0;
  for (const auto& population : digest.populations) {
    if (population.rate_hz.empty()) continue;
    std::vector<PlotPoint> points;
    const double part = digest.until_ms / 1000 / static_cast<double>(population.rate_hz.size());
    for (std::size_t k = 0; k < population.rate_hz.size(); ++k)
      points.push_back({part * (static_cast<double>(k) + 0.5), population.rate_hz[k]});
    plot.line(points, population_style(shown++));
  }
  return plot.svg();
}

/// Up to kMostHistograms snapshots of one projection, the first and the last among them.
std::vector<std::string> histograms(const StreamDigest::Projection& projection) {
  const std::size_t count = projection.histograms.size();
  const std::size_t shown = std::min(count, kMostHistograms);
  double highest = 1;
  for (const auto& h : projection.histograms)
    highest = std::max(highest, *std::max_element(h.counts.begin(), h.counts.end()));
  std::vector<std::string> pictures;
  for (std::size_t k = 0; k < shown; ++k) {
    const auto& h = projection.histograms[shown < 2 ? 0 : k * (count - 1) / (shown - 1)];
    Plot plot(
        fmt::format("weights {} to {}, {:.4g} s", projection.source, projection.target, h.snapshot_ms / 1000),
        fmt::format("weight [{}]", projection.unit), "synapses", projection.weights, {0, 1.05 * highest}, 240,
        150);
    plot.columns(h.counts, "a");
    pictures.push_back(plot.svg());
  }
  return pictures;
}

void add_stream(ReportPage& page, const std::string& path) {
  const StreamDigest digest = read_digest(path);
  page.heading(name_of(path));
  page.paragraph(fmt::format("{}, seed {}: {:.6g} s with {} neurons.", digest.header.producer(),
                             digest.header.seed(), digest.until_ms / 1000, digest.neurons));
  page.legend(population_swatches(digest));
  page.pictures({spike_chart(digest), rates(digest)});
  for (const auto& [number, projection] : digest.plastic)
    if (!projection.histograms.empty()) page.pictures(histograms(projection));
}

/// The divergence of two of the streams, layer by layer.
struct Compared {
  std::string a;
  std::string b;
  bool same_condition = false;
  std::array<Divergence, topology::kLayers> layers;
};

std::vector<Compared> compare_all(const std::vector<std::string>& paths,
                                  const topology::RepresentationOptions& representation,
                                  const DivergenceOptions& options) {
  std::vector<topology::Representation> all;
  for (const std::string& path : paths) all.push_back(topology::read_representation(path, representation));
  std::vector<Compared> pairs;
  Progress progress("rtd", false);
  const double total = static_cast<double>(all.size() * (all.size() - 1) / 2);
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      Compared& pair = pairs.emplace_back();
      pair.a = name_of(paths[i]);
      pair.b = name_of(paths[j]);
      pair.same_condition = condition_of(paths[i]) == condition_of(paths[j]);
      for (std::size_t l = 0; l < topology::kLayers; ++l)
        pair.layers[l] = layer_divergence(all[i], l, all[j], l, options);
      progress.update(static_cast<double>(pairs.size()), total);
    }
  return pairs;
}

/// One picture per layer: conditions that differ beside seeds of one condition.
std::vector<std::string> score_pictures(const std::vector<Compared>& pairs) {
  std::vector<std::string> pictures;
  for (std::size_t l = 0; l < topology::kLayers; ++l) {
    std::vector<double> all;
    std::vector<PlotPoint> floor;
    std::vector<PlotPoint> others;
    for (const Compared& pair : pairs) {
      const RtdReport& report = pair.layers[l].report;
      if (!report.missing().empty()) continue;
      all.push_back(report.rtd());
      (pair.same_condition ? floor : others).push_back({pair.same_condition ? 2.0 : 1.0, report.rtd()});
    }
    Plot plot(fmt::format("L{}", l + 1), "", "RTD", {0.4, 2.6}, range_of(all, true), 195, 180);
    plot.dots(others, 2.5, "a");
    plot.dots(floor, 2.5, "muted");
    for (const auto* group : {&others, &floor}) {
      if (group->empty()) continue;
      double mean = 0;
      for (const PlotPoint& p : *group) mean += p.y / static_cast<double>(group->size());
      plot.stroke(group->front().x - 0.3, group->front().x + 0.3, mean, group == &others ? "a" : "muted");
    }
    plot.name_x(1, fmt::format("conditions ({})", others.size()));
    plot.name_x(2, fmt::format("floor ({})", floor.size()));
    pictures.push_back(plot.svg());
  }
  return pictures;
}

void add_bars(Plot& plot, const topology::Barcode& barcode, std::size_t shown, double first,
              const std::string& style) {
  std::vector<topology::Bar> bars;
  for (const topology::Bar& bar : barcode.bars())
    if (bar.is_finite()) bars.push_back(bar);
  std::stable_sort(bars.begin(), bars.end(),
                   [](const topology::Bar& x, const topology::Bar& y) { return x.length() > y.length(); });
  bars.resize(std::min(bars.size(), shown));
  std::stable_sort(bars.begin(), bars.end(),
                   [](const topology::Bar& x, const topology::Bar& y) { return x.birth < y.birth; });
  for (const topology::Bar& bar : bars) plot.stroke(bar.birth, bar.death, first++, style + " thin");
}

/// "261 bars of A (200 shown)".
std::string bars_text(const topology::Barcode& barcode, std::size_t shown, const char* of) {
  return fmt::format("{} bars of {}", barcode.size(), of) +
         (shown < barcode.size() ? fmt::format(" ({} shown)", shown) : "");
}

std::vector<PlotPoint> births_and_deaths(const topology::Barcode& barcode) {
  std::vector<PlotPoint> points;
  for (const topology::Bar& bar : barcode.bars())
    if (bar.is_finite()) points.push_back({bar.birth, bar.death});
  return points;
}

/// Every bar as a point above the diagonal, with room above the highest.
std::vector<std::string> persistence_pictures(const Compared& pair) {
  std::vector<std::string> pictures;
  for (std::size_t l = 0; l < topology::kLayers; ++l) {
    const auto& [report, bars] = pair.layers[l];
    if (!report.missing().empty()) continue;
    const std::vector<PlotPoint> ab = births_and_deaths(bars.ab);
    const std::vector<PlotPoint> ba = births_and_deaths(bars.ba);
    std::vector<double> ends;
    for (const auto* points : {&ab, &ba})
      for (const PlotPoint& p : *points) ends.insert(ends.end(), {p.x, p.y});
    Range range = range_of(ends, true);
    range.high += 0.06 * range.width();
    Plot plot(fmt::format("L{}, H1", l + 1), "birth", "death", range, range, 240, 230);
    plot.line({{range.low, range.low}, {range.high, range.high}}, "muted thin");
    plot.dots(ab, 1.5, "a");
    plot.dots(ba, 1.5, "b");
    pictures.push_back(plot.svg());
  }
  return pictures;
}

std::vector<std::string> barcode_pictures(const Compared& pair) {
  std::vector<std::string> pictures;
  for (std::size_t l = 0; l < topology::kLayers; ++l) {
    const auto& [report, bars] = pair.layers[l];
    if (!report.missing().empty()) continue;
    std::vector<double> deaths;
    for (const topology::Barcode* barcode : {&bars.ab, &bars.ba})
      for (const topology::Bar& bar : barcode->bars())
        if (bar.is_finite()) deaths.push_back(bar.death);
    const std::size_t ab = std::min(bars.ab.size(), kMostBars);
    const std::size_t ba = std::min(bars.ba.size(), kMostBars);
    Plot plot(fmt::format("L{}, H1: {}; {}", l + 1, bars_text(bars.ab, ab, "A"), bars_text(bars.ba, ba, "B")),
              "distance / unit", "bar", range_of(deaths, true),
              {0, std::max(1.0, static_cast<double>(ab + ba + 1))}, 320, 220);
    add_bars(plot, bars.ab, ab, 0.5, "a");
    add_bars(plot, bars.ba, ba, static_cast<double>(ab) + 1, "b");
    pictures.push_back(plot.svg());
  }
  return pictures;
}

std::string cell(const RtdReport& report) {
  std::string text = !report.missing().empty() ? "missing" : fmt::format("{:.4g}", report.rtd());
  if (report.missing().empty() && report.trials() > 1) text += fmt::format(" +- {:.2g}", report.se());
  if (!report.has_cka()) return text;
  return text + (std::isnan(report.cka()) ? ", CKA undefined" : fmt::format(", CKA {:.3f}", report.cka()));
}

void add_divergence(ReportPage& page, const std::vector<Compared>& pairs, topology::RowCode code) {
  page.heading("Divergence of the layers");
  page.paragraph(fmt::format(
      "RTD of the rows (code: {}) on the stimuli that all streams share; 0 means that the topology agrees at "
      "every scale. Dots are pairs of streams, strokes their means. The floor is that of streams whose names "
      "differ only in digits: seeds of one condition. Numbers of pairs stand in brackets: all of them, also "
      "those of different seeds, where the table of study takes het vs hom of one seed only, so the means "
      "differ. Scores of different batches can not be compared.",
      to_string(code)));
  page.pictures(score_pictures(pairs));
  std::vector<std::vector<std::string>> rows;
  for (const Compared& pair : pairs) {
    std::vector<std::string> row = {pair.a + " / " + pair.b + (pair.same_condition ? " (floor)" : "")};
    for (const Divergence& layer : pair.layers) row.push_back(cell(layer.report));
    rows.push_back(std::move(row));
  }
  page.table({"streams", "L1", "L2", "L3", "L4", "L5"}, rows);
  const auto of_conditions =
      std::find_if(pairs.begin(), pairs.end(), [](const Compared& pair) { return !pair.same_condition; });
  const Compared& shown = of_conditions == pairs.end() ? pairs.front() : *of_conditions;
  page.heading("Barcodes");
  page.paragraph(fmt::format(
      "Of {} (A) and {} (B), first trial: what A joins later than both together and what B does, as "
      "points and as bars; of the bars the longest {} of either.",
      shown.a, shown.b, kMostBars));
  page.legend({{"a", "A: " + shown.a}, {"b", "B: " + shown.b}});
  page.pictures(persistence_pictures(shown));
  page.pictures(barcode_pictures(shown));
}

/// The page is none of the files that the study wrote.
void require_no_result(const std::string& page, const StudyReport& study,
                       const std::filesystem::path& folder) {
  std::vector<std::string> results = study_file_names();
  for (const StudyCellReport& cell : study.cell()) results.push_back(cell.file());
  for (const std::string& result : results) {
    std::error_code missing;
    require(!std::filesystem::equivalent(page, folder / result, missing), "out", "'" + page + "'",
            "it is a result of the study");
  }
}

std::string command_of(const Arguments& arguments) {
  std::string command = "chronotope report";
  for (const std::string& word : arguments) command += " " + word;
  return command;
}

/// The page of a study's folder, which takes no options: all of it is decided there.
int report_study(const std::vector<std::string>& paths, const po::variables_map& values) {
  if (paths.size() > 1) throw InputError(paths.front() + " is a folder; a page shows one study");
  for (const auto& [name, value] : values)
    if (name != "STREAM" && name != "out" && !value.defaulted())
      throw InputError("--" + name +
                       " does not go with the folder of a study, whose numbers are shown as they are");
  const std::filesystem::path folder = paths.front();
  const StudyReport study = read_study_report(folder);
  require_no_result(values["out"].as<std::string>(), study, folder);
  ReportPage page(study_title(study));
  add_study(page, study, folder);
  proto::Output out(values["out"].as<std::string>());
  out.write(page.html());
  out.commit();
  return 0;
}

}  // namespace

int report(const Arguments& arguments) {
  const auto values = parse(make_usage(), arguments);
  if (!values) return 0;
  const auto paths = (*values)["STREAM"].as<std::vector<std::string>>();
  if (std::filesystem::is_directory(paths.front())) return report_study(paths, *values);
  const StreamOptions streams = read_stream_options(*values);
  const topology::RowCode code = streams.representation.activations.code;
  const DivergenceOptions options = read_divergence_options(*values, code, false);
  for (const std::string& path : paths)
    if (path == "-") throw InputError("a report reads its streams twice, so they must be files");

  ReportPage page(paths.size() == 1 ? name_of(paths[0]) : fmt::format("{} streams", paths.size()));
  if (paths.size() > 1) add_divergence(page, compare_all(paths, streams.representation, options), code);
  for (const std::string& path : paths) add_stream(page, path);
  page.heading("How this was made");
  page.words(
      {{"command", command_of(arguments)}, {"program", std::string("chronotope ") + CHRONOTOPE_VERSION}});
  proto::Output out((*values)["out"].as<std::string>());
  out.write(page.html());
  out.commit();
  return 0;
}

}  // namespace chronotope::apps
