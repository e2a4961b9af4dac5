// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "chronotope/apps/options/state_reset.hpp"
#include "chronotope/apps/output/population_rates.hpp"
#include "chronotope/events/clock/clock_engine.hpp"
#include "chronotope/events/event.hpp"
#include "chronotope/proto/spec_codec.hpp"
#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// Builds the network of a specification for the clock-driven engine and runs it in pieces, so that progress
/// can be shown and Ctrl-C obeyed.
///
/// A step that is too long for a model lets its state grow without bound. So every kStepsBetweenChecks steps
/// all potentials are looked at, and the spikes of these steps are told after that: nothing is told of a
/// network with a potential that is not finite. Cost: one potential per neuron and check.
///
/// With resets the grid begins anew at each: its last step before one ends at the reset or before it.
class ClockSimulation {
 public:
  /// With `recorded` (the spikes of every population) the run is open loop, which has no resets.
  ClockSimulation(const NetworkDescription& network, const events::ClockOptions& options,
                  events::ClockEngine::Observer on_spike, std::vector<events::SpikeList> recorded = {},
                  const std::optional<Resets>& resets = {});

  ClockSimulation(const ClockSimulation&) = delete;  // the engine tells its spikes to this one
  ClockSimulation& operator=(const ClockSimulation&) = delete;

  /// Runs up to the last step that is not after `until`, or to an interrupt (the caller keeps an Interrupt
  /// alive). Throws InputError, which names the neuron, when a potential is not finite.
  void run(Time until, const std::function<void(Time now)>& on_progress);

  events::ClockEngine& engine() { return *engine_; }
  /// Up to where the spikes were told: the engine's time, or before it after a breakdown.
  Time told_until() const { return told_until_; }
  bool interrupted() const { return interrupted_; }
  double cpu_seconds() const { return simulate_cpu_seconds_; }
  RunSummary summary() const;

 private:
  static constexpr std::int64_t kStepsBetweenChecks = 256;

  void build(const NetworkDescription& network, const LearntWeights* weights);
  void begin_next_part();
  Time begin() const { return parts_ ? parts_->begin() : Time(); }
  Time end_of_part() const { return parts_ ? parts_->end() : Time::never(); }
  Time now() const { return begin() + (engine_->now() - Time()); }
  void advance(Time end);
  void require_finite() const;
  void tell();

  events::ClockOptions options_;
  std::vector<events::SpikeList> recorded_;
  events::ClockEngine::Observer on_spike_;
  std::vector<events::Spike> untold_;
  Time told_until_;
  Duration between_checks_;
  std::int64_t checks_ = 0;  // in the present part
  double build_seconds_ = 0;
  double simulate_seconds_ = 0;
  double simulate_cpu_seconds_ = 0;
  bool interrupted_ = false;
  PopulationRates rates_;
  std::optional<RunParts> parts_;
  events::EventCounts counts_before_;  // the present part
  std::unique_ptr<events::ClockEngine> engine_;
};

}  // namespace chronotope::apps
