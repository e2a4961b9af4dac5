// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/sorted_arrivals.hpp"

#include <utility>

namespace chronotope::events {
namespace {

using Arrival = SortedArrivals::Arrival;

constexpr std::uint64_t kPerBlock = 4;  // arrivals, about: measured
constexpr std::uint64_t kFewTargets = 4;
constexpr std::ptrdiff_t kFew = 24;  // are inserted one by one

/// Where an arrival is in its projection: the segment, and the place in it.
std::pair<std::uint64_t, std::uint32_t> synapse(const Delivery& delivery, const Arrival& arrival) {
  const bool is_one_segment = delivery.end - delivery.segment == 1;
  return is_one_segment ? std::pair(delivery.segment, arrival.place)
                        : std::pair(delivery.segment + arrival.place, std::uint32_t{0});
}

/// A block's arrivals in order. Few are the rule.
template <class Before>
void sort_block(Arrival* begin, Arrival* end, Before before) {
  if (end - begin > kFew) return std::sort(begin, end, before);
  for (Arrival* a = begin; a != end; ++a) {
    const Arrival moved = *a;
    Arrival* place = a;
    for (; place != begin && before(moved, place[-1]); --place) *place = place[-1];
    *place = moved;
  }
}

}  // namespace

void SortedArrivals::begin(Time begin, std::uint64_t count) {
  begin_ = begin;
  arrivals_.clear();
  const std::uint64_t blocks = std::max<std::uint64_t>(1, count / kPerBlock);
  const bool are_many =
      size_ <= count * kFewTargets;  // then one block per target, where little is left to sort
  block_shift_ = are_many ? 0 : std::max(0, static_cast<int>(std::bit_width(size_ / blocks)) - 1);
  block_end_.assign((size_ >> block_shift_) + std::size_t{1}, 0);
}

void SortedArrivals::add(const Connectivity& connectivity, const Delivery& delivery, std::uint32_t number,
                         std::uint64_t first, std::uint64_t last) {
  const std::uint32_t* const targets = connectivity.targets();
  const auto add_each = [&](std::uint64_t begin, std::uint64_t end, std::uint64_t origin, auto ticks_at) {
    for (std::uint64_t s = begin; s != end; ++s)
      if (const std::uint32_t target = targets[s] - first_; target < size_)
        push(target, ticks_at(s), number, s - origin);
  };
  if (!connectivity.has_own_delays()) {
    const auto ticks = static_cast<std::uint64_t>(delivery.time.since(begin_).ticks);
    const auto synapses = connectivity.synapses(SegmentId{first});
    const std::uint64_t begin = index(synapses.front());
    return add_each(begin, begin + synapses.size(), begin, [&](std::uint64_t) { return ticks; });
  }
  const auto emitted = static_cast<std::int64_t>(delivery.emitted.since(begin_).ticks);
  connectivity.own_delays().use([&](auto counts, double unit) {
    const auto one = static_cast<std::int64_t>(unit);
    add_each(first, last, delivery.segment, [&](std::uint64_t s) {
      return static_cast<std::uint64_t>(emitted + static_cast<std::int64_t>(counts[s]) * one);
    });
  });
}

std::span<const SortedArrivals::Arrival> SortedArrivals::sort(std::span<const Delivery> deliveries) {
  std::uint32_t end = 0;
  for (std::uint32_t& count : block_end_) end = std::exchange(count, end) + end;  // where the block begins
  sorted_.resize(arrivals_.size());
  for (const Arrival& a : arrivals_) sorted_[block_end_[target(a) >> block_shift_]++] = a;
  const auto before = [&](const Arrival& a, const Arrival& b) {
    if (a.key != b.key) [[likely]]
      return a.key < b.key;
    const Delivery& x = deliveries[a.delivery];
    const Delivery& y = deliveries[b.delivery];
    return std::pair(x.projection, synapse(x, a)) < std::pair(y.projection, synapse(y, b));
  };
  for (std::uint32_t begin = 0; const std::uint32_t block_end : block_end_) {
    sort_block(sorted_.data() + begin, sorted_.data() + block_end, before);
    begin = block_end;
  }
  return sorted_;
}

}  // namespace chronotope::events
