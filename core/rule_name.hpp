// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chronotope {

// What a ModelSpec calls the rule of a projection: the field's name in the specification, kStaticRule where
// none is given, either behind kShortTermPrefix under short-term plasticity.
inline constexpr std::string_view kStaticRule = "static";
inline constexpr std::string_view kShortTermPrefix = "short_term ";

/// The same rule under short-term plasticity.
inline std::string under_short_term(std::string_view rule) {
  return std::string(kShortTermPrefix).append(rule);
}

/// Whether the rule changes weights.
inline bool is_plastic(std::string_view rule) {
  if (rule.starts_with(kShortTermPrefix)) rule.remove_prefix(kShortTermPrefix.size());
  return rule != kStaticRule;
}

}  // namespace chronotope
