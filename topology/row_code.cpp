// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/row_code.hpp"

#include <array>
#include <utility>

#include "chronotope/core/error.hpp"

namespace chronotope {

namespace {

constexpr std::array kNames{std::pair{RowCode::kCount, "count"},         std::pair{RowCode::kTrace, "trace"},
                            std::pair{RowCode::kLatency, "latency"},     std::pair{RowCode::kBins, "bins"},
                            std::pair{RowCode::kPotential, "potential"}, std::pair{RowCode::kTrain, "train"}};

}  // namespace

std::string to_string(RowCode code) {
  for (const auto& [known, name] : kNames)
    if (known == code) return name;
  return "";
}

RowCode row_code_of(const std::string& name) {
  std::string allowed;
  for (const auto& [code, known] : kNames) {
    if (name == known) return code;
    allowed += std::string(" ") + known;
  }
  throw InputError("code: '" + name + "' is not allowed (must be one of" + allowed + ")");
}

}  // namespace chronotope
