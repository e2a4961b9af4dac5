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

#include "chronotope/apps/study/condition_means.hpp"

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
    if (score.layer() == decision.layer() && score.layers() == decision.layers() &&
        score.rows() == decision.rows() && score.kind() != "map")
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
  if (rows == "matched") return code + " of equally many neurons (as in the study's smallest such layer)";
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
  std::string text;
  for (const StudyAbsence& absence : report.absence())
    text += fmt::format("\nMissing condition {}: {}\n", absence.condition(), absence.reason());
  if (reasons.empty()) return text;
  text += "\nMissing scores:\n";
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

/// Mean CKA, RSA and Procrustes distance of the pairs of a kind in one layer: "0.91 0.85 0.32".
std::string measures_cell(const StudyReport& report, const std::string& kind, const std::string& layer) {
  Spread cka, rsa, procrustes;
  for (const StudyScore& s : report.score()) {
    if (s.kind() != kind || s.layer() != layer || !decides(report, s.layers(), s.rows())) continue;
    if (s.has_cka()) cka.add(s.cka());
    if (s.has_rsa()) rsa.add(s.rsa());
    if (s.has_procrustes()) procrustes.add(s.procrustes());
  }
  const auto text = [](const Spread& of) { return of.values == 0 ? "-" : fmt::format("{:.2f}", of.mean); };
  return fmt::format("{} {} {}", text(cka), text(rsa), text(procrustes));
}

/// What the pairs of a kind are called.
std::string pairs_name(const std::string& kind) {
  return kind == "contrast" ? "hom and het" : kind == "redrawn" ? "het and het" : kind;
}

std::string measures_text(const StudyReport& report) {
  std::set<std::string> kinds;
  for (const StudyScore& s : report.score())
    if (s.has_rsa()) kinds.insert(s.kind());
  if (kinds.empty()) return "";
  std::string text = fmt::format("\n{:<36}", "Mean CKA, RSA, Procrustes of pairs");
  for (const char* layer : kLayerNames) text += fmt::format("{:>20}", layer);
  text += "\n";
  for (const std::string& kind : kinds) {
    text += fmt::format("{:<36}", pairs_name(kind));
    for (const char* layer : kLayerNames) text += fmt::format("{:>20}", measures_cell(report, kind, layer));
    text += "\n";
  }
  return text;
}

/// How far the networks themselves lie apart, beside the RTD of what they answer.
std::string embeddings_text(const StudyReport& report) {
  std::map<std::string, Spread> kinds;
  for (const StudyScore& s : report.score())
    if (s.has_embedding() && s.layer() == kLayerNames[0] && decides(report, s.layers(), s.rows()))
      kinds[s.kind()].add(s.embedding());
  if (kinds.empty()) return "";
  std::string text =
      "\nDistance of the networks' embeddings (weights, delays, time constants, degrees), mean [least, most] of pairs\n";
  for (const auto& [kind, spread] : kinds)
    text += fmt::format("{:<36}{:.3g} [{:.3g}, {:.3g}]\n", pairs_name(kind), spread.mean, spread.least,
                        spread.most);
  return text;
}

/// "0.85 [0.77, 0.91]".
std::string accuracy_cell(const AccuracyMean& mean) {
  if (!mean.missing.empty()) return "missing";
  return fmt::format("{:.2f} [{:.2f}, {:.2f}]", mean.accuracy, mean.interval.low, mean.interval.high);
}

/// One method on one split: a line per condition, the input first, a column per code.
std::string accuracy_block(const AccuracyTable& table) {
  std::string text = fmt::format("{:<24}", table.title);
  for (const std::string& code : table.codes) text += fmt::format("{:>20}", code);
  text += "\n";
  for (const AccuracyTable::Line& line : table.lines) {
    text += fmt::format("  {:<22}", line.source);
    for (const std::string& code : table.codes) {
      const auto found = line.of_code.find(code);
      text += fmt::format("{:>20}", found == line.of_code.end() ? "-" : accuracy_cell(found->second));
    }
    text += "\n";
  }
  return text;
}

std::string accuracies_text(const StudyReport& report) {
  const std::vector<AccuracyTable> tables = accuracy_tables(report);
  if (tables.empty()) return "";
  std::string text = fmt::format(
      "\nLabels told by a linear read-out of all neurons, mean share over wirings [95 %, binomial, of that "
      "many stimuli];\nchance is {:.2f}. input: the stimuli's own spikes, without a network\n",
      tables.front().chance);
  for (const AccuracyTable& table : tables) text += accuracy_block(table);
  for (const std::string& reason : missing_accuracies(report)) text += "  missing: " + reason + "\n";
  return text;
}

/// Trained against untrained, a line per pair and read-out, a column per code: "12:5 p 0.1435".
std::string paired_text(const StudyReport& report) {
  std::vector<std::string> codes;
  std::vector<std::string> order;
  std::map<std::string, std::map<std::string, std::string>> cells;
  for (const StudyPairedTest& test : report.paired_test()) {
    const std::string line =
        fmt::format("{} against {}, {}, {}", test.trained(), test.untrained(), test.read_out(),
                    test.split() == "5-fold" ? "5-fold" : "new speaker");
    if (!cells.contains(line)) order.push_back(line);
    if (std::find(codes.begin(), codes.end(), test.code()) == codes.end()) codes.push_back(test.code());
    cells[line][test.code()] =
        fmt::format("{}:{} p {}", test.for_trained(), test.for_untrained(), p_text(true, test.p()));
  }
  if (order.empty()) return "";
  std::string text =
      "\nStimuli told in more wirings by the trained network : by the untrained one, p of an even chance "
      "(McNemar)\n" +
      fmt::format("{:<44}", "");
  for (const std::string& code : codes) text += fmt::format("{:>20}", code);
  text += "\n";
  for (const std::string& line : order) {
    text += fmt::format("  {:<42}", line);
    for (const std::string& code : codes) text += fmt::format("{:>20}", cells[line][code]);
    text += "\n";
  }
  return text;
}

/// Three digits, but all of a whole part.
std::string measure_number(double x) {
  return std::abs(x) >= 1000 ? fmt::format("{:.0f}", x) : fmt::format("{:.3g}", x);
}

std::string measure_cell(const Spread& spread) {
  if (spread.values == 0) return "-";
  return fmt::format("{} [{}, {}]", measure_number(spread.mean), measure_number(spread.least),
                     measure_number(spread.most));
}

/// Rates, spikes per stimulus, memory, mean [least, most] over wirings.
std::string activity_text(const StudyReport& report) {
  std::string text = fmt::format("\nActivity, mean [least, most] over wirings\n{:<20}", "");
  for (const char* name : {"Hz per neuron", "spikes per stimulus", "memory C", "spikes S", "C/S"})
    text += fmt::format("{:>28}", name);
  text += "\n";
  for (const ActivityLine& line : activity_lines(report)) {
    text += fmt::format("{:<20}", line.condition);
    for (const Spread& spread :
         {line.rate_hz, line.probe_spikes, line.memory, line.memory_spikes, line.efficiency})
      text += fmt::format("{:>28}", measure_cell(spread));
    text += "\n";
  }
  return text +
         "memory C: how much of a random signal (20 ms a step) spike counts recall, above chance; S: spikes "
         "of "
         "a neuron under it\n";
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
  text += effects_text(report) + measures_text(report) + embeddings_text(report) + accuracies_text(report) +
          paired_text(report) + activity_text(report) + missing_text(report);
  text +=
      "\nratio: exp(mean D), how many times as far the homogeneous network lies from the heterogeneous ones "
      "as these\n"
      "from each other. distinct: p (Holm, over the layers) < 0.05. same: its 95 % interval inside 0.9 to "
      "1.11. "
      "n: wirings used.\n";
  return text;
}

}  // namespace chronotope::apps
