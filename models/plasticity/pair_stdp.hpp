// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "chronotope/models/plasticity/trace_stdp.hpp"
#include "chronotope/models/plasticity/weight_dependence.hpp"

namespace chronotope::models {

/// Pair STDP: pairing x weight dependence (Morrison et al. 2008, section 4.1).
///   arrival: depress by A_minus o1,   postsynaptic spike: potentiate by A_plus r1
class PairLaw {
 public:
  static constexpr std::string_view kName = "pair_stdp";
  static constexpr bool kSlowTraces = false;

  explicit PairLaw(const ProjectionSource& source)
      : A_plus_(source.draw("A_plus", 0.01, kNonNegative)),
        A_minus_(source.draw("A_minus", 0.0105, kNonNegative)),
        dependence_(source, 1) {}

  static TraceConstants constants(const ProjectionSource& source) {
    return {source.draw("tau_plus", 20, kTimeConstant), source.draw("tau_minus", 20, kTimeConstant), {}, {}};
  }
  std::vector<double> draw_magnitudes(const ProjectionSource& source) const {
    return dependence_.draw_magnitudes(source);
  }

  template <class Dependence>
  struct Synapse {
    static constexpr bool kIsCheap = Dependence::kIsCheap;

    double A_plus;
    double A_minus;
    Dependence dependence;

    double potentiation(double w, double r1, double) const { return dependence.potentiation(w, A_plus * r1); }
    double depression(double w, double o1, double) const { return dependence.depression(w, A_minus * o1); }
    double clip(double w) const { return dependence.clip(w); }
  };
  Synapse<WeightDependence> operator[](SynapseId s) const {
    return {A_plus_[s], A_minus_[s], dependence_[s]};
  }
  bool is_shared() const { return A_plus_.is_shared() && A_minus_.is_shared() && dependence_.is_shared(); }
  template <class Use>
  void use_shared(Use use) const {
    dependence_.use_shared([&]<class Dependence>(const Dependence& dependence) {
      use(Synapse<Dependence>{A_plus_[SynapseId{0}], A_minus_[SynapseId{0}], dependence});
    });
  }

 private:
  Parameter<SynapseId> A_plus_;
  Parameter<SynapseId> A_minus_;
  WeightDependences dependence_;
};

using PairStdp = TraceStdp<PairLaw>;

static_assert(PlasticityRule<PairStdp>);

}  // namespace chronotope::models
