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

template <int Receptors>
void EventAdjoint::sweep_to_spike(std::uint32_t neuron) {
  const EventNeuron& n = network_->neurons[neuron];
  const NeuronRecord& r = record_->neurons[neuron];
  const std::uint32_t receptors = count<Receptors>(r.receptors);
  const std::uint32_t first_receptor = network_->receptor_begin[neuron];
  const double* tau = &network_->tau_syn[first_receptor];
  double* tau_syn = &gradient_->tau_syn[first_receptor];
  double* q = &q_[first_receptor];
  NeuronGradient& g = gradient_->neuron[neuron];
  const double c = seeds_->integral[neuron];
  Costate& at = costate_[neuron];
  double p = at.p;
  std::size_t k = at.event;
  for (bool is_first = true;; is_first = false) {
    const NeuronEvent& event = r.events[k];
    switch (event.kind) {
      case NeuronEventKind::kStart:
        g.V_m += event.is_refractory ? 0 : p;
        at = {0, p, 0};
        return;
      case NeuronEventKind::kEnd:
        break;
      case NeuronEventKind::kSpike: {
        if (!is_first) {  // whatever is to come from its arrivals may not have come yet
          at.event = k;
          at.p = 0;
          return;
        }
        ++gradient_->spikes;
        if (is_coincident(r, k)) ++gradient_->coincidences;
        const double E =
            seeds_->spike[event.spike] + by_time_[event.spike] + at.release + c * (n.V_th - n.V_reset);
        at.release = 0;
        double slope = n.slope(n.V_th, r.current(k));
        const double floor = options_.slope_floor * (n.V_th - n.E_L);
        if (std::abs(slope) < floor) {
          slope = floor;
          ++gradient_->floored;
        }
        // A neuron that starts above threshold fires at 0, whatever is changed a little.
        const bool is_forced = event.time == Offset{} && n.V_m >= n.V_th;
        p = is_forced ? 0 : -E / slope + seeds_->push[event.spike];
        g.V_th += is_forced ? 0 : E / slope;
        break;
      }
      case NeuronEventKind::kRelease:
        if (is_coincident(r, k)) ++gradient_->coincidences;
        at.release = -p * n.slope(n.V_reset, r.current(end_of_instant(r, k)));
        g.t_ref += at.release;
        g.V_reset += p;
        p = 0;
        break;
      case NeuronEventKind::kArrival: {
        const EventSynapse& synapse = network_->synapses[event.synapse];
        const double q_s = q[synapse.receptor];
        const double X = synapse.weight * (q_s / tau[synapse.receptor] - p / n.C_m);
        gradient_->weight[event.synapse] += q_s;
        gradient_->delay[event.synapse] += X;
        by_time_[event.spike] += X;
        break;
      }
      case NeuronEventKind::kMaximum: {
        const double seed = seeds_->maximum[neuron];
        p += seed;
        if (event.spike == NeuronEvent::kNone) break;
        const double X = seed * n.slope(r.V(k), r.current(k));
        gradient_->delay[event.synapse] += X;
        by_time_[event.spike] += X;
        break;
      }
    }
    --k;
    const Interval i{
        (event.time - r.events[k].time).ms(), r.V(k), r.currents(k), r.a(k + 1), r.rho(k + 1), r.phi(k + 1)};
    if (r.events[k].is_refractory) {
      for (std::uint32_t s = 0; s < receptors; ++s) {
        if (options_.constants) tau_syn[s] += q[s] * i.I[s] * i.rho[s] * i.h / (tau[s] * tau[s]);
        q[s] *= i.rho[s];
      }
      g.V_reset += c * i.h;
      g.E_L -= c * i.h;
      continue;
    }
    if (options_.constants) {
      for (std::uint32_t s = 0; s < receptors; ++s)
        tau_syn[s] += q[s] * i.I[s] * i.rho[s] * i.h / (tau[s] * tau[s]);
      add_free<Receptors>(n, tau, receptors, i, p, c, g, tau_syn);
      if (c != 0) add_integral(n, tau, receptors, i, c, g, tau_syn);
    }
    for (std::uint32_t s = 0; s < receptors; ++s) {
      q[s] = i.rho[s] * q[s] + i.phi[s] * p / n.C_m;
      if (c != 0) q[s] += c * IntegratedResponse::over(i.h, n.tau_m, tau[s]).Phi / n.C_m;
    }
    p *= i.a;
    if (c != 0) p += c * n.tau_m * -expm1(-i.h / n.tau_m);
  }
}

void EventAdjoint::advance(std::uint32_t neuron) {
  switch (record_->neurons[neuron].receptors) {
    case 1:
      return sweep_to_spike<1>(neuron);
    case 2:
      return sweep_to_spike<2>(neuron);
    default:
      return sweep_to_spike<0>(neuron);
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
    costate_[n] = {record.neurons[n].events.size() - 1, 0, 0};
    advance(n);
  }
  order_spikes();
  for (const std::uint32_t spike : latest_first_) advance(record.spikes[spike].source - network.channels);
  gradient.input_time.assign(by_time_.begin(), by_time_.begin() + record.inputs);
  for (std::uint32_t k = 0; k < record.inputs; ++k) gradient.input_time[k] += seeds.spike[k];
}

}  // namespace chronotope::models
