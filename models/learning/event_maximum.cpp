// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/event_maximum.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "chronotope/models/learning/event_crossing.hpp"
#include "chronotope/models/learning/propagator.hpp"

namespace chronotope::models {
namespace {

using Membrane = FreeMembrane<kMostEventReceptors>;

/// The course from one event to the next.
Membrane membrane_after(const EventNeuron& n, std::span<const double> tau, const NeuronRecord& r,
                        std::size_t k) {
  Membrane m;
  m.rate_m = 1 / n.tau_m;
  m.x = r.V(k) - n.V_inf();
  for (std::uint32_t s = 0; s < r.receptors; ++s) {
    m.drive[s] = n.resistance() * r.currents(k)[s];
    m.rate[s] = 1 / tau[s];
    m.rate_difference[s] = SynapticPropagator::rate_difference(n.tau_m, tau[s]);
  }
  return m;
}

/// sign * V', which obeys the same equation: tau_m y' = -y + sum of drives of its own.
Membrane slope_of(const Membrane& m, double sign) {
  Membrane y = m;
  y.x = sign * m.slope();
  for (std::size_t s = 0; s < m.drive.size(); ++s) y.drive[s] = -sign * m.drive[s] * m.rate[s];
  return y;
}

/// When sign * V', negative now, first comes to 0 in [0, h) [ms].
double first_turn(const Membrane& m, double sign, double h) {
  return CrossingSearch<kMostEventReceptors>::first(slope_of(m, sign), 0, h, exp(-h * m.rate_m),
                                                    slope_of(m.after(h), sign));
}

double highest_possible(const Membrane& m, double h) {
  double push = 0;
  for (const double drive : m.drive) push += std::max(0.0, drive);
  return m.x - expm1(-h * m.rate_m) * std::max(0.0, push - m.x);
}

/// The peaks inside an interval, in order: peak(ms, x) is told of each.
template <class Peak>
void for_each_peak(const Membrane& start, double h, double least, Peak peak) {
  Membrane m = start;
  double t = 0;
  while (highest_possible(m, h - t) > least) {
    const bool rises = m.slope() > 0;
    const double turn = first_turn(m, rises ? -1 : 1, h - t);
    if (turn >= h - t) return;
    t += turn;
    m = start.after(t);
    if (rises) peak(t, m.x);
    t = successor(t);  // away from the turn: the other sign of V' is sure there
    if (t >= h) return;
    m = start.after(t);
  }
}

struct Maximum {
  std::size_t event = 0;  // the last one before it, or at it
  double after = 0;       // [ms] since that
  double V = 0;
};

/// Splits the interval after event k at `m.after` with a mark.
void insert_mark(const EventNeuron& n, std::span<const double> tau, NeuronRecord& r, const Maximum& at) {
  const Membrane m = membrane_after(n, tau, r, at.event).after(at.after);
  NeuronEvent mark{};
  mark.kind = NeuronEventKind::kMaximum;
  mark.time = std::min(r.events[at.event].time + Offset{nearest_whole(ticks_of(at.after))},
                       r.events[at.event + 1].time);
  std::vector<double> row{n.V_inf() + m.x};
  const auto append = [&](double h) {
    row.push_back(exp(-h / n.tau_m));
    for (const double tau_s : tau) row.push_back(exp(-h / tau_s));
    for (const double tau_s : tau) row.push_back(SynapticPropagator::over(h, n.tau_m, tau_s).phi);
  };
  for (std::uint32_t s = 0; s < r.receptors; ++s) row.push_back(m.drive[s] / n.resistance());
  append((mark.time - r.events[at.event].time).ms());
  const auto next = static_cast<std::ptrdiff_t>(at.event + 1);
  const auto stride = static_cast<std::ptrdiff_t>(r.stride());
  r.events.insert(r.events.begin() + next, mark);
  r.values.insert(r.values.begin() + next * stride, row.begin(), row.end());
  row.clear();
  append((r.events[at.event + 2].time - mark.time).ms());
  std::copy(row.begin(), row.end(), r.values.begin() + (next + 1) * stride + 1 + r.receptors);
}

/// V' just before event k.
double slope_before(const EventNetwork& network, std::uint32_t neuron, const NeuronRecord& r, std::size_t k) {
  double current = r.current(k);
  if (r.events[k].kind == NeuronEventKind::kArrival) current -= network.synapses[r.events[k].synapse].weight;
  return network.neurons[neuron].slope(r.V(k), current);
}

}  // namespace

double mark_maximum(const EventNetwork& network, std::uint32_t neuron, EventRecord& record) {
  const EventNeuron& n = network.neurons[neuron];
  const std::span<const double> tau = network.time_constants(neuron);
  NeuronRecord& r = record.neurons[neuron];
  assert(r.spikes.empty());
  Maximum best{0, 0, r.V(0)};
  for (std::size_t k = 0; k + 1 < r.events.size(); ++k) {
    const double h = (r.events[k + 1].time - r.events[k].time).ms();
    if (h > 0)
      for_each_peak(membrane_after(n, tau, r, k), h, best.V - n.V_inf(), [&](double ms, double x) {
        if (n.V_inf() + x > best.V) best = {k, ms, n.V_inf() + x};
      });
    const double slope = n.slope(r.V(k + 1), r.current(k + 1));
    const bool turns = slope <= 0 || k + 2 == r.events.size();
    if (turns && slope_before(network, neuron, r, k + 1) > 0 && r.V(k + 1) > best.V)
      best = {k, h, r.V(k + 1)};
  }
  insert_mark(n, tau, r, best);
  NeuronEvent& mark = r.events[best.event + 1];
  const NeuronEvent& next = r.events[best.event + 2];
  if (next.kind == NeuronEventKind::kArrival && next.time == mark.time) {
    mark.synapse = next.synapse;
    mark.spike = next.spike;
  }
  return best.V;
}

}  // namespace chronotope::models
