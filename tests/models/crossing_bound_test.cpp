// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "chronotope/core/parameter_source.hpp"
#include "chronotope/models/neurons/adaptive_current_lif.hpp"
#include "chronotope/models/neurons/adaptive_threshold_lif.hpp"
#include "chronotope/models/neurons/alpha_psc_lif.hpp"
#include "chronotope/models/neurons/delta_lif.hpp"
#include "chronotope/models/neurons/escape_noise_lif.hpp"
#include "chronotope/models/neurons/exp_psc_lif.hpp"
#include "chronotope/models/neurons/linear_leak_lif.hpp"
#include "chronotope/models/neurons/multi_receptor_lif.hpp"
#include "chronotope/models/neurons/quadratic_lif.hpp"

namespace chronotope::tests {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kMostBounds = 10'000;

/// A neuron of model M with its default constants, but for the current [pA].
template <class M>
typename M::Parameters parameters_with(double I_e, ModelSpec& model) {
  const auto set = [&](const std::string& name, double value) {
    model.parameters[name] = {ParameterDistribution(Constant{value}), {}};
  };
  set("I_e", I_e);
  if (M::kName == "multi_receptor_lif") set("tau_syn[0]", 2);
  return M::parameters(ParameterSource(model, 1, "n", 0));
}

/// What following the bounds of one neuron came to.
struct Followed {
  bool ends = false;  // at a crossing, or where there is none
  bool is_lost = false;
  Time at;
};

/// A model as the engine moves it, and what happens to the neuron.
template <class M>
class Neuron {
 public:
  explicit Neuron(double I_e)
      : p_(parameters_with<M>(I_e, model_)), s_(M::initial_state(p_, ParameterSource(model_, 1, "n", 0))) {
    if constexpr (SweptNeuron<M>) M::set_origin_step(p_, {64 * kTicksPerMs});
  }

  void receive(double ms, double w) {
    if constexpr (SweptNeuron<M>) {
      if (M::is_refractory(s_)) return;
      std::array<double, M::kExponentials> growth{};
      const auto exponents = M::exponents(p_, offset(ms), w);
      for (std::size_t k = 0; k < growth.size(); ++k) growth[k] = std::exp(exponents[k]);
      M::receive(p_, s_, w * M::pulse(p_, growth, offset(ms), w), w);
    } else {
      M::receive(p_, s_, time(ms), w);
    }
  }

  /// Asks for the crossing, and again at every bound, until `end`.
  Followed follow(double ms, double end = 60) const {
    double now = ms;
    for (int k = 0; k < kMostBounds; ++k) {
      const CrossingTime next = bound(now);
      const Followed found{true, std::isnan(next.beyond), next.at};
      if (next.is_crossing || next.at >= time(end)) return found;
      if (next.at.to_ms() <= now) return {};
      now = next.at.to_ms();
    }
    return {};
  }

 private:
  static Time time(double ms) { return Time() + Duration::nearest(ms); }
  static Offset offset(double ms) { return {std::round(ms * kTicksPerMs)}; }

  CrossingTime bound(double now) const {
    if constexpr (SweptNeuron<M>) {
      const CrossingBound found = M::crossing_bound(p_, s_, offset(now));
      if (std::isnan(found.ms)) return {time(now), found.ms, true};
      return {found.ms < 1e6 ? time(found.ms) : Time::never(), 0, found.is_crossing};
    } else {
      return M::crossing_bound(p_, s_, time(now));
    }
  }

  ModelSpec model_{std::string(M::kName), {}, {}, {}};
  typename M::Parameters p_;
  typename M::State s_;
};

/// Calls test.operator()<M>() for every model of the event-driven engine.
template <class Test>
void for_each_model(Test test) {
  const auto with = [&]<class... M>() { (test.template operator()<M>(), ...); };
  with.template operator()<models::ExpPscLif, models::DeltaLif, models::AdaptiveCurrentLif,
                           models::AdaptiveThresholdLif, models::AlphaPscLif, models::QuadraticLif,
                           models::LinearLeakLif, models::EscapeNoiseLif, models::MultiReceptorLif>();
}

/// One after the other, 0.7 ms apart.
const std::vector<std::vector<double>> kLargestArrivals{{1e9},
                                                        {-1e9},
                                                        std::vector<double>(20, 1e9),
                                                        std::vector<double>(20, -1e9),
                                                        {-1e9, -1e9, 1e9},
                                                        {1e9, -1e9, -1e9, 1e9, 1e-9},
                                                        {-1e9, 1e3, -1e6, 14.999999999},
                                                        {1e-300, -1e-300}};

TEST(CrossingBound, IsFoundWhateverArrivesWithinTheRangeOfWeights) {
  for_each_model([]<class M>() {
    for (const double I_e : {0.0, 300.0, 1e9, -1e9})
      for (const auto& weights : kLargestArrivals) {
        Neuron<M> neuron(I_e);
        double ms = 1;
        for (const double w : weights) {
          neuron.receive(ms, w);
          const Followed found = neuron.follow(ms);
          EXPECT_TRUE(found.ends) << M::kName << " I_e " << I_e << " w " << w << " at " << ms;
          EXPECT_FALSE(found.is_lost) << M::kName << " I_e " << I_e << " w " << w << " at " << ms;
          ms += 0.7;
        }
      }
  });
}

TEST(CrossingBound, PotentialsFarBeyondTheThresholdFireAtOnce) {
  for_each_model([]<class M>() {
    if (M::kName != "delta_lif" && M::kName != "quadratic_lif" && M::kName != "linear_leak_lif") return;
    for (const double w : {1e3, 1e9, 1e30, 1e300}) {
      Neuron<M> neuron(0);
      neuron.receive(1, w);
      EXPECT_EQ(neuron.follow(1).at.to_ms(), 1) << M::kName << w;
    }
  });
}

/// It may be called lost, or a crossing, or none: but it is called.
TEST(CrossingBound, EndsForAStateThatIsNoNumber) {
  const std::vector<double> kinds{kNaN, kInfinity, -kInfinity, 1e300, -1e300, 1e308, -1e308, 1e200};
  for_each_model([&]<class M>() {
    for (const double first : kinds)
      for (const double second : kinds) {
        Neuron<M> neuron(200);
        neuron.receive(1, first);
        EXPECT_TRUE(neuron.follow(1).ends) << M::kName << ' ' << first;
        neuron.receive(1, second);
        EXPECT_TRUE(neuron.follow(1).ends) << M::kName << ' ' << first << ' ' << second;
        neuron.receive(3, second);
        EXPECT_TRUE(neuron.follow(3).ends) << M::kName << ' ' << first << ' ' << second << " later";
      }
  });
}

TEST(CrossingBound, OfNotANumberIsCalledLost) {
  for_each_model([]<class M>() {
    Neuron<M> neuron(200);
    neuron.receive(1, kNaN);
    EXPECT_TRUE(neuron.follow(1).is_lost) << M::kName;
  });
}

}  // namespace
}  // namespace chronotope::tests
