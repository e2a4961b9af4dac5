// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/events/codes/frame_code.hpp"

namespace chronotope::events {

/// A burst at each frame's begin, of more spikes and shorter intervals the larger u (Guo et al. 2021): round(u most)
/// spikes, longest - u (longest - shortest) apart. The count tells u to 1/(2 most), and from two spikes on the
/// interval tells it to a tick's share of longest - shortest.
class BurstCode : public FrameCode {
 public:
  struct Parameters {
    std::uint32_t most;  // spikes of a burst, >= 1
    Duration shortest;   // interval, > 0
    Duration longest;    // > shortest
  };

  /// Requires: most * longest fits into every frame.
  explicit BurstCode(const Parameters& parameters) : parameters_(parameters) {}

  void encode(std::span<const double> values, Duration frame, RandomStream& random,
              std::vector<LineSpike>& spikes) const override;
  std::vector<double> decode(std::span<const LineSpike> spikes, std::size_t frames,
                             Duration frame) const override;

 private:
  Parameters parameters_;
};

}  // namespace chronotope::events
