// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/engine.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <variant>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/events/rank_message.hpp"
#include "chronotope/events/rank_values.hpp"
#include "chronotope/events/sorted_arrivals.hpp"

namespace chronotope::events {
namespace {

const EventForm& form_of(const NeuronGroup& population, std::span<const EventForm> forms) {
  return *std::find_if(forms.begin(), forms.end(),
                       [&](const EventForm& form) { return form.model == population.model; });
}

bool has_own_delays(const Network& network) {
  return std::ranges::any_of(network.projections,
                             [](const auto& p) { return p->connectivity().has_own_delays(); });
}

}  // namespace

Engine::Engine(Network network, std::span<const EventForm> forms, std::vector<Stimulus> inputs,
               SpikeObserver on_spike, unsigned threads, Time start)
    : network_(std::move(network)),
      inputs_(std::move(inputs)),
      on_spike_(std::move(on_spike)),
      index_(network_.projections, end_of(inputs_.count())),
      rewards_(network_.rewards),
      homeostasis_(network_.projections),
      team_(threads),
      start_(start - Time()),
      shards_(threads) {
  for (const auto& population : network_.populations)
    whole_sizes_.push_back(static_cast<std::uint32_t>(part().sum(population->size)));
  choose_longest_window();
  if (window_.ms() >= InFlight::kShortestWindow && has_own_delays(network_)) in_flight_.emplace(window_);
  make_lanes(forms);
  make_private();
  expect_own_delays();
  for (std::uint32_t p = 0; p < network_.populations.size(); ++p)
    if (!network_.populations[p]->currents.empty()) injected_.push_back(p);
  choose_lines();
  schedule_inputs();
  agree_on_next();
}

/// No longer than the shortest way from neuron to neuron, or from a spike to the reward it is.
void Engine::choose_longest_window() {
  for (const RewardSpec& reward : network_.rewards)
    if (reward.population) window_ = std::min(window_, reward.delay);
  for (std::uint32_t p = 0; p < network_.populations.size(); ++p)
    window_ = std::min(
        {window_, index_.least_delay(p), SortedArrivals::longest_window(network_.populations[p]->size)});
  window_ = part().least(window_);
}

void Engine::make_lanes(std::span<const EventForm> forms) {
  const auto threads = static_cast<unsigned>(shards_.size());
  for (std::uint32_t p = 0; p < network_.populations.size(); ++p) {
    NeuronGroup& population = *network_.populations[p];
    auto lanes = form_of(population, forms).make_lanes(population, p, window_, threads);
    for (unsigned s = 0; s < threads; ++s) {
      step_ = std::min(step_, lanes[s]->step());
      shards_[s].lanes.push_back(std::move(lanes[s]));
    }
  }
}

void Engine::expect_own_delays() {
  for (std::uint32_t end = 0; end < network_.populations.size() + inputs_.count(); ++end)
    for (const std::uint32_t k : index_.outgoing(end)) {
      if (!projection(k).connectivity().has_own_delays()) continue;
      for (Shard& shard : shards_) shard.lanes[projection(k).target()]->expect_own_delays();
    }
}

/// Hands fast Poisson inputs of which every train reaches one neuron of a population to the lanes of those neurons.
void Engine::make_private() {
  std::vector<std::vector<PrivateProjection>> onto(network_.populations.size());
  is_private_.resize(inputs_.count());
  for (std::uint32_t input = 0; input < inputs_.count(); ++input) {
    if (!would_be_private(input, inputs_.stimulus(input))) continue;
    is_private_[input] = true;
    const Poisson* const poisson = &std::get<Poisson>(inputs_.stimulus(input));
    for (bool first = true; const std::uint32_t k : index_.outgoing(end_of(input))) {
      const std::uint32_t target = projection(k).target();
      onto[target].push_back({poisson, &projection(k), std::exchange(first, false),
                              network_.populations[target]->first, largest_exponent(*poisson, target)});
    }
    index_.clear_outgoing(end_of(input));
  }
  private_.resize(onto.size());
  for (std::uint32_t p = 0; p < onto.size(); ++p) {
    if (onto[p].empty()) continue;
    private_[p] = std::make_unique<PrivateInputs>(private_inputs(onto[p], part()));
    for (Shard& shard : shards_) shard.lanes[p]->drive(*private_[p]);
  }
}

bool Engine::would_be_private(std::uint32_t input, const Stimulus& stimulus) const {
  const auto* const poisson = std::get_if<Poisson>(&stimulus);
  const SlotTrains* const slots = poisson == nullptr ? nullptr : poisson->slots();
  const std::span<const std::uint32_t> outgoing = index_.outgoing(end_of(input));
  if (slots == nullptr || outgoing.empty()) return false;
  return part().all(std::ranges::all_of(outgoing, [&](std::uint32_t k) {
    const std::uint32_t target = projection(k).target();
    return is_private(projection(k), network_.populations[target]->first) &&
           shards_[0].lanes[target]->can_draw(*slots);
  }));
}

/// Of the whole population.
double Engine::largest_exponent(const Poisson& poisson, std::uint32_t population) const {
  return part().largest(shards_[0].lanes[population]->largest_exponent(*poisson.slots()));
}

/// Of the inputs that are heard somewhere, the lines that end here.
void Engine::choose_lines() {
  std::vector<std::uint32_t> lines;
  for (std::uint32_t input = 0; input < inputs_.count(); ++input)
    lines.push_back(is_heard(input) ? inputs_.lines(input) : 0);
  lines_ = DrawnLines(part(), std::move(lines),
                      [&](std::uint32_t input, std::uint32_t line) { return hears(input, line); });
}

/// Whether a spike of the line ends in this part, or changes what its rules remember of sources, which is the same in
/// all parts.
bool Engine::hears(std::uint32_t input, std::uint32_t line) const {
  const bool has_all_channels = std::holds_alternative<SpikeList>(inputs_.stimulus(input));
  return std::ranges::any_of(index_.outgoing(end_of(input)), [&](std::uint32_t k) {
    const SynapseGroup& onto = projection(k);
    return !onto.is_static() ||
           (has_all_channels ? onto.synapse_count() > 0 : first_segment(k, NeuronId{line}).has_value());
  });
}

void Engine::schedule_inputs() {
  for (std::uint32_t input = 0; input < inputs_.count(); ++input) {
    if (!is_heard(input)) continue;
    for (std::uint32_t line = 0; line < inputs_.lines(input); ++line)
      if (lines_.is_drawn(input, line)) schedule_line(input, line);
  }
}

/// Whether any synapse transmits the input's spikes.
bool Engine::is_heard(std::uint32_t input) const {
  return !index_.outgoing(end_of(input)).empty() && index_.least_delay(end_of(input)) < Duration::forever();
}

/// Puts a line's next spike into the queue, at the time when it can first be at a synapse: from there on a
/// weight that is read must account for it.
void Engine::schedule_line(std::uint32_t input, std::uint32_t line) {
  schedule(input, line, inputs_.advance(input, line));
}

void Engine::schedule(std::uint32_t input, std::uint32_t line, Time t) {
  if (t.is_never()) return;
  queue_.push({t + index_.until_synapse(end_of(input)), EventKind::kEmission, input, line, t});
}

void Engine::inject(std::uint32_t input, NeuronId channel, Time t) {
  if (!is_heard(input)) return;
  const Time emitted = t - start_;
  queue_.push(
      {emitted + index_.until_synapse(end_of(input)), EventKind::kInjection, input, index(channel), emitted});
}

void Engine::run_until(Time told_end, const std::function<bool()>& stop) {
  const Time end = told_end - start_;
  is_asked_ = false;
  if (part().is_whole())
    run_windows(end, stop);
  else
    run_spans(end, stop);
  align_lanes();
  if (is_asked_) return;
  tell_rewards(end);
  now_ = std::max(now_, end);
}

void Engine::run_windows(Time end, const std::function<bool()>& stop) {
  for (Time begin; (begin = next_time()) < end;) {
    is_asked_ = stop();
    if (is_asked_) return;
    if (begin == homeostasis_.due()) {
      scale_weights();
    } else {
      const Window window{begin, window_end(begin, end)};
      spikes_.clear();
      advance(window);
      report(first_breakdown());
      publish(now_);
      now_ = window.end;
    }
  }
}

/// A span is as long as the longest window: what is emitted in it arrives nowhere before its end.
void Engine::run_spans(Time end, const std::function<bool()>& stop) {
  for (Time begin; (begin = std::max(now_, std::min(agreed_next_, homeostasis_.due()))) < end;) {
    if (begin == homeostasis_.due()) {
      scale_weights();
      continue;
    }
    const Time before = now_;
    cross(std::min({end, begin + window_, homeostasis_.due()}));
    meet(before, stop());
    if (is_asked_) return;
  }
}

/// The windows of this part up to the end of a span.
void Engine::cross(Time end) {
  spikes_.clear();
  for (Time begin; (begin = next_time()) < end && !first_breakdown();) {
    const Window window{begin, window_end(begin, end)};
    advance(window);
    now_ = window.end;
  }
  tell_rewards(end);
  now_ = end;
}

/// All parts tell each other what has happened since `before`, and when something will.
void Engine::meet(Time before, bool stop) {
  RankMessage own{next_of_own(), stop, first_breakdown(), {}};
  for (Spike spike : spikes_) {
    spike.neuron += network_.populations[spike.population]->first;
    own.spikes.push_back(spike);
  }
  if (own.breakdown) own.breakdown->neuron += network_.populations[own.breakdown->population]->first;
  spikes_.clear();
  std::optional<Breakdown> breakdown;
  agreed_next_ = Time::never();
  for (const RankMessage& message : values_of_all(part(), own)) {
    agreed_next_ = std::min(agreed_next_, message.next);
    is_asked_ = is_asked_ || message.stops;
    if (message.breakdown && (!breakdown || *message.breakdown < *breakdown)) breakdown = message.breakdown;
    spikes_.insert(spikes_.end(), message.spikes.begin(), message.spikes.end());
  }
  report(breakdown);
  publish(before);
  for (const Spike& spike : spikes_)
    if (!index_.outgoing(spike.population).empty())
      agreed_next_ = std::min(agreed_next_, spike.time + index_.least_delay(spike.population));
}

/// Before the first span, and after a state was loaded.
void Engine::agree_on_next() { agreed_next_ = part().is_whole() ? Time() : part().least(next_of_own()); }

/// Coordinates are where the last window of any part began, as they are where one part has all windows: what is read of
/// neurons is rounded by them.
void Engine::align_lanes() {
  if (part().is_whole()) return;
  const Time own = std::exchange(begin_, part().largest(begin_));
  if (own == begin_) return;
  for (std::uint32_t p = 0; p < network_.populations.size(); ++p) {
    // While trains are drawn every part begins a window with each of their slots.
    if (private_[p] != nullptr && private_[p]->begin <= begin_ && begin_ < private_[p]->end) continue;
    for (Shard& shard : shards_) shard.lanes[p]->halt(begin_);
  }
}

void Engine::settle_weights() {
  if (settled_ == now_) return;
  team_.run([&](unsigned member) {
    for (std::uint32_t p = 0; p < network_.populations.size(); ++p) settle_into(shards_[member], p, now_);
  });
  settled_ = now_;
}

std::vector<double> Engine::potentials(std::uint32_t population) const {
  std::vector<double> V;
  for (const Shard& shard : shards_) {
    const std::vector<double> part = shard.lanes[population]->potentials(now_);
    V.insert(V.end(), part.begin(), part.end());
  }
  return V;
}

std::vector<double> Engine::currents(std::uint32_t population, std::uint32_t receptor) const {
  std::vector<double> I;
  for (const Shard& shard : shards_) {
    const std::vector<double> part = shard.lanes[population]->currents(now_, receptor);
    I.insert(I.end(), part.begin(), part.end());
  }
  return I;
}

std::vector<double> Engine::whole_potentials(std::uint32_t population) const {
  std::vector<double> own = potentials(population);
  if (part().is_whole()) return own;
  std::vector<double> whole;
  for (const std::vector<double>& V : values_at_root(part(), own))
    whole.insert(whole.end(), V.begin(), V.end());
  return whole;
}

EventCounts Engine::whole_counts() const { return summed(part(), counts()); }

Exactness Engine::whole_exactness() const {
  return {part().sum(exactness_.bounds_evaluated), part().sum(exactness_.roots_polished),
          part().largest(exactness_.largest_residual_mV)};
}

EventCounts Engine::counts() const {
  EventCounts counts = counts_;
  for (const Shard& shard : shards_)
    for (const auto& lane : shard.lanes) counts += lane->uncounted(now_);
  return counts;
}

/// When the next window begins: at the next arrival, check, change of currents or scaling of weights, but not before
/// the end of the last window.
Time Engine::next_time() const { return std::min(next_of_own(), std::max(homeostasis_.due(), now_)); }

/// The same but for the scaling.
Time Engine::next_of_own() const {
  Time next = queue_.next_time();
  if (in_flight_) next = std::min(next, in_flight_->next_time());
  for (const Shard& shard : shards_)
    for (const auto& lane : shard.lanes) next = std::min(next, lane->next_check());
  return std::max(std::min(next, currents_due()), now_);
}

Time Engine::window_end(Time begin, Time end) {
  if (begin >= boundary_) {
    const double steps = std::floor(begin.ticks() / step_.ticks);
    boundary_ = Time::from_parts(begin.epoch(), steps * step_.ticks) + step_;
  }
  Time limit = std::min({end, boundary_, begin + window_, homeostasis_.due()});
  for (const Shard& shard : shards_)
    for (const auto& lane : shard.lanes) limit = std::min(limit, lane->limit(begin));
  for (const std::uint32_t p : injected_)
    limit = std::min(limit, network_.populations[p]->currents.due_after(begin));
  return limit;
}

void Engine::advance(const Window& window) {
  begin_ = window.begin;
  settled_.reset();
  tell_rewards(window.end);
  change_currents(window.begin);
  collect(window.end);
  team_.run([&](unsigned member) { work(shards_[member], window); });
  gather_spikes();
}

/// All deliveries before `end`, in order.
void Engine::collect(Time end) {
  deliveries_.clear();
  while (queue_.next_time() < end) {
    const Event event = queue_.pop();
    if (event.kind == EventKind::kDelivery)
      deliver_until(end, event.group, source_of(event), SegmentId{event.item}, event.emitted);
    else
      emit_until(end, event);
  }
  if (in_flight_)
    in_flight_->take_until(
        end,
        [&](const InFlight::Spike& s) {
          deliver_until(end, s.projection, NeuronId{s.source}, SegmentId{s.segment}, s.emitted);
        },
        [&](const InFlight::Spike& s) {
          projection(s.projection).connectivity().prefetch_delays(SegmentId{s.segment});
        });
  const auto is_at_once = [&](const Delivery& d) {
    return !projection(d.projection).connectivity().has_own_delays();
  };
  if (std::ranges::any_of(deliveries_, is_at_once)) std::sort(deliveries_.begin(), deliveries_.end());
  counts_.deliveries += deliveries_.size();
}

void Engine::emit_until(Time end, const Event& emission) {
  if (is_told(emission)) ++counts_.emissions;
  const NeuronId channel = channel_of(emission);
  for (const std::uint32_t k : index_.outgoing(end_of(emission.group))) {
    projection(k).sent(channel, emission.emitted, now_);
    if (const auto first = first_segment(k, channel))
      deliver_until(end, k, channel, *first, emission.emitted);
  }
  if (emission.kind == EventKind::kEmission)
    schedule_line(emission.group, static_cast<std::uint32_t>(emission.item));
}

/// Whether this part counts and saves it.
bool Engine::is_told(const Event& emission) const {
  return emission.kind == EventKind::kInjection ? part().is_root()
                                                : lines_.is_told(emission.group, emission.item);
}

/// Of the input's spike that waits.
NeuronId Engine::channel_of(const Event& emission) const {
  if (emission.kind == EventKind::kInjection) return NeuronId{static_cast<std::uint32_t>(emission.item)};
  return inputs_.channel(emission.group, emission.item);
}

/// A spike is on its way along a row, from the segment `g` on, which it reaches at `arrival`.
void Engine::send_on(Time arrival, std::uint32_t k, NeuronId source, SegmentId g, Time emitted) {
  if (in_flight_)
    in_flight_->push({arrival, k, index(source), index(g), emitted});
  else
    queue_.push({arrival, EventKind::kDelivery, k, index(g), emitted});
}

/// The segments of one row from `g` on: those that arrive before `end` now, the others when they are due.
void Engine::deliver_until(Time end, std::uint32_t k, NeuronId source, SegmentId g, Time emitted) {
  const Connectivity& connectivity = projection(k).connectivity();
  for (;;) {
    const Time arrival = emitted + connectivity.delay(g);
    if (arrival >= end) return send_on(arrival, k, source, g, emitted);
    const SegmentId next = connectivity.has_own_delays()
                               ? connectivity.skip_shorter(g, source, end.since(emitted).ticks)
                               : SegmentId{index(g) + 1};
    deliveries_.push_back({arrival, k, index(source), index(g), index(next), emitted});
    if (next == connectivity.last_segment(source)) return;
    g = next;
  }
}

void Engine::work(Shard& shard, const Window& window) {
  for (const auto& lane : shard.lanes) lane->begin(window, shard.tally);
  for (std::uint32_t number = 0; number < deliveries_.size(); ++number) {
    if (number + 1 < deliveries_.size()) prefetch(deliveries_[number + 1]);
    const Delivery& d = deliveries_[number];
    SynapseGroup& onto = projection(d.projection);
    shard.lanes[onto.target()]->deliver(onto, d, number);
  }
  for (std::uint32_t p = 0; p < shard.lanes.size(); ++p) finish(shard, p, window);
}

/// Asks for the memory of a delivery's arrivals, which are next.
void Engine::prefetch(const Delivery& d) const {
  const SegmentId g{d.segment};
  if (projection(d.projection).connectivity().has_own_delays()) return;
  projection(d.projection).connectivity().prefetch(g);
  projection(d.projection).prefetch(g);
}

void Engine::finish(Shard& shard, std::uint32_t population, const Window& window) {
  const auto plastic = index_.plastic_onto(population);
  Lane& lane = *shard.lanes[population];
  lane.finish({network_.projections, plastic, deliveries_});
  if (!plastic.empty() && lane.unsettled() > index_.unsettled_limit(population))
    settle_into(shard, population, window.end);
}

/// Adds the window's spikes to those that are to be published.
void Engine::gather_spikes() {
  for (Shard& shard : shards_) {
    spikes_.insert(spikes_.end(), shard.tally.spikes.begin(), shard.tally.spikes.end());
    shard.tally.spikes.clear();
    counts_ += std::exchange(shard.tally.counts, {});
    exactness_ += std::exchange(shard.tally.exactness, {});
  }
}

/// Hands the spikes, none of which can be before `begin`, to the observer and sends them on.
void Engine::publish(Time begin) {
  std::sort(spikes_.begin(), spikes_.end());
  if (!spikes_.empty() && spikes_.front().time < begin) [[unlikely]]
    refuse_past(spikes_.front());
  for (const Spike& spike : spikes_)
    for (const std::uint32_t k : index_.outgoing(spike.population))
      projection(k).prefetch_source(NeuronId{spike.neuron});
  for (Spike& spike : spikes_) {
    if (!index_.outgoing(spike.population).empty())
      spike.time = spike.time + std::exchange(perturbation_, Duration{});
    on_spike_(spike.population, NeuronId{spike.neuron}, told(spike.time));
    rewards_.fired(spike.population, spike.time);
    send(spike);
  }
}

/// A neuron can fire before now only in a state that no run has had: of a refractory period that has been over.
void Engine::refuse_past(const Spike& spike) const {
  throw InputError("state of population " + network_.populations[spike.population]->name + ": neuron " +
                   std::to_string(spike.neuron) + " fires at " + to_text(told(spike.time)) +
                   " ms, which is before the state");
}

void Engine::send(const Spike& spike) {
  const NeuronId n{spike.neuron};
  for (const std::uint32_t k : index_.outgoing(spike.population)) {
    projection(k).sent(n, spike.time, spike.time);
    if (const auto first = first_segment(k, n)) {
      const Time arrival = spike.time + projection(k).connectivity().delay(*first);
      send_on(arrival, k, n, *first, spike.time);
    }
  }
}

/// When and where the state of a neuron could not be followed: of the first one in time and number.
std::optional<Breakdown> Engine::first_breakdown() const {
  std::optional<Breakdown> first;
  for (const Shard& shard : shards_)
    if (const auto& found = shard.tally.breakdown; found && (!first || *found < *first)) first = found;
  return first;
}

void Engine::report(const std::optional<Breakdown>& breakdown) const {
  if (!breakdown) return;
  throw InputError("population " + network_.populations[breakdown->population]->name + ": neuron " +
                   std::to_string(breakdown->neuron) + ", " + to_text(told(breakdown->time)) +
                   " ms: " + breakdown->what);
}

/// Tells the rules of all rewards before `end`, before anything at their time is processed. What rules
/// remember of them is bounded by settling all synapses now and then.
void Engine::tell_rewards(Time end) {
  rewards_.take_until(end, [&](std::uint32_t reward, const RewardEvent& event) {
    settled_.reset();
    for (const auto& projection : network_.projections)
      if (projection->reward() == reward) projection->rewarded(event.time, event.amount);
    if (++unsettled_rewards_ <= kShortHistory) return;
    settle_weights();
    unsettled_rewards_ = 0;
  });
}

/// The homeostasis that is due: an event at this time, before all others.
void Engine::scale_weights() {
  const Time t = homeostasis_.due();
  settled_.reset();
  tell_rewards(t);
  team_.run([&](unsigned member) {
    for (const auto& projection : network_.projections) {
      const Lane& lane = *shards_[member].lanes[projection->target()];
      homeostasis_.scale(*projection, lane.first(), lane.last());
    }
  });
  homeostasis_.advance(network_.projections);
  now_ = t;
}

/// When a current changes next.
Time Engine::currents_due() const {
  Time due = Time::never();
  for (const std::uint32_t p : injected_) due = std::min(due, network_.populations[p]->currents.due());
  return due;
}

/// With which a window begins: an event at this time, before all others.
void Engine::change_currents(Time now) {
  if (currents_due() != now) return;
  for (const std::uint32_t p : injected_) network_.populations[p]->currents.advance(now);
  team_.run([&](unsigned member) {
    for (const std::uint32_t p : injected_)
      if (!network_.populations[p]->currents.changed().empty())
        shards_[member].lanes[p]->change_currents(now);
  });
  for (const std::uint32_t p : injected_) network_.populations[p]->take_currents();
}

/// Constants become those before `now`: what changes then is due.
void Engine::go_to_currents(Time now) {
  for (const std::uint32_t p : injected_) {
    network_.populations[p]->currents.go_to(now);
    network_.populations[p]->take_currents();
  }
}

void Engine::settle_into(Shard& shard, std::uint32_t population, Time t) {
  Lane& lane = *shard.lanes[population];
  for (const std::uint32_t k : index_.plastic_onto(population)) {
    const Connectivity& connectivity = projection(k).connectivity();
    settle(projection(k), lane.first(), lane.last(), t, [&](SegmentId g) { return connectivity.delay(g); });
  }
  lane.mark_settled();
}

std::optional<SegmentId> Engine::first_segment(std::uint32_t k, NeuronId n) const {
  const Connectivity& connectivity = projection(k).connectivity();
  const SegmentId first = connectivity.first_segment(n);
  return first < connectivity.last_segment(n) ? std::optional(first) : std::nullopt;
}

}  // namespace chronotope::events
