// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/codes/receptive_fields.hpp"

#include <utility>

#include "chronotope/core/exponential.hpp"

namespace chronotope::events {
namespace {

constexpr double kFaintest = 0.1;

/// How strongly a line is excited, by its latency.
struct Excited {
  std::uint32_t line = 0;
  double a = 0;
};

}  // namespace

void ReceptiveFields::encode(std::span<const double> values, Duration frame, RandomStream&,
                             std::vector<LineSpike>& spikes) const {
  std::vector<double> excitation(lines_);
  for (std::size_t k = 0; k < values.size(); ++k) {
    for (std::uint32_t line = 0; line < lines_; ++line) {
      const double z = (values[k] - centre(line)) / width();
      excitation[line] = -z * z / 2;
    }
    exp_all(excitation);
    for (std::uint32_t line = 0; line < lines_; ++line)
      if (excitation[line] >= kFaintest) spikes.push_back({in_frame(k, 1 - excitation[line], frame), line});
  }
}

/// ln a differs between two lines by (u - their middle) times the distance of their centres over width^2.
std::vector<double> ReceptiveFields::decode(std::span<const LineSpike> spikes, std::size_t frames,
                                            Duration frame) const {
  std::vector<std::pair<Excited, Excited>> strongest(frames);
  for_each_in_frames(spikes, frames, frame, [&](std::size_t k, double share, std::uint32_t line) {
    auto& [first, second] = strongest[k];
    const Excited excited{line, 1 - share};
    if (excited.a > first.a)
      second = std::exchange(first, excited);
    else if (excited.a > second.a)
      second = excited;
  });
  std::vector<double> values(frames);
  for (std::size_t k = 0; k < frames; ++k) {
    const auto& [i, j] = strongest[k];
    if (j.a == 0) continue;  // nobody's frame: nothing was told
    const double between = centre(i.line) - centre(j.line);
    values[k] = (centre(i.line) + centre(j.line)) / 2 + width() * width() * log(i.a / j.a) / between;
  }
  return values;
}

}  // namespace chronotope::events
