// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "chronotope/apps/population_rates.hpp"
#include "chronotope/events/clock/clock_engine.hpp"
#include "chronotope/proto/spec_codec.hpp"
#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// Builds the network of a specification for the clock-driven engine and runs it in pieces, so that progress
/// can be shown and Ctrl-C obeyed.
class ClockSimulation {
 public:
  /// With `recorded` (the spikes of every population) the run is open loop.
  ClockSimulation(const NetworkDescription& network, const events::ClockOptions& options,
                  events::ClockEngine::Observer on_spike, std::vector<events::SpikeList> recorded = {});

  ClockSimulation(const ClockSimulation&) = delete;  // the engine tells its spikes to this one
  ClockSimulation& operator=(const ClockSimulation&) = delete;

  /// Runs up to the last step that is not after `until`, or to an interrupt (the caller keeps an Interrupt
  /// alive).
  void run(Time until, const std::function<void(Time now)>& on_progress);

  events::ClockEngine& engine() { return *engine_; }
  bool interrupted() const { return interrupted_; }
  double cpu_seconds() const { return simulate_cpu_seconds_; }
  RunSummary summary() const;

 private:
  double build_seconds_ = 0;
  double simulate_seconds_ = 0;
  double simulate_cpu_seconds_ = 0;
  bool interrupted_ = false;
  PopulationRates rates_;
  std::unique_ptr<events::ClockEngine> engine_;
};

}  // namespace chronotope::apps
