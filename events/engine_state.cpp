// SPDX-License-Identifier: Apache-2.0
// What a run of the engine saves, and takes up again on any number of threads and ranks.
#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/events/engine.hpp"
#include "chronotope/events/joined_columns.hpp"
#include "chronotope/events/joined_progress.hpp"
#include "chronotope/events/own_columns.hpp"
#include "chronotope/events/rank_values.hpp"

namespace chronotope::events {
namespace {

/// Where a line of an input is.
struct LineState {
  std::uint32_t input = 0;
  std::uint32_t line = 0;
  std::string bytes;
};

/// Whether it is due within an interval, which is how far it advances.
bool is_due_soon(WeightScaling scaling, Time now) {
  const Time due = scaling.due();
  scaling.advance();
  return now <= due && due - (scaling.due() - due) <= now;
}

}  // namespace

/// Of the engine itself.
template <class Self, class Visit>
void Engine::progress(Self& self, Visit& visit) {
  visit("now", self.now_);
  visit("perturbation", self.perturbation_);
  visit("counts", self.counts_);
  visit("inputs", self.inputs_);
  visit("rewards", self.rewards_);
}

void Engine::save(StateSink& sink) {
  JoinedColumns columns(sink, part());
  save_columns(columns);
}

void Engine::save_part(PartSink& sink) {
  OwnColumns columns(sink, part());
  save_columns(columns);
}

void Engine::save_columns(EngineColumns& columns) {
  settle_weights();
  for (Shard& shard : shards_)
    for (const auto& lane : shard.lanes) lane->halt(now_);
  begin_ = now_;
  gather_lines();
  SaveState save(columns, "");
  const EventCounts own = std::exchange(counts_, summed(part(), counts_));
  progress(std::as_const(*this), save);
  counts_ = own;
  columns.write_waiting("waiting", waiting());
  for (std::uint32_t p = 0; p < network_.populations.size(); ++p) {
    const std::string path = "population " + network_.populations[p]->name;
    SaveState of_population = save.inside(path);
    network_.populations[p]->save(of_population);
    columns.write_lanes(path + "/lanes", lane_progress(p));
  }
  for (std::uint32_t k = 0; k < network_.projections.size(); ++k) {
    SaveState of_projection = save.inside("projection " + std::to_string(k));
    columns.begin(projection(k));
    projection(k).save(of_projection, now_);
  }
}

/// Rank 0 takes the places of the lines that it does not draw, so that it knows those of all.
void Engine::gather_lines() {
  if (part().is_whole()) return;
  std::vector<LineState> told;
  if (!part().is_root())
    lines_.for_each_told([&](std::uint32_t input, std::uint32_t line) {
      told.push_back({input, line, inputs_.line_state(input, line)});
    });
  for (const auto& of_rank : values_at_root(part(), told))
    for (const LineState& line : of_rank) inputs_.take_line_state(line.input, line.line, line.bytes);
}

void Engine::load(StateSource& source, const Changes& changes) {
  settled_.reset();
  NewInputs inputs = begin_as_before(changes.inputs);
  PartColumns columns(source, part());
  LoadState load(columns, "");
  progress(*this, load);
  if (!part().is_root()) counts_ = {};
  begin_ = now_;
  check_engine();
  go_to_currents(now_);
  std::vector<Event> events;
  load("waiting", events);
  if (!std::is_sorted(events.begin(), events.end()) ||
      !std::ranges::all_of(events, [&](const Event& event) { return can_wait(event); }))
    throw InputError("state waiting holds a spike that no run of this network has under way");
  require_one_per_line(events);
  require_known_channels(events);
  for (std::uint32_t p = 0; p < network_.populations.size(); ++p) {
    LoadState of_population = load.inside("population " + network_.populations[p]->name);
    columns.begin(whole_sizes_[p]);
    load_population(p, of_population, changes.neurons.empty() ? nullptr : changes.neurons[p]);
  }
  for (std::uint32_t k = 0; k < network_.projections.size(); ++k) {
    LoadState of_projection = load.inside("projection " + std::to_string(k));
    columns.begin(projection(k));
    load_projection(k, of_projection);
  }
  for (const Event& event : events)
    if (event.kind == EventKind::kDelivery &&
        !projection(event.group).knows(NeuronId{static_cast<std::uint32_t>(event.item)}, event.emitted))
      throw InputError("state waiting holds a spike that its projection does not know");
  queue_ = EventQueue();
  begin_anew(std::move(inputs), events);
  wait_for(events);
  homeostasis_ = Homeostasis(network_.projections);
  if (homeostasis_.due() < now_) throw InputError("state scaling is of an earlier time");
  agree_on_next();
}

void Engine::check_engine() const {
  if (now_ < Time() || now_ > Time() + stated_duration(Time::kMaxMs))
    throw InputError("state now is not from 0 to 1e12 ms");
  if (perturbation_ != Duration())
    throw InputError("state perturbation is not 0 ms, as that of every saved run is");
  if (!rewards_.are_due_after(now_)) throw InputError("state rewards holds one that should have been");
}

/// A line of which none waits has none.
void Engine::require_known_channels(const std::vector<Event>& events) const {
  for (const Event& event : events)
    if (event.kind != EventKind::kDelivery)
      for (const std::uint32_t k : index_.outgoing(end_of(event.group)))
        if (index(channel_of(event)) >= projection(k).connectivity().sources())
          throw InputError("state inputs holds a spike of a channel that there is not");
}

/// Of each line of an input the next spike waits, and no other.
void Engine::require_one_per_line(const std::vector<Event>& events) const {
  std::vector<std::vector<bool>> waits(inputs_.count());
  for (std::uint32_t input = 0; input < inputs_.count(); ++input) waits[input].resize(inputs_.lines(input));
  for (const Event& event : events) {
    if (event.kind != EventKind::kEmission) continue;
    if (waits[event.group][event.item])
      throw InputError("state waiting holds two next spikes of an input's line");
    waits[event.group][event.item] = true;
  }
}

void Engine::load_projection(std::uint32_t k, LoadState& load) {
  try {
    projection(k).load(load);
  } catch (const StateError&) {
    throw;
  } catch (const InputError& error) {
    throw InputError("projection " + std::to_string(k) + ": " + error.what());
  }
  if (const auto& scaling = projection(k).scaling(); scaling && !is_due_soon(*scaling, now_))
    throw InputError("state projection " + std::to_string(k) + "/scaling is of another time");
}

/// Puts inputs that change in the place of what they are now, so that their state can be read. Returns what they are now.
Engine::NewInputs Engine::begin_as_before(const std::vector<Changes::Input>& changes) {
  NewInputs now;
  for (const auto& [number, before] : changes) {
    const InputLines::Input& lines = now.lines.emplace(number, inputs_.input(number)).first->second;
    if (before) inputs_.replace(number, {*before, lines.channels});
  }
  queue_.for_each([&](const Event& event) {
    if (now.lines.contains(event.group)) now.first.push_back(event);
  });
  return now;
}

/// Inputs that are others now begin with their first spike from now on; those sent before, or put in, go their way.
void Engine::begin_anew(NewInputs inputs, std::vector<Event>& events) {
  std::vector<Event> others;
  for (const Event& event : events) {
    if (event.kind != EventKind::kEmission || !inputs.lines.contains(event.group))
      others.push_back(event);
    else if (event.emitted < now_)
      send_ahead(event, others);
  }
  events = std::move(others);
  for (auto& [number, lines] : inputs.lines) inputs_.replace(number, std::move(lines));
  for (const Event& first : inputs.first) {
    const auto line = static_cast<std::uint32_t>(first.item);
    const bool is_to_come = first.emitted >= now_;
    schedule(first.group, line, is_to_come ? first.emitted : inputs_.advance_to(now_, first.group, line));
  }
}

/// The deliveries that an emission is to become.
void Engine::send_ahead(const Event& emission, std::vector<Event>& deliveries) {
  if (is_told(emission)) ++counts_.emissions;
  const NeuronId channel = channel_of(emission);
  for (const std::uint32_t k : index_.outgoing(end_of(emission.group))) {
    projection(k).sent(channel, emission.emitted, now_);
    if (const auto first = first_segment(k, channel))
      deliveries.push_back({emission.emitted + projection(k).connectivity().delay(*first),
                            EventKind::kDelivery, k, index(channel), emission.emitted});
  }
}

void Engine::load_population(std::uint32_t population, LoadState& load, const NeuronGroup* before) {
  NeuronGroup& neurons = *network_.populations[population];
  neurons.load(load);
  Lane::Progress whole;
  load("lanes", whole);
  const auto& crossed = whole.crossed;
  if (!std::is_sorted(crossed.begin(), crossed.end(), std::less_equal<>()) ||
      (!crossed.empty() && (crossed.back() >= whole_sizes_[population] || whole.crossed_at != now_)))
    throw InputError("state lanes of population " + neurons.name + " holds a neuron that can not fire now");
  Lane::Progress lanes = own_progress(whole, population);
  const Time origin = lanes.origin;
  if (before != nullptr) lanes.origin = origin_after(*before, lanes, population);
  std::string_view trains = lanes.trains;
  for (Shard& shard : shards_) shard.lanes[population]->load(lanes, trains, now_);
  if (!trains.empty())
    throw InputError("state lanes of population " + neurons.name +
                     " has fast Poisson trains, which its neurons would not draw now");
  if (before != nullptr) {
    const Lane& lane = *shards_.front().lanes[population];
    neurons.keep_potentials(*before, {origin, lane.step_of(*before)}, {lanes.origin, lane.step()}, now_);
  }
  for (const double V : potentials(population))
    if (!std::isfinite(V))
      throw InputError("state of population " + neurons.name + " has no finite potential");
}

/// Of states whose parameters were those of `before`: where it was, unless it moves by other steps now.
Time Engine::origin_after(const NeuronGroup& before, const Lane::Progress& lanes,
                          std::uint32_t population) const {
  if (!lanes.trains.empty() && !is_driven(population))
    throw InputError(
        "population " + network_.populations[population]->name +
        " can not change so: its neurons draw fast Poisson trains, which they would not do then");
  const Lane& lane = *shards_.front().lanes[population];
  const Offset step = lane.step_of(before);
  if (step == lane.step()) return lanes.origin;
  if (lanes.origin < Time() || now_ < lanes.origin || now_ - lanes.origin >= Duration::from_ticks(step.ticks))
    throw InputError("state of lanes has its origin at another time");
  const Duration steps = Duration::from_ticks(lane.step().ticks);
  return Time() + floor_ratio(now_ - Time(), steps) * steps;
}

/// Its neurons are numbered as in the whole.
Lane::Progress Engine::lane_progress(std::uint32_t population) const {
  Lane::Progress own;
  for (const Shard& shard : shards_) shard.lanes[population]->save(own);
  std::sort(own.crossed.begin(), own.crossed.end());
  for (std::uint32_t& neuron : own.crossed) neuron += network_.populations[population]->first;
  return own;
}

/// What of it belongs to the neurons that are here.
Lane::Progress Engine::own_progress(const Lane::Progress& whole, std::uint32_t population) const {
  if (part().is_whole()) return whole;
  const NeuronRange own = part().of(whole_sizes_[population]);
  Lane::Progress progress = whole;
  progress.crossed.clear();
  for (const std::uint32_t neuron : whole.crossed)
    if (own.holds(neuron)) progress.crossed.push_back(neuron - own.first);
  const std::size_t each = whole.trains.size() / std::max<std::size_t>(1, whole_sizes_[population]);
  if (each * whole_sizes_[population] != whole.trains.size())
    throw InputError("state lanes of population " + network_.populations[population]->name +
                     " has trains of nobody");
  progress.trains = whole.trains.substr(own.first * each, own.size() * each);
  return progress;
}

/// What waits, in order. A delivery's item is its source: segments are numbered by parts.
std::vector<Event> Engine::waiting() const {
  std::vector<Event> events;
  queue_.for_each([&](Event event) {
    if (event.kind == EventKind::kDelivery)
      event.item = index(source_of(event));
    else if (!is_told(event))
      return;
    events.push_back(event);
  });
  if (in_flight_)
    in_flight_->for_each([&](const InFlight::Spike& s) {
      events.push_back({s.time, EventKind::kDelivery, s.projection, s.source, s.emitted});
    });
  sort_waiting(events);
  return events;
}

/// Whether a run of this network can have that under way now.
bool Engine::can_wait(const Event& event) const {
  if (event.time < now_ || event.emitted.is_never()) return false;
  if (event.kind == EventKind::kDelivery) return event.emitted <= now_ && is_sound_delivery(event);
  if (event.group >= inputs_.count() || !is_heard(event.group) ||
      event.time != event.emitted + index_.until_synapse(end_of(event.group)))
    return false;
  if (event.kind == EventKind::kInjection) return event.item <= std::numeric_limits<std::uint32_t>::max();
  return event.kind == EventKind::kEmission && event.item < inputs_.lines(event.group) &&
         event.emitted <= not_before(inputs_.stimulus(event.group), static_cast<std::uint32_t>(event.item));
}

/// Only the whole row has a synapse for each of its deliveries.
bool Engine::is_sound_delivery(const Event& event) const {
  if (event.group >= network_.projections.size()) return false;
  const Connectivity& connectivity = projection(event.group).connectivity();
  if (event.item >= connectivity.sources()) return false;
  if (!part().is_whole()) return true;
  const auto g = segment_at(event);
  return g && event.time == event.emitted + connectivity.delay(*g);
}

/// Where the row of a delivery from a source goes on: the first segment that is not reached before.
std::optional<SegmentId> Engine::segment_at(const Event& event) const {
  const Connectivity& connectivity = projection(event.group).connectivity();
  const NeuronId source{static_cast<std::uint32_t>(event.item)};
  const SegmentId last = connectivity.last_segment(source);
  for (SegmentId g = connectivity.first_segment(source); g < last; g = SegmentId{index(g) + 1})
    if (event.emitted + connectivity.delay(g) >= event.time) return g;
  return std::nullopt;
}

void Engine::wait_for(const std::vector<Event>& events) {
  if (in_flight_) in_flight_.emplace(window_);
  for (const Event& event : events) {
    if (event.kind == EventKind::kInjection) {
      queue_.push(event);
    } else if (event.kind == EventKind::kEmission) {
      if (lines_.is_drawn(event.group, event.item)) queue_.push(event);
    } else if (const auto g = segment_at(event)) {
      send_on(event.emitted + projection(event.group).connectivity().delay(*g), event.group,
              NeuronId{static_cast<std::uint32_t>(event.item)}, *g, event.emitted);
    }
  }
}

}  // namespace chronotope::events
