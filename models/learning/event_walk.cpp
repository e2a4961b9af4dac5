// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/event_walk.hpp"

#include <algorithm>

namespace chronotope::models {

NeuronWalk::NeuronWalk(const EventNetwork& network, std::uint32_t neuron, NeuronRecord& record)
    : neuron_(&network.neurons[neuron]),
      record_(&record),
      receptors_(network.receptors(neuron)),
      rate_m_(1 / neuron_->tau_m),
      V_inf_(neuron_->V_inf()),
      resistance_(neuron_->resistance()),
      x_(neuron_->V_m - V_inf_) {
  const std::span<const double> tau = network.time_constants(neuron);
  for (std::uint32_t s = 0; s < receptors_; ++s) {
    rate_[s] = 1 / tau[s];
    rate_difference_[s] = SynapticPropagator::rate_difference(neuron_->tau_m, tau[s]);
  }
  record.receptors = receptors_;
  record.events.clear();
  record.values.clear();
  record.spikes.clear();
  ahead_.rho.fill(1);
  this->record({});
}

void NeuronWalk::look_ahead(Offset until, const double* decays) {
  if (ahead_.until == until) return;
  ahead_.until = until;
  const double h = (until - now_).ms();
  std::array<double, kMostEventReceptors + 1> own{};
  if (decays == nullptr) {
    exponents(h, own.data());
    exp_all({own.data(), std::max<std::size_t>(decay_count(), 4)});
    decays = own.data();
  }
  ahead_.a = decays[0];
  ahead_.x_end = decays[0] * x_;
  for (std::uint32_t s = 0; s < receptors_; ++s) {
    ahead_.rho[s] = decays[s + 1];
    ahead_.phi[s] = SynapticPropagator::response(h, rate_difference_[s], decays[0], decays[s + 1]);
    ahead_.x_end += ahead_.phi[s] * I_[s] / neuron_->C_m;
  }
}

/// Requires: Receptors >= receptors_.
template <std::size_t Receptors>
double NeuronWalk::crossing_ms(double h) const {
  FreeMembrane<Receptors> m;
  m.rate_m = rate_m_;
  m.x = x_;
  for (std::uint32_t s = 0; s < receptors_; ++s) {
    m.drive[s] = resistance_ * I_[s];
    m.rate[s] = rate_[s];
    m.rate_difference[s] = rate_difference_[s];
  }
  FreeMembrane<Receptors> end = m;
  end.x = ahead_.x_end;
  for (std::uint32_t s = 0; s < receptors_; ++s) end.drive[s] *= ahead_.rho[s];
  return CrossingSearch<Receptors>::first(m, neuron_->V_th - V_inf_, h, ahead_.a, end);
}

Offset NeuronWalk::crossing(Offset until, const double* decays) {
  look_ahead(until, decays);
  const double h = (until - now_).ms();
  const double ms = receptors_ == 1   ? crossing_ms<1>(h)
                    : receptors_ == 2 ? crossing_ms<2>(h)
                                      : crossing_ms<kMostEventReceptors>(h);
  return ms >= h && ms > 0 ? kNeverOffset : std::min(until, now_ + Offset{nearest_whole(ticks_of(ms))});
}

void NeuronWalk::move(Offset t, const double* decays) {
  look_ahead(t, decays);
  if (!is_refractory_) x_ = ahead_.x_end;
  for (std::uint32_t s = 0; s < receptors_; ++s) I_[s] *= ahead_.rho[s];
  now_ = t;
}

/// V in the refractory period is V_reset; the spike itself is recorded with it, too.
void NeuronWalk::record(NeuronEvent event) {
  event.time = now_;
  event.is_refractory = is_refractory_;
  record_->events.push_back(event);
  const std::size_t begin = record_->values.size();
  record_->values.resize(begin + record_->stride());
  double* out = &record_->values[begin];
  *out++ = is_refractory_ ? neuron_->V_reset : V_inf_ + x_;
  out = std::copy_n(I_.begin(), receptors_, out);
  *out++ = ahead_.a;
  out = std::copy_n(ahead_.rho.begin(), receptors_, out);
  std::copy_n(ahead_.phi.begin(), receptors_, out);
  ahead_.until = Offset{-1};
}

void NeuronWalk::arrive(Offset t, const EventSynapse& synapse, std::uint64_t number, std::uint32_t spike,
                        const double* decays) {
  move(t, decays);
  I_[synapse.receptor] += synapse.weight;
  record({{}, number, spike, NeuronEventKind::kArrival, false});
}

void NeuronWalk::fire(Offset t, std::uint32_t spike) {
  move(t, nullptr);
  is_refractory_ = true;
  ready_ = t + neuron_->t_ref;
  record_->spikes.push_back(spike);
  record({{}, 0, spike, NeuronEventKind::kSpike, false});
}

void NeuronWalk::release() {
  move(ready_, nullptr);
  is_refractory_ = false;
  x_ = neuron_->V_reset - V_inf_;
  record({{}, 0, NeuronEvent::kNone, NeuronEventKind::kRelease, false});
}

void NeuronWalk::end(Offset t) {
  move(t, nullptr);
  record({{}, 0, NeuronEvent::kNone, NeuronEventKind::kEnd, false});
}

}  // namespace chronotope::models
