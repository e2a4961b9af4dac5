// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/seed_table.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "chronotope/core/error.hpp"

namespace chronotope::apps {

namespace {

/// Why a score has no logarithm.
std::string flaw(const PairScore& score) {
  if (!score.missing.empty()) return "is missing: " + score.missing;
  if (score.rtd > 0 && std::isfinite(score.rtd)) return {};
  return "is " + to_string(score.rtd) + ", which has no logarithm";
}

}  // namespace

SeedTable::SeedTable(std::uint64_t seed, std::vector<std::string> networks)
    : seed_(seed), names_(std::move(networks)) {
  assert(!names_.empty());
  pairs_.assign(names_.size() * (names_.size() - 1) / 2, {0, "was not computed"});
}

std::size_t SeedTable::place(std::size_t i, std::size_t j) const {
  assert(i != j && i < names_.size() && j < names_.size());
  const auto [low, high] = std::minmax(i, j);
  return high * (high - 1) / 2 + low;
}

std::string SeedTable::unusable() const {
  if (networks() < 3)
    return "one network and " + std::to_string(networks() - 1) + " to compare with (at least 2 are needed)";
  for (std::size_t i = 0; i < networks(); ++i)
    for (std::size_t j = i + 1; j < networks(); ++j)
      if (const std::string why = flaw(pair(i, j)); !why.empty())
        return "RTD of " + names_[i] + " and " + names_[j] + " " + why;
  return {};
}

}  // namespace chronotope::apps
