// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace chronotope {

/// Called often, every few milliseconds, during long work such as building a network; it may throw to end it.
using Checkpoint = std::function<void()>;

}  // namespace chronotope
