// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/simulation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/models/registry.hpp"
#include "chronotope/apps/runs/resources.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/machine_memory.hpp"

namespace chronotope::apps {
namespace {

using Clock = std::chrono::steady_clock;

/// Pieces of a run short enough that progress and Ctrl-C are met at once, whatever a millisecond costs.
Duration next_slice(Duration slice, double seconds) {
  if (seconds < 0.01) return 2 * slice;
  return seconds > 0.04 ? scaled(slice, 0.5) : slice;
}

/// The memory of a rank's share, or of the whole network.
void require_share(const NetworkDescription& network, unsigned threads, const Part& part) {
  if (part.is_whole()) return require_memory(network, 1, threads);
  require_memory(least_memory(network, threads) / part.exchange()->ranks(),
                 "the neurons and synapses of a rank");
}

}  // namespace

Simulation::Simulation(const proto::DecodedSpec& spec, events::SpikeObserver on_spike, unsigned threads,
                       const std::optional<Resets>& resets, bool over_memory, const Checkpoint& check,
                       const Part& part)
    : threads_(threads),
      check_(check),
      part_(part),
      rates_(spec.network),
      on_spike_([this, told = std::move(on_spike)](std::uint32_t population, NeuronId neuron, Time time) {
        rates_.add_spike(population);
        told(population, neuron, time);
      }) {
  require_event_forms(spec.network);
  if (!over_memory) require_share(spec.network, threads, part);
  if (resets) parts_.emplace(spec.network, *resets);
  build(parts_ ? parts_->describe() : spec.network, nullptr);
}

/// The engine of the present part, with these weights if there are some.
void Simulation::build(const NetworkDescription& description, const LearntWeights* weights) {
  const auto start = Clock::now();
  std::vector<events::Stimulus> inputs;
  for (const InputSpec& input : description.inputs)
    inputs.push_back(events::make_stimulus(input, description.seed));
  Network network = build_network(description, neuron_kinds(), rule_kinds(), check_, part_);
  if (weights != nullptr) weights->give(network);
  try {
    engine_.emplace(std::move(network), event_forms(), std::move(inputs), on_spike_, threads_,
                    parts_ ? parts_->begin() : Time());
  } catch (const std::system_error& error) {
    throw Failure(fmt::format("--threads: the system does not start {} threads ({}); ask for fewer", threads_,
                              error.code().message()));
  }
  build_seconds_ += seconds_since(start);
}

void Simulation::begin_next_part() {
  engine_->settle_weights();
  const LearntWeights weights(engine_->network(), Time() + (engine_->now() - parts_->begin()));
  counts_before_ += engine_->counts();  // --reset is for one rank
  exactness_before_ += engine_->exactness();
  const Time begin = engine_->now();
  engine_.reset();  // one network at a time
  parts_->move_to(begin);
  build(parts_->describe(), &weights);
}

std::optional<PartRecord> Simulation::part() const {
  if (!parts_) return {};
  return PartRecord{parts_->begin(), counts_before_};
}

/// Of this run alone, though other runs may share the process.
double Simulation::cpu_clock() const { return threads_ == 1 ? thread_cpu_seconds() : cpu_seconds(); }

void Simulation::load(StateSource& source, const events::Engine::Changes& changes,
                      const std::optional<PartRecord>& part) {
  if (part && part->begin > Time()) {
    engine_.reset();
    parts_->move_to(part->begin);
    build(parts_->describe(), nullptr);
    counts_before_ = part->counts_before;
  }
  LoadState load(source, "");
  load("rates", rates_);
  engine_->load(source, changes);
}

double Simulation::advance(Time end, const std::function<bool()>& stop) {
  const auto start = Clock::now();
  const double cpu_start = cpu_clock();
  engine_->run_until(end, stop);
  const double seconds = seconds_since(start);
  simulate_seconds_ += seconds;
  simulate_cpu_seconds_ += cpu_clock() - cpu_start;
  return seconds;
}

void Simulation::run(const Plan& plan) {
  Duration slice = std::min(stated_duration(1), scaled(plan.until - engine_->now(), 1e-3));
  auto snapshots =
      plan.snapshot_every
          ? static_cast<std::uint64_t>(floor_ratio(engine_->now() - Time(), *plan.snapshot_every))
          : 0;
  const auto next_snapshot = [&] {
    return plan.snapshot_every ? Time() + static_cast<std::int64_t>(snapshots + 1) * *plan.snapshot_every
                               : Time::never();
  };
  const auto next_recording = [&] { return plan.next_recording ? plan.next_recording() : Time::never(); };
  const auto record = [&] {
    if (next_recording() == engine_->now()) plan.on_recording();
  };
  record();
  std::size_t stop = 0;
  if (engine_->now() > Time())  // those were before the state that the run goes on from
    while (stop < plan.stops.size() && plan.stops[stop] <= engine_->now()) ++stop;
  const auto next_stop = [&] { return stop < plan.stops.size() ? plan.stops[stop] : Time::never(); };
  while (engine_->now() < plan.until && !interrupted_) {
    if (is_at_reset()) begin_next_part();
    const Time own_piece = std::max(engine_->now() + slice, engine_->now() + kTick);
    const Time piece = part_.least(part_.is_root() ? own_piece : Time::never());
    const Time reset = parts_ ? parts_->end() : Time::never();
    const double seconds =
        advance(std::min({plan.until, next_snapshot(), next_stop(), next_recording(), reset, piece}),
                Interrupt::requested);
    if (engine_->now() == piece) slice = next_slice(slice, seconds);
    record();
    while (next_stop() <= engine_->now()) plan.on_stop(stop++);
    if (engine_->now() == next_snapshot()) {
      ++snapshots;
      if (engine_->now() < plan.until) plan.on_snapshot();
    }
    plan.on_progress(engine_->now());
    interrupted_ = part_.largest(Interrupt::requested());
  }
}

RunSummary Simulation::summary() const {
  RunSummary summary;
  summary.set_until_ms(engine_->now().to_ms());
  events::EventCounts counts = counts_before_;
  counts += engine_->whole_counts();
  summary.set_spikes(static_cast<double>(counts.spikes));
  summary.set_synaptic_events(static_cast<double>(counts.synaptic_events));
  summary.set_simulate_seconds(simulate_seconds_);
  summary.set_simulate_cpu_seconds(simulate_cpu_seconds_);
  summary.set_build_seconds(build_seconds_);
  summary.set_peak_rss_mb(peak_rss_mb());
  summary.mutable_events()->set_emissions(static_cast<double>(counts.emissions));
  summary.mutable_events()->set_deliveries(static_cast<double>(counts.deliveries));
  summary.mutable_events()->set_wake_ups(static_cast<double>(counts.wake_ups));
  summary.mutable_events()->set_superseded(static_cast<double>(counts.superseded));
  events::Exactness exactness = exactness_before_;
  exactness += engine_->whole_exactness();
  summary.mutable_exactness()->set_bounds_evaluated(static_cast<double>(exactness.bounds_evaluated));
  summary.mutable_exactness()->set_roots_polished(static_cast<double>(exactness.roots_polished));
  summary.mutable_exactness()->set_largest_residual_mv(exactness.largest_residual_mV);
  summary.set_interrupted(interrupted_);
  rates_.summarise(engine_->now(), summary);
  return summary;
}

std::optional<Time> end_of_inputs(const proto::DecodedSpec& spec) {
  std::optional<Time> end;
  const auto extend = [&](Time t) { end = std::max(end.value_or(t), t); };
  for (const proto::Stimulus& stimulus : spec.stimuli) extend(stimulus.onset + stimulus.duration);
  for (const InputSpec& input : spec.network.inputs)
    if (const auto* list = std::get_if<SpikeListSpec>(&input.source);
        list != nullptr && !list->spikes.empty())
      extend(list->spikes.back().time + kTick);
  return end;
}

}  // namespace chronotope::apps
