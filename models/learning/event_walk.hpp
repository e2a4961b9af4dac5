// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "chronotope/models/learning/event_crossing.hpp"
#include "chronotope/models/learning/event_network.hpp"
#include "chronotope/models/learning/event_record.hpp"

namespace chronotope::models {

/// Takes one neuron from event to event in closed form and records them. Times never go back.
class NeuronWalk {
 public:
  NeuronWalk() = default;
  NeuronWalk(const EventNetwork& network, std::uint32_t neuron, NeuronRecord& record);

  Offset now() const { return now_; }
  bool is_refractory() const { return is_refractory_; }
  /// The end of the refractory period.
  Offset ready() const { return ready_; }

  /// When V first reaches V_th if nothing arrives before `until`, to the nearest tick; never if that is not
  /// before it. Requires: not refractory. `decays`, of the membrane and then of each receptor, are those from
  /// now() to `until`; null when they are not known yet.
  Offset crossing(Offset until, const double* decays);

  void arrive(Offset t, const EventSynapse& synapse, std::uint64_t number, std::uint32_t spike,
              const double* decays);
  void fire(Offset t, std::uint32_t spike);
  void release();
  void end(Offset t);

  std::size_t decay_count() const { return 1 + std::size_t{receptors_}; }
  /// The exponents of `decays` for an interval of h ms.
  void exponents(double h, double* out) const {
    *out = -h * rate_m_;
    for (std::uint32_t s = 0; s < receptors_; ++s) out[s + 1] = -h * rate_[s];
  }

 private:
  /// The interval from now() to `until`.
  struct Interval {
    Offset until{-1};
    double a = 1;
    std::array<double, kMostEventReceptors> rho{};
    std::array<double, kMostEventReceptors> phi{};
    double x_end = 0;
  };
  void look_ahead(Offset until, const double* decays);
  void move(Offset t, const double* decays);
  void record(NeuronEvent event);
  template <std::size_t Receptors>
  double crossing_ms(double h) const;

  const EventNeuron* neuron_ = nullptr;
  NeuronRecord* record_ = nullptr;
  std::uint32_t receptors_ = 0;
  bool is_refractory_ = false;
  double rate_m_ = 1;
  double V_inf_ = 0;
  double resistance_ = 1;
  Offset now_{};
  Offset ready_{};
  double x_ = 0;  // V - V_inf [mV]
  std::array<double, kMostEventReceptors> I_{};
  std::array<double, kMostEventReceptors> rate_{};
  std::array<double, kMostEventReceptors> rate_difference_{};
  Interval ahead_;
};

}  // namespace chronotope::models
