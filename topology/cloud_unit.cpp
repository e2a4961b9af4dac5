// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/cloud_unit.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "chronotope/topology/cloud_spanning_tree.hpp"
#include "chronotope/topology/order_statistic.hpp"
#include "chronotope/topology/remaining_points.hpp"

namespace chronotope {

namespace {

/// The keys of a cloud's pairs, one row after the other.
class PairKeys {
 public:
  PairKeys(const PointCloud& cloud, Metric metric, const PointScan& scan)
      : points_(cloud, metric, scan), keys_(points_.padded_size()) {}

  std::size_t objects() const { return points_.size(); }
  std::uint64_t pairs() const { return objects() * (objects() - 1) / 2; }
  double distance(double key) const { return points_.distance(key); }

  /// Keys from object i to all objects from `first` on; valid until the next call.
  std::span<const double> from(std::size_t i, std::size_t first) {
    points_.look_from(i);
    points_.keys(keys_, first / PointScan::kBlock);
    return std::span<const double>(keys_).subspan(first, objects() - first);
  }

  void replay(const TakeKeys& take) {
    if (first_replay_)
      std::exchange(first_replay_, {})(take);
    else
      for (std::size_t i = 0; i + 1 < objects(); ++i) take(from(i, i + 1));
  }
  /// Who gives the keys when they are asked for the first time.
  void set_first_replay(ReplayedValues replay) { first_replay_ = std::move(replay); }

  double between(std::size_t i, std::size_t j) {
    points_.look_from(i);
    points_.keys_of_block(keys_, j / PointScan::kBlock);
    return keys_[j];
  }

 private:
  RemainingPoints points_;
  std::vector<double> keys_;
  ReplayedValues first_replay_;
};

struct Guess {
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
};

/// Keys between which the k-th of all lies, as good as certainly: four standard deviations around its place
/// in a sample. The draws choose how fast the k-th is found, not what is found.
Guess guess_by_sample(PairKeys& keys, std::uint64_t k) {
  constexpr std::size_t kDraws = std::size_t{1} << 18;
  constexpr std::uint64_t kFewPairs = std::uint64_t{1} << 22;  // these can all be kept
  if (keys.pairs() <= kFewPairs) return {};
  std::mt19937 random(1);
  std::vector<double> sample;
  while (sample.size() < kDraws) {
    const std::size_t i = random() % keys.objects();
    const std::size_t j = random() % keys.objects();
    if (i != j) sample.push_back(keys.between(i, j));
  }
  std::sort(sample.begin(), sample.end());
  const double share = static_cast<double>(k) / static_cast<double>(keys.pairs());
  const double place = share * kDraws;
  const double spread = 4 * std::sqrt(share * (1 - share) * kDraws) + 2;
  const auto at = [&](double p) { return sample[static_cast<std::size_t>(p)]; };
  return {place - spread < 0 ? 0 : at(place - spread),
          place + spread >= kDraws ? std::numeric_limits<double>::infinity() : at(place + spread)};
}

/// The k-th smallest distance of the pairs and the one after it.
OrderStatistic kth_distance(PairKeys& keys, std::uint64_t k) {
  const Guess guess = guess_by_sample(keys, k);
  const OrderStatistic found =
      order_statistic([&](const TakeKeys& take) { keys.replay(take); }, k, guess.low, guess.high);
  return {keys.distance(found.value), keys.distance(found.next)};
}

double interpolated(double low, double high, double rest) {
  return rest > 0 ? low + rest * (high - low) : low;
}

/// As quantile_of_entries: sorted, the n^2 entries are n zeros and then every pair twice.
double quantile_of_entries(PairKeys& keys, double q) {
  const std::uint64_t n = keys.objects();
  const double h = q * static_cast<double>(n * n - 1);
  const auto below = static_cast<std::uint64_t>(std::floor(h));
  const double rest = h - std::floor(h);
  if (below + 1 < n) return 0;
  if (below < n) return interpolated(0, kth_distance(keys, 0).value, rest);
  const std::uint64_t k = (below - n) / 2;
  const OrderStatistic pair = kth_distance(keys, k);
  const bool same_pair = (below + 1 - n) / 2 == k;
  return interpolated(pair.value, same_pair ? pair.value : pair.next, rest);
}

double quantile_of_pairs(PairKeys& keys, double q) {
  const double h = q * static_cast<double>(keys.pairs() - 1);
  const OrderStatistic pair = kth_distance(keys, static_cast<std::uint64_t>(std::floor(h)));
  return interpolated(pair.value, pair.next, h - std::floor(h));
}

/// Summed in the order of the matrix's entries.
double mean_of_entries(PairKeys& keys) {
  double sum = 0;
  for (std::size_t i = 0; i < keys.objects(); ++i)
    for (const double key : keys.from(i, 0)) sum += keys.distance(key);
  return sum / static_cast<double>(keys.objects() * keys.objects());
}

std::size_t most_coinciding_rows(PairKeys& keys) {
  std::ptrdiff_t most = 0;
  for (std::size_t i = 0; i < keys.objects(); ++i) {
    const auto row = keys.from(i, 0);
    most = std::max(
        most, std::count_if(row.begin(), row.end(), [&](double key) { return keys.distance(key) == 0; }));
  }
  return static_cast<std::size_t>(most);
}

double unit_of(PairKeys& keys, Normalisation normalisation, double q) {
  switch (normalisation) {
    case Normalisation::kQuantile:
      return quantile_of_entries(keys, q);
    case Normalisation::kQuantileOfPairs:
      return quantile_of_pairs(keys, q);
    case Normalisation::kMedian:
      return quantile_of_entries(keys, 0.5);
    case Normalisation::kMean:
      return mean_of_entries(keys);
    case Normalisation::kNone:
      return 1;
  }
  return 1;
}

double checked_unit(PairKeys& keys, Normalisation normalisation, double q) {
  const double unit = unit_of(keys, normalisation, q);
  if (unit == 0) throw DegenerateRepresentation(most_coinciding_rows(keys), keys.objects());
  if (!std::isfinite(unit))
    throw InputError("too many infinite distances to normalise the matrix: its unit is " + to_string(unit));
  return unit;
}

}  // namespace

double unit_of_distances(const PointCloud& cloud, Metric metric, Normalisation normalisation, double q,
                         const PointScan& scan) {
  assert(cloud.size() >= 2);
  PairKeys keys(cloud, metric, scan);
  return checked_unit(keys, normalisation, q);
}

TreeAndUnit spanning_tree_and_unit(const PointCloud& cloud, Metric metric, Normalisation normalisation,
                                   double q, const PointScan& scan) {
  assert(cloud.size() >= 2);
  TreeAndUnit both;
  PairKeys keys(cloud, metric, scan);
  keys.set_first_replay(
      [&](const TakeKeys& take) { both.tree = minimum_spanning_tree(cloud, metric, scan, take); });
  both.unit = checked_unit(keys, normalisation, q);
  if (both.tree.empty()) both.tree = minimum_spanning_tree(cloud, metric, scan);
  return both;
}

}  // namespace chronotope
