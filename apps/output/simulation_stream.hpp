// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "chronotope/apps/output/population_rates.hpp"
#include "chronotope/apps/runs/run_record.hpp"
#include "chronotope/apps/runs/saved_run.hpp"
#include "chronotope/events/engine.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spec_codec.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {

/// The output stream of a run: header with the specification, stimulus marks, the synapses once, then spikes
/// and snapshots in time order, a summary and the end. Of an engine that is one of several all ranks write their streams
/// at once, and that of rank 0 is the run's; or each writes its part (docs/ranks.md). Memory: one block of spikes per
/// population.
class SimulationStream {
 public:
  SimulationStream(const std::string& path, const proto::DecodedSpec& spec, const NetworkSpec& message);
  /// Of a network of a study.
  SimulationStream(const std::string& path, const proto::DecodedSpec& spec, const NetworkSpec& message,
                   const StudyCell& cell);

  /// Of a run that goes on from a state of another one.
  SimulationStream(const std::string& path, const proto::DecodedSpec& spec, const NetworkSpec& message,
                   const Parent& parent);

  /// Of one part of a run: what its engine has of the network, and what it is told of spikes.
  SimulationStream(const std::string& path, const proto::DecodedSpec& spec, const NetworkSpec& message,
                   const StreamPart& part);

  /// Goes on with the stream of a run that was cut, where its last state says.
  SimulationStream(const SavedRun& saved, const proto::DecodedSpec& spec);

  /// Stimulus marks with an onset before `until`.
  void write_stimuli(const std::vector<proto::Stimulus>& stimuli, Time until);
  void write_synapses(const events::Engine& engine);
  /// Of a neuron, or of an input's channel: inputs are numbered after the populations.
  void write_spike(std::uint32_t population, NeuronId neuron, Time time);
  /// The potentials now, as those at the end of the stimulus with this place among the marks.
  void write_potentials(const events::Engine& engine, std::uint32_t stimulus);
  /// Settles the weights and writes potentials and weights at the engine's time.
  void write_snapshot(events::Engine& engine);
  /// Behind a snapshot: the state that the run can go on from, and the disk has it. `at_end` is that of a run that
  /// goes no further.
  void write_state(events::Engine& engine, const RunRecord& record, const PopulationRates& rates,
                   bool at_end);
  /// The same into a file of its own; this stream is on the disk up to here, and nothing in it tells of that.
  void write_checkpoint(const std::string& path, events::Engine& engine, const RunRecord& record,
                        const PopulationRates& rates);
  /// Potentials and weights that no engine holds, by population and projection.
  void write_snapshot(Time time, const std::vector<std::vector<double>>& potentials,
                      const std::vector<std::vector<double>>& weights);
  /// What belongs to a training: a record of an epoch, the read-out.
  void write(const Envelope& envelope) { frames_.write(envelope); }
  /// Writes recorded weights, in several messages if there are many.
  void write_sample(const WeightSample& sample);
  /// Writes recorded values, in several messages if there are many.
  void write_recording(const Recording& recording);
  /// Hands what is there to a reader at the other end of a pipe, at most ten times a second.
  void flush();
  void close(const RunSummary& summary);

 private:
  SimulationStream(const std::string& path, const proto::DecodedSpec& spec, Header header);
  Part told(const Part& part) const;
  std::uint32_t first_neuron(std::uint32_t population) const;
  std::vector<double> potentials(const events::Engine& engine, std::uint32_t population) const;
  std::uint64_t synapse_count(const events::Engine& engine) const;
  void flush_spikes();
  void write_synapses(std::uint32_t number, const SynapseGroup& projection, const Part& part);
  void write_weights(std::uint32_t number, const SynapseGroup& projection, const Part& part);
  void begin_snapshot(Time time, std::uint64_t synapses);
  void write_neurons(std::uint32_t population, const std::vector<double>& V);

  Header header_;
  proto::FrameWriter frames_;
  proto::SpikeWriter spikes_;
  std::int64_t epoch_ = 0;  // of the last spike
  std::uint64_t held_ = 0;  // spikes since the blocks were all written
  std::chrono::steady_clock::time_point flushed_{};
};

}  // namespace chronotope::apps
