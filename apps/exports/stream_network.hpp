// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/topology/representation/layering.hpp"

namespace chronotope::apps {

/// The number of every population's first neuron when the neurons are numbered through, population by population,
/// inputs left out, and the number of neurons behind the last.
std::vector<std::uint32_t> first_neurons(const Header& header);

/// The synapses of a stream with the weights of one snapshot.
class StreamNetwork {
 public:
  struct Projection {
    std::uint32_t source = 0;  // population of the header, where inputs stand behind populations
    std::uint32_t target = 0;
    bool is_plastic = false;
    std::vector<std::uint32_t> from;  // one of each a synapse
    std::vector<std::uint32_t> to;
    std::vector<Duration> delay;
    std::vector<double> weight;  // [pA or mV]; empty before the first snapshot
  };

  /// Reads a stream to its end, for its first or its last snapshot. Throws InputError when there is none.
  /// Memory: 36 bytes per synapse.
  StreamNetwork(proto::FrameReader& frames, bool first);

  const std::map<std::uint32_t, Projection>& projections() const { return projections_; }
  Time time() const { return time_; }
  /// What the layering looks at: neurons numbered through, summed weights of inputs.
  topology::RecurrentGraph graph(const Header& header) const;

 private:
  void take_synapses(const Synapses& chunk);
  void take_weights(const Weights& chunk);

  std::map<std::uint32_t, Projection> projections_;  // by number
  Time time_;
};

}  // namespace chronotope::apps
