// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/findings.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "chronotope/apps/study/cross_seed_test.hpp"
#include "chronotope/apps/study/decision.hpp"
#include "chronotope/apps/study/mean_interval.hpp"
#include "chronotope/apps/study/seed_table.hpp"

namespace chronotope::apps {
namespace {

constexpr double kLevel = 0.95;

std::string layer_name(std::size_t layer) { return "L" + std::to_string(layer + 1); }

/// In whose layers rows of which form are compared: one family of tests.
struct Family {
  LayerSource source;
  Rows rows;
  std::string layers;  // as it is called

  friend bool operator<(const Family& a, const Family& b) {
    return std::pair(a.source, a.rows) < std::pair(b.source, b.rows);
  }
};

/// Finds the report of two networks, whichever comes first.
class ScoreTable {
 public:
  explicit ScoreTable(const Findings& findings) {
    std::set<Family> seen;
    for (const PairLayers& score : findings.scores) {
      if (score.pair->kind == "map") continue;
      const Family family{score.layers, score.rows, score.reports[0].a().layering()};
      if (seen.insert(family).second) families_.push_back(family);
      reports_[key(findings.cells, *score.pair, family)] = &score.reports;
    }
  }

  const std::vector<Family>& families() const { return families_; }

  /// Null when the two were not compared.
  const RtdReport* find(const Family& family, const Condition& a, std::uint64_t wiring_a, const Condition& b,
                        std::uint64_t wiring_b, std::size_t layer) const {
    const End of_a{a.name(), wiring_a};
    const End of_b{b.name(), wiring_b};
    const auto found =
        reports_.find({std::min(of_a, of_b), std::max(of_a, of_b), family.source, family.rows});
    return found == reports_.end() ? nullptr : &(*found->second)[layer];
  }

 private:
  using End = std::pair<std::string, std::uint64_t>;
  using Key = std::tuple<End, End, LayerSource, Rows>;

  static Key key(const std::vector<Cell>& cells, const PairOfCells& pair, const Family& family) {
    const End a{cells[pair.a].condition.name(), cells[pair.a].wiring};
    const End b{cells[pair.b].condition.name(), cells[pair.b].wiring};
    return {std::min(a, b), std::max(a, b), family.source, family.rows};
  }

  std::vector<Family> families_;
  std::map<Key, const std::vector<RtdReport>*> reports_;
};

PairScore pair_score(const RtdReport* report) {
  if (report == nullptr) return {0, "the two were not compared"};
  return {report->rtd(), report->missing()};
}

/// The networks of a contrast on one wiring.
SeedTable table_of(const Contrast& contrast, std::uint64_t wiring, std::uint64_t seed, const Family& family,
                   std::size_t layer, const ScoreTable& scores) {
  std::vector<Condition> networks = {contrast.hom};
  networks.insert(networks.end(), contrast.het.begin(), contrast.het.end());
  std::vector<std::string> names;
  for (const Condition& condition : networks) names.push_back(condition.name());
  SeedTable table(seed + wiring, names);
  for (std::size_t j = 0; j < networks.size(); ++j)
    for (std::size_t i = 0; i < j; ++i)
      table.set(i, j, pair_score(scores.find(family, networks[i], wiring, networks[j], wiring, layer)));
  return table;
}

void fill(StudyDecision& out, const Decision& decision) {
  out.set_layer(decision.name);
  out.set_verdict(to_string(decision.verdict));
  out.set_reason(decision.reason);
  out.set_seeds(static_cast<std::uint32_t>(decision.seeds.size()));
  out.set_within_margin(decision.within_margin);
  if (decision.mean) {
    out.set_mean(decision.mean->mean);
    if (decision.mean->sd) out.set_sd(*decision.mean->sd);
    if (decision.mean->interval) {
      out.set_low(decision.mean->interval->low);
      out.set_high(decision.mean->interval->high);
    }
  }
  if (decision.test) {
    out.set_p(decision.test->p);
    out.set_smallest_p(decision.test->smallest_p);
  }
  if (decision.holm_p) out.set_p_holm(*decision.holm_p);
  if (decision.deciding_seeds) out.set_deciding_seeds(static_cast<std::uint32_t>(*decision.deciding_seeds));
  for (std::size_t i = 0; i < decision.seeds.size(); ++i) {
    StudySeed& seed = *out.add_seed();
    seed.set_seed(decision.seeds[i]);
    seed.set_d(decision.D[i]);
  }
  for (const UnusableSeed& unusable : decision.unusable) {
    StudySeed& seed = *out.add_seed();
    seed.set_seed(unusable.seed);
    seed.set_missing(unusable.reason);
  }
}

/// Two conditions on one wiring.
using Move = std::pair<Condition, Condition>;

/// What a floor or control is held against: by how much the networks of these moves differ.
struct Effect {
  std::string name;
  std::vector<Move> moves;
};

Effect effect_of(const Contrast& contrast) {
  Effect effect{contrast.name(), {}};
  for (const Condition& het : contrast.het) effect.moves.emplace_back(contrast.hom, het);
  return effect;
}

/// What moves one of the networks of a contrast.
std::vector<Move> floors_of(const Contrast& contrast, const StudyPlan& plan) {
  std::vector<Move> floors;
  for (const Condition& base : {contrast.hom, contrast.het.front()}) {
    for (const Condition& changed : plan.conditions)
      if (changed.control != Control::kNone && changed.with(Control::kNone).name() == base.name())
        floors.emplace_back(base, changed);
    if (!base.cv && plan.find(base.untrained().name()) != nullptr && base.is_trained())
      floors.emplace_back(base, base.untrained());
  }
  return floors;
}

std::string floor_name(const Condition& changed) {
  const std::string name = changed.name();
  return changed.control == Control::kNone ? "untrained" : name.substr(name.find('.') + 1);
}

/// Logarithms of scores; nothing, and the reason, when one is missing or has none.
std::optional<std::vector<double>> logs(const std::vector<const RtdReport*>& reports, std::string& missing) {
  std::vector<double> logs;
  for (const RtdReport* report : reports) {
    const PairScore score = pair_score(report);
    if (!score.missing.empty() || !(score.rtd > 0)) {
      missing = score.missing.empty() ? "an RTD of 0 has no logarithm" : score.missing;
      return {};
    }
    logs.push_back(std::log(score.rtd));
  }
  return logs;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

void fill(StudyScore& out, const Similarity& similarity) {
  if (similarity.rsa) out.set_rsa(*similarity.rsa);
  if (similarity.procrustes) out.set_procrustes(*similarity.procrustes);
}

void fill(StudyFloor& out, const std::vector<double>& ratio, const std::vector<double>& floor) {
  out.set_seeds(static_cast<std::uint32_t>(ratio.size()));
  if (ratio.empty()) return;
  const MeanInterval mean = mean_interval(ratio, kLevel);
  out.clear_missing();
  out.set_ratio(std::exp(mean.mean));
  out.set_rtd(std::exp(mean_of(floor)));
  if (!mean.interval) return;
  out.set_low(std::exp(mean.interval->low));
  out.set_high(std::exp(mean.interval->high));
}

/// An effect beside a floor in one layer, over the wirings.
StudyFloor compare_with_floor(const Effect& effect, const Move& floor, const Family& family,
                              std::size_t layer, std::size_t wirings, const ScoreTable& scores) {
  StudyFloor out;
  std::vector<double> ratio;
  std::vector<double> floors;
  for (std::uint64_t w = 0; w < wirings; ++w) {
    std::vector<const RtdReport*> moved;
    for (const auto& [a, b] : effect.moves) moved.push_back(scores.find(family, a, w, b, w, layer));
    std::string missing;
    const auto of_effect = logs(moved, missing);
    const auto of_floor = logs({scores.find(family, floor.first, w, floor.second, w, layer)}, missing);
    out.set_missing(missing);
    if (!of_effect || !of_floor) continue;
    ratio.push_back(mean_of(*of_effect) - of_floor->front());
    floors.push_back(of_floor->front());
  }
  fill(out, ratio, floors);
  out.set_contrast(effect.name);
  out.set_layers(family.layers);
  out.set_rows(to_string(family.rows));
  out.set_layer(layer_name(layer));
  out.set_floor(floor_name(floor.second));
  out.set_condition(floor.first.name());
  return out;
}

StudyWiringTest wiring_test(const Contrast& contrast, const Family& family, std::size_t layer,
                            const Findings& findings, const ScoreTable& scores) {
  StudyWiringTest out;
  out.set_contrast(contrast.name());
  out.set_rows(to_string(family.rows));
  out.set_layer(layer_name(layer));
  const std::size_t wirings = findings.plan.wirings;
  CrossSeedScores table(wirings);
  using Side = CrossSeedScores::Condition;
  const std::pair<Side, Condition> sides[] = {{Side::kA, contrast.hom}, {Side::kB, contrast.het.front()}};
  for (std::uint64_t v = 0; v < wirings; ++v)
    for (std::uint64_t w = 0; w < wirings; ++w)
      for (const auto& [side_a, a] : sides)
        for (const auto& [side_b, b] : sides) {
          if (v == w) continue;
          const PairScore score = pair_score(scores.find(family, a, v, b, w, layer));
          if (!score.missing.empty()) {
            out.set_missing(score.missing);
            return out;
          }
          table.set(side_a, v, side_b, w, score.rtd);
        }
  const CrossSeedTest test = cross_seed_test(table, findings.seed);
  out.set_t(test.T);
  out.set_p(test.p);
  out.set_smallest_p(test.smallest_p);
  return out;
}

}  // namespace

void Findings::add_decisions(StudyReport& report) const {
  const ScoreTable table(*this);
  for (const Contrast& contrast : plan.contrasts)
    for (const Family& family : table.families()) {
      std::vector<Comparison> layers;
      for (std::size_t l = 0; l < topology::kLayers; ++l) {
        layers.push_back({layer_name(l), {}});
        for (std::uint64_t w = 0; w < plan.wirings; ++w)
          layers.back().seeds.push_back(table_of(contrast, w, seed, family, l, table));
      }
      const bool decides = &family == &table.families().front();
      for (const Decision& decision : decide(layers)) {
        StudyDecision& out = *report.add_decision();
        fill(out, decision);
        out.set_contrast(contrast.name());
        out.set_question(contrast.described());
        out.set_layers(family.layers);
        out.set_rows(to_string(family.rows));
        out.set_family(decides ? "decides" : "beside");
      }
    }
}

void Findings::add_floors(StudyReport& report) const {
  const ScoreTable table(*this);
  const auto add = [&](const Effect& effect, const Move& floor) {
    for (const Family& family : table.families())
      for (std::size_t l = 0; l < topology::kLayers; ++l)
        *report.add_floor() = compare_with_floor(effect, floor, family, l, plan.wirings, table);
  };
  for (const Contrast& contrast : plan.contrasts)
    for (const Move& floor : floors_of(contrast, plan)) add(effect_of(contrast), floor);
  for (const Condition& permuted : plan.conditions) {
    const Condition base = permuted.with(Control::kNone);
    const Condition order = permuted.with(Control::kOrder);
    if (permuted.control == Control::kPermuted && plan.find(order.name()) != nullptr)
      add({permuted.name(), {{base, permuted}}}, {base, order});
  }
}

void Findings::add_wiring_tests(StudyReport& report) const {
  if (plan.wirings < 2) return;
  const ScoreTable table(*this);
  for (const Contrast& contrast : plan.contrasts)
    for (const Family& family : table.families())
      if (!contrast.het.front().cv && family.source == table.families().front().source &&
          family.rows != Rows::kMatched)
        for (std::size_t l = 0; l < topology::kLayers; ++l)
          *report.add_wiring_test() = wiring_test(contrast, family, l, *this, table);
}

void Findings::add_scores(StudyReport& report) const {
  for (const PairLayers& score : scores) {
    const Cell& a = cells[score.pair->a];
    const Cell& b = cells[score.pair->b];
    for (std::size_t l = 0; l < score.reports.size(); ++l) {
      const RtdReport& r = score.reports[l];
      StudyScore& out = *report.add_score();
      if (l < score.similarities.size()) fill(out, score.similarities[l]);
      if (score.pair->kind != "map") out.set_embedding(score.embedding);
      out.set_kind(score.pair->kind);
      out.set_a(a.condition.name());
      out.set_b(b.condition.name());
      out.set_seed_a(seed + a.wiring);
      out.set_seed_b(seed + b.wiring);
      out.set_layers(r.a().layering());
      out.set_rows(to_string(score.rows));
      out.set_layer(r.layer());
      out.set_neurons_a(r.a().neurons());
      out.set_neurons_b(r.b().neurons());
      out.set_missing(r.missing());
      if (r.has_cka() && std::isfinite(r.cka())) out.set_cka(r.cka());
      if (!r.missing().empty()) continue;
      out.set_rtd(r.rtd());
      out.set_rtd_ab(r.rtd_ab());
      out.set_rtd_ba(r.rtd_ba());
      if (r.has_shuffled()) out.set_shuffled(r.shuffled().mean());
    }
  }
}

}  // namespace chronotope::apps
