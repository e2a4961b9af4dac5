// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/network_reference.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

namespace chronotope::reference {
namespace {

void require(bool condition, const char* what) {
  if (!condition) throw std::invalid_argument(what);
}

void check(const Network& network, const Synapse& s) {
  const std::size_t sources = s.source.is_external ? network.external.size() : network.neurons.size();
  require(s.source.index < sources && s.target < network.neurons.size(),
          "a synapse joins what does not exist");
  if (!s.plasticity) return;
  const double magnitude = std::abs(s.weight);
  require(magnitude >= s.plasticity->w_min && magnitude <= s.plasticity->w_max,
          "a plastic weight is outside its bounds");
}

/// A synapse's two lengths in whole ticks.
struct Delay {
  Rational total;
  Rational dendritic;

  explicit Delay(const Synapse& s) : total(stated_time(s.delay)) {
    require(s.dendritic_delay == 0 || s.dendritic_fraction == 0, "a dendritic part is stated twice");
    dendritic = s.dendritic_fraction == 0 ? stated_time(s.dendritic_delay)
                                          : nearest_tick(Rational(total * decimal(s.dendritic_fraction)));
    require(total > 0, "a delay is not positive");
    require(dendritic >= 0 && dendritic <= total, "a dendritic part is not within its delay");
  }
};

/// What the spikes of a source have left of the resources of a synapse.
class Resources {
 public:
  explicit Resources(const ShortTermParameters& parameters) : p_(parameters) {}

  /// What a spike at t releases.
  Real release(const Rational& t) {
    const Real elapsed = to_real(t - now_);
    now_ = t;
    u_ = p_.tau_fac > 0 ? Real(u_ * exp(-elapsed / Real(p_.tau_fac))) : Real(0);
    x_ = 1 - (1 - x_) * exp(-elapsed / Real(p_.tau_rec));
    u_ += Real(p_.U) * (1 - u_);
    const Real released = u_ * x_;
    x_ -= released;
    return released;
  }

 private:
  ShortTermParameters p_;
  Real u_ = 0, x_ = 1;
  Rational now_ = 0;
};

/// A weight between the spikes of both sides, which change it in the order in which they reach the synapse.
class LearningSynapse {
 public:
  LearningSynapse(const Network& network, const Synapse& s)
      : delay_(s),
        is_plastic_(s.plasticity.has_value()),
        is_negative_(std::signbit(s.weight)),
        transmit_(network.transmit),
        weight_(s.plasticity.value_or(StdpParameters{}), Real(std::abs(s.weight))) {
    if (s.short_term) resources_.emplace(*s.short_term);
    if (std::isfinite(network.learn_until)) learn_until_ = stated_time(network.learn_until);
  }

  const Rational& delay() const { return delay_.total; }

  /// The source emits a spike.
  void sent(const Rational& t) { await(t + delay_.total - delay_.dendritic, Side::kArrival); }
  /// The target emits a spike.
  void fired(const Rational& t) { await(t + delay_.dendritic, Side::kPostSpike); }

  /// What an arrival at the soma transmits.
  Real arrive(const Rational& at_soma) {
    settle_before(at_soma - delay_.dendritic);
    const Real before = signed_weight();
    take_first();
    const Real released = resources_ ? resources_->release(at_soma) : Real(1);
    return (transmit_ == Transmit::kBeforeUpdate ? before : signed_weight()) * released;
  }

  /// Requires: nothing arrives any more.
  Real read(const Rational& t) {
    settle_before(t);
    return signed_weight();
  }

 private:
  enum class Side { kArrival, kPostSpike };

  void await(const Rational& t, Side side) { pending_.emplace(t, side); }

  void settle_before(const Rational& t) {
    while (!pending_.empty() && pending_.begin()->first < t) take_first();
  }

  void take_first() {
    const auto [t, side] = *pending_.begin();
    pending_.erase(pending_.begin());
    if (!is_plastic_ || (learn_until_ && t >= *learn_until_)) return;
    side == Side::kArrival ? weight_.arrival(t) : weight_.post_spike(t);
  }

  Real signed_weight() const { return is_negative_ ? Real(-weight_.magnitude()) : weight_.magnitude(); }

  Delay delay_;
  bool is_plastic_, is_negative_;
  Transmit transmit_;
  std::optional<Rational> learn_until_;
  std::optional<Resources> resources_;
  StdpSynapse weight_;                                // of a static synapse only the magnitude is used
  std::multiset<std::pair<Rational, Side>> pending_;  // by time at the synapse, arrivals first
};

/// One run: everything is looked for by walking through all neurons and all synapses.
class Simulation {
 public:
  Simulation(const Network& network, double until) : network_(network), until_(stated_time(until)) {
    for (const LifParameters& parameters : network.neurons) {
      neurons_.emplace_back(parameters);
      next_.push_back(test_at(0));  // the initial values are tested, too
    }
    for (const Synapse& s : network.synapses) {
      check(network, s);
      synapses_.emplace_back(network, s);
    }
    for (std::size_t i = 0; i < network.external.size(); ++i)
      for (const double t : network.external[i]) emit({true, i}, stated_time(t));
  }

  NetworkRun run() {
    while (const auto now = earliest()) process(*now);
    std::stable_sort(spikes_.begin(), spikes_.end(), [](const NetworkSpike& a, const NetworkSpike& b) {
      return a.spike.time != b.spike.time ? a.spike.time < b.spike.time : a.neuron < b.neuron;
    });
    std::vector<Real> weights;
    for (LearningSynapse& synapse : synapses_) weights.push_back(synapse.read(until_));
    return {spikes_, weights, neurons_};
  }

 private:
  std::optional<Rational> earliest() const {
    Rational t = until_;
    if (!arrivals_.empty()) t = std::min(t, arrivals_.begin()->first);
    for (const auto& own : next_)
      if (own) t = std::min(t, own->time);
    return t < until_ ? std::optional(t) : std::nullopt;
  }

  void process(const Rational& now) {
    std::vector<std::size_t> arriving;
    if (const auto first = arrivals_.find(now); first != arrivals_.end()) {
      arriving = first->second;
      arrivals_.erase(first);
    }
    std::set<std::size_t> targets;
    for (const std::size_t s : arriving) targets.insert(network_.synapses[s].target);
    std::set<std::size_t> touched = targets;
    for (std::size_t n = 0; n < neurons_.size(); ++n)
      if (next_[n] && next_[n]->time == now) touched.insert(n);

    std::map<std::size_t, Instant> own;  // of the neurons whose own instant is now
    for (const std::size_t n : touched)
      if (is_due(n, now, targets.contains(n))) own.emplace(n, *next_[n]);
    for (const std::size_t n : touched) {
      own.contains(n) ? neurons_[n].advance(own.at(n)) : neurons_[n].advance(now);
      if (own.contains(n) && own.at(n).precedes(now)) fire(n, own.at(n));
    }
    for (const std::size_t s : arriving)
      neurons_[network_.synapses[s].target].receive(synapses_[s].arrive(now));
    for (const std::size_t n : touched)
      if (neurons_[n].at_threshold()) fire(n, own.contains(n) && own.at(n).fires ? own.at(n) : jump_at(now));
    for (const std::size_t n : touched) next_[n] = next_instant(n);
  }

  /// A crossing that lies after the arrivals of its tick is looked for again when they have been received.
  bool is_due(std::size_t n, const Rational& now, bool has_arrivals) const {
    return next_[n] && next_[n]->time == now && !(has_arrivals && next_[n]->follows(now));
  }

  std::optional<Instant> next_instant(std::size_t n) {
    auto next = neurons_[n].next_instant(until_);
    foretold_.erase(n);
    if (!next || next->cause != SpikeCause::kCrossing || network_.observed.empty()) return next;
    foretold_[n] = next->time;
    for (const Rational& t : network_.observed[n])
      if (t >= neurons_[n].now() && abs(next->reached - to_real(t)) < network_.kSame) next->time = t;
    return next;
  }

  void fire(std::size_t n, const Instant& instant) {
    const Rational now = neurons_[n].now();
    spikes_.push_back({n, neurons_[n].fire(instant)});
    if (instant.cause == SpikeCause::kCrossing && foretold_.contains(n))
      spikes_.back().spike.time = foretold_[n];
    for (std::size_t s = 0; s < synapses_.size(); ++s)
      if (network_.synapses[s].target == n) synapses_[s].fired(now);
    emit({false, n}, now);
  }

  void emit(const SourceRef& source, const Rational& t) {
    for (std::size_t s = 0; s < synapses_.size(); ++s) {
      const SourceRef& own = network_.synapses[s].source;
      if (own.is_external != source.is_external || own.index != source.index) continue;
      synapses_[s].sent(t);
      arrivals_[t + synapses_[s].delay()].push_back(s);
    }
  }

  const Network& network_;
  Rational until_;
  std::vector<LifNeuron> neurons_;
  std::vector<std::optional<Instant>> next_;
  std::vector<LearningSynapse> synapses_;
  std::map<Rational, std::vector<std::size_t>> arrivals_;  // synapses by time of arrival
  std::vector<NetworkSpike> spikes_;
  std::map<std::size_t, Rational> foretold_;  // the crossing that next_ has moved to where it was observed
};

}  // namespace

NetworkRun run_network(const Network& network, double until) { return Simulation(network, until).run(); }

}  // namespace chronotope::reference
