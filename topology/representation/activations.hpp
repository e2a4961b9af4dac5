// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/topology/representation/layering.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"
#include "chronotope/topology/representation/row_code.hpp"

namespace chronotope::topology {

/// One presentation; its window is [onset, onset + duration).
struct Stimulus {
  std::uint32_t id = 0;  ///< what was presented: equal ids are the same recording
  Time onset;
  Duration duration;
  std::string label = {};  ///< its class
  std::string name = {};   ///< of the recording

  Time end() const { return onset + duration; }
};

/// A spike of a recurrent neuron, numbered as in the layering.
struct NeuronSpike {
  Time time;
  std::uint32_t neuron = 0;
};

struct ActivationOptions {
  RowCode code = RowCode::kCount;
  double tau = 20;       ///< of kTrace [ms]
  std::size_t bins = 5;  ///< of kBins
};

/// Spike times since the onset [ms] during one presentation, ascending, per neuron.
using TrainRow = std::vector<std::vector<double>>;

/// The representation of one layer: a stimuli x neurons matrix and where it comes from.
struct Activations {
  std::uint8_t layer = 0;
  RowCode code = RowCode::kCount;
  std::vector<Stimulus> stimuli;       ///< in the order of presentation: the rows
  std::vector<std::uint32_t> neurons;  ///< ascending: the columns (kBins: each stands for `bins` columns)
  PointCloud values;                   ///< without columns for kTrain
  std::vector<TrainRow> trains;        ///< kTrain: per row, parallel to neurons
};

/// The representations of L1 .. L5. A spike outside all windows counts nowhere, one inside several in each.
/// Requires: layers 1 .. 5, one per neuron; a code other than kPotential.
/// Throws InputError when a duration or tau is not positive, there are no bins, a spike's neuron has no
/// layer, or the spikes are not in time order. O(S' log S) for S stimuli and S' spikes; 8 bytes per stimulus
/// and column.
std::array<Activations, kLayers> activations(std::span<const Stimulus> stimuli,
                                             std::span<const NeuronSpike> spikes,
                                             std::span<const std::uint8_t> layer,
                                             const ActivationOptions& options = {});

/// Representations that grow spike by spike. Memory holds the rows of presentations that have begun and were
/// not taken yet, not the spikes (but for kTrain).
class ActivationRows {
 public:
  /// Throws InputError when a duration or tau is not positive or there are no bins.
  ActivationRows(std::vector<Stimulus> stimuli, std::size_t neurons, const ActivationOptions& options);

  /// Requires: neuron < neurons; the spikes of one neuron come in time order.
  void add(const NeuronSpike& spike);
  /// Potentials of the neurons first, first + 1, ... at the end of a presentation, for kPotential.
  /// Throws InputError for a presentation or neurons that there are not.
  void add_potentials(std::size_t stimulus, std::size_t first, std::span<const double> V);

  /// How many presentations ended at or before t and were not taken.
  std::size_t ended_by(Time t) const;
  /// L1 .. L5 on these, which are then forgotten. Requires: layers 1 .. 5, one per neuron.
  /// Throws InputError when potentials that kPotential needs were not given.
  std::array<Activations, kLayers> take_until(Time t, std::span<const std::uint8_t> layer);

 private:
  struct TimedSpike {
    std::uint32_t neuron;
    double since_onset;  // [ms]
  };
  /// One presentation's row over all neurons; empty until the first spike.
  struct Row {
    std::vector<double> values;
    std::vector<TimedSpike> spikes;
    std::size_t potentials = 0;  // how many are known
    bool taken = false;
  };

  std::size_t columns_per_neuron() const { return options_.code == RowCode::kBins ? options_.bins : 1; }
  std::vector<double>& values(std::size_t stimulus);
  void add_to(std::size_t stimulus, const NeuronSpike& spike);
  void move_row(std::size_t stimulus, std::array<Activations, kLayers>& layers,
                std::array<std::vector<double>, kLayers>& values);

  std::vector<Stimulus> stimuli_;
  std::size_t neurons_;
  ActivationOptions options_;
  std::vector<std::size_t> by_onset_;
  std::vector<Time> latest_end_;  // of the presentations up to each place of by_onset_
  std::vector<Row> rows_;
};

/// Refuses to compare representations whose rows are not the same stimuli in the same order under the same
/// code and windows: throws InputError naming the first difference. Layers and widths may differ.
void check_comparable(const Activations& a, const Activations& b);

}  // namespace chronotope::topology
