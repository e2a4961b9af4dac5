// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "chronotope/core/checkpoint.hpp"
#include "chronotope/models/learning/event_gradient.hpp"
#include "chronotope/models/learning/event_network.hpp"
#include "chronotope/models/learning/event_record.hpp"

namespace chronotope::models {

/// Gradients through exact spike times (EventProp; Wunderlich & Pehle, Sci. Rep. 11:12829 (2021), extended to
/// any time constants, a delay per synapse, refractoriness and every parameter): a sweep backward over a
/// recorded run, with p = dL/dV and q_s = dL/dI_s of every neuron, 0 at the end.
///
///   free       dp/dt = p/tau_m - c,  dq_s/dt = q_s/tau_s - p/C_m        refractory  p = 0
///   spike      p- = -E/V'(t-),  E = dl/dt + c (V_th - V_reset) + R + sum over its arrivals of X
///   release    R = -p V'(r+), then p = 0
///   arrival    X = w (q_s/tau_s - p/C_m);  dL/dw = q_s,  dL/ddelay = X
///   maximum    p- = p+ + g, and at an arrival X gets g V' of before it
///
/// Between events all of it is closed form (propagator.hpp): no step, no quadrature.
///
/// Order: first what follows every neuron's last spike, then spike by spike from the latest to the earliest
/// what leads to it. All arrivals of a spike have then been swept, since they are later than it. What the
/// loss does not depend on, such as all that follows its last spike, has p = q = 0 and is left out.
/// Cost: O(events + spikes log spikes), some 20 ns per event.
class EventAdjoint {
 public:
  struct Options {
    /// A smaller |V'| at a spike, in (V_th - E_L) per ms, counts as this; 0: none does.
    double slope_floor = 0;
    /// Whether the derivatives by the neurons' constants are wanted, too.
    bool constants = true;
  };

  explicit EventAdjoint(Checkpoint checkpoint = [] {}) : checkpoint_(std::move(checkpoint)) {}

  /// Adds the gradient of the loss that `seeds` is of.
  void sweep(const EventNetwork& network, const EventRecord& record, const EventSeeds& seeds,
             const Options& options, EventGradient& gradient);

 private:
  /// Of one neuron, at the place its sweep has come to.
  struct Costate {
    std::size_t event = 0;   // whose right side p and q are of
    std::size_t spikes = 0;  // of its own that are still to come
    double p = 0;
    double release = 0;  // R of the spike before
  };
  template <int Receptors>
  class NeuronSweep;
  void advance(std::uint32_t neuron);
  void order_spikes();

  Checkpoint checkpoint_;
  const EventNetwork* network_ = nullptr;
  const EventRecord* record_ = nullptr;
  const EventSeeds* seeds_ = nullptr;
  EventGradient* gradient_ = nullptr;
  Options options_{};
  std::vector<Costate> costate_;
  std::vector<double> q_;        // per receptor
  std::vector<double> by_time_;  // per spike: the sum of its X
  std::vector<std::uint32_t> latest_first_;
};

}  // namespace chronotope::models
