// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {

/// The spikes of one population: a train for each neuron, ascending.
struct PopulationTrains {
  std::string name;
  std::vector<std::vector<Time>> trains;
};

/// What a file holds of a run's spikes.
struct RecordedActivity {
  std::vector<PopulationTrains> populations;
  std::vector<proto::Stimulus> stimuli;  // in order of their onsets
  Time end;  // of the run; where a file does not say, of the millisecond or stimulus that ends last
};

/// Reads a stream, or a table with the columns time_ms, population and neuron; "-" is the standard input. Of
/// a stream's inputs only those that have spikes become populations. A table's populations come in the order
/// in which they are met, and have neurons up to the highest that fires. Errors: InputError that names the
/// file.
RecordedActivity read_activity(const std::string& path);

}  // namespace chronotope::apps
