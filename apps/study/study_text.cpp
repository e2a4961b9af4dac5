// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/study_text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace chronotope::apps {
namespace {

constexpr std::array kLayerNames{"L1", "L2", "L3", "L4", "L5"};

std::string joined(const std::vector<std::string>& parts, const std::string& none) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text.empty() ? none : text;
}

/// The contrasts of a study, each once, in order.
std::vector<std::string> contrasts_of(const StudyReport& report) {
  std::vector<std::string> names;
  for (const StudyDecision& decision : report.decision())
    if (std::find(names.begin(), names.end(), decision.contrast()) == names.end())
      names.push_back(decision.contrast());
  return names;
}

std::string ratio_text(double log_mean) { return fmt::format("{:.3f}", std::exp(log_mean)); }

std::string interval_text(bool known, double low, double high) {
  return known ? fmt::format("{:.2f} to {:.2f}", low, high) : "-";
}

std::string p_text(bool known, double p) {
  return !known ? "-" : p < 0.0001 ? "<0.0001" : fmt::format("{:.4f}", p);
}

/// "85-96", of all networks of the study in that layer.
std::string sizes_text(const StudyReport& report, const StudyDecision& decision) {
  std::uint32_t least = UINT32_MAX;
  std::uint32_t most = 0;
  for (const StudyScore& score : report.score())
    if (score.layer() == decision.layer() && score.layers() == decision.layers())
      for (const std::uint32_t n : {score.neurons_a(), score.neurons_b()}) {
        least = std::min(least, n);
        most = std::max(most, n);
      }
  return least == most ? fmt::format("{}", most) : fmt::format("{}-{}", least, most);
}

std::string decision_row(const StudyReport& report, const StudyDecision& d) {
  const std::string verdict =
      d.verdict() + (d.reason().empty() ? "" : ": " + d.reason()) +
      (d.has_deciding_seeds() ? fmt::format("; some {} wirings would decide", d.deciding_seeds()) : "");
  return fmt::format("{:<6}{:>9}{:>8}  {:>14}{:>10}{:>10}{:>6}  {}\n", d.layer(), sizes_text(report, d),
                     d.has_mean() ? ratio_text(d.mean()) : "-",
                     interval_text(d.has_low(), std::exp(d.low()), std::exp(d.high())),
                     p_text(d.has_p(), d.p()), p_text(d.has_p_holm(), d.p_holm()), d.seeds(), verdict);
}

std::string rows_text(const std::string& rows, const std::string& code) {
  return rows == "raw" ? code + " as they are" : "rows of length 1 (how much is fired taken out)";
}

std::string decisions_text(const StudyReport& report, const std::string& contrast) {
  std::string text;
  std::string family;
  for (const StudyDecision& d : report.decision()) {
    if (d.contrast() != contrast) continue;
    const std::string own = fmt::format("{} layers, {}", d.layers(), rows_text(d.rows(), report.code()));
    if (own != family)
      text += fmt::format("\n{}{}\n{:<6}{:>9}{:>8}  {:>14}{:>10}{:>10}{:>6}  decision\n", own,
                          d.family() == "decides" ? ": these decide" : "", "layer", "neurons", "ratio",
                          "95 %", "p", "p (Holm)", "n");
    family = own;
    text += decision_row(report, d);
  }
  return text;
}

bool decides(const StudyReport& report, const std::string& layers, const std::string& rows) {
  return layers == report.layers() && rows == "raw";
}

std::string floor_name(const StudyFloor& floor) {
  static const std::map<std::string, std::string> names{{"order", "another order"},
                                                        {"jitter", "input moved by 1e-11 ms"},
                                                        {"permuted", "permuted channels"},
                                                        {"gain", "untrained, trained mean weight"},
                                                        {"untrained", "untrained"}};
  const auto found = names.find(floor.floor());
  return fmt::format("{}: {}", floor.condition(), found == names.end() ? floor.floor() : found->second);
}

std::string floor_cell(const StudyFloor& floor) {
  if (!floor.has_ratio()) return "missing";
  if (!floor.has_low()) return fmt::format("{:.2f}", floor.ratio());
  return fmt::format("{:.2f} [{:.2f}, {:.2f}]", floor.ratio(), floor.low(), floor.high());
}

/// Ratios of one effect to every floor, a line each.
std::string floors_text(const StudyReport& report, const std::string& effect) {
  std::map<std::string, std::map<std::string, std::string>> cells;
  std::vector<std::string> order;
  for (const StudyFloor& floor : report.floor()) {
    if (floor.contrast() != effect || !decides(report, floor.layers(), floor.rows())) continue;
    const std::string name = floor_name(floor);
    if (!cells.contains(name)) order.push_back(name);
    cells[name][floor.layer()] = floor_cell(floor);
  }
  if (order.empty()) return "";
  std::string text = fmt::format("{:<36}", "");
  for (const char* layer : kLayerNames) text += fmt::format("{:>20}", layer);
  text += "\n";
  for (const std::string& name : order) {
    text += fmt::format("{:<36}", name);
    for (const char* layer : kLayerNames) text += fmt::format("{:>20}", cells[name][layer]);
    text += "\n";
  }
  return text;
}

std::string wirings_text(const StudyReport& report, const std::string& contrast) {
  std::string text;
  for (const StudyWiringTest& test : report.wiring_test())
    if (test.contrast() == contrast && test.rows() == "raw")
      text += fmt::format("  {} {}", test.layer(),
                          test.has_t() ? fmt::format("{:.3f} (p {})", test.t(), p_text(true, test.p()))
                                       : std::string("missing"));
  return text.empty() ? "" : "\nBetween wirings, T (p; labels swapped within a wiring):" + text + "\n";
}

/// Why there is no score, each reason once with how often it was met.
std::string missing_text(const StudyReport& report) {
  std::map<std::tuple<std::string, std::string, std::string>, std::pair<int, std::string>> reasons;
  for (const StudyScore& score : report.score()) {
    if (score.missing().empty()) continue;
    auto& [count, example] = reasons[{score.layers(), score.layer(), score.missing()}];
    ++count;
    example = fmt::format("{}-{} and {}-{}", score.a(), score.seed_a(), score.b(), score.seed_b());
  }
  if (reasons.empty()) return "";
  std::string text = "\nMissing scores:\n";
  for (const auto& [key, value] : reasons)
    text += fmt::format("  {} ({} layers), {} times, as {}: {}\n", std::get<1>(key), std::get<0>(key),
                        value.first, value.second, std::get<2>(key));
  return text;
}

std::string effects_text(const StudyReport& report) {
  std::string text;
  std::set<std::string> contrasts;
  for (const std::string& name : contrasts_of(report)) contrasts.insert(name);
  std::set<std::string> told;
  for (const StudyFloor& floor : report.floor())
    if (!contrasts.contains(floor.contrast()) && told.insert(floor.contrast()).second)
      text += fmt::format(
          "\nHow far learning other stimuli ({}) moves the network, as a multiple of what another order of "
          "the\n"
          "same ones does (above 1: something about the stimuli is learnt)\n{}",
          floor.contrast(), floors_text(report, floor.contrast()));
  return text;
}

}  // namespace

std::string conclusion(const StudyReport& report, const std::string& contrast) {
  std::vector<std::string> distinct;
  std::vector<std::string> same;
  std::vector<std::string> undecided;
  std::string question;
  for (const StudyDecision& d : report.decision()) {
    if (d.contrast() != contrast || d.family() != "decides") continue;
    question = d.question();
    if (d.verdict() == "distinct") distinct.push_back(d.layer());
    if (d.verdict() == "same") same.push_back(d.layer());
    if (d.verdict() == "undecided")
      undecided.push_back(
          d.layer() +
          (d.has_deciding_seeds() ? fmt::format(" (some {} wirings would decide)", d.deciding_seeds()) : ""));
  }
  return fmt::format("{}, {} wirings: distinct in {}; the same in {}; undecided in {}.", question,
                     report.wirings(), joined(distinct, "no layer"), joined(same, "no layer"),
                     joined(undecided, "no layer"));
}

std::string study_text(const StudyReport& report) {
  std::string text = fmt::format(
      "{} wirings, {} draws of the constants, {} presentations to learn from, {} stimuli compared.\n",
      report.wirings(), report.draws(), report.lessons(), report.probes());
  for (const std::string& contrast : contrasts_of(report)) {
    text += fmt::format("\n{} ({})\n", conclusion(report, contrast), contrast);
    text += decisions_text(report, contrast);
    const std::string floors = floors_text(report, contrast);
    if (!floors.empty())
      text +=
          "\nRTD of the contrast as a multiple of RTD to the same network changed so, geometric mean [95 "
          "%]\n" +
          floors;
    text += wirings_text(report, contrast);
  }
  text += effects_text(report) + missing_text(report);
  text +=
      "\nratio: exp(mean D), how many times as far the homogeneous network lies from the heterogeneous ones "
      "as these\n"
      "from each other. distinct: p (Holm, over the layers) < 0.05. same: its 95 % interval inside 0.9 to "
      "1.11. "
      "n: wirings used.\n";
  return text;
}

}  // namespace chronotope::apps
