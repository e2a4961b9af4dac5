// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chronotope/apps/output/simulation_stream.hpp"
#include "chronotope/apps/output/state_recorder.hpp"
#include "chronotope/apps/python/spike_rows.hpp"
#include "chronotope/apps/python/synapse_rows.hpp"
#include "chronotope/apps/runs/simulation.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {

/// A run that goes as far as it is told, keeps its spikes, and can be looked at in between. Several may run at once, each
/// called by one thread at a time, which holds the run's turn.
///
/// Errors: the InputError of a neuron that could not be followed, again and again, since the run can not go on.
class SteppedRun {
 public:
  struct Options {
    unsigned threads = 1;
    bool over_memory = false;
    std::string out{};  // the stream of spikes and snapshots; empty: none
  };

  /// `check` is called now and then while the network is built, and may throw.
  SteppedRun(std::shared_ptr<const proto::SpecText> spec, const Options& options, const Checkpoint& check);
  /// Goes on from where `parent`, whose turn the caller holds, is, with the specification `spec` (fork.hpp says what may differ).
  SteppedRun(SteppedRun& parent, std::shared_ptr<const proto::SpecText> spec, const Options& options,
             const Checkpoint& check);
  /// Held by whoever calls what follows. Throws Failure when another thread has it.
  using Turn = std::unique_lock<std::mutex>;
  Turn turn() const;

  SteppedRun(const SteppedRun&) = delete;  // the simulation tells its spikes to this one
  SteppedRun& operator=(const SteppedRun&) = delete;

  /// Processes every event before `end`. `check` is called once per window; what it throws stops the run after that
  /// window, and the run can go on from there.
  void run_until(Time end, const Checkpoint& check);
  /// Puts spikes into an input, which goes on with its own. Throws InputError, and puts none in, when one is before now() or
  /// of no channel, or when the input's spikes are drawn by its targets.
  void inject(std::uint32_t input, std::span<const ChannelSpike> spikes);
  /// Releases a reward at t. Throws InputError when that is before now(), the amount is not finite or a population's spikes
  /// release the reward.
  void reward(std::uint32_t number, double amount, Time t);
  /// The end of the inputs, or 1000 ms.
  Time natural_end() const { return end_of_inputs(spec_).value_or(stated_time(1000)); }
  Time now() const { return simulation_.engine().now(); }
  /// All since the begin, or since they were forgotten.
  const std::vector<SpikeRow>& spikes() const { return spikes_; }
  void forget_spikes() { spikes_.clear(); }
  /// V of a population's neurons, now [mV].
  std::vector<double> potentials(std::uint32_t population) const;
  /// Synapses with their weights, now: of one projection, or of all that are plastic.
  std::vector<SynapseRow> synapses(const std::optional<std::uint32_t>& projection);
  /// Into the stream: potentials and weights, now.
  void write_snapshot();
  /// Ends the stream with a snapshot and the summary.
  void close();
  RunSummary summary() const { return simulation_.summary(); }

  const NetworkDescription& network() const { return spec_.network; }
  const proto::SpecText& spec() const { return *text_; }
  const Options& options() const { return options_; }

 private:
  void require_following() const;
  void require_to_come(const std::string& name, Time t) const;
  void require_injectable(std::uint32_t input) const;
  void open_stream();
  void record_states();
  Time next_recording() const { return states_ ? states_->next() : Time::never(); }

  std::shared_ptr<const proto::SpecText> text_;
  proto::DecodedSpec spec_;
  Options options_;
  std::vector<SpikeRow> spikes_;
  std::unique_ptr<SimulationStream> stream_;
  std::unique_ptr<StateRecorder> states_;  // into the stream; null without
  std::optional<InputError> breakdown_;
  mutable std::mutex mutex_;
  Simulation simulation_;
};

}  // namespace chronotope::apps
