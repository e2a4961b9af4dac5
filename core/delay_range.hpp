// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/core/parameter_source.hpp"

namespace chronotope {

/// Of every delay [ms]: an effect comes after its cause, and by the length of the shortest delay the engine
/// may look ahead.
inline constexpr Range kDelay{"must be > 0 ms, from 1e-12 to 1e12; instead of none take a short one, 0.1 ms",
                              [](double v) { return v >= 1e-12 && v <= Time::kMaxMs; }};

}  // namespace chronotope
