// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <limits>
#include <optional>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/projection_source.hpp"

namespace chronotope::models {

/// How the size of a change depends on the weight's magnitude w, within hard bounds, s = w_max - w_min.
///
/// Guetig et al. 2003, where mu 0 is the additive rule and mu 1 the multiplicative one:
///   potentiation by a: +a s ((w_max - w)/s)^mu_plus,   depression by a: -a s ((w - w_min)/s)^mu_minus
/// With a reference weight w_ref > 0 the power law of Morrison et al. 2007 (NEST's stdp_pl_synapse_hom):
///   potentiation by a: +a w_ref (w/w_ref)^mu_plus,     depression by a: -a w
/// The only place where weights are clipped.
struct WeightDependence {
  static constexpr bool kIsCheap = false;  // see TraceLaw

  double w_min;
  double w_max;  // > w_min; infinite when there is no bound
  double mu_plus;
  double mu_minus;
  double w_ref;  // 0: Guetig's form

  /// The changes, before clipping. Requires: w_min <= w <= w_max, amount >= 0.
  double potentiation(double w, double amount) const {
    if (w_ref > 0) return amount * w_ref * power(w / w_ref, mu_plus);
    if (mu_plus == 1) return amount * (w_max - w);
    return amount * (w_max - w_min) * power((w_max - w) / (w_max - w_min), mu_plus);
  }
  double depression(double w, double amount) const {
    if (w_ref > 0) return -(amount * w);
    if (mu_minus == 1) return -(amount * (w - w_min));
    return -(amount * (w_max - w_min) * power((w - w_min) / (w_max - w_min), mu_minus));
  }
  double clip(double w) const { return std::min(w_max, std::max(w_min, w)); }

 private:
  static double power(double base, double mu) {
    if (mu == 0) return 1;
    return mu == 1 ? base : pow(base, mu);
  }
};

/// The same with mu_plus = mu_minus = 0 and with 1 in Guetig's form, without the decisions; the same bits.
struct AdditiveDependence : WeightDependence {
  static constexpr bool kIsCheap = true;

  double potentiation(double, double amount) const { return amount * (w_max - w_min); }
  double depression(double, double amount) const { return -(amount * (w_max - w_min)); }
};
struct MultiplicativeDependence : WeightDependence {
  static constexpr bool kIsCheap = true;

  double potentiation(double w, double amount) const { return amount * (w_max - w); }
  double depression(double w, double amount) const { return -(amount * (w - w_min)); }
};

/// The weight dependence of every synapse, each constant shared or one per synapse.
class WeightDependences {
 public:
  /// The powers' default is `mu`. Throws FieldError.
  WeightDependences(const ProjectionSource& source, double mu)
      : w_min_(source.draw("w_min", 0, kNonNegative)),
        w_ref_(source.draw("w_ref", 0, kNonNegative)),
        w_max_(source.draw("w_max", default_w_max(source), kPositive)),
        mu_plus_(source.draw("mu_plus", mu, kNonNegative)),
        mu_minus_(source.draw("mu_minus", mu, kNonNegative)) {
    shared_ = w_min_.is_shared() && w_max_.is_shared() && mu_plus_.is_shared() && mu_minus_.is_shared() &&
              w_ref_.is_shared();
    all_ = gather(SynapseId{0});
    for (std::uint64_t s = 0; s < (shared_ ? 1 : source.synapse_count()); ++s)
      source.require(w_min_[SynapseId{s}] < w_max_[SynapseId{s}], "w_max", w_max_[SynapseId{s}],
                     "must be above w_min = " + to_string(w_min_[SynapseId{s}]));
  }

  bool is_shared() const { return shared_; }
  WeightDependence operator[](SynapseId s) const { return shared_ ? all_ : gather(s); }
  /// Calls use() with the dependence that all share, in its simplest form.
  template <class Use>
  void use_shared(Use use) const {
    if (all_.w_ref == 0 && all_.mu_plus == 0 && all_.mu_minus == 0)
      use(AdditiveDependence{all_});
    else if (all_.w_ref == 0 && all_.mu_plus == 1 && all_.mu_minus == 1)
      use(MultiplicativeDependence{all_});
    else
      use(all_);
  }
  /// Initial magnitudes, drawn within each synapse's bounds.
  std::vector<double> draw_magnitudes(const ProjectionSource& source) const {
    return source.draw_magnitudes(w_min_, w_max_);
  }

 private:
  static double default_w_max(const ProjectionSource& source) {
    return source.given("w_ref") == nullptr ? 3 * source.mean_magnitude()
                                            : std::numeric_limits<double>::infinity();
  }
  WeightDependence gather(SynapseId s) const {
    return {w_min_[s], w_max_[s], mu_plus_[s], mu_minus_[s], w_ref_[s]};
  }

  Parameter<SynapseId> w_min_;
  Parameter<SynapseId> w_ref_;
  Parameter<SynapseId> w_max_;
  Parameter<SynapseId> mu_plus_;
  Parameter<SynapseId> mu_minus_;
  bool shared_;
  WeightDependence all_;  // when shared
};

}  // namespace chronotope::models
