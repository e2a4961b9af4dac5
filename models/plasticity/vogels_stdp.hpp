// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "chronotope/models/plasticity/trace_stdp.hpp"
#include "chronotope/models/plasticity/weight_dependence.hpp"

namespace chronotope::models {

/// Symmetric plasticity of inhibitory synapses, which drives the target to a rate (Vogels et al. 2011).
///   arrival: w += eta (o1 - alpha),   postsynaptic spike: w += eta r1,   alpha = 2 target_rate tau
/// on the magnitude w, clipped to [w_min, w_max]; both traces decay with tau.
class VogelsLaw {
 public:
  static constexpr std::string_view kName = "vogels_stdp";
  static constexpr bool kSlowTraces = false;

  explicit VogelsLaw(const ProjectionSource& source)
      : eta_(source.draw("eta", 0.01 * source.mean_magnitude(), kNonNegative)),
        tau_(source.draw("tau", kTau, kTimeConstant)),
        target_rate_(source.draw("target_rate", 3, kNonNegative)),
        bounds_(source, 0) {}

  static TraceConstants constants(const ProjectionSource& source) {
    return {source.draw("tau", kTau, kTimeConstant), source.draw("tau", kTau, kTimeConstant), {}, {}};
  }
  std::vector<double> draw_magnitudes(const ProjectionSource& source) const {
    return bounds_.draw_magnitudes(source);
  }

  struct Synapse {
    static constexpr bool kIsCheap = true;

    double eta;
    double alpha;
    WeightDependence bounds;

    double potentiation(double, double r1, double) const { return eta * r1; }
    double depression(double, double o1, double) const { return eta * (o1 - alpha); }
    double clip(double w) const { return bounds.clip(w); }
  };
  Synapse operator[](SynapseId s) const {
    return {eta_[s], 2 * target_rate_[s] * 1e-3 * tau_[s], bounds_[s]};
  }
  bool is_shared() const {
    return eta_.is_shared() && tau_.is_shared() && target_rate_.is_shared() && bounds_.is_shared();
  }
  template <class Use>
  void use_shared(Use use) const {
    use((*this)[SynapseId{0}]);
  }

 private:
  static constexpr double kTau = 20;  // [ms]

  Parameter<SynapseId> eta_;          // [weight]
  Parameter<SynapseId> tau_;          // [ms]
  Parameter<SynapseId> target_rate_;  // [Hz]
  WeightDependences bounds_;
};

using VogelsStdp = TraceStdp<VogelsLaw>;

static_assert(PlasticityRule<VogelsStdp>);

}  // namespace chronotope::models
