// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/stimuli/level_crossing.hpp"

#include <algorithm>
#include <cmath>

#include "chronotope/core/error.hpp"

namespace chronotope::events {

namespace {

constexpr double kOnLevel = 1e-9;  // [delta] from a level that count as on it
constexpr double kFarthest = 1e6;  // [delta] from 0

/// A sample in deltas.
double in_deltas(double x, double delta) {
  const double u = x / delta;
  if (std::abs(u) > kFarthest)
    throw InputError(to_string(x) + " is more than 1000000 levels of " + to_string(delta) +
                     " from 0; take a larger delta");
  return std::abs(u - std::round(u)) <= kOnLevel ? std::round(u) : u;
}

/// One dimension.
class Track {
 public:
  Track(std::uint32_t off, std::uint32_t on, Duration step) : off_(off), on_(on), step_(step) {}

  /// Goes in one step from where it is to u.
  void go_to(double u, std::vector<ChannelSpike>& spikes) {
    while (u >= level_ + 1) spikes.push_back({crossing(++level_, u), on_});
    while (u <= level_ - 1) spikes.push_back({crossing(--level_, u), off_});
    u_ = u;
    start_ = start_ + step_;
  }

 private:
  /// When the line from u_ to u is at the level.
  Time crossing(double level, double u) const { return start_ + scaled(step_, (level - u_) / (u - u_)); }

  std::uint32_t off_;
  std::uint32_t on_;
  Duration step_;
  Time start_;
  double u_ = 0;
  double level_ = 0;
};

}  // namespace

std::vector<ChannelSpike> LevelCrossing::encode(std::span<const std::vector<double>> dimensions) const {
  std::vector<ChannelSpike> spikes;
  const auto count = static_cast<std::uint32_t>(dimensions.size());
  for (std::uint32_t d = 0; d < count; ++d) {
    Track track(d, count + d, parameters_.step);
    for (const double x : dimensions[d]) track.go_to(in_deltas(x, parameters_.delta), spikes);
  }
  std::sort(spikes.begin(), spikes.end());
  return spikes;
}

}  // namespace chronotope::events
