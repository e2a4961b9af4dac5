// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/relabelling_test.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "chronotope/core/random_stream.hpp"

namespace chronotope::apps {

namespace {

using Ratios = std::span<const std::vector<double>>;

constexpr std::uint64_t kMostExact = 100'000;
constexpr std::uint64_t kDrawn = 10'000;
constexpr double kRounding = 1e-12;

/// (K + 1)^S, or more than kMostExact.
std::uint64_t count_relabellings(Ratios ratios) {
  std::uint64_t count = 1;
  for (const auto& seed : ratios) {
    count *= seed.size();
    if (count > kMostExact) return count;
  }
  return count;
}

double given_sum(Ratios ratios) {
  double sum = 0;
  for (const auto& seed : ratios) sum += seed.front();
  return sum;
}

/// The smallest sum that counts as the given one.
double least_reaching(Ratios ratios) {
  double magnitude = 0;
  for (const auto& seed : ratios)
    for (const double d : seed) magnitude += std::abs(d) / static_cast<double>(seed.size());
  return given_sum(ratios) - kRounding * magnitude;
}

/// How many labellings of the seeds reach the level when those before them give `sum`.
std::uint64_t count_reaching(Ratios ratios, double sum, double level) {
  if (ratios.empty()) return sum >= level ? 1 : 0;
  std::uint64_t reaching = 0;
  for (const double d : ratios.front()) reaching += count_reaching(ratios.subspan(1), sum + d, level);
  return reaching;
}

double drawn_sum(Ratios ratios, RandomStream draws) {
  double sum = 0;
  for (const auto& seed : ratios) sum += seed[draws.below(seed.size())];
  return sum;
}

std::uint64_t count_drawn_reaching(Ratios ratios, double level, std::uint64_t seed) {
  std::uint64_t reaching = 1;  // the given labelling
  for (std::uint64_t draw = 1; draw < kDrawn; ++draw)
    reaching += drawn_sum(ratios, {seed, Purpose("study.relabelling"), draw}) >= level ? 1 : 0;
  return reaching;
}

}  // namespace

RelabellingTest relabelling_test(Ratios ratios, std::uint64_t seed) {
  assert(!ratios.empty() && std::none_of(ratios.begin(), ratios.end(), [](auto& s) { return s.empty(); }));
  const double level = least_reaching(ratios);
  const std::uint64_t all = count_relabellings(ratios);
  RelabellingTest test;
  test.mean = given_sum(ratios) / static_cast<double>(ratios.size());
  test.exact = all <= kMostExact;
  test.relabellings = test.exact ? all : kDrawn;
  const std::uint64_t reaching =
      test.exact ? count_reaching(ratios, 0, level) : count_drawn_reaching(ratios, level, seed);
  test.p = static_cast<double>(reaching) / static_cast<double>(test.relabellings);
  test.smallest_p = 1 / static_cast<double>(test.relabellings);
  return test;
}

}  // namespace chronotope::apps
