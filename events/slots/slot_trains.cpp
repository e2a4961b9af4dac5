// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/slots/slot_trains.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace chronotope::events {
namespace {

constexpr double kMostSpikes = 6;  // per slot, expected: measured (docs/decisions/0016-slot-trains.md)
constexpr double kShortestSlot = 0x1p-12;  // [ms]: a whole number of ticks
constexpr double kLeastRate = 100;         // [Hz]
constexpr double kMostRate = 1000 * kMostSpikes / kShortestSlot;

double slot_length(double highest_rate) {
  double ms = 1;
  while (highest_rate / 1000 * ms > kMostSpikes) ms /= 2;
  return ms;
}

/// The next of eight per octave, 8/8 to 15/8 of a power of two.
double table_mean(double mean) {
  int exponent = 0;
  const double fraction = std::frexp(mean, &exponent);
  return std::ldexp(std::ceil(16 * fraction), exponent - 4);
}

r123::Philox4x32::ctr_type block(SlotKey key, std::uint32_t number, std::int64_t slot,
                                 std::uint32_t channel) {
  const auto k = static_cast<std::uint64_t>(slot);
  return r123::Philox4x32()(
      {{number, static_cast<std::uint32_t>(k), channel, static_cast<std::uint32_t>(k >> 32)}},
      {{key.low, key.high}});
}
std::uint64_t word(std::uint32_t low, std::uint32_t high) { return std::uint64_t{high} << 32 | low; }

}  // namespace

bool SlotTrains::are_dense(std::span<const double> rates) {
  return std::ranges::all_of(rates, [](double r) { return r >= kLeastRate && r <= kMostRate; });
}

SlotTrains::SlotTrains(std::uint64_t seed, Purpose purpose, std::span<const double> rates, Time start,
                       Time stop) {
  const std::uint64_t key = RandomStream(seed, purpose, 0)();
  key_ = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
  const double ms = rates.empty() ? 1 : slot_length(*std::ranges::max_element(rates));
  length_ = {ticks_of(ms)};
  life_.first = slot(start);
  life_.open = start.since(begin(life_.first)).ticks;
  life_.last = stop.is_never() ? std::numeric_limits<std::int64_t>::max() : slot(stop);
  life_.closed = stop.is_never() ? length_.ticks : stop.since(begin(life_.last)).ticks;
  std::vector<double> means;  // of the tables
  for (const double rate : rates) {
    const double mean = rate / 1000 * ms;
    const double larger = table_mean(mean);
    const auto found = std::ranges::find(means, larger);
    table_.push_back(static_cast<std::uint16_t>(found - means.begin()));
    scale_.push_back(length_.ticks * (larger / mean) * 0x1p-42);
    if (found != means.end()) continue;
    means.push_back(larger);
    tables_.emplace_back(larger);
  }
}

void SlotTrains::draw(std::uint32_t channel, std::int64_t slot, std::vector<Offset>& at) const {
  at.clear();
  if (!life_.has(slot)) return;
  const double open = slot == life_.first ? life_.open : 0;
  const double closed = slot == life_.last ? life_.closed : length_.ticks;
  const auto take = [&](std::uint64_t bits) {
    const double t = whole_below(static_cast<double>(bits) * scale_[channel]);
    if (t >= open && t < closed) at.push_back({t});
  };
  const auto first = block(key_, 0, slot, channel);
  const unsigned count = counts(channel).count(word(first[0], first[1]));
  if (count > 0) take(word(first[2], first[3]) >> kSpareBits);
  for (unsigned b = 1; kPositionsPerBlock * (b - 1) + 1 < count; ++b) {
    const auto more = block(key_, b, slot, channel);
    const std::uint64_t a = word(more[0], more[1]), c = word(more[2], more[3]);
    const std::array<std::uint64_t, kPositionsPerBlock> bits{a >> kSpareBits, c >> kSpareBits,
                                                             third_position(a, c)};
    for (unsigned j = 0; j < kPositionsPerBlock && kPositionsPerBlock * (b - 1) + 1 + j < count; ++j)
      take(bits[j]);
  }
}

}  // namespace chronotope::events
