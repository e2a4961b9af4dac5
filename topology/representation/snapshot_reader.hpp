// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/topology/representation/activations.hpp"
#include "chronotope/topology/representation/layering.hpp"

namespace chronotope::topology {

/// Which presentations become rows: those marked as probes when any is (else all), or those of one phase, or
/// all.
enum class Presentations { kProbeOrAll, kProbe, kTrain, kMemory, kAll };

/// Reads a stream of `simulate` snapshot by snapshot. Neurons of all populations are numbered through in the
/// header's order; all project to the read-out.
///
/// Memory: 16 bytes per synapse, the weights of one snapshot, the marks, the rows of presentations that have
/// begun and were not taken, one frame; it does not grow with the length of the stream. Errors: InputError
/// that names the stream when it is cut, damaged or lacks what is asked for.
class SnapshotReader {
 public:
  /// "-" is the standard input. Reads the header.
  SnapshotReader(const std::string& path, const ActivationOptions& options,
                 Presentations presentations = Presentations::kProbeOrAll);
  SnapshotReader(std::unique_ptr<proto::InputFile> file, const ActivationOptions& options,
                 Presentations presentations = Presentations::kProbeOrAll);

  /// Reads to the end of the next snapshot, as soon as its last weight is there; false when there is none
  /// before the end of the stream.
  bool next();

  const std::string& name() const { return frames_.name(); }
  const Header& header() const { return frames_.header(); }
  std::size_t neurons() const { return neurons_; }
  /// Of the snapshot last read.
  Time time() const { return time_; }
  /// The network with the weights of the snapshot last read.
  RecurrentGraph graph() const;
  /// Presentations that ended by the snapshot and were not taken.
  std::size_t ended();
  /// Their representations, which are then forgotten. Requires: one layer per neuron.
  std::array<Activations, kLayers> take(const Layering& layering);
  /// Spikes of every neuron so far, per ms of the time up to the snapshot; 0 for a snapshot at 0.
  std::vector<double> rates() const;

 private:
  struct Ends {
    bool from_input;
    std::uint32_t source;
    std::uint32_t target;
  };

  /// Does `work` and puts the stream's name before what it objects to.
  template <class Work>
  auto named(Work work) const;
  const PopulationInfo& population(std::uint32_t p) const { return header().population(static_cast<int>(p)); }
  void take_frame(const Envelope& envelope);
  void take_spikes(const SpikeBlock& block);
  void take_synapses(const Synapses& chunk);
  void take_weights(const Weights& chunk);
  void take_potentials(const StimulusPotentials& chunk);
  ActivationRows& rows();

  proto::FrameReader frames_;
  ActivationOptions options_;
  Presentations presentations_;
  std::uint32_t neurons_ = 0;
  std::vector<std::uint32_t> first_neuron_;  // per population
  std::vector<proto::Stimulus> marks_;       // all so far, in the stream's order; gone when the rows are made
  std::vector<std::optional<std::size_t>> row_of_mark_;  // of those that are wanted
  std::unique_ptr<ActivationRows> rows_;                 // made when the last mark is known
  std::vector<std::uint64_t> spikes_;                    // per neuron
  std::map<std::uint32_t, std::vector<Ends>> synapses_;  // per projection
  std::map<std::uint32_t, std::vector<double>> weights_;
  std::optional<Envelope> ahead_;  // a frame read but not taken
  std::uint64_t awaited_ = 0;      // weights of the snapshot that are still to come
  bool in_snapshot_ = false;
  Time time_;
};

}  // namespace chronotope::topology
