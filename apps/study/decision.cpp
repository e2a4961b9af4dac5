// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/decision.hpp"

#include <limits>

#include "chronotope/apps/study/deciding_seeds.hpp"
#include "chronotope/apps/study/holm.hpp"
#include "chronotope/apps/study/log_ratio.hpp"
#include "chronotope/core/exponential.hpp"

namespace chronotope::apps {

namespace {

/// All of a layer but its verdict, which depends on the whole family.
Decision measured(const Comparison& layer, const DecisionRule& rule) {
  Decision decision;
  decision.name = layer.name;
  std::vector<std::vector<double>> ratios;
  for (const SeedTable& table : layer.seeds)
    if (std::string why = table.unusable(); !why.empty()) {
      decision.unusable.push_back({table.seed(), std::move(why)});
    } else {
      ratios.push_back(log_ratios(table));
      decision.seeds.push_back(table.seed());
      decision.D.push_back(ratios.back().front());
    }
  if (ratios.empty()) return decision;
  decision.mean = mean_interval(decision.D, rule.level);
  if (ratios.size() >= rule.fewest_seeds) decision.test = relabelling_test(ratios, rule.random_seed);
  return decision;
}

bool lies_within(const MeanInterval& mean, const topology::Interval& margin) {
  return mean.interval && chronotope::exp(mean.interval->low) >= margin.low &&
         chronotope::exp(mean.interval->high) <= margin.high;
}

std::string too_few_seeds(const Decision& decision, const DecisionRule& rule) {
  std::string reason = std::to_string(decision.seeds.size()) + " usable seeds of " +
                       std::to_string(decision.seeds.size() + decision.unusable.size()) + " (at least " +
                       std::to_string(rule.fewest_seeds) + " are needed)";
  if (!decision.unusable.empty())
    reason +=
        "; seed " + std::to_string(decision.unusable.front().seed) + ": " + decision.unusable.front().reason;
  return reason;
}

std::string not_sure(const Decision& decision) {
  return decision.mean->mean > 0 ? "neither is D surely above 0 nor its interval inside the margin"
                                 : "D is not above 0, and its interval is not inside the margin";
}

std::vector<double> holm_over(const std::vector<Decision>& family) {
  std::vector<double> p;
  for (const Decision& decision : family)
    p.push_back(decision.test ? decision.test->p : std::numeric_limits<double>::quiet_NaN());
  return holm(p);
}

void judge(Decision& decision, std::size_t layers, const DecisionRule& rule) {
  decision.within_margin = decision.mean && lies_within(*decision.mean, rule.same);
  if (decision.holm_p && *decision.holm_p < rule.alpha) {
    decision.verdict = Verdict::kDistinct;
  } else if (decision.test && decision.within_margin) {
    decision.verdict = Verdict::kSame;
  } else {
    decision.reason = decision.test ? not_sure(decision) : too_few_seeds(decision, rule);
    if (!decision.mean || !decision.mean->sd) return;
    const PowerDemand demand{rule.power,
                             rule.alpha / static_cast<double>(layers),
                             rule.level,
                             {chronotope::log(rule.same.low), chronotope::log(rule.same.high)},
                             rule.fewest_seeds};
    decision.deciding_seeds = deciding_seeds(decision.mean->mean, *decision.mean->sd, demand);
  }
}

}  // namespace

std::string to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kDistinct:
      return "distinct";
    case Verdict::kSame:
      return "same";
    case Verdict::kUndecided:
      break;
  }
  return "undecided";
}

std::vector<Decision> decide(std::span<const Comparison> family, const DecisionRule& rule) {
  std::vector<Decision> decisions;
  for (const Comparison& layer : family) decisions.push_back(measured(layer, rule));
  const std::vector<double> adjusted = holm_over(decisions);
  for (std::size_t l = 0; l < decisions.size(); ++l) {
    if (decisions[l].test) decisions[l].holm_p = adjusted[l];
    judge(decisions[l], decisions.size(), rule);
  }
  return decisions;
}

}  // namespace chronotope::apps
