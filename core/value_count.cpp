// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/value_count.hpp"

#include <variant>

namespace chronotope {

void check_value_count(const ParameterSpec& parameter, std::uint64_t count, const std::string& owner,
                       const std::string& entities) {
  const auto* values = std::get_if<Values>(&parameter.value.kind());
  if (values == nullptr || values->value.size() == count) return;
  parameter.field.refuse(std::to_string(values->value.size()) + " values",
                         "the " + owner + " has " + std::to_string(count) + " " + entities);
}

}  // namespace chronotope
