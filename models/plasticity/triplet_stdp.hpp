// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "chronotope/models/plasticity/trace_stdp.hpp"
#include "chronotope/models/plasticity/weight_dependence.hpp"

namespace chronotope::models {

/// Triplet STDP (Pfister & Gerstner 2006, equations 3 and 4), additive unless mu_plus and mu_minus say
/// otherwise.
///   arrival:            depress by o1 (A2_minus + A3_minus r2)
///   postsynaptic spike: potentiate by r1 (A2_plus + A3_plus o2)
/// with the slow traces r2 (tau_x) and o2 (tau_y) just before the event. The minimal models are those with
/// some amplitudes 0. Defaults: the minimal all-to-all model of the visual cortex data (their table 4).
/// Pairing: all-to-all or nearest symmetric (their "nearest-spike").
class TripletLaw {
 public:
  static constexpr std::string_view kName = "triplet_stdp";
  static constexpr bool kSlowTraces = true;

  explicit TripletLaw(const ProjectionSource& source)
      : A2_plus_(source.draw("A2_plus", 0, kNonNegative)),
        A3_plus_(source.draw("A3_plus", 6.5e-3, kNonNegative)),
        A2_minus_(source.draw("A2_minus", 7.1e-3, kNonNegative)),
        A3_minus_(source.draw("A3_minus", 0, kNonNegative)),
        dependence_(source, 0) {
    source.forbid("pairing", "PRESYNAPTIC_CENTRED", "a triplet rule pairs ALL_TO_ALL or NEAREST_SYMMETRIC");
    source.forbid("pairing", "REDUCED_SYMMETRIC", "a triplet rule pairs ALL_TO_ALL or NEAREST_SYMMETRIC");
  }

  static TraceConstants constants(const ProjectionSource& source) {
    return {source.draw("tau_plus", 16.8, kTimeConstant), source.draw("tau_minus", 33.7, kTimeConstant),
            source.draw("tau_x", 101, kTimeConstant), source.draw("tau_y", 114, kTimeConstant)};
  }
  std::vector<double> draw_magnitudes(const ProjectionSource& source) const {
    return dependence_.draw_magnitudes(source);
  }

  struct Synapse {
    static constexpr bool kIsCheap = false;

    double A2_plus;
    double A3_plus;
    double A2_minus;
    double A3_minus;
    WeightDependence dependence;

    double potentiation(double w, double r1, double o2) const {
      return dependence.potentiation(w, r1 * (A2_plus + A3_plus * o2));
    }
    double depression(double w, double o1, double r2) const {
      return dependence.depression(w, o1 * (A2_minus + A3_minus * r2));
    }
    double clip(double w) const { return dependence.clip(w); }
  };
  Synapse operator[](SynapseId s) const {
    return {A2_plus_[s], A3_plus_[s], A2_minus_[s], A3_minus_[s], dependence_[s]};
  }
  bool is_shared() const {
    return A2_plus_.is_shared() && A3_plus_.is_shared() && A2_minus_.is_shared() && A3_minus_.is_shared() &&
           dependence_.is_shared();
  }
  template <class Use>
  void use_shared(Use use) const {
    use((*this)[SynapseId{0}]);
  }

 private:
  Parameter<SynapseId> A2_plus_;
  Parameter<SynapseId> A3_plus_;
  Parameter<SynapseId> A2_minus_;
  Parameter<SynapseId> A3_minus_;
  WeightDependences dependence_;
};

using TripletStdp = TraceStdp<TripletLaw>;

static_assert(PlasticityRule<TripletStdp>);

}  // namespace chronotope::models
