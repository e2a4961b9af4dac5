// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/plan.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace chronotope::apps {
namespace {

/// The part in which `het` is heterogeneous where `hom` is not, when it is the only difference.
std::optional<Varied> only_difference(const Condition& hom, const Condition& het) {
  if (hom.control != Control::kNone || het.control != Control::kNone) return {};
  const bool learning = hom.learning == Learning::kHomogeneous && het.learning == Learning::kHeterogeneous;
  const bool neurons = !hom.neurons && het.neurons;
  const bool delays = hom.delays && !*hom.delays && het.delays.value_or(true);
  const bool same_learning = hom.learning == het.learning;
  const bool same_neurons = hom.neurons == het.neurons;
  const bool same_delays = hom.delays == het.delays;
  if (learning && same_neurons && same_delays) return Varied::kLearning;
  if (neurons && same_learning && same_delays) return Varied::kNeurons;
  if (delays && same_learning && same_neurons) return Varied::kDelays;
  return {};
}

/// Whether one is what supervision makes of the network that the other's STDP teaches.
bool are_counterparts(const Condition& supervised, const Condition& stdp) {
  return supervised.is_supervised() && stdp.has_stdp() && stdp.control == Control::kNone &&
         supervised.neurons == stdp.neurons && supervised.delays == stdp.delays;
}

class Planner {
 public:
  explicit Planner(const StudyRequest& request) : request_(request) { plan_.wirings = request.wirings; }

  StudyPlan operator()() {
    for (const Condition& condition : request_.conditions) add(condition);
    for (const Condition& hom : request_.conditions)
      for (const Condition& het : request_.conditions)
        if (const auto part = only_difference(hom, het)) add_contrast(*part, hom, het);
    for (const Condition& supervised : request_.conditions)
      for (const Condition& stdp : request_.conditions)
        if (are_counterparts(supervised, stdp)) add_supervised(supervised, stdp);
    const std::vector<Contrast> asked = plan_.contrasts;
    for (const double cv : request_.cvs)
      for (const Contrast& contrast : asked)
        if (contrast.part == Varied::kLearning) {
          Condition het = contrast.het.front();
          het.cv = cv;
          add_contrast(Varied::kLearning, contrast.hom, het);
        }
    for (std::size_t c = 1; c <= request_.checkpoints; ++c) add_checkpoint(c);
    return std::move(plan_);
  }

 private:
  void add(const Condition& condition) {
    if (plan_.find(condition.name()) == nullptr) plan_.conditions.push_back(condition);
    if (condition.control != Control::kNone) add(condition.with(Control::kNone));
  }

  void add_contrast(Varied part, const Condition& hom, const Condition& het) {
    Contrast contrast{part, hom, {}};
    for (std::uint32_t k = 1; k <= request_.draws; ++k) {
      contrast.het.push_back(het.redrawn(part, k));
      add(contrast.het.back());
    }
    plan_.contrasts.push_back(std::move(contrast));
  }

  void add_supervised(const Condition& supervised, const Condition& stdp) {
    Contrast contrast{{}, supervised, {stdp}};
    if (stdp.learning == Learning::kHomogeneous) {
      contrast.het.push_back(stdp.with(Control::kOrder));
    } else {
      for (std::uint32_t k = 2; k <= request_.draws; ++k)
        contrast.het.push_back(stdp.redrawn(Varied::kLearning, k));
    }
    for (const Condition& condition : contrast.het) add(condition);
    plan_.contrasts.push_back(std::move(contrast));
  }

  void add_checkpoint(std::size_t number) {
    const double share = static_cast<double>(number) / static_cast<double>(request_.checkpoints + 1);
    plan_.checkpoints.push_back(share);
    for (Condition condition : request_.conditions) {
      if (condition.control != Control::kNone || !condition.has_stdp()) continue;
      add(condition.untrained());
      condition.trained = share;
      add(condition);
    }
  }

  const StudyRequest& request_;
  StudyPlan plan_;
};

}  // namespace

std::string Contrast::name() const { return hom.name() + "-" + het.front().name(); }

std::string Contrast::described() const {
  if (!part) return fmt::format("{} against {}", het.front().described(), hom.described());
  const char* what = part == Varied::kLearning ? "STDP" : part == Varied::kNeurons ? "neurons" : "delays";
  std::string text = fmt::format("het against hom {}", what);
  if (het.front().cv) text += fmt::format(" of cv {}", *het.front().cv);
  if (part != Varied::kLearning) text += ", " + hom.described();
  if (part == Varied::kLearning && hom.neurons) text += ", het neurons";
  return text;
}

const Condition* StudyPlan::find(const std::string& name) const {
  const auto found = std::find_if(conditions.begin(), conditions.end(),
                                  [&](const Condition& c) { return c.name() == name; });
  return found == conditions.end() ? nullptr : &*found;
}

StudyPlan make_plan(const StudyRequest& request) { return Planner(request)(); }

}  // namespace chronotope::apps
