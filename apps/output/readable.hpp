// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "chronotope/core/time.hpp"

namespace chronotope::apps {

/// A count with its thousands grouped: "1,234,567".
std::string grouped(std::uint64_t count);

/// The same of things: "1 spike", "1,234 spikes".
std::string counted(std::uint64_t count, const std::string& thing);

/// A time [ms] to 10^-6 ms, without the zeros that say nothing: "1000", "26.5". to_text() has all digits.
std::string readable(Time time);

}  // namespace chronotope::apps
