// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/cross_seed_test.hpp"

#include <cassert>
#include <cmath>

#include "chronotope/core/random_stream.hpp"

namespace chronotope::apps {

namespace {

constexpr std::size_t kMostExactSeeds = 16;
constexpr std::uint64_t kDrawn = 10'000;
constexpr double kRounding = 1e-12;

/// The terms of T, of which a relabelling changes signs.
class Terms {
 public:
  explicit Terms(const CrossSeedScores& scores) : seeds_(scores.seeds()) {
    using enum CrossSeedScores::Condition;
    for (std::size_t j = 0; j < seeds_; ++j)
      for (std::size_t i = 0; i < j; ++i)
        terms_.push_back(scores.score(kA, i, kB, j) + scores.score(kB, i, kA, j) -
                         scores.score(kA, i, kA, j) - scores.score(kB, i, kB, j));
  }

  std::size_t seeds() const { return seeds_; }

  /// S (S - 1) T; swapped[i] is whether the labels of seed i are.
  double sum(const std::vector<bool>& swapped) const {
    double total = 0;
    std::size_t k = 0;
    for (std::size_t j = 0; j < seeds_; ++j)
      for (std::size_t i = 0; i < j; ++i, ++k) total += swapped[i] == swapped[j] ? terms_[k] : -terms_[k];
    return total;
  }
  double magnitude() const {
    double total = 0;
    for (const double term : terms_) total += std::abs(term);
    return total;
  }

 private:
  std::size_t seeds_;
  std::vector<double> terms_;  // by j, then i < j
};

/// Of the 2^(S-1) labellings in which seed 0 keeps its labels: the others are their mirror images.
double exact_share(const Terms& terms, double level) {
  const std::uint64_t count = std::uint64_t{1} << (terms.seeds() - 1);
  std::uint64_t reaching = 0;
  std::vector<bool> swapped(terms.seeds());
  for (std::uint64_t labelling = 0; labelling < count; ++labelling) {
    for (std::size_t i = 1; i < terms.seeds(); ++i) swapped[i] = (labelling >> (i - 1) & 1) != 0;
    reaching += terms.sum(swapped) >= level ? 1 : 0;
  }
  return static_cast<double>(reaching) / static_cast<double>(count);
}

double drawn_share(const Terms& terms, double level, std::uint64_t seed) {
  std::uint64_t reaching = 1;  // the given labelling
  std::vector<bool> swapped(terms.seeds());
  for (std::uint64_t draw = 1; draw < kDrawn; ++draw) {
    RandomStream draws(seed, Purpose("study.cross_seed_relabelling"), draw);
    for (std::size_t i = 0; i < terms.seeds(); ++i) swapped[i] = draws.below(2) != 0;
    reaching += terms.sum(swapped) >= level ? 1 : 0;
  }
  return static_cast<double>(reaching) / static_cast<double>(kDrawn);
}

}  // namespace

void CrossSeedScores::set(Condition a, std::size_t s, Condition b, std::size_t t, double rtd) {
  assert(s != t && s < seeds_ && t < seeds_ && std::isfinite(rtd));
  scores_[row(a, s) * 2 * seeds_ + row(b, t)] = scores_[row(b, t) * 2 * seeds_ + row(a, s)] = rtd;
}

CrossSeedTest cross_seed_test(const CrossSeedScores& scores, std::uint64_t seed) {
  assert(scores.seeds() >= 2);
  const Terms terms(scores);
  const auto seeds = static_cast<double>(terms.seeds());
  const double given = terms.sum(std::vector<bool>(terms.seeds()));
  const double level = given - kRounding * terms.magnitude();
  CrossSeedTest test;
  test.T = given / (seeds * (seeds - 1));
  test.exact = terms.seeds() <= kMostExactSeeds;
  test.p = test.exact ? exact_share(terms, level) : drawn_share(terms, level, seed);
  test.smallest_p = test.exact ? std::exp2(1 - seeds) : 1 / static_cast<double>(kDrawn);
  return test;
}

}  // namespace chronotope::apps
