// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/event_walk.hpp"

#include <algorithm>

namespace chronotope::models {

NeuronWalk::NeuronWalk(const EventNetwork& network, std::uint32_t neuron, NeuronRecord& record)
    : neuron_(&network.neurons[neuron]),
      tau_(network.time_constants(neuron).data()),
      record_(&record),
      receptors_(network.receptors(neuron)),
      V_inf_(neuron_->V_inf()),
      x_(neuron_->V_m - V_inf_) {
  record.receptors = receptors_;
  record.events.clear();
  record.values.clear();
  record.spikes.clear();
  ahead_.phi.fill(0);
  ahead_.rho.fill(1);
  this->record({});
}

FreeMembrane NeuronWalk::membrane() const {
  FreeMembrane m{neuron_->tau_m, x_, receptors_, {}, {}};
  const double resistance = neuron_->resistance();
  for (std::uint32_t s = 0; s < receptors_; ++s) {
    m.drive[s] = resistance * I_[s];
    m.tau[s] = tau_[s];
  }
  return m;
}

void NeuronWalk::look_ahead(Offset until, const double* decays) {
  if (ahead_.until == until) return;
  ahead_.until = until;
  const double h = (until - now_).ms();
  std::array<double, kMostDecays> own{};
  if (decays == nullptr) {
    exponents(h, own.data());
    exp_all({own.data(), receptors_ + 1});
    decays = own.data();
  }
  ahead_.a = decays[0];
  ahead_.x_end = decays[0] * x_;
  for (std::uint32_t s = 0; s < receptors_; ++s) {
    ahead_.rho[s] = decays[s + 1];
    ahead_.phi[s] = SynapticPropagator::of(h, neuron_->tau_m, tau_[s], decays[0], decays[s + 1]).phi;
    ahead_.x_end += ahead_.phi[s] * I_[s] / neuron_->C_m;
  }
}

Offset NeuronWalk::crossing(Offset until, const double* decays) {
  look_ahead(until, decays);
  const double ms = CrossingSearch::first(membrane(), neuron_->V_th - V_inf_, (until - now_).ms(), ahead_.a,
                                          ahead_.rho.data(), ahead_.x_end);
  return ms == CrossingSearch::kNone ? kNeverOffset
                                     : std::min(until, now_ + Offset{nearest_whole(ticks_of(ms))});
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
  const double V = is_refractory_ ? neuron_->V_reset : V_inf_ + x_;
  std::vector<double>& values = record_->values;
  values.push_back(V);
  values.insert(values.end(), I_.begin(), I_.begin() + receptors_);
  values.push_back(ahead_.a);
  values.insert(values.end(), ahead_.rho.begin(), ahead_.rho.begin() + receptors_);
  values.insert(values.end(), ahead_.phi.begin(), ahead_.phi.begin() + receptors_);
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
