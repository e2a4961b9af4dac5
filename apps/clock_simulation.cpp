// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/clock_simulation.hpp"

#include <chrono>
#include <utility>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/models/registry.hpp"
#include "chronotope/apps/resources.hpp"
#include "chronotope/core/machine_memory.hpp"

namespace chronotope::apps {

using Clock = std::chrono::steady_clock;

ClockSimulation::ClockSimulation(const NetworkDescription& network, const events::ClockOptions& options,
                                 events::ClockEngine::Observer on_spike,
                                 std::vector<events::SpikeList> recorded)
    : rates_(network) {
  require_clock_forms(network);
  require_memory(network);
  const auto start = Clock::now();
  std::vector<events::Stimulus> inputs;
  for (const InputSpec& input : network.inputs) inputs.push_back(events::make_stimulus(input, network.seed));
  const auto counted = [this, told = std::move(on_spike)](std::uint32_t population, NeuronId neuron,
                                                          Time time) {
    rates_.add_spike(population);
    told(population, neuron, time);
  };
  engine_ = std::make_unique<events::ClockEngine>(
      build_network(network, neuron_kinds(), rule_kinds(), Interrupt::check), clock_forms(),
      std::move(inputs), counted, options, std::move(recorded));
  build_seconds_ = seconds_since(start);
}

void ClockSimulation::run(Time until, const std::function<void(Time now)>& on_progress) {
  Duration piece = scaled(until - engine_->now(), 1e-3);
  for (Time now = engine_->now(); now < until && !interrupted_;) {
    const auto start = Clock::now();
    const double cpu_start = thread_cpu_seconds();
    now = std::min(until, std::max(now + piece, now + kTick));
    engine_->run_until(now, Interrupt::requested);
    const double seconds = seconds_since(start);
    simulate_seconds_ += seconds;
    simulate_cpu_seconds_ += thread_cpu_seconds() - cpu_start;
    if (seconds < 0.02) piece = 2 * piece;
    if (seconds > 0.1) piece = scaled(piece, 0.5);
    on_progress(now);
    interrupted_ = Interrupt::requested();
  }
}

RunSummary ClockSimulation::summary() const {
  RunSummary summary;
  const events::EventCounts& counts = engine_->counts();
  summary.set_until_ms(engine_->now().to_ms());
  summary.set_spikes(static_cast<double>(counts.spikes));
  summary.set_synaptic_events(static_cast<double>(counts.synaptic_events));
  summary.set_simulate_seconds(simulate_seconds_);
  summary.set_simulate_cpu_seconds(simulate_cpu_seconds_);
  summary.set_build_seconds(build_seconds_);
  summary.set_peak_rss_mb(peak_rss_mb());
  summary.mutable_events()->set_emissions(static_cast<double>(counts.emissions));
  summary.mutable_events()->set_deliveries(static_cast<double>(counts.deliveries));
  summary.set_interrupted(interrupted_);
  rates_.summarise(engine_->now(), summary);
  return summary;
}

}  // namespace chronotope::apps
