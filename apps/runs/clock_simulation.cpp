// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/clock_simulation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/models/registry.hpp"
#include "chronotope/apps/runs/resources.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/events/clock/time_grid.hpp"

namespace chronotope::apps {

using Clock = std::chrono::steady_clock;

ClockSimulation::ClockSimulation(const NetworkDescription& network, const events::ClockOptions& options,
                                 events::ClockEngine::Observer on_spike,
                                 std::vector<events::SpikeList> recorded, const std::optional<Resets>& resets)
    : options_(options),
      recorded_(std::move(recorded)),
      on_spike_(std::move(on_spike)),
      between_checks_(kStepsBetweenChecks * events::TimeGrid(options.dt).dt()),
      rates_(network) {
  require_clock_forms(network);
  require_memory(network);
  if (resets) parts_.emplace(network, *resets);
  build(parts_ ? parts_->describe() : network, nullptr);
}

/// The engine of the present part, with these weights if there are some.
void ClockSimulation::build(const NetworkDescription& network, const LearntWeights* weights) {
  const auto start = Clock::now();
  std::vector<events::Stimulus> inputs;
  for (const InputSpec& input : network.inputs) inputs.push_back(events::make_stimulus(input, network.seed));
  const auto hold = [this](std::uint32_t population, NeuronId neuron, Time time) {
    untold_.push_back({begin() + (time - Time()), population, index(neuron)});
  };
  Network built = build_network(network, neuron_kinds(), rule_kinds(), Interrupt::check);
  if (weights != nullptr) weights->give(built);
  engine_ = std::make_unique<events::ClockEngine>(std::move(built), clock_forms(), std::move(inputs), hold,
                                                  options_, recorded_);
  build_seconds_ += seconds_since(start);
}

void ClockSimulation::begin_next_part() {
  require_finite();
  tell();
  engine_->settle_weights();
  const LearntWeights weights(engine_->network(), engine_->now());
  counts_before_ += engine_->counts();
  checks_ = 0;
  engine_.reset();  // one network at a time
  parts_->move_to(parts_->end());
  build(parts_->describe(), &weights);
}

void ClockSimulation::run(Time until, const std::function<void(Time now)>& on_progress) {
  Duration piece = scaled(until - now(), 1e-3);
  for (Time now = this->now(); now < until && !interrupted_;) {
    if (now == end_of_part()) begin_next_part();
    const auto start = Clock::now();
    const double cpu_start = thread_cpu_seconds();
    now = std::min({until, end_of_part(), std::max(now + piece, now + kTick)});
    advance(now);
    const double seconds = seconds_since(start);
    simulate_seconds_ += seconds;
    simulate_cpu_seconds_ += thread_cpu_seconds() - cpu_start;
    if (seconds < 0.02) piece = 2 * piece;
    if (seconds > 0.1) piece = scaled(piece, 0.5);
    on_progress(now);
    interrupted_ = Interrupt::requested();
  }
  require_finite();
  tell();
}

/// Runs up to `end`, with the checks on the way: their times do not depend on the pieces of the run.
void ClockSimulation::advance(Time end) {
  while (!Interrupt::requested()) {
    const Time check = begin() + (checks_ + 1) * between_checks_;
    engine_->run_until(Time() + (std::min(end, check) - begin()), Interrupt::requested);
    if (end < check) return;
    require_finite();
    tell();
    ++checks_;
  }
}

void ClockSimulation::require_finite() const {
  const auto& populations = engine_->network().populations;
  for (std::uint32_t p = 0; p < populations.size(); ++p)
    for (std::uint32_t n = 0; n < populations[p]->size; ++n)
      if (const double V = engine_->potential(p, NeuronId{n}); !std::isfinite(V))
        throw InputError(fmt::format("population {}: neuron {}, {} ms: V is {}; is the time step too long?",
                                     populations[p]->name, n, to_text(now()), V));
}

void ClockSimulation::tell() {
  for (const events::Spike& spike : untold_) {
    rates_.add_spike(spike.population);
    on_spike_(spike.population, NeuronId{spike.neuron}, spike.time);
  }
  untold_.clear();
  told_until_ = now();
}

RunSummary ClockSimulation::summary() const {
  RunSummary summary;
  events::EventCounts counts = counts_before_;
  counts += engine_->counts();
  summary.set_until_ms(told_until_.to_ms());
  summary.set_spikes(static_cast<double>(counts.spikes));
  summary.set_synaptic_events(static_cast<double>(counts.synaptic_events));
  summary.set_simulate_seconds(simulate_seconds_);
  summary.set_simulate_cpu_seconds(simulate_cpu_seconds_);
  summary.set_build_seconds(build_seconds_);
  summary.set_peak_rss_mb(peak_rss_mb());
  summary.mutable_events()->set_emissions(static_cast<double>(counts.emissions));
  summary.mutable_events()->set_deliveries(static_cast<double>(counts.deliveries));
  summary.set_interrupted(interrupted_);
  rates_.summarise(told_until_, summary);
  return summary;
}

}  // namespace chronotope::apps
