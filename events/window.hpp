// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// A stretch of time [begin, end) in which nothing that is emitted can arrive: all its arrivals are known at
/// its begin, and every neuron can be moved through it on its own.
struct Window {
  Time begin;
  Time end;
};

}  // namespace chronotope::events
