// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "chronotope/core/parameter.hpp"
#include "chronotope/core/plasticity_rule.hpp"
#include "chronotope/core/projection_source.hpp"
#include "chronotope/models/plasticity/weight_dependence.hpp"

namespace chronotope::models {

/// Pair STDP, all-to-all, every constant shared or one per synapse (Morrison et al. 2008 for the trace form).
///
///   arrival at t:             w = depress(w, A_minus y(t-)),    x += 1     x' = -x/tau_plus
///   postsynaptic spike at t:  w = potentiate(w, A_plus x(t)),   y += 1     y' = -y/tau_minus
///
/// w is the magnitude; the sign of the initial weight is kept for ever. A spike at the instant of an arrival
/// comes after it, so the pair potentiates with dt = 0. From learn_until on nothing changes.
///
/// Memory per synapse: 48 bytes, and 8 for each constant that is not shared.
class PairStdp {
 public:
  static constexpr std::string_view kName = "pair_stdp";
  static constexpr bool kPlastic = true;

  explicit PairStdp(const ProjectionSource& source);

  double arrive(SynapseId s, const SpikeHistory& post, Time t) {
    settle(s, post);
    Trace& trace = traces_[index(s)];
    const double before = weight(s);
    if (t >= learn_until_) return before;
    decay(s, trace, t);
    trace.w = dependence_.depress(trace.w, A_minus_[s] * trace.y);
    trace.x += 1;
    return transmit_before_update_ ? before : weight(s);
  }

  void settle(SynapseId s, const SpikeHistory& post) {
    Trace& trace = traces_[index(s)];
    for (const Time t : post.since(trace.next_spike)) {
      if (t >= learn_until_) break;
      decay(s, trace, t);
      trace.w = dependence_.potentiate(trace.w, A_plus_[s] * trace.x);
      trace.y += 1;
    }
    trace.next_spike = post.end();
  }

  double weight(SynapseId s) const { return sign_ * traces_[index(s)].w; }

 private:
  /// One synapse after its last event.
  struct Trace {
    Time at;
    double w;
    double x;
    double y;
    std::uint32_t next_spike;  // of the target, the first not accounted for
  };

  void decay(SynapseId s, Trace& trace, Time t) const {
    const double ms = (t - trace.at).ms;
    trace.x *= exp(-ms / tau_plus_[s]);
    trace.y *= exp(-ms / tau_minus_[s]);
    trace.at = t;
  }

  Parameter<SynapseId> tau_plus_;   // [ms]
  Parameter<SynapseId> tau_minus_;  // [ms]
  Parameter<SynapseId> A_plus_;
  Parameter<SynapseId> A_minus_;
  WeightDependence dependence_;
  double sign_;
  bool transmit_before_update_;
  Time learn_until_;
  std::vector<Trace> traces_;
};

static_assert(PlasticityRule<PairStdp>);

inline PairStdp::PairStdp(const ProjectionSource& source)
    : tau_plus_(source.draw("tau_plus", 20, kPositive)),
      tau_minus_(source.draw("tau_minus", 20, kPositive)),
      A_plus_(source.draw("A_plus", 0.01, kNonNegative)),
      A_minus_(source.draw("A_minus", 0.0105, kNonNegative)),
      dependence_{source.constant("w_min", 0, kNonNegative),
                  source.constant("w_max", 3 * source.mean_magnitude(), kPositive),
                  source.constant("mu_plus", 1, kNonNegative), source.constant("mu_minus", 1, kNonNegative)},
      sign_(source.sign()),
      transmit_before_update_(source.chosen("transmit", "BEFORE_UPDATE")),
      learn_until_(source.time("learn_until")) {
  source.require(dependence_.w_min < dependence_.w_max, "w_max", dependence_.w_max,
                 "must be above w_min = " + to_string(dependence_.w_min));
  const std::vector<double> weights = source.draw_weights(dependence_.w_min, dependence_.w_max);
  traces_.reserve(weights.size());
  for (const double w : weights) traces_.push_back({Time(), sign_ * w, 0, 0, 0});
}

}  // namespace chronotope::models
