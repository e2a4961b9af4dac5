// SPDX-License-Identifier: Apache-2.0
// Trains drawn by the slot are Poisson processes: ten statistics of two million arrivals, each of which finds the
// error that is planted for it.
#include "chronotope/events/slots/slot_trains.hpp"

#include <Random123/philox.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <functional>
#include <numeric>

namespace chronotope::events {
namespace {

constexpr std::uint32_t kTrains = 4000;
constexpr std::int64_t kSlots = 100;
constexpr double kMean = 5;
constexpr double kUnlikely = 1e-4;

using Slot = std::vector<double>;  // positions from 0 to 1, in the order in which they were drawn
using Generator = std::function<Slot(std::uint32_t train, std::int64_t slot)>;

SlotTrains trains_of(double rate, std::uint32_t count = kTrains) {
  return SlotTrains(12, Purpose("test"), std::vector<double>(count, rate), Time(), Time::never());
}

Slot drawn(const SlotTrains& trains, std::uint32_t train, std::int64_t slot) {
  std::vector<Offset> at;
  trains.draw(train, slot, at);
  Slot positions;
  for (const Offset t : at) positions.push_back(t.ticks / trains.length().ticks);
  return positions;
}

/// Five arrivals per slot on average.
Slot drawn_right(std::uint32_t train, std::int64_t slot) {
  static const SlotTrains trains = trains_of(20'000);
  return drawn(trains, train, slot);
}

/// Another uniform number that belongs to a slot.
double extra(std::uint32_t train, std::int64_t slot) {
  return RandomStream(5, Purpose("extra"), train, static_cast<std::uint64_t>(slot)).uniform();
}

/// All slots of all trains.
class Sample {
 public:
  explicit Sample(const Generator& generate) {
    for (std::uint32_t c = 0; c < kTrains; ++c)
      for (std::int64_t k = 0; k < kSlots; ++k) slots_.push_back(generate(c, k));
  }
  const Slot& at(std::uint32_t train, std::int64_t slot) const {
    return slots_[static_cast<std::size_t>(train * kSlots + slot)];
  }
  double count(std::uint32_t train, std::int64_t slot) const {
    return static_cast<double>(at(train, slot).size());
  }
  const std::vector<Slot>& slots() const { return slots_; }

 private:
  std::vector<Slot> slots_;
};

double chi_square_p(const std::vector<double>& seen, const std::vector<double>& expected) {
  double statistic = 0;
  for (std::size_t i = 0; i < seen.size(); ++i)
    statistic += (seen[i] - expected[i]) * (seen[i] - expected[i]) / expected[i];
  return cdf(complement(boost::math::chi_squared(static_cast<double>(seen.size() - 1)), statistic));
}

/// Of a statistic that is normal with mean 0 and variance 1.
double normal_p(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

/// z of a mean of products of independent numbers with mean 0 and variance 1.
double correlation_z(const std::vector<std::pair<double, double>>& pairs) {
  double sum = 0;
  for (const auto& [x, y] : pairs) sum += x * y;
  return sum / std::sqrt(static_cast<double>(pairs.size()));
}
double standard_count(double n) { return (n - kMean) / std::sqrt(kMean); }
double standard_position(double u) { return (u - 0.5) * std::sqrt(12.0); }

double counts_p(const Sample& sample) {
  const boost::math::poisson law(kMean);
  constexpr std::size_t kCells = 16;  // the last: 15 and more
  std::vector<double> seen(kCells, 0), expected(kCells, 0);
  for (const Slot& slot : sample.slots()) ++seen[std::min(slot.size(), kCells - 1)];
  for (std::size_t n = 0; n + 1 < kCells; ++n) expected[n] = pdf(law, static_cast<double>(n));
  expected.back() = cdf(complement(law, static_cast<double>(kCells - 2)));
  for (double& e : expected) e *= static_cast<double>(sample.slots().size());
  return chi_square_p(seen, expected);
}
double dispersion_p(const Sample& sample) {
  double sum = 0, squares = 0;
  const auto n = static_cast<double>(sample.slots().size());
  for (const Slot& slot : sample.slots()) {
    sum += static_cast<double>(slot.size());
    squares += static_cast<double>(slot.size() * slot.size());
  }
  const double variance = squares / n - sum / n * (sum / n);
  return normal_p((variance / (sum / n) - 1) * std::sqrt(n / 2));
}
double count_by_first_position_p(const Sample& sample) {
  std::vector<std::pair<double, double>> pairs;
  for (const Slot& slot : sample.slots())
    if (!slot.empty())
      pairs.emplace_back(standard_count(static_cast<double>(slot.size())), standard_position(slot.front()));
  return normal_p(correlation_z(pairs));
}
/// Every train's histogram of positions over all its slots.
double phases_p(const Sample& sample) {
  constexpr std::size_t kBins = 16;
  double statistic = 0;
  for (std::uint32_t c = 0; c < kTrains; ++c) {
    std::vector<double> seen(kBins, 0);
    for (std::int64_t k = 0; k < kSlots; ++k)
      for (const double u : sample.at(c, k)) ++seen[static_cast<std::size_t>(u * kBins)];
    const double expected = std::accumulate(seen.begin(), seen.end(), 0.0) / kBins;
    for (const double s : seen)
      if (expected > 0) statistic += (s - expected) * (s - expected) / expected;
  }
  return cdf(complement(boost::math::chi_squared(kTrains * (kBins - 1.0)), statistic));
}
double positions_p(const Sample& sample) {
  constexpr std::size_t kBins = 64;
  std::vector<double> seen(kBins, 0);
  for (const Slot& slot : sample.slots())
    for (const double u : slot) ++seen[static_cast<std::size_t>(u * kBins)];
  const double expected = std::accumulate(seen.begin(), seen.end(), 0.0) / kBins;
  return chi_square_p(seen, std::vector<double>(kBins, expected));
}
/// Of the second and the fourth position: first and last of a block.
double within_block_p(const Sample& sample) {
  std::vector<std::pair<double, double>> pairs;
  for (const Slot& slot : sample.slots())
    if (slot.size() > 3) pairs.emplace_back(standard_position(slot[1]), standard_position(slot[3]));
  return normal_p(correlation_z(pairs));
}
double next_slot_counts_p(const Sample& sample) {
  std::vector<std::pair<double, double>> pairs;
  for (std::uint32_t c = 0; c < kTrains; ++c)
    for (std::int64_t k = 0; k + 1 < kSlots; ++k)
      pairs.emplace_back(standard_count(sample.count(c, k)), standard_count(sample.count(c, k + 1)));
  return normal_p(correlation_z(pairs));
}
double neighbour_counts_p(const Sample& sample) {
  std::vector<std::pair<double, double>> pairs;
  for (std::uint32_t c = 0; c + 1 < kTrains; ++c)
    for (std::int64_t k = 0; k < kSlots; ++k)
      pairs.emplace_back(standard_count(sample.count(c, k)), standard_count(sample.count(c + 1, k)));
  return normal_p(correlation_z(pairs));
}
/// Kolmogorov-Smirnov of 1 - e^(-interval) over the whole of each train.
double intervals_p(const Sample& sample) {
  std::vector<double> uniform;
  for (std::uint32_t c = 0; c < kTrains; ++c) {
    double last = -1;
    for (std::int64_t k = 0; k < kSlots; ++k)
      for (const double u : sample.at(c, k)) {
        const double t = static_cast<double>(k) + u;
        if (last >= 0) uniform.push_back(-std::expm1(-kMean * std::max(0.0, t - last)));
        last = t;
      }
  }
  std::ranges::sort(uniform);
  const auto n = static_cast<double>(uniform.size());
  double distance = 0;
  for (std::size_t i = 0; i < uniform.size(); ++i)
    distance = std::max(
        {distance, uniform[i] - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - uniform[i]});
  return std::min(1.0, 2 * std::exp(-2 * n * distance * distance));
}

Slot in_order_of_time(std::uint32_t train, std::int64_t slot) {
  Slot positions = drawn_right(train, slot);
  std::ranges::sort(positions);
  return positions;
}

struct Planted {
  const char* error;
  double (*p)(const Sample&);
  Generator wrong;
  Generator right = drawn_right;
};

const std::vector<Planted> kPlanted{
    {"counts above 12 are cut", counts_p,
     [](std::uint32_t c, std::int64_t k) {
       Slot slot = drawn_right(c, k);
       slot.resize(std::min<std::size_t>(slot.size(), 12));
       return slot;
     }},
    {"counts vary 3 % too little", dispersion_p,
     [](std::uint32_t c, std::int64_t k) {
       Slot slot = drawn_right(c, k);
       if (slot.size() > 7 && extra(c, k) < 0.3) slot.pop_back();
       if (slot.size() < 3 && extra(c, k) < 0.3) slot.push_back(extra(c, k) / 0.3);
       return slot;
     }},
    {"the count's word is the first position", count_by_first_position_p,
     [](std::uint32_t c, std::int64_t k) {
       Slot slot = drawn_right(c, k);
       const boost::math::poisson law(kMean);
       const auto n = static_cast<double>(slot.size());
       if (n > 0) slot.front() = cdf(law, n - 1) + pdf(law, n) * extra(c, k);
       return slot;
     }},
    {"the slot is missing in the counter", phases_p,
     [](std::uint32_t c, std::int64_t) { return drawn_right(c, 0); }},
    {"the last 1/256 of a slot is empty", positions_p,
     [](std::uint32_t c, std::int64_t k) {
       Slot slot = drawn_right(c, k);
       for (double& u : slot) u *= 255.0 / 256;
       return slot;
     }},
    {"two positions of a block share bits", within_block_p,
     [](std::uint32_t c, std::int64_t k) {
       Slot slot = drawn_right(c, k);
       if (slot.size() > 3) slot[3] = (std::floor(slot[1] * 64) + slot[3]) / 64;
       return slot;
     }},
    {"two slots share their count", next_slot_counts_p,
     [](std::uint32_t c, std::int64_t k) {
       Slot slot = drawn_right(c, k);
       slot.resize(drawn_right(c, k / 2 * 2).size(), extra(c, k));
       return slot;
     }},
    {"neighbours share their numbers", neighbour_counts_p,
     [](std::uint32_t c, std::int64_t k) { return drawn_right(c / 2 * 2, k); }},
    {"positions stay in the order of their words", intervals_p, drawn_right, in_order_of_time},
};

TEST(SlotTrains, ArePoissonProcessesByEveryStatistic) {
  for (const Planted& planted : kPlanted) {
    EXPECT_GT(planted.p(Sample(planted.right)), kUnlikely) << planted.error;
    EXPECT_LT(planted.p(Sample(planted.wrong)), kUnlikely) << planted.error;
  }
}

/// The mean needs more arrivals than the others: here ten million, of a rate that no table is made for, in the
/// longest and the shortest slots.
TEST(SlotTrains, HaveTheirRate) {
  for (const double rate : {10'300.0, 21'000'000.0, 150.0}) {
    const SlotTrains trains = trains_of(rate, 1000);
    const double per_slot = rate / 1000 * trains.length().ms();
    const auto slots = static_cast<std::int64_t>(1e4 / per_slot);
    double sum = 0;
    std::vector<Offset> at;
    for (std::uint32_t c = 0; c < trains.size(); ++c)
      for (std::int64_t k = 0; k < slots; ++k) {
        trains.draw(c, k, at);
        sum += static_cast<double>(at.size());
      }
    const double expected = per_slot * static_cast<double>(slots) * trains.size();
    EXPECT_GT(normal_p((sum - expected) / std::sqrt(expected)), kUnlikely) << rate;
    EXPECT_LT(normal_p((sum * 1.002 - expected) / std::sqrt(expected)), kUnlikely) << rate;
  }
}

TEST(SlotTrains, SpikeFromStartToStopToTheTick) {
  const Time start = Time() + Duration::nearest(3.3), stop = Time() + Duration::nearest(7.77);
  const std::vector<double> rates(300, 9000);
  const SlotTrains whole(3, Purpose("x"), rates, Time(), Time::never());
  const SlotTrains part(3, Purpose("x"), rates, start, stop);
  std::vector<Offset> at, all;
  for (std::uint32_t c = 0; c < part.size(); ++c)
    for (std::int64_t k = 0; k < 20; ++k) {
      whole.draw(c, k, all);
      std::erase_if(all, [&](Offset t) {
        const Time spike = whole.begin(k) + t;
        return spike < start || spike >= stop;
      });
      part.draw(c, k, at);
      EXPECT_EQ(at, all) << c << " " << k;
    }
}

/// The first positions of trains, by the definition of their counters.
TEST(SlotTrains, AreMadeOfPhiloxBlocks) {
  const SlotTrains trains = trains_of(20'000);
  const std::uint64_t key = RandomStream(12, Purpose("test"), 0)();
  const auto block = [&](std::uint32_t number, std::uint32_t train) {
    return r123::Philox4x32()({{number, 17, train, 5}},
                              {{static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)}});
  };
  const auto position = [&](std::uint64_t bits) {
    return Offset{std::floor(static_cast<double>(bits) * 0x1p-42 * trains.length().ticks)};
  };
  std::vector<Offset> at;
  for (std::uint32_t c = 0; c < 20; ++c) {
    trains.draw(c, (std::int64_t{5} << 32) + 17, at);
    const auto first = block(0, c), second = block(1, c);
    std::vector<Offset> expected{position(std::uint64_t{first[3]} << 10 | first[2] >> 22),
                                 position(std::uint64_t{second[1]} << 10 | second[0] >> 22),
                                 position(std::uint64_t{second[3]} << 10 | second[2] >> 22),
                                 position(std::uint64_t{second[0] & 0x3FFFFF} << 20 | (second[2] & 0xFFFFF))};
    expected.resize(std::min(expected.size(), at.size()));
    at.resize(expected.size());
    EXPECT_EQ(at, expected) << c;
  }
}

}  // namespace
}  // namespace chronotope::events
