// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "chronotope/core/time.hpp"

namespace chronotope {

/// A length of time or a point in time [ms] as the decimal that somebody stated, rounded once to the nearest
/// tick, halves to even. What has at most 12 decimals is whole: nothing was rounded.
struct Decimal {
  Duration value;
  bool is_whole = true;

  Time time() const { return Time() + value; }
};

/// Reads a decimal number of milliseconds by its digits, however many: "0.1", "1e3", "-.5". Nothing when the
/// text is no such number or one beyond Time::kMaxMs either way.
std::optional<Decimal> read_decimal(std::string_view text);

/// The shortest decimal that reads back as the same number: the 0.1 that was meant, not the binary fraction
/// nearest to it. Requires: finite, at most Time::kMaxMs either way. Cost: some 100 ns.
Decimal decimal(double ms);
Decimal decimal(float ms);
inline Duration stated_duration(double ms) { return decimal(ms).value; }
inline Time stated_time(double ms) { return decimal(ms).time(); }

}  // namespace chronotope
