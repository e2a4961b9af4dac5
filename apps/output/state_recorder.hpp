// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/output/output_failures.hpp"
#include "chronotope/apps/output/simulation_stream.hpp"
#include "chronotope/apps/runs/run_record.hpp"
#include "chronotope/events/engine.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::apps {

/// What the recorders of a specification ask for, into a CSV file and the stream: potentials and synaptic currents at
/// their times, as they are before what happens there, and rates. The engine is read where it stands, so that no value
/// is interpolated and no spike is changed. Of an engine that is one of several all ranks record at once, and rank 0
/// writes. Cost: a look at all neurons of a population per time.
class StateRecorder {
 public:
  /// `path`: of the CSV file, may be empty. Throws InputError for currents of a model that has none.
  StateRecorder(const std::vector<proto::RecorderSpec>& recorders, const NetworkDescription& network,
                std::string path);

  /// Opens the file; times before the engine's are over.
  void open(const events::Engine& engine);
  /// Goes on with what a killed run left.
  void go_on(const events::Engine& engine, const RecordedStates& record, const std::string& path);
  /// Puts into `record` how far it has come, on the disk.
  void sync(RecordedStates& record, OutputFailures& failures);
  /// To be told every spike of a neuron, in order.
  void add_spike(std::uint32_t population, NeuronId neuron);
  /// The next time to record, in order; never when there is none left.
  Time next() const;
  /// Requires: the engine is at next(). A file or stream that can not be written is given up.
  void record(const events::Engine& engine, std::unique_ptr<SimulationStream>& stream,
              OutputFailures& failures);
  /// Gives the file its name.
  void close(OutputFailures& failures);

 private:
  /// One of them, and where it is.
  struct Progress {
    std::uint64_t recorded = 0;   // times that are over
    std::uint64_t spikes = 0;     // since the last of them
    Time counted_from;            // those spikes
    std::vector<bool> is_chosen;  // by neuron; empty: all
  };

  Time next(std::size_t recorder) const;
  void record(std::size_t recorder, const events::Engine& engine, std::unique_ptr<SimulationStream>& stream,
              OutputFailures& failures);
  void write(std::size_t recorder, Time time, const std::string& quantity, const std::vector<double>& values,
             std::unique_ptr<SimulationStream>& stream, OutputFailures& failures);
  void write_rows(const proto::RecorderSpec& spec, Time time, const std::string& quantity,
                  const std::vector<double>& values);
  std::vector<double> chosen(const proto::RecorderSpec& spec, std::vector<double> all) const;
  std::size_t neurons_of(const proto::RecorderSpec& spec) const;

  const std::vector<proto::RecorderSpec>& specs_;
  const NetworkDescription& network_;
  std::string path_;
  std::vector<Progress> progress_;
  std::unique_ptr<proto::Output> rows_;
};

}  // namespace chronotope::apps
