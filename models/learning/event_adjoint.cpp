// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/event_adjoint.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "chronotope/models/learning/event_crossing.hpp"
#include "chronotope/models/learning/propagator.hpp"

namespace chronotope::models {
namespace {

/// How many receptors: known when compiled (1, 2), or 0 for any number.
template <int Receptors>
std::uint32_t count(std::uint32_t any) {
  return Receptors > 0 ? Receptors : any;
}

/// One interval between two events of a neuron, without a spike in it.
struct Interval {
  double h;         // [ms]
  double V;         // at its left end [mV]
  const double* I;  // at its left end [pA]
  double a;
  const double* rho;
  const double* phi;
};

/// The derivatives by the neuron's constants that an interval of free V contributes, p and q being those at
/// its right end.
template <int Receptors>
void add_free(const EventNeuron& n, const double* tau, std::uint32_t receptors, const Interval& i, double p,
              double c, NeuronGradient& g, double* tau_syn) {
  const double one_minus_a = -expm1(-i.h / n.tau_m), one = n.tau_m * one_minus_a;
  const double R = n.resistance(), bend = i.a * i.h / (n.tau_m * n.tau_m);
  g.E_L += p * one_minus_a - c * one;
  g.I_e += p * one_minus_a * R + c * R * (i.h - one);
  g.tau_m += p * ((i.V - n.E_L - R * n.I_e) * bend + one_minus_a * n.I_e / n.C_m);
  g.C_m -= p * one_minus_a * R * n.I_e / n.C_m;
  for (std::uint32_t s = 0; s < count<Receptors>(receptors); ++s) {
    const SynapticPropagator f = SynapticPropagator::of(i.h, n.tau_m, tau[s], i.a, i.rho[s]);
    const double I = i.I[s] / n.C_m;
    g.tau_m += p * I * f.dphi_dtau_m;
    g.C_m -= p * I * f.phi / n.C_m;
    tau_syn[s] += p * I * f.dphi_dtau_s;
  }
}

/// Those of c K, K the integral of V - E_L over the interval.
void add_integral(const EventNeuron& n, const double* tau, std::uint32_t receptors, const Interval& i,
                  double c, NeuronGradient& g, double* tau_syn) {
  const double one_minus_a = -expm1(-i.h / n.tau_m), one = n.tau_m * one_minus_a;
  const double R = n.resistance();
  g.tau_m +=
      c * ((i.V - n.E_L - R * n.I_e) * (one_minus_a - i.a * i.h / n.tau_m) + n.I_e / n.C_m * (i.h - one));
  g.C_m -= c * R * n.I_e * (i.h - one) / n.C_m;
  for (std::uint32_t s = 0; s < receptors; ++s) {
    const IntegratedResponse f = IntegratedResponse::over(i.h, n.tau_m, tau[s]);
    const double I = i.I[s] / n.C_m;
    g.tau_m += c * I * f.dPhi_dtau_m;
    g.C_m -= c * I * f.Phi / n.C_m;
    tau_syn[s] += c * I * f.dPhi_dtau_s;
  }
}

/// The last event of the instant of event k.
std::size_t end_of_instant(const NeuronRecord& r, std::size_t k) {
  while (k + 1 < r.events.size() && r.events[k + 1].time == r.events[k].time &&
         r.events[k + 1].kind == NeuronEventKind::kArrival)
    ++k;
  return k;
}

bool is_coincident(const NeuronRecord& r, std::size_t k) {
  const auto is_arrival_now = [&](std::size_t other) {
    return r.events[other].kind == NeuronEventKind::kArrival && r.events[other].time == r.events[k].time;
  };
  return is_arrival_now(k - 1) || (k + 1 < r.events.size() && is_arrival_now(k + 1));
}

}  // namespace

/// One neuron's way back from where its sweep has come to, up to its spike before.
template <int Receptors>
class EventAdjoint::NeuronSweep {
 public:
  NeuronSweep(EventAdjoint& all, std::uint32_t neuron)
      : all_(all),
        at_(all.costate_[neuron]),
        n_(all.network_->neurons[neuron]),
        r_(all.record_->neurons[neuron]),
        g_(all.gradient_->neuron[neuron]),
        receptors_(count<Receptors>(r_.receptors)),
        tau_(&all.network_->tau_syn[all.network_->receptor_begin[neuron]]),
        tau_syn_(&all.gradient_->tau_syn[all.network_->receptor_begin[neuron]]),
        q_(&all.q_[all.network_->receptor_begin[neuron]]),
        c_(all.seeds_->integral[neuron]),
        seed_(all.seeds_->maximum[neuron]),
        p_(at_.p) {}

  void run() {
    std::size_t k = at_.event;
    take_event(k);
    if (is_zero()) return skip();
    while (k > 0) {
      --k;
      take_interval(k);
      // Whatever is to come from a spike's arrivals may not have come yet.
      if (r_.events[k].kind == NeuronEventKind::kSpike) return stop_at_spike();
      take_event(k);
    }
    g_.V_m += r_.events[0].is_refractory ? 0 : p_;
    at_ = {0, 0, p_, 0};
  }

 private:
  void stop_at_spike() {
    --at_.spikes;
    at_.event = r_.spike_events[at_.spikes];
    at_.p = 0;
  }

  /// Whether nothing up to the spike before bears on the loss.
  bool is_zero() const {
    return p_ == 0 && c_ == 0 && seed_ == 0 &&
           std::all_of(q_, q_ + receptors_, [](double q) { return q == 0; });
  }

  /// Goes to the spike before; between them lies a release, which is counted.
  void skip() {
    at_.release = 0;
    if (at_.spikes == 0) {
      at_.event = 0;
      return;
    }
    const std::size_t from = at_.event;
    stop_at_spike();
    for (std::size_t k = at_.event + 1; k < from; ++k)
      if (r_.events[k].kind == NeuronEventKind::kRelease) {
        if (is_coincident(r_, k)) ++all_.gradient_->coincidences;
        return;
      }
  }

  void take_event(std::size_t k) {
    switch (r_.events[k].kind) {
      case NeuronEventKind::kSpike:
        return take_spike(k);
      case NeuronEventKind::kRelease:
        return take_release(k);
      case NeuronEventKind::kArrival:
        return take_arrival(r_.events[k]);
      case NeuronEventKind::kMaximum:
        return take_maximum(k);
      case NeuronEventKind::kStart:
      case NeuronEventKind::kEnd:
        return;
    }
  }

  void take_spike(std::size_t k) {
    const NeuronEvent& event = r_.events[k];
    ++all_.gradient_->spikes;
    if (is_coincident(r_, k)) ++all_.gradient_->coincidences;
    const double E = all_.seeds_->spike[event.spike] + all_.by_time_[event.spike] + at_.release +
                     c_ * (n_.V_th - n_.V_reset);
    at_.release = 0;
    // A neuron that starts above threshold fires at 0, whatever is changed a little.
    const bool is_forced = event.time == Offset{} && n_.V_m >= n_.V_th;
    const double slope = floored(n_.slope(n_.V_th, r_.current(k)));
    p_ = is_forced ? 0 : -E / slope + all_.seeds_->push[event.spike];
    g_.V_th += is_forced ? 0 : E / slope;
  }

  double floored(double slope) {
    const double floor = all_.options_.slope_floor * (n_.V_th - n_.E_L);
    if (!(std::abs(slope) < floor)) return slope;
    ++all_.gradient_->floored;
    return floor;
  }

  void take_release(std::size_t k) {
    if (is_coincident(r_, k)) ++all_.gradient_->coincidences;
    at_.release = -p_ * n_.slope(n_.V_reset, r_.current(end_of_instant(r_, k)));
    g_.t_ref += at_.release;
    g_.V_reset += p_;
    p_ = 0;
  }

  void take_arrival(const NeuronEvent& event) {
    const EventSynapse& synapse = all_.network_->synapses[event.synapse];
    const double q = q_[synapse.receptor];
    all_.gradient_->weight[event.synapse] += q;
    move_arrival(event, synapse.weight * (q / tau_[synapse.receptor] - p_ / n_.C_m));
  }

  void take_maximum(std::size_t k) {
    p_ += seed_;
    const NeuronEvent& event = r_.events[k];
    if (event.spike != NeuronEvent::kNone) move_arrival(event, seed_ * n_.slope(r_.V(k), r_.current(k)));
  }

  /// X, the derivative by the arrival's time, is one by its delay and by its spike's time.
  void move_arrival(const NeuronEvent& event, double X) {
    all_.gradient_->delay[event.synapse] += X;
    all_.by_time_[event.spike] += X;
  }

  /// From event k + 1 to event k.
  void take_interval(std::size_t k) {
    const Interval i{(r_.events[k + 1].time - r_.events[k].time).ms(),
                     r_.V(k),
                     r_.currents(k),
                     r_.a(k + 1),
                     r_.rho(k + 1),
                     r_.phi(k + 1)};
    if (all_.options_.constants) add_decays(i);
    if (r_.events[k].is_refractory)
      take_refractory(i);
    else
      take_free(i);
  }

  void add_decays(const Interval& i) {
    for (std::uint32_t s = 0; s < receptors_; ++s)
      tau_syn_[s] += q_[s] * i.I[s] * i.rho[s] * i.h / (tau_[s] * tau_[s]);
  }

  void take_refractory(const Interval& i) {
    for (std::uint32_t s = 0; s < receptors_; ++s) q_[s] *= i.rho[s];
    g_.V_reset += c_ * i.h;
    g_.E_L -= c_ * i.h;
  }

  void take_free(const Interval& i) {
    if (all_.options_.constants) {
      add_free<Receptors>(n_, tau_, receptors_, i, p_, c_, g_, tau_syn_);
      if (c_ != 0) add_integral(n_, tau_, receptors_, i, c_, g_, tau_syn_);
    }
    for (std::uint32_t s = 0; s < receptors_; ++s) {
      q_[s] = i.rho[s] * q_[s] + i.phi[s] * p_ / n_.C_m;
      if (c_ != 0) q_[s] += c_ * IntegratedResponse::over(i.h, n_.tau_m, tau_[s]).Phi / n_.C_m;
    }
    p_ *= i.a;
    if (c_ != 0) p_ += c_ * n_.tau_m * -expm1(-i.h / n_.tau_m);
  }

  EventAdjoint& all_;
  Costate& at_;
  const EventNeuron& n_;
  const NeuronRecord& r_;
  NeuronGradient& g_;
  const std::uint32_t receptors_;
  const double* const tau_;
  double* const tau_syn_;
  double* const q_;
  const double c_;     // of the integral of V in the loss
  const double seed_;  // of the highest V
  double p_;
};

void EventAdjoint::advance(std::uint32_t neuron) {
  switch (record_->neurons[neuron].receptors) {
    case 1:
      return NeuronSweep<1>(*this, neuron).run();
    case 2:
      return NeuronSweep<2>(*this, neuron).run();
    default:
      return NeuronSweep<0>(*this, neuron).run();
  }
}

/// The spikes of neurons, latest first; those of one instant by number, the last one first.
void EventAdjoint::order_spikes() {
  const std::vector<RecordedSpike>& spikes = record_->spikes;
  latest_first_.resize(spikes.size() - record_->inputs);
  std::iota(latest_first_.rbegin(), latest_first_.rend(), record_->inputs);
  std::stable_sort(latest_first_.begin(), latest_first_.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return spikes[a].time > spikes[b].time; });
}

void EventAdjoint::sweep(const EventNetwork& network, const EventRecord& record, const EventSeeds& seeds,
                         const Options& options, EventGradient& gradient) {
  network_ = &network;
  record_ = &record;
  seeds_ = &seeds;
  options_ = options;
  gradient_ = &gradient;
  by_time_.assign(record.spikes.size(), 0);
  q_.assign(network.tau_syn.size(), 0);
  costate_.resize(network.neurons.size());
  for (std::uint32_t n = 0; n < network.neurons.size(); ++n) {
    costate_[n] = {record.neurons[n].events.size() - 1, record.neurons[n].spikes.size(), 0, 0};
    advance(n);
  }
  order_spikes();
  for (const std::uint32_t spike : latest_first_) {
    checkpoint_();
    advance(record.spikes[spike].source - network.channels);
  }
  gradient.input_time.assign(by_time_.begin(), by_time_.begin() + record.inputs);
  for (std::uint32_t k = 0; k < record.inputs; ++k) gradient.input_time[k] += seeds.spike[k];
}

}  // namespace chronotope::models
