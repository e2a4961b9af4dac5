// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "chronotope/core/network_description.hpp"

namespace chronotope {

/// Explicit values are one for each of `owner`'s `count` entities ("neurons", "channels", "synapses"): throws
/// FieldError when there are more or fewer.
void check_value_count(const ParameterSpec& parameter, std::uint64_t count, const std::string& owner,
                       const std::string& entities);

}  // namespace chronotope
