// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "chronotope/core/exponential_pair.hpp"
#include "chronotope/models/learning/event_crossing.hpp"
#include "chronotope/models/learning/event_network.hpp"
#include "chronotope/models/learning/event_record.hpp"

namespace chronotope::models {

/// Takes one neuron from event to event in closed form and records them. Times never go back.
///
/// Receptors: 1 or 2, as many as the neuron has, or kMostEventReceptors for any number.
///
/// What an interval does to a neuron without spikes is a row of 1 + 2 receptors numbers, a, the rho and the
/// phi (propagator.hpp). It depends on the interval's length and the time constants alone, so neurons that
/// are alike share it; functions that take one take null where it is not known yet.
template <std::size_t Receptors>
class NeuronWalk {
 public:
  NeuronWalk() = default;
  NeuronWalk(const EventNetwork& network, std::uint32_t neuron, NeuronRecord& record)
      : neuron_(&network.neurons[neuron]),
        record_(&record),
        receptors_(network.receptors(neuron)),
        rate_m_(1 / neuron_->tau_m),
        V_inf_(neuron_->V_inf()),
        resistance_(neuron_->resistance()),
        x_(neuron_->V_m - V_inf_) {
    const std::span<const double> tau = network.time_constants(neuron);
    for (std::uint32_t s = 0; s < receptors(); ++s) {
      rate_[s] = 1 / tau[s];
      rate_difference_[s] = SynapticPropagator::rate_difference(neuron_->tau_m, tau[s]);
    }
    record.receptors = receptors();
    record.events.clear();
    record.spikes.clear();
    record.spike_events.clear();
    ahead_.rho.fill(1);
    this->record({});
  }

  Offset now() const { return now_; }
  bool is_refractory() const { return is_refractory_; }
  /// The end of the refractory period.
  Offset ready() const { return ready_; }
  std::uint32_t receptors() const {
    return Receptors < kMostEventReceptors ? static_cast<std::uint32_t>(Receptors) : receptors_;
  }
  double rate_m() const { return rate_m_; }
  double rate(std::uint32_t s) const { return rate_[s]; }
  double rate_difference(std::uint32_t s) const { return rate_difference_[s]; }

  /// When V first reaches V_th if nothing arrives before `until`, to the nearest tick; never if that is not
  /// before it. Requires: not refractory. `interval` is that from now() to `until`.
  Offset crossing(Offset until, const double* interval) {
    look_ahead(until, interval);
    const double h = (until - now_).ms(), ms = crossing_ms(h);
    return ms >= h && ms > 0 ? kNeverOffset : std::min(until, now_ + Offset{nearest_whole(ticks_of(ms))});
  }

  void arrive(Offset t, const EventSynapse& synapse, std::uint64_t number, std::uint32_t spike,
              const double* interval) {
    move(t, interval);
    I_[synapse.receptor] += synapse.weight;
    record({{}, number, spike, NeuronEventKind::kArrival, false});
  }
  void fire(Offset t, std::uint32_t spike) {
    move(t, nullptr);
    is_refractory_ = true;
    ready_ = t + neuron_->t_ref;
    record_->spikes.push_back(spike);
    record_->spike_events.push_back(static_cast<std::uint32_t>(record_->events.size()));
    record({{}, 0, spike, NeuronEventKind::kSpike, false});
  }
  void release() {
    move(ready_, nullptr);
    is_refractory_ = false;
    x_ = neuron_->V_reset - V_inf_;
    record({{}, 0, NeuronEvent::kNone, NeuronEventKind::kRelease, false});
  }
  void end(Offset t) {
    move(t, nullptr);
    record({{}, 0, NeuronEvent::kNone, NeuronEventKind::kEnd, false});
  }

 private:
  /// The interval from now() to `until`.
  struct Interval {
    Offset until{-1};
    double a = 1;
    std::array<double, Receptors> rho{};
    std::array<double, Receptors> phi{};
    double x_end = 0;
  };

  void look_ahead(Offset until, const double* interval) {
    if (ahead_.until == until) return;
    ahead_.until = until;
    if (interval == nullptr) {
      propagate((until - now_).ms());
    } else {
      ahead_.a = interval[0];
      std::copy_n(interval + 1, receptors(), ahead_.rho.begin());
      std::copy_n(interval + 1 + receptors(), receptors(), ahead_.phi.begin());
    }
    ahead_.x_end = ahead_.a * x_;
    for (std::uint32_t s = 0; s < receptors(); ++s) ahead_.x_end += ahead_.phi[s] * I_[s] / neuron_->C_m;
  }

  void propagate(double h) {
    if (h == 0) {
      ahead_.a = 1;
      ahead_.rho.fill(1);
      ahead_.phi.fill(0);
      return;
    }
    if constexpr (Receptors == 1) {
      ahead_.a = -h * rate_m_;
      ahead_.rho[0] = -h * rate_[0];
      exp_pair(ahead_.a, ahead_.rho[0]);
    } else {
      // Four at least: one vector serves as soon as one number does.
      std::array<double, std::max<std::size_t>(Receptors + 1, 4)> e{};
      e[0] = -h * rate_m_;
      for (std::uint32_t s = 0; s < receptors(); ++s) e[s + 1] = -h * rate_[s];
      exp_all({e.data(), std::max<std::size_t>(receptors() + 1, 4)});
      ahead_.a = e[0];
      std::copy_n(e.begin() + 1, receptors(), ahead_.rho.begin());
    }
    for (std::uint32_t s = 0; s < receptors(); ++s)
      ahead_.phi[s] = SynapticPropagator::response(h, rate_difference_[s], ahead_.a, ahead_.rho[s]);
  }

  double crossing_ms(double h) const {
    FreeMembrane<Receptors> m;
    m.rate_m = rate_m_;
    m.x = x_;
    for (std::uint32_t s = 0; s < receptors(); ++s) {
      m.drive[s] = resistance_ * I_[s];
      m.rate[s] = rate_[s];
      m.rate_difference[s] = rate_difference_[s];
    }
    FreeMembrane<Receptors> end = m;
    end.x = ahead_.x_end;
    for (std::uint32_t s = 0; s < receptors(); ++s) end.drive[s] *= ahead_.rho[s];
    return CrossingSearch<Receptors>::first(m, neuron_->V_th - V_inf_, h, ahead_.a, end);
  }

  void move(Offset t, const double* interval) {
    look_ahead(t, interval);
    if (!is_refractory_) x_ = ahead_.x_end;
    for (std::uint32_t s = 0; s < receptors(); ++s) I_[s] *= ahead_.rho[s];
    now_ = t;
  }

  /// V in the refractory period is V_reset; the spike itself is recorded with it, too.
  void record(NeuronEvent event) {
    event.time = now_;
    event.is_refractory = is_refractory_;
    record_->events.push_back(event);
    std::vector<double>& values = record_->values;
    const std::size_t begin = filled_;
    filled_ += 2 + 3 * std::size_t{receptors()};
    if (values.size() < filled_) values.resize(2 * filled_);
    double* out = &values[begin];
    *out++ = is_refractory_ ? neuron_->V_reset : V_inf_ + x_;
    for (std::uint32_t s = 0; s < receptors(); ++s) *out++ = I_[s];
    *out++ = ahead_.a;
    for (std::uint32_t s = 0; s < receptors(); ++s) *out++ = ahead_.rho[s];
    for (std::uint32_t s = 0; s < receptors(); ++s) *out++ = ahead_.phi[s];
    ahead_.until = Offset{-1};
  }

  const EventNeuron* neuron_ = nullptr;
  NeuronRecord* record_ = nullptr;
  std::uint32_t receptors_ = 0;
  bool is_refractory_ = false;
  double rate_m_ = 1;
  double V_inf_ = 0;
  double resistance_ = 1;
  Offset now_{};
  Offset ready_{};
  std::size_t filled_ = 0;  // numbers of the record
  double x_ = 0;            // V - V_inf [mV]
  std::array<double, Receptors> I_{};
  std::array<double, Receptors> rate_{};
  std::array<double, Receptors> rate_difference_{};
  Interval ahead_;
};

}  // namespace chronotope::models
