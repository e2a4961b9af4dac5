// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/network_reference.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

namespace chronotope::reference {
namespace {

void check(const Network& network, const Synapse& s) {
  const std::size_t sources = s.source.is_external ? network.external.size() : network.neurons.size();
  if (s.source.index >= sources || s.target >= network.neurons.size())
    throw std::invalid_argument("a synapse joins what does not exist");
  if (!(s.delay > 0)) throw std::invalid_argument("a delay is not positive");
  const double magnitude = std::abs(s.weight);
  if (s.plasticity && (magnitude < s.plasticity->w_min || magnitude > s.plasticity->w_max))
    throw std::invalid_argument("a plastic weight is outside its bounds");
}

/// One run: everything is looked for by walking through all neurons and all synapses.
class Simulation {
 public:
  Simulation(const Network& network, double until) : network_(network), until_(until) {
    for (const LifParameters& parameters : network.neurons) {
      neurons_.emplace_back(parameters);
      next_.push_back(LifNeuron::Instant{0, false});  // the initial values are tested, too
    }
    for (const Synapse& s : network.synapses) {
      check(network, s);
      plastic_.emplace_back(s.plasticity.value_or(StdpParameters{}), Real(std::abs(s.weight)));
    }
    for (std::size_t i = 0; i < network.external.size(); ++i)
      for (const double t : network.external[i]) emit({true, i}, Real(t));
  }

  NetworkRun run() {
    while (const auto now = earliest()) process(*now);
    std::vector<Real> weights;
    for (std::size_t s = 0; s < network_.synapses.size(); ++s) weights.push_back(weight(s));
    return {spikes_, weights, neurons_};
  }

 private:
  std::optional<Real> earliest() const {
    Real t = until_;
    if (!arrivals_.empty()) t = std::min(t, arrivals_.begin()->first);
    for (const auto& own : next_)
      if (own) t = std::min(t, own->time);
    return t < until_ ? std::optional(t) : std::nullopt;
  }

  void process(const Real& now) {
    std::vector<std::size_t> arriving;
    if (const auto first = arrivals_.find(now); first != arrivals_.end()) {
      arriving = first->second;
      arrivals_.erase(first);
    }
    std::set<std::size_t> touched;
    for (const std::size_t s : arriving) touched.insert(network_.synapses[s].target);
    for (std::size_t n = 0; n < neurons_.size(); ++n)
      if (next_[n] && next_[n]->time == now) touched.insert(n);

    std::map<std::size_t, Spike> candidates = advance(touched, now);
    for (const std::size_t s : arriving) deliver(s, now);
    for (const auto& [n, spike] : candidates)
      if (neurons_[n].at_threshold()) fire(n, spike, now);
    for (const std::size_t n : touched) next_[n] = next_instant(n);
  }

  std::optional<LifNeuron::Instant> next_instant(std::size_t n) {
    auto next = neurons_[n].next_instant(until_);
    if (!next || !next->is_crossing || network_.observed.empty()) return next;
    foretold_[n] = next->time;
    for (const double t : network_.observed[n])
      if (abs(next->time - t) < network_.kSame) next->time = t;
    return next;
  }

  /// Moves the neurons to now, and tells what spike each would emit.
  std::map<std::size_t, Spike> advance(const std::set<std::size_t>& touched, const Real& now) {
    std::map<std::size_t, Spike> candidates;
    for (const std::size_t n : touched) {
      const bool crosses = next_[n] && next_[n]->time == now && next_[n]->is_crossing;
      crosses ? neurons_[n].advance(*next_[n]) : neurons_[n].advance(now);
      if (crosses)
        candidates[n] = {foretold_.contains(n) ? foretold_[n] : now, SpikeCause::kCrossing,
                         neurons_[n].slope()};
      else
        candidates[n] = {now, SpikeCause::kJump, 0};
    }
    return candidates;
  }

  void deliver(std::size_t s, const Real& now) {
    const Real before = weight(s);
    if (network_.synapses[s].plasticity && now < network_.learn_until) plastic_[s].arrival(now);
    const Real after = weight(s);
    neurons_[network_.synapses[s].target].receive(network_.transmit == Transmit::kAfterUpdate ? after
                                                                                              : before);
  }

  void fire(std::size_t n, const Spike& spike, const Real& now) {
    spikes_.push_back({n, spike});
    neurons_[n].fire();
    if (now < network_.learn_until)
      for (std::size_t s = 0; s < plastic_.size(); ++s)
        if (network_.synapses[s].target == n && network_.synapses[s].plasticity) plastic_[s].post_spike(now);
    emit({false, n}, now);
  }

  void emit(const SourceRef& source, const Real& t) {
    for (std::size_t s = 0; s < network_.synapses.size(); ++s) {
      const Synapse& synapse = network_.synapses[s];
      if (synapse.source.is_external == source.is_external && synapse.source.index == source.index)
        arrivals_[t + Real(synapse.delay)].push_back(s);
    }
  }

  Real weight(std::size_t s) const {
    return std::signbit(network_.synapses[s].weight) ? Real(-plastic_[s].magnitude())
                                                     : plastic_[s].magnitude();
  }

  const Network& network_;
  Real until_;
  std::vector<LifNeuron> neurons_;
  std::vector<std::optional<LifNeuron::Instant>> next_;
  std::vector<StdpSynapse> plastic_;                   // of a static synapse only the magnitude is used
  std::map<Real, std::vector<std::size_t>> arrivals_;  // synapses by time of arrival
  std::vector<NetworkSpike> spikes_;
  std::map<std::size_t, Real> foretold_;  // the crossing that next_ has moved to where it was observed
};

}  // namespace

NetworkRun run_network(const Network& network, double until) { return Simulation(network, until).run(); }

}  // namespace chronotope::reference
