// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/state_reset.hpp"
#include "chronotope/apps/output/population_rates.hpp"
#include "chronotope/apps/runs/run_record.hpp"
#include "chronotope/core/checkpoint.hpp"
#include "chronotope/events/engine.hpp"
#include "chronotope/proto/spec_codec.hpp"
#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// Builds the network of a specification and runs it in pieces, so that progress can be shown, snapshots
/// taken and Ctrl-C obeyed.
class Simulation {
 public:
  /// With several threads the process is to do nothing else meanwhile: its CPU time is taken for the run's. A
  /// network that needs more memory than the machine has is refused, unless `over_memory`. With `resets` the
  /// engine is another one after each of them, and runs go no further than resets.until. `check` is
  /// called while a network is built. Of a part of a network all ranks run theirs at once, each hears of all spikes, and
  /// what is called between pieces of the run is called at the same times.
  Simulation(const proto::DecodedSpec& spec, events::SpikeObserver on_spike, unsigned threads = 1,
             const std::optional<Resets>& resets = {}, bool over_memory = false,
             const Checkpoint& check = Interrupt::check, const Part& part = {});
  Simulation(const Simulation&) = delete;  // the engine tells its spikes to this one
  Simulation& operator=(const Simulation&) = delete;

  struct Plan {
    Time until;
    std::optional<Duration> snapshot_every;
    std::function<void()> on_snapshot;          // at every multiple of snapshot_every before `until`
    std::function<void(Time now)> on_progress;  // after every piece, some 20 ms of work
    std::vector<Time> stops = {};               // ascending; the engine halts at each before `until` or at it
    std::function<void(std::size_t stop)> on_stop = {};  // before a snapshot of the same instant
    std::function<Time()> next_recording{};              // in order, up to `until`; none when empty
    std::function<void()> on_recording{};                // at next_recording(), which then is later
  };
  /// Runs [0, plan.until), or up to an interrupt (the caller keeps an Interrupt alive).
  void run(const Plan& plan);
  /// Runs up to `end`, or through the window in which stop() becomes true. Returns the seconds that took.
  double advance(Time end, const std::function<bool()>& stop);

  events::Engine& engine() { return *engine_; }
  const events::Engine& engine() const { return *engine_; }
  const PopulationRates& rates() const { return rates_; }
  /// Where the run is among its resets; nothing without them.
  std::optional<PartRecord> part() const;
  /// Goes on from a state of `part`. Requires: nothing was run yet.
  void load(StateSource& source, const events::Engine::Changes& changes,
            const std::optional<PartRecord>& part);
  bool interrupted() const { return interrupted_; }
  /// Of all ranks, but for the seconds and the memory, which are this one's.
  RunSummary summary() const;

 private:
  double cpu_clock() const;
  void build(const NetworkDescription& network, const LearntWeights* weights);
  void begin_next_part();
  bool is_at_reset() const { return parts_ && engine_->now() == parts_->end(); }

  double build_seconds_ = 0;
  double simulate_seconds_ = 0;
  double simulate_cpu_seconds_ = 0;
  unsigned threads_;
  Checkpoint check_;
  Part part_;
  PopulationRates rates_;
  events::SpikeObserver on_spike_;
  bool interrupted_ = false;
  std::optional<RunParts> parts_;
  events::EventCounts counts_before_;  // the present part
  events::Exactness exactness_before_;
  std::optional<events::Engine> engine_;
};

/// When the inputs of a network end: the last stimulus or listed spike; nothing if no input is a list.
std::optional<Time> end_of_inputs(const proto::DecodedSpec& spec);

}  // namespace chronotope::apps
