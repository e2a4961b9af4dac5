// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chronotope::topology {

/// What a neuron's activity during one presentation becomes in a representation; the window of a presentation
/// is [onset, onset + duration).
enum class RowCode {
  kCount,    ///< number of spikes in the window
  kTrace,    ///< sum of exp(-(window end - t) / tau): a filter that starts empty and is read at the window's
             ///< end
  kLatency,  ///< first spike after the onset [ms]; the window's length when silent
  kBins,     ///< numbers of spikes in equal parts of the window: several columns per neuron
  kPotential,  ///< membrane potential at the window's end [mV]
  kTrain,      ///< the spike times themselves, to be compared by a metric on trains
};

std::string to_string(RowCode code);

}  // namespace chronotope::topology
