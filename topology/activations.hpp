// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/topology/layering.hpp"
#include "chronotope/topology/point_cloud.hpp"

namespace chronotope {

/// One presentation; its window is [onset, onset + duration).
struct Stimulus {
  std::uint32_t id = 0;  ///< what was presented: equal ids are the same recording
  Time onset;
  Duration duration;
};

/// A spike of a recurrent neuron, numbered as in the layering.
struct NeuronSpike {
  Time time;
  std::uint32_t neuron = 0;
};

/// What a neuron's spikes inside a window become.
enum class RowCode {
  kCount,    ///< their number
  kTrace,    ///< sum of exp(-(window end - t) / tau): a filter that starts empty and is read at the window's
             ///< end
  kLatency,  ///< first spike after the onset [ms]; the window's length when silent
};

std::string to_string(RowCode code);

struct ActivationOptions {
  RowCode code = RowCode::kCount;
  Duration tau{20};  ///< of kTrace
};

/// The representation of one layer: a stimuli x neurons matrix and where it comes from.
struct Activations {
  std::uint8_t layer = 0;
  RowCode code = RowCode::kCount;
  std::vector<std::uint32_t> stimuli;  ///< ids, in the order of presentation: the rows
  std::vector<Duration> windows;       ///< one per row
  std::vector<std::uint32_t> neurons;  ///< ascending: the columns
  PointCloud values;
};

/// The representations of L1 .. L5. A spike outside all windows counts nowhere, one inside several in each.
/// Requires: layers 1 .. 5, one per neuron.
/// Throws InputError when a duration or tau is not positive, a spike's neuron has no layer, or the spikes are
/// not in time order. O(S log S' + spikes in windows) for S stimuli and S' spikes; 8 bytes per stimulus and
/// neuron.
std::array<Activations, kLayers> activations(std::span<const Stimulus> stimuli,
                                             std::span<const NeuronSpike> spikes,
                                             std::span<const std::uint8_t> layer,
                                             const ActivationOptions& options = {});

/// Refuses to compare representations whose rows are not the same stimuli in the same order under the same
/// code and windows: throws InputError naming the first difference. Layers and widths may differ.
void check_comparable(const Activations& a, const Activations& b);

}  // namespace chronotope
