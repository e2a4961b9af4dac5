// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chronotope/apps/study/mean_interval.hpp"
#include "chronotope/apps/study/relabelling_test.hpp"
#include "chronotope/apps/study/seed_table.hpp"

namespace chronotope::apps {

enum class Verdict { kDistinct, kSame, kUndecided };

std::string to_string(Verdict verdict);  ///< distinct, same, undecided

/// When a layer is decided. The defaults are method.md's.
struct DecisionRule {
  double alpha = 0.05;                    ///< Holm's p below it: distinct
  topology::Interval same = {0.9, 1.11};  ///< the interval of exp(mean D) inside it: the same
  double level = 0.95;                    ///< of that interval
  std::size_t fewest_seeds = 7;           ///< usable ones, below which nothing is decided
  double power = 0.9;                     ///< at which the number of seeds that would decide is given
  std::uint64_t random_seed = 1;          ///< of relabellings, where there are too many to look at all
};

/// One layer (or any member of a family of tests) with its tables, one per seed.
struct Comparison {
  std::string name;
  std::vector<SeedTable> seeds;
};

struct UnusableSeed {
  std::uint64_t seed = 0;
  std::string reason;
};

/// What the seeds say of one layer.
struct Decision {
  std::string name;
  Verdict verdict = Verdict::kUndecided;
  std::string reason;                ///< of an undecided one
  std::vector<std::uint64_t> seeds;  ///< usable ones
  std::vector<double> D;             ///< of these
  std::vector<UnusableSeed> unusable;
  std::optional<MeanInterval> mean;           ///< of D; none without a usable seed
  std::optional<RelabellingTest> test;        ///< with at least the fewest seeds
  std::optional<double> holm_p;               ///< with a test
  bool within_margin = false;                 ///< the interval of exp(mean D) lies inside DecisionRule::same
  std::optional<std::size_t> deciding_seeds;  ///< of an undecided one: how many would decide it
};

/// Decides every layer of one family:
///     distinct   when Holm's adjusted p of the relabelling test is below alpha (then within_margin may hold,
///                too: a difference that is sure and small);
///     same       otherwise, when the interval of exp(mean D) lies inside `same`;
///     undecided  otherwise, or with too few usable seeds, which have no test and do not count for Holm.
/// The number of seeds that would decide takes the layer's mean and standard deviation of D for the truth and
/// the level alpha / layers, Holm's strictest. O(layers * relabellings * seeds).
std::vector<Decision> decide(std::span<const Comparison> family, const DecisionRule& rule = {});

}  // namespace chronotope::apps
