// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/cloud_unit.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include "chronotope/topology/distances/coarse_points.hpp"
#include "chronotope/topology/distances/order_statistic.hpp"
#include "chronotope/topology/distances/remaining_points.hpp"

namespace chronotope::topology {

namespace {

/// The keys of a cloud's pairs.
class PairKeys {
 public:
  PairKeys(const PointCloud& cloud, Metric metric, const PointScan& scan)
      : points_(cloud, metric, scan), coarse_(points_, scan), keys_(points_.padded_size()) {}

  std::size_t objects() const { return points_.size(); }
  std::uint64_t pairs() const { return objects() * (objects() - 1) / 2; }
  double distance(double key) const { return points_.distance(key); }

  /// Keys from object i to all; valid until the next call, as every answer.
  std::span<const double> row(std::size_t i) {
    points_.look_from(i);
    return to(0, objects());
  }

  double between(std::size_t i, std::size_t j) {
    points_.look_from(i);
    return to(j, j + 1).front();
  }

  /// Gives every pair's key once: from all objects to those of some blocks that a core's own cache holds,
  /// then to those of the next.
  void replay(const ValueLook& look) {
    constexpr std::size_t kCached = std::size_t{1} << 15;  // coordinates
    const std::size_t width = std::max<std::size_t>(kCached / (points_.dimension() + 1) / kBlock, 1) * kBlock;
    for (std::size_t begin = 0; begin < objects(); begin += width) {
      const std::size_t end = std::min(begin + width, objects());
      for (std::size_t i = 0; i + 1 < end; ++i) give(i, std::max(begin, i + 1), end, look);
    }
  }

 private:
  static constexpr std::size_t kBlock = PointScan::kBlock;

  /// Keys from the object last looked from to the objects [begin, end).
  std::span<const double> to(std::size_t begin, std::size_t end) {
    points_.keys(keys_, begin / kBlock, (end + kBlock - 1) / kBlock);
    return std::span<const double>(keys_).subspan(begin, end - begin);
  }

  /// Gives the keys from object i to the objects [begin, end): of whole blocks only those that the grid can
  /// not place.
  void give(std::size_t i, std::size_t begin, std::size_t end, const ValueLook& look) {
    points_.look_from(i);
    const std::size_t first = (begin + kBlock - 1) / kBlock;
    const std::size_t last = end / kBlock;
    if (first >= last) return look.take(to(begin, end));
    if (begin < first * kBlock) look.take(to(begin, first * kBlock));
    if (last * kBlock < end) look.take(to(last * kBlock, end));
    coarse_.look_from(i);
    const auto [blocks, below, above] = coarse_.divide(first, last, look.low, look.high);
    look.count(below, above);
    for (const std::size_t block : blocks) look.take(to(block * kBlock, (block + 1) * kBlock));
  }

  RemainingPoints points_;
  CoarsePoints coarse_;
  std::vector<double> keys_;
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
      order_statistic([&](const ValueLook& look) { keys.replay(look); }, k, guess.low, guess.high);
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

std::uint64_t coinciding_pairs(PairKeys& keys) {
  std::uint64_t coinciding = 0;
  const auto take = [&](std::span<const double> piece) {
    coinciding += static_cast<std::uint64_t>(
        std::count_if(piece.begin(), piece.end(), [&](double key) { return keys.distance(key) == 0; }));
  };
  keys.replay({0, 0, take, [](std::uint64_t, std::uint64_t) {}});
  return coinciding;
}

double quantile_of_positive_pairs(PairKeys& keys, double q) {
  const std::uint64_t coinciding = coinciding_pairs(keys);
  if (coinciding == keys.pairs()) return 0;
  const double h = q * static_cast<double>(keys.pairs() - coinciding - 1);
  const OrderStatistic pair = kth_distance(keys, coinciding + static_cast<std::uint64_t>(std::floor(h)));
  return interpolated(pair.value, pair.next, h - std::floor(h));
}

/// Summed in the order of the matrix's entries.
double mean_of_entries(PairKeys& keys) {
  double sum = 0;
  for (std::size_t i = 0; i < keys.objects(); ++i)
    for (const double key : keys.row(i)) sum += keys.distance(key);
  return sum / static_cast<double>(keys.objects() * keys.objects());
}

std::size_t most_coinciding_rows(PairKeys& keys) {
  std::ptrdiff_t most = 0;
  for (std::size_t i = 0; i < keys.objects(); ++i) {
    const auto row = keys.row(i);
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
      return quantile_of_positive_pairs(keys, q);
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
    throw InputError("too many infinite distances to normalise the matrix: its unit is " +
                     chronotope::to_string(unit));
  return unit;
}

}  // namespace

double unit_of_distances(const PointCloud& cloud, Metric metric, Normalisation normalisation, double q,
                         const PointScan& scan) {
  assert(cloud.size() >= 2);
  PairKeys keys(cloud, metric, scan);
  return checked_unit(keys, normalisation, q);
}

}  // namespace chronotope::topology
