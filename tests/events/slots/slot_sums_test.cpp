// SPDX-License-Identifier: Apache-2.0
// Against sums in extended precision over the trains' own draws, one channel at a time.
#include "chronotope/events/slots/slot_sums.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace chronotope::events {
namespace {

/// Those that this processor has.
std::vector<const SlotKernels*> kernels() {
  std::vector<const SlotKernels*> found{&kSlotsByTwo};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) found.push_back(&kSlotsByFour);
  if (__builtin_cpu_supports("avx512f")) found.push_back(&kSlotsByEight);
#endif
  return found;
}

struct Exact {
  int count = 0;
  long double x = 0;
  long double y = 0;
  long double difference = 0;
  double terms = 0;  // what the terms of the power series add up to without their signs

  void add(long double z, double a, double b) {
    ++count;
    terms += std::exp(std::max(a, b) * std::abs(static_cast<double>(z)));
    x += std::exp(a * z);
    y += std::exp(b * z);
    const long double apart = (static_cast<long double>(a) - b) * z;
    difference += z * std::exp(b * z) * (apart == 0 ? 1 : std::expm1(apart) / apart);
  }
};

/// What arrives from a channel in `slot`, `delay` after it was drawn.
Exact arrivals(const SlotTrains& trains, std::uint32_t channel, std::int64_t slot, SlotSums::Delay delay,
               double a, double b) {
  Exact exact;
  std::vector<Offset> at;
  const long double length = trains.length().ticks;
  for (const std::int64_t before : {1, 0}) {
    trains.draw(channel, slot - delay.slots - before, at);
    for (const Offset t : at) {
      const long double u = t.ticks + delay.shift - length * before;
      if (u >= 0 && u < length) exact.add(2 * u / length - 1, a, b);
    }
  }
  return exact;
}

void expect_equal(const SlotTile::Sums& sums, std::uint32_t k, const Exact& exact) {
  ASSERT_EQ(sums.count[k], exact.count);
  const double rounding = 0x1p-50 * exact.terms;  // eight times that of a number
  ASSERT_NEAR(sums.exponential[0][k], static_cast<double>(exact.x), rounding);
  ASSERT_NEAR(sums.exponential[1][k], static_cast<double>(exact.y), rounding);
  ASSERT_NEAR(sums.difference[k], static_cast<double>(exact.difference), rounding);
}

/// A case of trains of many rates that begin and end, with delays of their own or all alike.
struct Case {
  static constexpr std::uint32_t kFirst = 3, kSize = 301;
  double largest;
  bool alike;
  SlotTrains trains{4, Purpose("x"), rates(), Time() + Duration::nearest(1.2),
                    Time() + Duration::nearest(6.6)};

  double rate(std::uint32_t channel) const { return alike ? 4000 : 100 + 100 * (channel % 71); }
  SlotSums::Delay delay(std::uint32_t i) const {
    return alike ? SlotSums::Delay{1, 3e10}
                 : SlotSums::Delay{i % 3, std::floor(trains.length().ticks * i / kSize)};
  }
  double other(std::uint32_t i) const { return alike ? largest / 3 : largest * (i % 10) / 9; }

 private:
  std::vector<double> rates() const {
    std::vector<double> rates;
    for (std::uint32_t c = 0; c < kFirst + kSize; ++c) rates.push_back(rate(c));
    return rates;
  }
};

/// All sums of some slots, of which one does not follow the one before.
std::vector<double> checked_sums(const Case& c, const SlotKernels& kernels) {
  SlotSums sums(c.trains, Case::kFirst, Case::kSize, 2, c.largest, kernels);
  for (std::uint32_t i = 0; i < Case::kSize; ++i) sums.set(i, c.delay(i), std::array{c.largest, c.other(i)});
  std::vector<double> all;
  for (const std::int64_t slot : {0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 15, 16, 17})
    for (std::uint32_t tile = 0; tile < Case::kSize; tile += SlotSums::kTile) {
      const SlotSums::Sums& drawn = sums.draw(tile, slot);
      for (std::uint32_t k = 0; k < std::min(Case::kSize - tile, SlotSums::kTile); ++k) {
        const std::uint32_t i = tile + sums.place(k);
        expect_equal(drawn, k, arrivals(c.trains, Case::kFirst + i, slot, c.delay(i), c.largest, c.other(i)));
        all.insert(all.end(), {drawn.exponential[0][k], drawn.exponential[1][k], drawn.difference[k]});
      }
    }
  return all;
}

TEST(SlotSums, AreThoseOfTheSpikesWithTheSameBitsInEveryWidth) {
  for (const double largest : {0.01, 0.03, 0.1, 0.3, 0.6, 1.0})
    for (const bool alike : {false, true}) {
      const Case c{largest, alike};
      const std::vector<double> of_two = checked_sums(c, kSlotsByTwo);
      for (const SlotKernels* k : kernels()) EXPECT_EQ(checked_sums(c, *k), of_two) << largest << alike;
    }
}

}  // namespace
}  // namespace chronotope::events
