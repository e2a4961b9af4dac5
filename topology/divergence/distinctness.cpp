// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/distinctness.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <vector>

namespace chronotope::topology {

namespace {

using Models = std::vector<std::size_t>;

constexpr std::size_t kLargestExactGroup = 6;
constexpr std::size_t kRandomLabellings = 10'000;

struct Mean {
  double sum = 0;
  std::size_t count = 0;

  void add(double x) {
    sum += x;
    ++count;
  }
  double value() const { return sum / static_cast<double>(count); }
};

class Scores {
 public:
  Scores(std::span<const double> table, std::size_t models) : table_(table), models_(models) {}

  /// Over pairs of different models.
  Mean within(const Models& group) const {
    Mean mean;
    for (std::size_t i = 0; i < group.size(); ++i)
      for (std::size_t j = i + 1; j < group.size(); ++j)
        if (group[i] != group[j]) mean.add(at(group[i], group[j]));
    return mean;
  }
  Mean between(const Models& a, const Models& b) const {
    Mean mean;
    for (const std::size_t i : a)
      for (const std::size_t j : b) mean.add(at(i, j));
    return mean;
  }
  double statistic(const Models& a, const Models& b) const {
    return between(a, b).value() - (within(a).value() + within(b).value()) / 2;
  }

 private:
  double at(std::size_t i, std::size_t j) const { return table_[i * models_ + j]; }

  std::span<const double> table_;
  std::size_t models_;
};

/// Counts relabellings and those that reach the statistic of the given one, up to rounding.
class Tally {
 public:
  Tally(const Scores& scores, double given) : scores_(scores), given_(given) {}

  void add(const Models& a, const Models& b) {
    ++all_;
    reached_ += scores_.statistic(a, b) >= given_ - 1e-12 * (1 + std::abs(given_));
  }
  double share() const { return static_cast<double>(reached_) / static_cast<double>(all_); }
  double smallest(bool mirrored) const { return (mirrored ? 2.0 : 1.0) / static_cast<double>(all_); }

 private:
  const Scores& scores_;
  double given_;
  std::size_t all_ = 0;
  std::size_t reached_ = 0;
};

void add_all_labellings(Tally& tally, std::size_t group) {
  std::vector<char> in_b(2 * group, 0);
  std::fill(in_b.begin() + static_cast<std::ptrdiff_t>(group), in_b.end(), 1);
  do {
    Models a;
    Models b;
    for (std::size_t m = 0; m < in_b.size(); ++m) (in_b[m] != 0 ? b : a).push_back(m);
    tally.add(a, b);
  } while (std::next_permutation(in_b.begin(), in_b.end()));
}

void add_random_labellings(Tally& tally, std::size_t group, NumpyRandom& random) {
  for (std::size_t k = 0; k < kRandomLabellings; ++k) {
    Models order(2 * group);
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (k > 0) order = random.permutation(2 * group);
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(group);
    tally.add({order.begin(), middle}, {middle, order.end()});
  }
}

Models drawn(std::size_t first, std::size_t group, NumpyRandom& random) {
  Models models;
  for (std::size_t k = 0; k < group; ++k)
    models.push_back(first + random.up_to(static_cast<std::uint32_t>(group - 1)));
  return models;
}

Interval bootstrap(const Scores& scores, std::size_t group, double level, std::size_t resamples,
                   NumpyRandom& random) {
  std::vector<double> statistics;
  while (statistics.size() < resamples) {
    const Models a = drawn(0, group, random);
    const Models b = drawn(group, group, random);
    if (scores.within(a).count == 0 || scores.within(b).count == 0) continue;
    statistics.push_back(scores.statistic(a, b));
  }
  return central_interval(statistics, level);
}

}  // namespace

Distinctness distinctness(std::span<const double> table, std::size_t group, double level,
                          std::size_t resamples, std::uint32_t seed) {
  assert(group >= 2 && table.size() == 4 * group * group);
  const Scores scores(table, 2 * group);
  Models a(group);
  Models b(group);
  std::iota(a.begin(), a.end(), std::size_t{0});
  std::iota(b.begin(), b.end(), group);
  NumpyRandom random(seed);
  Distinctness result;
  result.statistic = scores.statistic(a, b);
  Tally tally(scores, result.statistic);
  const bool exact = group <= kLargestExactGroup;
  if (exact)
    add_all_labellings(tally, group);
  else
    add_random_labellings(tally, group, random);
  result.p = tally.share();
  result.smallest_p = tally.smallest(exact);
  result.interval = bootstrap(scores, group, level, resamples, random);
  return result;
}

}  // namespace chronotope::topology
