// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/study_page.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chronotope/apps/report/plot.hpp"
#include "chronotope/apps/report/specification_text.hpp"
#include "chronotope/apps/report/spike_chart.hpp"
#include "chronotope/apps/report/stdp_window.hpp"
#include "chronotope/apps/report/stream_digest.hpp"
#include "chronotope/apps/study/condition_means.hpp"
#include "chronotope/apps/study/heat_map.hpp"
#include "chronotope/apps/study/study_text.hpp"

namespace chronotope::apps {
namespace {

namespace fs = std::filesystem;

constexpr std::array kLayerNames{"L1", "L2", "L3", "L4", "L5"};
constexpr const char* kUnknown = "\u2013";

std::string number(double x) {
  return std::abs(x) < 1000 ? fmt::format("{:.3g}", x) : fmt::format("{:.0f}", x);
}
std::string number_if(bool known, double x) { return known ? number(x) : kUnknown; }

bool is_sweep(const std::string& contrast) { return contrast.find(".cv") != std::string::npos; }

std::vector<std::string> contrasts_of(const StudyReport& report) {
  std::vector<std::string> names;
  for (const StudyDecision& d : report.decision())
    if (std::find(names.begin(), names.end(), d.contrast()) == names.end()) names.push_back(d.contrast());
  return names;
}

/// Decisions of one contrast, in families of five layers.
using Family = std::vector<const StudyDecision*>;
std::vector<Family> families_of(const StudyReport& report, const std::string& contrast) {
  std::vector<Family> families;
  for (const StudyDecision& d : report.decision()) {
    if (d.contrast() != contrast) continue;
    if (families.empty() || families.back().front()->layers() != d.layers() ||
        families.back().front()->rows() != d.rows())
      families.emplace_back();
    families.back().push_back(&d);
  }
  return families;
}

std::string family_name(const StudyDecision& d, const std::string& code) {
  return fmt::format("{} layers, {}", d.layers(),
                     d.rows() == "raw"       ? code
                     : d.rows() == "matched" ? code + " of equally many neurons"
                                             : "rows of length 1");
}

/// Ratios at which the axis of a forest plot is marked.
constexpr std::array kRatios{0.125, 0.25, 0.5, 0.67, 0.9, 1.11, 1.5, 2.0, 4.0, 8.0, 16.0};

/// Mean D of every layer with its interval, on an axis of ratios; the margin of "the same" is marked.
std::string forest(const Family& family, const std::string& title) {
  std::vector<double> ends = {std::log(0.67), std::log(1.5)};
  for (const StudyDecision* d : family) {
    if (d->has_mean()) ends.push_back(d->mean());
    if (d->has_low()) ends.insert(ends.end(), {d->low(), d->high()});
  }
  Range x = range_of(ends, false);
  x = {x.low - 0.04 * x.width(), x.high + 0.04 * x.width()};
  const auto layers = static_cast<double>(family.size());
  Plot plot(title, "how many times as far (ratio)", "", x, {0, layers}, 420, 190);
  for (const double margin : {0.9, 1.11}) plot.upright(std::log(margin), 0, layers, "muted thin");
  for (std::size_t l = 0; l < family.size(); ++l) {
    const StudyDecision& d = *family[l];
    const double y = layers - 0.5 - static_cast<double>(l);
    plot.name_y(y, d.layer());
    const std::string style = d.verdict() == "distinct" ? "a" : d.verdict() == "same" ? "b" : "faint";
    if (d.has_low()) plot.stroke(d.low(), d.high(), y, style);
    if (d.has_mean()) plot.dots({{d.mean(), y}}, 3.5, style);
  }
  double last = -HUGE_VAL;
  for (const double ratio : kRatios) {  // names that would touch are left out
    const double at = std::log(ratio);
    if (at < x.low || at > x.high || at - last < 0.09 * x.width()) continue;
    plot.name_x(at, fmt::format("{}", ratio));
    last = at;
  }
  return plot.svg();
}

/// Why a layer is undecided, and what would help.
std::string reason_text(const StudyDecision& d) {
  if (!d.has_deciding_seeds()) return d.reason();
  return fmt::format("{}; some {} wirings would decide", d.reason(), d.deciding_seeds());
}

std::vector<std::string> decision_cells(const StudyDecision& d) {
  return {
      d.layer(),
      d.verdict(),
      d.has_mean() ? number(std::exp(d.mean())) : kUnknown,
      d.has_low() ? fmt::format("{} to {}", number(std::exp(d.low())), number(std::exp(d.high()))) : kUnknown,
      number_if(d.has_p_holm(), d.p_holm()),
      number_if(d.has_p(), d.p()),
      fmt::format("{}", d.seeds()),
      reason_text(d)};
}

void add_contrast(ReportPage& page, const StudyReport& report, const std::string& contrast) {
  const std::vector<Family> families = families_of(report, contrast);
  page.heading(families.front().front()->question());
  page.paragraph(conclusion(report, contrast));
  std::vector<std::string> pictures;
  for (const Family& family : families)
    pictures.push_back(forest(family, family_name(*family.front(), report.code()) +
                                          (family.front()->family() == "decides" ? ": decides" : "")));
  page.pictures(pictures);
  for (const Family& family : families) {
    std::vector<std::vector<std::string>> rows;
    for (const StudyDecision* d : family) rows.push_back(decision_cells(*d));
    page.subheading(family_name(*family.front(), report.code()));
    page.table({"layer", "decision", "ratio", "95 %", "p (Holm)", "p", "wirings", ""}, rows,
               ReportPage::LastColumn::kWords);
  }
}

void add_definitions(ReportPage& page) {
  page.heading("What the words mean");
  page.words(
      {{"L1 to L5",
        "neurons with input; two halves of what lies between (L2, L4); the tenth of highest "
        "betweenness (L3); those farthest from the input (L5)"},
       {"RTD",
        "representation topology divergence of two networks' answers to the same stimuli; 0 is the same "
        "topology at every scale"},
       {"ratio",
        "how many times as far the homogeneous network lies from the heterogeneous ones as these from "
        "each other, all on one wiring; geometric mean over wirings"},
       {"distinct", "p of the within-wiring relabelling test, by Holm over the layers, below 0.05"},
       {"the same", "the 95 % interval of the ratio inside 0.9 to 1.11"},
       {"floor", "RTD of two networks of one condition that differ in what should matter little"},
       {"ceiling", "RTD to the same rows in random order"}});
}

/// What a kind of pairs is called on a page, in the order of its axis.
struct Kind {
  const char* kind;
  const char* name;
};
constexpr Kind kKinds[] = {{"contrast", "hom-het"}, {"supervised", "STDP-sup."}, {"redrawn", "het-het"},
                           {"order", "order"},      {"jitter", "jitter"},        {"permuted", "permuted"},
                           {"gain", "gain"},        {"untrained", "untrained"},  {"wiring", "wiring"}};

/// RTD of all pairs of every kind in one layer, and the ceiling.
std::string kinds_picture(const StudyReport& report, const std::string& layer) {
  std::map<std::string, std::vector<double>> values;
  for (const StudyScore& s : report.score()) {
    if (s.layer() != layer || s.rows() != "raw" || s.layers() != report.layers() || !s.has_rtd()) continue;
    if (s.a().find(".cv") != std::string::npos || s.b().find(".cv") != std::string::npos ||
        s.a().find(".at") != std::string::npos)
      continue;
    values[s.kind()].push_back(s.rtd());
    if (s.has_shuffled()) values["ceiling"].push_back(s.shuffled());
  }
  std::vector<std::pair<std::string, const std::vector<double>*>> shown;
  std::vector<double> all;
  for (const Kind& kind : kKinds)
    if (values.contains(kind.kind)) shown.emplace_back(kind.name, &values[kind.kind]);
  if (values.contains("ceiling")) shown.emplace_back("ceiling", &values["ceiling"]);
  for (const auto& [name, of_kind] : shown) all.insert(all.end(), of_kind->begin(), of_kind->end());
  const auto columns = static_cast<double>(std::max<std::size_t>(1, shown.size()));
  Range y = range_of(all, true);
  y.high += 0.05 * y.width();
  Plot plot(layer, "", "RTD", {0, columns}, y, 480, 210);
  for (std::size_t k = 0; k < shown.size(); ++k) {
    const double x = static_cast<double>(k) + 0.5;
    std::vector<PlotPoint> points;
    double mean = 0;
    for (const double v : *shown[k].second) {
      points.push_back({x, v});
      mean += v / static_cast<double>(shown[k].second->size());
    }
    plot.dots(points, 2, k == 0 ? "a" : "muted");
    plot.stroke(x - 0.3, x + 0.3, mean, k == 0 ? "a" : "faint");
    plot.name_x(x, shown[k].first);
  }
  return plot.svg();
}

std::string ratio_cell(const StudyFloor& floor) {
  if (!floor.has_ratio()) return "missing: " + floor.missing();
  if (!floor.has_low()) return number(floor.ratio());
  return fmt::format("{} ({} to {})", number(floor.ratio()), number(floor.low()), number(floor.high()));
}

void add_floor_table(ReportPage& page, const StudyReport& report, const std::string& effect) {
  std::map<std::string, std::vector<std::string>> rows;
  std::vector<std::string> order;
  for (const StudyFloor& floor : report.floor()) {
    if (floor.contrast() != effect || floor.layers() != report.layers() || floor.rows() != "raw") continue;
    const std::string name = floor.condition() + " " + floor.floor();
    if (!rows.contains(name)) order.push_back(name);
    rows[name].push_back(ratio_cell(floor));
  }
  std::vector<std::vector<std::string>> cells;
  for (const std::string& name : order) {
    cells.push_back({name});
    cells.back().insert(cells.back().end(), rows[name].begin(), rows[name].end());
  }
  if (!cells.empty()) page.table({effect + " as a multiple of", "L1", "L2", "L3", "L4", "L5"}, cells);
}

void add_floors(ReportPage& page, const StudyReport& report) {
  page.heading("Beside floors and ceiling");
  page.paragraph(
      "Every dot is a pair of networks, a stroke the mean. hom-het and het-het share a wiring; order, "
      "jitter, permuted, gain and untrained are a network and what it becomes so; wiring: networks of one or "
      "both conditions on two wirings.");
  std::vector<std::string> pictures;
  for (const char* layer : kLayerNames) pictures.push_back(kinds_picture(report, layer));
  page.pictures(pictures);
  std::set<std::string> effects;
  for (const StudyFloor& floor : report.floor())
    if (!is_sweep(floor.contrast()) && effects.insert(floor.contrast()).second)
      add_floor_table(page, report, floor.contrast());
}

/// The mean of one measure over the pairs of a kind, layer by layer.
template <class Has, class Get>
std::vector<std::string> measure_row(const StudyReport& report, const std::string& kind,
                                     const std::string& name, Has has, Get get) {
  std::vector<std::string> cells = {name};
  for (const char* layer : kLayerNames) {
    Spread spread;
    for (const StudyScore& s : report.score())
      if (s.kind() == kind && s.layer() == layer && s.rows() == "raw" && s.layers() == report.layers() &&
          (s.*has)())
        spread.add((s.*get)());
    cells.push_back(spread.values == 0 ? kUnknown : number(spread.mean));
  }
  return cells;
}

void add_similarities(ReportPage& page, const StudyReport& report) {
  page.heading("Other measures beside RTD");
  page.paragraph(
      "Means over the pairs of a kind. CKA and RSA are 1 for alike representations, RTD and the Procrustes "
      "distance 0. Every pair's numbers are in rtd.csv.");
  std::vector<std::vector<std::string>> rows;
  for (const Kind& kind : kKinds) {
    if (std::none_of(report.score().begin(), report.score().end(),
                     [&](const StudyScore& s) { return s.kind() == kind.kind && s.has_rsa(); }))
      continue;
    const std::string name = kind.name;
    rows.push_back(measure_row(report, kind.kind, name + ": RTD", &StudyScore::has_rtd, &StudyScore::rtd));
    rows.push_back(measure_row(report, kind.kind, name + ": CKA", &StudyScore::has_cka, &StudyScore::cka));
    rows.push_back(measure_row(report, kind.kind, name + ": RSA", &StudyScore::has_rsa, &StudyScore::rsa));
    rows.push_back(measure_row(report, kind.kind, name + ": Procrustes", &StudyScore::has_procrustes,
                               &StudyScore::procrustes));
  }
  page.table({"pairs", "L1", "L2", "L3", "L4", "L5"}, rows);
}

/// The share of the training a condition saw: MH.at0.25.
double share_of(const std::string& condition) {
  const std::size_t at = condition.find(".at");
  return at == std::string::npos ? 1 : std::stod(condition.substr(at + 3));
}

/// Mean RTD against the share of the training: to the untrained network, to the end, and of both conditions.
std::string curve_picture(const StudyReport& report, const std::string& layer) {
  std::map<std::string, std::map<double, std::pair<double, int>>> lines;
  for (const StudyScore& s : report.score()) {
    if (s.layer() != layer || s.rows() != "raw" || s.layers() != report.layers() || !s.has_rtd()) continue;
    const bool whole = s.a().find('.') == std::string::npos && s.b().find('.') == std::string::npos;
    const std::string kind = s.kind() == "contrast" && whole ? "checkpoint" : s.kind();
    if (kind != "untrained" && kind != "last" && kind != "checkpoint") continue;
    auto& [sum, n] = lines[kind][share_of(s.a())];
    sum += s.rtd();
    ++n;
  }
  std::vector<double> all;
  for (const auto& [kind, points] : lines)
    for (const auto& [share, mean] : points) all.push_back(mean.first / mean.second);
  Plot plot(layer, "share of the training", "RTD", {0, 1}, range_of(all, true), 320, 190);
  for (const auto& [kind, points] : lines) {
    std::vector<PlotPoint> line;
    if (kind == "untrained") line.push_back({0, 0});
    for (const auto& [share, mean] : points) line.push_back({share, mean.first / mean.second});
    if (kind == "last") line.push_back({1, 0});
    const std::string style = kind == "checkpoint" ? "a" : kind == "untrained" ? "b" : "muted";
    plot.line(line, style);
    plot.dots(line, 2, style);
  }
  return plot.svg();
}

void add_curves(ReportPage& page, const StudyReport& report) {
  const bool any = std::any_of(report.score().begin(), report.score().end(),
                               [](const StudyScore& s) { return s.kind() == "checkpoint"; });
  if (!any) return;
  page.heading("Over the training");
  page.legend({{"a", "het against hom at that moment"},
               {"b", "either against its untrained network"},
               {"muted", "either against its end"}});
  std::vector<std::string> pictures;
  for (const char* layer : kLayerNames) pictures.push_back(curve_picture(report, layer));
  page.pictures(pictures);
}

/// The mean over wirings of RTD of every layer of `a` with every layer of `b`.
using LayerMap = std::vector<std::vector<std::optional<double>>>;
LayerMap map_of(const StudyReport& report, const std::string& a, const std::string& b) {
  std::map<std::string, std::pair<double, int>> sums;
  for (const StudyScore& s : report.score()) {
    if (s.kind() != "map" || s.a() != a || s.b() != b || !s.has_rtd()) continue;
    auto& [sum, n] = sums[s.layer()];
    sum += s.rtd();
    ++n;
  }
  LayerMap map(kLayerNames.size(), std::vector<std::optional<double>>(kLayerNames.size()));
  for (std::size_t i = 0; i < kLayerNames.size(); ++i)
    for (std::size_t j = 0; j < kLayerNames.size(); ++j) {
      const std::string name =
          std::string(kLayerNames[i]) + (i == j ? "" : std::string(":") + kLayerNames[j]);
      if (const auto found = sums.find(name); found != sums.end())
        map[i][j] = found->second.first / found->second.second;
    }
  return map;
}

void add_maps(ReportPage& page, const StudyReport& report) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const StudyScore& s : report.score())
    if (const std::pair pair(s.a(), s.b());
        s.kind() == "map" && std::find(pairs.begin(), pairs.end(), pair) == pairs.end())
      pairs.push_back(pair);
  if (pairs.empty()) return;
  page.heading("Every layer with every other");
  page.paragraph("RTD, mean over the wirings; rows: layers of the first network, columns: of the second.");
  std::vector<LayerMap> maps;
  double highest = 0;
  for (const auto& [a, b] : pairs) {
    maps.push_back(map_of(report, a, b));
    for (const auto& row : maps.back())
      for (const auto& value : row) highest = std::max(highest, value.value_or(0));
  }
  std::vector<std::string> pictures;
  for (std::size_t k = 0; k < pairs.size(); ++k)
    pictures.push_back(heat_map(pairs[k].first == pairs[k].second
                                    ? "within " + pairs[k].first
                                    : pairs[k].first + " with " + pairs[k].second,
                                {kLayerNames.begin(), kLayerNames.end()}, maps[k], highest));
  page.pictures(pictures);
}

double cv_of(const std::string& contrast) { return std::stod(contrast.substr(contrast.find(".cv") + 3)); }

/// Mean D with its interval against the coefficient of variation.
std::string sweep_picture(const StudyReport& report, const std::string& layer) {
  std::map<double, const StudyDecision*> points;
  std::vector<double> ends = {0};
  for (const StudyDecision& d : report.decision())
    if (d.layer() == layer && d.family() == "decides" && is_sweep(d.contrast()) && d.has_mean()) {
      points[cv_of(d.contrast())] = &d;
      ends.insert(ends.end(),
                  {d.mean(), d.has_low() ? d.low() : d.mean(), d.has_low() ? d.high() : d.mean()});
    }
  const double most = points.empty() ? 1 : points.rbegin()->first;
  Range y = range_of(ends, false);
  y = {y.low - 0.05 * y.width(), y.high + 0.05 * y.width()};
  Plot plot(layer, "cv of the constants", "mean D", {0, 1.05 * most}, y, 320, 190);
  plot.stroke(0, 1.05 * most, 0, "muted thin");
  std::vector<PlotPoint> means;
  for (const auto& [cv, d] : points) {
    means.push_back({cv, d->mean()});
    if (d->has_low()) plot.upright(cv, d->low(), d->high(), "a");
  }
  plot.line(means, "a thin");
  plot.dots(means, 3, "a");
  return plot.svg();
}

/// The conditions of a sweep by their coefficient of variation; at 0 the homogeneous one.
std::map<double, std::string> swept_conditions(const StudyReport& report) {
  std::map<double, std::string> conditions;
  for (const StudyDecision& d : report.decision()) {
    if (!is_sweep(d.contrast())) continue;
    const std::size_t dash = d.contrast().find('-');
    conditions[0] = d.contrast().substr(0, dash);
    conditions[cv_of(d.contrast())] = d.contrast().substr(dash + 1);
  }
  return conditions;
}

/// A mean over wirings against the coefficient of variation; empty when no condition has one.
std::string sweep_picture(const std::map<double, std::string>& conditions, const std::string& title,
                          const std::function<std::optional<double>(const std::string&)>& mean_of) {
  std::vector<PlotPoint> means;
  std::vector<double> all;
  for (const auto& [cv, condition] : conditions)
    if (const auto mean = mean_of(condition)) {
      means.push_back({cv, *mean});
      all.push_back(*mean);
    }
  if (means.empty()) return "";
  const Range y = range_of(all, true);
  Plot plot(title, "cv of the constants", "", {0, 1.05 * conditions.rbegin()->first},
            {y.low, y.high + 0.05 * y.width()}, 320, 190);
  plot.line(means, "a thin");
  plot.dots(means, 3, "a");
  return plot.svg();
}

/// What the networks of a sweep do and tell.
std::vector<std::string> sweep_measures(const StudyReport& report) {
  const std::map<double, std::string> conditions = swept_conditions(report);
  const std::vector<ActivityLine> lines = activity_lines(report);
  const auto spread_of = [&](Spread ActivityLine::*measure) {
    return [&lines, measure](const std::string& condition) -> std::optional<double> {
      const auto line = std::ranges::find(lines, condition, &ActivityLine::condition);
      if (line == lines.end() || ((*line).*measure).values == 0) return {};
      return ((*line).*measure).mean;
    };
  };
  std::vector<std::string> pictures = {
      sweep_picture(conditions, "spikes per stimulus", spread_of(&ActivityLine::probe_spikes)),
      sweep_picture(conditions, "memory C", spread_of(&ActivityLine::memory))};
  for (const AccuracyTable& table : accuracy_tables(report))
    pictures.push_back(sweep_picture(conditions, "labels told: " + table.title + ", " + table.codes.front(),
                                     [&](const std::string& condition) -> std::optional<double> {
                                       const auto line = std::ranges::find(table.lines, condition,
                                                                           &AccuracyTable::Line::source);
                                       if (line == table.lines.end()) return {};
                                       const auto mean = line->of_code.find(table.codes.front());
                                       if (mean == line->of_code.end() || !mean->second.missing.empty())
                                         return {};
                                       return mean->second.accuracy;
                                     }));
  std::erase(pictures, "");
  return pictures;
}

void add_sweep(ReportPage& page, const StudyReport& report) {
  const bool any = std::any_of(report.decision().begin(), report.decision().end(),
                               [](const StudyDecision& d) { return is_sweep(d.contrast()); });
  if (!any) return;
  page.heading("Against the spread of the constants");
  page.paragraph(
      "Mean D with its 95 % interval; exp of it is the ratio above. At cv 0 het is hom and there is no D.");
  std::vector<std::string> pictures;
  for (const char* layer : kLayerNames) pictures.push_back(sweep_picture(report, layer));
  page.pictures(pictures);
  page.pictures(sweep_measures(report));
}

/// "0.85 (0.77 to 0.91)".
std::string accuracy_text(const AccuracyMean& mean) {
  if (!mean.missing.empty()) return "missing: " + mean.missing;
  return fmt::format("{:.3f} ({:.2f} to {:.2f})", mean.accuracy, mean.interval.low, mean.interval.high);
}

/// Accuracies of one code, a row per source, with their intervals; chance is marked.
std::string accuracy_picture(const AccuracyTable& table, const std::string& code) {
  const auto rows = static_cast<double>(table.lines.size());
  Plot plot(table.title + ", " + code, "share of labels told", "", {0, 1.02}, {0, rows}, 360, 60 + 15 * rows,
            100);
  plot.upright(table.chance, 0, rows, "muted thin");
  for (std::size_t k = 0; k < table.lines.size(); ++k) {
    const double y = rows - 0.5 - static_cast<double>(k);
    plot.name_y(y, table.lines[k].source);
    const auto found = table.lines[k].of_code.find(code);
    if (found == table.lines[k].of_code.end() || !found->second.missing.empty()) continue;
    const char* style = table.lines[k].source == "input" ? "b" : "a";
    plot.stroke(found->second.interval.low, found->second.interval.high, y, style);
    plot.dots({{found->second.accuracy, y}}, 3, style);
  }
  return plot.svg();
}

void add_accuracies(ReportPage& page, const StudyReport& report) {
  const std::vector<AccuracyTable> tables = accuracy_tables(report);
  if (tables.empty()) return;
  page.heading("What a linear read-out tells of the stimuli");
  page.paragraph(
      "The share of labels told right among stimuli the read-out was not fitted on, mean over the wirings; "
      "in "
      "brackets the 95 % binomial interval of that many stimuli. input: the stimuli's own spikes, without a "
      "network. New speaker: every speaker by what is fitted on the others. The upright stroke is chance.");
  std::vector<std::string> pictures;
  for (const AccuracyTable& table : {tables.front(), tables[std::min<std::size_t>(1, tables.size() - 1)]})
    for (const std::string& code : {table.codes.front(), table.codes.back()})
      pictures.push_back(accuracy_picture(table, code));
  page.pictures(pictures);
  for (const AccuracyTable& table : tables) {
    std::vector<std::string> header = {table.title};
    header.insert(header.end(), table.codes.begin(), table.codes.end());
    std::vector<std::vector<std::string>> rows;
    for (const AccuracyTable::Line& line : table.lines) {
      rows.push_back({line.source});
      for (const std::string& code : table.codes) {
        const auto found = line.of_code.find(code);
        rows.back().push_back(found == line.of_code.end() ? kUnknown : accuracy_text(found->second));
      }
    }
    page.table(header, rows);
  }
}

std::string spread_text(const Spread& spread) {
  if (spread.values == 0) return kUnknown;
  return spread.least == spread.most
             ? number(spread.mean)
             : fmt::format("{} ({} to {})", number(spread.mean), number(spread.least), number(spread.most));
}

/// Sizes of one layer over the wirings of a condition.
std::string sizes_text(const StudyReport& report, const std::string& condition, int layer) {
  std::uint32_t least = UINT32_MAX;
  std::uint32_t most = 0;
  for (const StudyCellReport& cell : report.cell()) {
    if (cell.condition() != condition || layer >= cell.neurons_size()) continue;
    least = std::min(least, cell.neurons(layer));
    most = std::max(most, cell.neurons(layer));
  }
  return least == most ? fmt::format("{}", most) : fmt::format("{} to {}", least, most);
}

void add_activity(ReportPage& page, const StudyReport& report) {
  page.heading("Activity, memory and sizes of the layers");
  page.paragraph(
      "Mean (least to most) over the wirings; sizes by the trained weights. Memory C: how much of a random "
      "signal, 20 ms a step, the spike counts of a step recall above chance (Jaeger's sum of squared "
      "correlations); S: spikes of a neuron under that signal; C/S: spike efficiency.");
  std::vector<std::vector<std::string>> rows;
  for (const ActivityLine& line : activity_lines(report)) {
    rows.push_back({line.condition + ": " + line.description});
    for (const Spread& spread :
         {line.rate_hz, line.probe_spikes, line.memory, line.memory_spikes, line.efficiency})
      rows.back().push_back(spread_text(spread));
    for (int l = 0; l < 5; ++l) rows.back().push_back(sizes_text(report, line.condition, l));
  }
  page.table({"condition", "Hz per neuron", "spikes per stimulus", "memory C", "S", "C/S", "L1", "L2", "L3",
              "L4", "L5"},
             rows);
}

void add_missing(ReportPage& page, const StudyReport& report) {
  if (report.absence_size() > 0) {
    page.heading("Conditions that are missing");
    std::vector<std::vector<std::string>> rows;
    for (const StudyAbsence& absence : report.absence())
      rows.push_back({absence.condition(), absence.reason()});
    page.words(rows);
  }
  std::map<std::vector<std::string>, int> reasons;
  for (const StudyScore& s : report.score())
    if (!s.missing().empty()) ++reasons[{s.layer(), s.layers(), s.rows(), s.kind(), s.missing()}];
  if (reasons.empty()) return;
  page.heading("Scores that are missing");
  std::vector<std::vector<std::string>> rows;
  for (const auto& [key, count] : reasons) {
    rows.push_back(key);
    rows.back().insert(rows.back().end() - 1, fmt::format("{}", count));
  }
  page.table({"layer", "layers of", "rows", "pairs", "how many", "reason"}, rows,
             ReportPage::LastColumn::kWords);
}

std::string rates(const StreamDigest& digest, double highest) {
  Plot plot("rates", "s", "Hz per neuron", {0, digest.until_ms / 1000}, {0, highest}, 320, 160);
  std::size_t shown = 0;
  for (const auto& population : digest.populations) {
    std::vector<PlotPoint> points;
    const double part = digest.until_ms / 1000 / static_cast<double>(population.rate_hz.size());
    for (std::size_t k = 0; k < population.rate_hz.size(); ++k)
      points.push_back({part * (static_cast<double>(k) + 0.5), population.rate_hz[k]});
    plot.line(points, population_style(shown++));
  }
  return plot.svg();
}

/// The outline of a histogram over its own range.
std::vector<PlotPoint> outline(const std::vector<double>& counts, const Range& range) {
  const double width = range.width() / static_cast<double>(counts.size());
  std::vector<PlotPoint> points = {{range.low, 0}};
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double left = range.low + width * static_cast<double>(k);
    points.insert(points.end(), {{left, counts[k]}, {left + width, counts[k]}});
  }
  points.push_back({range.high, 0});
  return points;
}

/// The axes that the histograms of a projection have in common in all networks. Forty bins cover each
/// network's own range.
struct WeightAxes {
  Range weights{HUGE_VAL, -HUGE_VAL};
  double highest = 0;

  void cover(const StreamDigest::Projection& projection) {
    weights = {std::min(weights.low, projection.weights.low),
               std::max(weights.high, projection.weights.high)};
    for (const auto& h : projection.histograms)
      highest = std::max(highest, 1.05 * *std::max_element(h.counts.begin(), h.counts.end()));
  }
};

/// Weights before and after, one over the other.
std::string weights(const StreamDigest::Projection& projection, const WeightAxes& axes) {
  Plot plot(fmt::format("weights {} to {}", projection.source, projection.target), projection.unit,
            "synapses", axes.weights, {0, axes.highest}, 320, 160);
  plot.line(outline(projection.histograms.front().counts, projection.weights), "muted");
  plot.line(outline(projection.histograms.back().counts, projection.weights), "a");
  return plot.svg();
}

/// What a pair of spikes changes; thin: constants a standard deviation up and down.
std::string window(const StdpWindow& window, const Projection& projection, double highest) {
  Plot plot(fmt::format("STDP {} to {}", projection.source(), projection.target()), "t post - t pre [ms]", "",
            {-100, 100}, {-highest, highest}, 320, 160);
  plot.stroke(-100, 100, 0, "muted thin");
  plot.line(window.less, "faint thin");
  plot.line(window.more, "faint thin");
  plot.line(window.mean, "a");
  return plot.svg();
}

using Networks = std::vector<std::pair<const StudyCellReport*, StreamDigest>>;

/// A row for every projection under pair_stdp, with one axis.
void add_windows(const Networks& networks, std::vector<std::vector<std::string>>& rows) {
  const NetworkSpec& first = networks.front().second.header.spec();
  for (int k = 0; k < first.projection_size(); ++k) {
    std::vector<std::optional<StdpWindow>> windows;
    double highest = 0;
    for (const auto& [cell, digest] : networks) {
      windows.push_back(k < digest.header.spec().projection_size()
                            ? stdp_window(digest.header.spec().projection(k))
                            : std::nullopt);
      if (windows.back())
        for (const auto* line : {&windows.back()->mean, &windows.back()->more})
          for (const PlotPoint& p : *line) highest = std::max(highest, 1.05 * std::abs(p.y));
    }
    if (!(highest > 0)) continue;
    rows.emplace_back();
    for (const auto& of : windows)
      rows.back().push_back(of ? window(*of, first.projection(k), highest) : std::string());
  }
}

void add_parameters(ReportPage& page, const Networks::value_type& network) {
  page.heading("Parameters");
  page.paragraph("Of " + network.first->condition() + ": " + network.first->description() +
                 ", in ms, mV, pF, pA, MOhm and Hz; what is not said is as docs/models.md and "
                 "docs/plasticity_rules.md have it. hom has the means of what is drawn.");
  page.words(specification_rows(network.second.header.spec()));
}

/// The first network of every condition of a wiring: a column each, with axes in common.
void add_side_by_side(ReportPage& page, const StudyReport& report, const fs::path& folder) {
  Networks networks;
  const std::uint64_t seed = report.cell_size() == 0 ? 0 : report.cell(0).seed();
  for (const StudyCellReport& cell : report.cell()) {
    const bool plain = cell.condition().find(".cv") == std::string::npos &&
                       cell.condition().find(".at") == std::string::npos;
    std::error_code unknown;
    if (cell.seed() == seed && plain && fs::exists(folder / cell.file(), unknown))
      networks.emplace_back(&cell, read_digest((folder / cell.file()).string()));
  }
  if (networks.empty()) return;
  page.heading(fmt::format("Networks of seed {} side by side", seed));
  double highest_rate = 1;
  std::map<std::uint32_t, WeightAxes> axes;
  for (const auto& [cell, digest] : networks) {
    for (const auto& population : digest.populations)
      for (const double hz : population.rate_hz) highest_rate = std::max(highest_rate, hz);
    for (const auto& [p, projection] : digest.plastic) axes[p].cover(projection);
  }
  page.legend(population_swatches(networks.front().second));
  page.paragraph(
      "The spikes begin with the first probe; grey is where a stimulus lasts, its label above. Drag or turn "
      "the wheel to zoom, drag with Shift to move, double-click for all of it. Weights: grey before, "
      "coloured "
      "after the training. STDP: what a pair of spikes changes, as a share of w max - w min; thin: constants "
      "a "
      "standard deviation up and down.");
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows(2);
  for (const auto& [cell, digest] : networks) {
    names.push_back(cell->condition() + ": " + cell->description());
    rows[0].push_back(spike_chart(digest));
    rows[1].push_back(rates(digest, highest_rate));
  }
  for (const auto& [p, of_all] : axes) {
    rows.emplace_back();
    for (const auto& [cell, digest] : networks) {
      const auto found = digest.plastic.find(p);
      rows.back().push_back(found == digest.plastic.end() || found->second.histograms.empty()
                                ? std::string()
                                : weights(found->second, of_all));
    }
  }
  add_windows(networks, rows);
  page.columns(names, rows);
  const auto is_spread = [](const auto& network) { return network.first->condition().substr(1, 1) == "H"; };
  const auto drawn = std::find_if(networks.begin(), networks.end(), is_spread);
  add_parameters(page, drawn == networks.end() ? networks.front() : *drawn);
}

void add_making(ReportPage& page, const StudyReport& report) {
  page.heading("How this was made");
  page.words({{"command", report.command()},
              {"program", report.producer()},
              {"network", report.spec()},
              {"stimuli", report.spikes()},
              {"wirings", fmt::format("{}", report.wirings())},
              {"draws of the constants", fmt::format("{}", report.draws())},
              {"presentations to learn from", fmt::format("{}", report.lessons())},
              {"stimuli compared", fmt::format("{}", report.probes())}});
  std::vector<std::vector<std::string>> rows;
  for (const StudyCellReport& cell : report.cell())
    rows.push_back({cell.file(), cell.description(), fmt::format("{}", cell.seed()), cell.digest()});
  page.folded("Networks and their digests", {"stream", "condition", "seed", "digest"}, rows);
}

}  // namespace

std::string study_title(const StudyReport& report) {
  const std::vector<std::string> contrasts = contrasts_of(report);
  if (contrasts.empty()) return "A study without a contrast";
  std::string distinct;
  std::string question;
  for (const StudyDecision& d : report.decision()) {
    if (d.contrast() != contrasts.front() || d.family() != "decides") continue;
    question = d.question();
    if (d.verdict() == "distinct") distinct += (distinct.empty() ? "" : ", ") + d.layer();
  }
  return fmt::format("{}, layers L1 to L5, {} wirings: distinct in {}", question, report.wirings(),
                     distinct.empty() ? "no layer" : distinct);
}

void add_study(ReportPage& page, const StudyReport& report, const fs::path& folder) {
  for (const std::string& contrast : contrasts_of(report))
    if (!is_sweep(contrast)) add_contrast(page, report, contrast);
  add_definitions(page);
  add_floors(page, report);
  add_similarities(page, report);
  add_curves(page, report);
  add_sweep(page, report);
  add_maps(page, report);
  add_accuracies(page, report);
  add_activity(page, report);
  add_missing(page, report);
  add_side_by_side(page, report, folder);
  add_making(page, report);
}

}  // namespace chronotope::apps
