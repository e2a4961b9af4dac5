// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/clock/clock_engine.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "chronotope/events/clock/flush_denormals.hpp"

namespace chronotope::events {

ClockEngine::ClockEngine(Network network, std::span<const ClockForm> forms, std::vector<Stimulus> inputs,
                         Observer on_spike, const ClockOptions& options, std::vector<SpikeList> recorded,
                         VectorSet vectors)
    : network_(std::move(network)),
      on_spike_(std::move(on_spike)),
      options_(options),
      grid_(options.dt),
      open_loop_(!recorded.empty()),
      index_(network_.projections, network_.populations.size() + inputs.size()),
      unsettled_(network_.populations.size(), 0),
      fired_(network_.populations.size()) {
  const auto populations = static_cast<std::uint32_t>(network_.populations.size());
  round_delays();
  for (std::uint32_t p = 0; p < recorded.size(); ++p) add_source(p, std::move(recorded[p]));
  for (std::uint32_t i = 0; i < inputs.size(); ++i) add_source(populations + i, std::move(inputs[i]));
  make_populations(forms, vectors);
}

void ClockEngine::make_populations(std::span<const ClockForm> forms, VectorSet vectors) {
  for (std::uint32_t p = 0; p < network_.populations.size(); ++p) {
    const NeuronGroup& population = *network_.populations[p];
    const auto form = std::find_if(forms.begin(), forms.end(),
                                   [&](const ClockForm& f) { return f.model == population.model; });
    populations_.push_back(form->make(population, p, options_, vectors));
    if (!population.currents.empty()) injected_.push_back(p);
  }
}

/// The delays of all projections in steps.
void ClockEngine::round_delays() {
  const bool may_be_zero = options_.on_grid() && options_.convention == GridConvention::kBrian2;
  std::int64_t longest = 1;
  for (const auto& projection : network_.projections) {
    const Connectivity& connectivity = projection->connectivity();
    std::vector<std::uint32_t>& steps = delay_steps_.emplace_back();
    for (SegmentId g{0}; index(g) < connectivity.segment_count(); g = SegmentId{index(g) + 1}) {
      steps.push_back(static_cast<std::uint32_t>(
          std::max<std::int64_t>(grid_.steps(connectivity.delay(g)), may_be_zero ? 0 : 1)));
      longest = std::max<std::int64_t>(longest, steps.back());
    }
    const bool sent_by_neurons = projection->source() < network_.populations.size() && !open_loop_;
    least_delay_.push_back(sent_by_neurons ? grid_.dt() : Duration());
  }
  ring_.resize(static_cast<std::size_t>(longest) + 3);
}

void ClockEngine::run_until(Time end, const std::function<bool()>& stop) {
  const FlushDenormals flush;
  while (!(end < grid_.at(steps_ + 1)) && !stop()) step();
}

void ClockEngine::settle_weights() {
  for (std::uint32_t p = 0; p < populations_.size(); ++p) settle_into(p);
}

void ClockEngine::step() {
  const std::int64_t n = steps_;
  change_currents(n);
  if (!options_.on_grid()) {
    emit_sources(n);
    walk(n);
  } else if (options_.convention == GridConvention::kNest) {
    emit_sources(n);
    deliver(n + 1);
    step_populations(n + 1);
  } else {
    integrate_populations();
    emit_sources(n);
    send_fired(n);
    deliver(n);
    tell_rules();
  }
  ++steps_;
  settle_full();
}

/// NEST's order: arrivals at step n are in, the spikes found are of step n.
void ClockEngine::step_populations(std::int64_t n) {
  integrate_populations();
  rule_spike_ = grid_.at(n);
  send_fired(n);
  tell_rules();
}

void ClockEngine::integrate_populations() {
  rule_spike_ = now();
  for (std::uint32_t p = 0; p < populations_.size(); ++p) {
    fired_[p].clear();
    populations_[p]->step(fired_[p]);
  }
}

void ClockEngine::send_fired(std::int64_t n) {
  const Time stamp = grid_.at(n);
  for (std::uint32_t p = 0; p < populations_.size(); ++p) {
    counts_.spikes += fired_[p].size();
    unsettled_[p] += fired_[p].size();
    for (const std::uint32_t i : fired_[p]) {
      on_spike_(p, NeuronId{i}, stamp);
      if (!open_loop_) send(p, NeuronId{i}, n, rule_spike_);
    }
  }
}

void ClockEngine::tell_rules() {
  for (std::uint32_t p = 0; p < populations_.size(); ++p)
    for (const std::uint32_t i : fired_[p]) tell_fired(p, NeuronId{i}, rule_spike_);
}

void ClockEngine::tell_fired(std::uint32_t p, NeuronId neuron, Time t) {
  for (const std::uint32_t k : index_.plastic_onto(p)) projection(k).fired(neuron, t);
}

/// A spike of step n sets out along all rows of its source. `emitted` is its exact time, or its time for the
/// rules.
void ClockEngine::send(std::uint32_t source, NeuronId neuron, std::int64_t n, Time emitted) {
  // Rules know delays before they were rounded, by up to half a step, or raised to a step: what by these
  // should have arrived in the last step may still be on its way.
  const Time delivered = options_.on_grid() ? emitted - grid_.dt() : std::min(emitted, now());
  for (const std::uint32_t k : index_.outgoing(source)) {
    projection(k).sent(neuron, emitted, delivered);
    const Connectivity& connectivity = projection(k).connectivity();
    const SegmentId first = connectivity.first_segment(neuron);
    if (first < connectivity.last_segment(neuron))
      put_in_flight({k, index(first), n, emitted, emitted + delay(k, first)});
  }
}

void ClockEngine::put_in_flight(const InFlight& spike) {
  const std::int64_t arrival = options_.on_grid() ? spike.step + delay_steps_[spike.projection][spike.segment]
                                                  : std::max(grid_.floor(spike.arrival), spike.step);
  ring_[static_cast<std::size_t>(arrival) % ring_.size()].push_back(spike);
}

/// On the grid as the rules see it. With interpolation only what neurons send during the run has to wait for
/// the next step.
Duration ClockEngine::delay(std::uint32_t k, SegmentId g) const {
  return options_.on_grid() ? std::int64_t{delay_steps_[k][index(g)]} * grid_.dt()
                            : std::max(projection(k).connectivity().delay(g), least_delay_[k]);
}

void ClockEngine::take_arriving(std::int64_t n) {
  auto& slot = ring_[static_cast<std::size_t>(n) % ring_.size()];
  arriving_.swap(slot);
  slot.clear();
}

/// The synapses of the segment, all of which the spike now reaches.
IdRange<SynapseId> ClockEngine::count_arrivals(const InFlight& spike) {
  const IdRange<SynapseId> synapses =
      projection(spike.projection).connectivity().synapses(SegmentId{spike.segment});
  ++counts_.deliveries;
  counts_.synaptic_events += synapses.size();
  return synapses;
}

/// What arrives at step n goes into the sums.
void ClockEngine::deliver(std::int64_t n) {
  take_arriving(n);
  std::sort(arriving_.begin(), arriving_.end());
  for (const InFlight& spike : arriving_) deliver_from(spike, n);
  arriving_.clear();
}

void ClockEngine::deliver_from(InFlight spike, std::int64_t n) {
  const Connectivity& connectivity = projection(spike.projection).connectivity();
  const auto& steps = delay_steps_[spike.projection];
  for (;; ++spike.segment) {
    spike.arrival = spike.emitted + delay(spike.projection, SegmentId{spike.segment});
    if (spike.step + steps[spike.segment] != n) return put_in_flight(spike);
    sweep(spike);
    if (connectivity.is_last(SegmentId{spike.segment})) return;
  }
}

/// Calls take(targets, weights) with what the synapses of the segment transmit.
template <class Take>
void ClockEngine::for_each_batch(const InFlight& spike, Take take) {
  SynapseGroup& onto = projection(spike.projection);
  const SegmentId g{spike.segment};
  const IdRange<SynapseId> synapses = onto.connectivity().synapses(g);
  SynapseGroup::Row row;
  onto.open(row, onto.connectivity().source(g), spike.emitted, delay(spike.projection, g));
  std::array<double, kManyArrivals> weights;
  const std::uint32_t* const targets = onto.connectivity().targets() + index(synapses.front());
  for (std::size_t k = 0; k < synapses.size(); k += kManyArrivals) {
    const std::size_t count = std::min(kManyArrivals, synapses.size() - k);
    const std::span<const std::uint32_t> batch(targets + k, count);
    onto.arrive_all(SynapseId{index(synapses.front()) + k}, batch, row, std::span(weights).first(count));
    take(batch, std::span<const double>(weights).first(count));
  }
}

void ClockEngine::sweep(const InFlight& spike) {
  const SynapseGroup& onto = projection(spike.projection);
  Incoming& incoming = populations_[onto.target()]->incoming();
  const IdRange<SynapseId> synapses = count_arrivals(spike);
  if (synapses.empty()) return;
  if (const double* shared = onto.shared_weight()) {
    double* sums = incoming.sums_for(*shared, onto.receptor());
    for (const SynapseId s : synapses) sums[onto.connectivity().targets()[index(s)]] += *shared;
    return;
  }
  for_each_batch(spike, [&](std::span<const std::uint32_t> targets, std::span<const double> weights) {
    for (std::size_t k = 0; k < targets.size(); ++k)
      incoming.sums_for(weights[k], onto.receptor())[targets[k]] += weights[k];
  });
}

// With interpolation.

/// The step from n dt on: its arrivals by neuron, then the neurons, then their spikes.
void ClockEngine::walk(std::int64_t n) {
  take_arriving(n);
  spread_segments(n);
  std::sort(arriving_.begin(), arriving_.end());
  for (std::uint32_t number = 0; number < arriving_.size(); ++number) append_arrivals(number, n);
  spikes_.clear();
  for (std::uint32_t p = 0; p < populations_.size(); ++p) walk_population(p, n);
  arriving_.clear();
  std::sort(spikes_.begin(), spikes_.end());
  counts_.spikes += spikes_.size();
  for (const Spike& spike : spikes_) {
    ++unsettled_[spike.population];
    on_spike_(spike.population, NeuronId{spike.neuron}, spike.time);
    if (!open_loop_) send(spike.population, NeuronId{spike.neuron}, n + 1, spike.time);
  }
}

/// Adds the further segments of each arriving row: to this step, or to the ring.
void ClockEngine::spread_segments(std::int64_t n) {
  for (std::size_t k = 0; k < arriving_.size(); ++k) {
    InFlight spike = arriving_[k];
    if (projection(spike.projection).connectivity().is_last(SegmentId{spike.segment})) continue;
    ++spike.segment;
    spike.arrival = spike.emitted + delay(spike.projection, SegmentId{spike.segment});
    if (spike.arrival < grid_.at(n + 1))
      arriving_.push_back(spike);
    else
      put_in_flight(spike);
  }
}

void ClockEngine::append_arrivals(std::uint32_t number, std::int64_t n) {
  const InFlight& spike = arriving_[number];
  const Offset at = std::max(spike.arrival.since(grid_.at(n)), Offset{});
  const SynapseGroup& onto = projection(spike.projection);
  Incoming& incoming = populations_[onto.target()]->incoming();
  const IdRange<SynapseId> synapses = count_arrivals(spike);
  if (synapses.empty()) return;
  if (onto.is_plastic()) {
    for (const SynapseId s : synapses)
      incoming.append(index(onto.connectivity().target(s)), {at, 0, index(s), number, onto.receptor(), 0});
    return;
  }
  for_each_batch(spike, [&](std::span<const std::uint32_t> targets, std::span<const double> weights) {
    for (std::size_t k = 0; k < targets.size(); ++k)
      incoming.append(targets[k], {at, weights[k], 0, Incoming::kNone, onto.receptor(), 0});
  });
}

void ClockEngine::walk_population(std::uint32_t p, std::int64_t n) {
  const ClockAfferents afferents{[this](std::uint32_t number, SynapseId s, NeuronId target) {
                                   const InFlight& spike = arriving_[number];
                                   SynapseGroup& onto = projection(spike.projection);
                                   const SegmentId g{spike.segment};
                                   return onto.arrive(s, target, onto.connectivity().source(g), spike.emitted,
                                                      delay(spike.projection, g));
                                 },
                                 [this, p](NeuronId neuron, Time t) { tell_fired(p, neuron, t); }};
  populations_[p]->walk(grid_.at(n), afferents, spikes_);
}

// Sources.

void ClockEngine::add_source(std::uint32_t id, Stimulus stimulus) {
  const std::uint32_t lines = line_count(stimulus);
  if (index_.least_delay(id) == Duration::forever()) return;  // nobody hears it
  sources_.push_back({id, std::move(stimulus), {}, {}});
  sources_.back().next.resize(lines);
  sources_.back().next_step.resize(lines);
  for (std::uint32_t line = 0; line < lines; ++line) advance(sources_.back(), line);
}

void ClockEngine::advance(Source& source, std::uint32_t line) {
  constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  source.next[line] = next_spike(source.stimulus, line);
  const Time t = source.next[line].time;
  source.next_step[line] = t.is_never() ? kNever : step_of(t);
}

/// The step at which a spike of a source sets out.
std::int64_t ClockEngine::step_of(Time t) const {
  if (!options_.on_grid()) return grid_.floor(t);
  if (options_.convention == GridConvention::kNest) return grid_.ceil(t);
  return grid_.floor(t, kBrian2Slack);
}

/// The step at whose begin a current changes.
std::int64_t ClockEngine::step_of_change(Time t) const {
  return options_.on_grid() ? step_of(t) : grid_.steps(t - Time());
}

void ClockEngine::change_currents(std::int64_t n) {
  for (const std::uint32_t p : injected_) {
    NeuronGroup& population = *network_.populations[p];
    while (!population.currents.due().is_never() && step_of_change(population.currents.due()) <= n)
      population.currents.advance(population.currents.due());
    if (population.currents.changed().empty()) continue;
    populations_[p]->change_currents();
    population.take_currents();
  }
}

void ClockEngine::emit_sources(std::int64_t n) {
  for (Source& source : sources_)
    for (std::uint32_t line = 0; line < source.next_step.size(); ++line)
      while (source.next_step[line] <= n) {
        ++counts_.emissions;
        const ChannelSpike& spike = source.next[line];
        send(source.id, NeuronId{spike.channel}, n, options_.on_grid() ? now() : spike.time);
        advance(source, line);
      }
}

// Plasticity.

void ClockEngine::settle_full() {
  for (std::uint32_t p = 0; p < populations_.size(); ++p)
    if (unsettled_[p] > index_.unsettled_limit(p) && !index_.plastic_onto(p).empty()) settle_into(p);
}

/// Settles the synapses onto population p: all its spikes so far count.
void ClockEngine::settle_into(std::uint32_t p) {
  Time t = now();
  if (options_.on_grid() && options_.convention == GridConvention::kNest) t = t + kTick;
  for (const std::uint32_t k : index_.plastic_onto(p))
    settle(projection(k), 0, network_.populations[p]->size, t, [&](SegmentId g) { return delay(k, g); });
  unsettled_[p] = 0;
}

}  // namespace chronotope::events
