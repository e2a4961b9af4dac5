// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "chronotope/core/time.hpp"

namespace chronotope::apps {

/// Equal bins [begin + k width, begin + (k + 1) width), k = 0 .. count - 1. Edges are exact: a spike on one
/// lies in the bin that begins there.
struct TimeBins {
  Time begin;
  Duration width;
  std::int64_t count = 0;

  /// As many whole bins as fit into [begin, end); what is left over is in none.
  static TimeBins between(Time begin, Time end, Duration width) {
    return {begin, width, floor_ratio(end - begin, width)};
  }

  std::optional<std::int64_t> at(Time t) const {
    if (t < begin) return std::nullopt;
    const std::int64_t bin = floor_ratio(t - begin, width);
    return bin < count ? std::optional(bin) : std::nullopt;
  }
};

}  // namespace chronotope::apps
