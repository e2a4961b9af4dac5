// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <cstdio>

namespace chronotope::apps {

/// Says on standard error how many of the stated times have more digits than time has, if any.
inline void tell_rounded_times(std::uint64_t count) {
  if (count > 0)
    fmt::print(stderr, "{} of the stated times {} more than 12 decimals: rounded to the nearest 1e-12 ms\n",
               count, count == 1 ? "has" : "have");
}

}  // namespace chronotope::apps
