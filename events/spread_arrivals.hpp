// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/synapse_group.hpp"
#include "chronotope/events/afferents.hpp"
#include "chronotope/events/arrival_batch.hpp"
#include "chronotope/events/event.hpp"
#include "chronotope/events/sorted_arrivals.hpp"

namespace chronotope::events {

/// The arrivals of a window at the neurons of a lane that synapses with delays of their own reach: those of a
/// row do not come together. Deliveries are postponed until all of the window are known; then their arrivals
/// are sorted by target and time, in slices of the window short enough that what is sorted stays in cache,
/// and handed over in batches of different targets.
///
/// Cost: that of SortedArrivals, and a few ns per arrival. Memory: 32 bytes per arrival of a slice, and some
/// 100 per delivery.
class SpreadArrivals {
 public:
  /// Of neurons [first, first + size).
  SpreadArrivals(std::uint32_t first, std::uint32_t size) : first_(first), sorted_(first, size) {}

  /// A delivery, the `number`-th of its window.
  struct Postponed {
    std::uint32_t number;
    std::uint64_t next;  // the first of its segments that was not handed over
  };
  void postpone(const SynapseGroup& projection, const Delivery& delivery, std::uint32_t number) {
    postponed_.push_back({number, delivery.segment});
    most_arrivals_ += projection.connectivity().synapse_count(delivery.segment, delivery.end);
    is_spread_ |= projection.connectivity().has_own_delays();
  }
  /// Whether some of what was postponed does not come together with its row's.
  bool is_spread() const { return is_spread_; }
  std::span<const Postponed> postponed() const { return postponed_; }
  void clear() {
    postponed_.clear();
    rows_.clear();
    most_arrivals_ = 0;
    is_spread_ = false;
  }

  /// Hands over all arrivals in [begin, end), offsets from `origin`; returns how many they are. `lane` has
  ///   take(batch)          takes arrivals of known weight, of each target in order of time, and empties it;
  ///   is_hot(i, t)         whether neuron i may fire before t: then an arrival at a plastic synapse
  ///   put_aside(i, arrival)   waits until that is known.
  template <class LaneOf>
  std::uint64_t sweep(const Afferents& afferents, Time origin, Offset begin, Offset end, LaneOf& lane);

 private:
  using Sorted = SortedArrivals::Arrival;

  static constexpr std::uint64_t kManySorted = 1 << 15;  // arrivals that are sorted at once: measured
  static constexpr std::size_t kManyTargets = 4 * kManyArrivals;  // that take turns
  static constexpr std::size_t kRowsAhead = 4;

  /// A delivery of which something arrives here: the weights are known, or a rule is asked.
  struct Heard {
    SynapseGroup* projection = nullptr;
    std::uint64_t first = 0;         // synapse
    const double* weight = nullptr;  // of that one
    std::size_t step = 0;            // from one weight to the next
    std::size_t row = 0;             // that is open, when weights are not known; then also:
    NeuronId source{};
    Time emitted;
    Duration delay;  // when that is shared
    bool has_own_delays = false;
    std::uint32_t receptor = 0;
  };
  /// Arrivals whose weights a rule changes, and their places in a batch.
  struct Changing {
    std::size_t size = 0;
    std::array<const Sorted*, kManyArrivals> arrival;
    std::array<std::size_t, kManyArrivals> place;

    void add(const Sorted& a, std::size_t its_place) {
      arrival[size] = &a;
      place[size++] = its_place;
    }
  };

  bool hear_all(const Afferents& afferents);
  Heard hear(SynapseGroup& projection, const Delivery& d);
  std::span<const Sorted> sort_until(const Afferents& afferents, Time from, Time until, bool is_last,
                                     std::uint64_t slices);
  void add_until(const Afferents& afferents, Postponed& p, Time until, bool is_last);
  static void prefetch_row(const Afferents& afferents, const Postponed& p);
  void transmit(Changing& changing, ArrivalBatch& batch);

  template <class LaneOf>
  void sweep_static(Offset from, std::span<const Sorted> arrivals, LaneOf& lane);
  template <class LaneOf>
  void sweep_in_turns(Offset from, std::span<const Sorted> arrivals, LaneOf& lane);
  template <class LaneOf>
  void take_turn(Offset from, std::span<const std::span<const Sorted>> left, LaneOf& lane);

  std::uint32_t first_;
  SortedArrivals sorted_;
  std::vector<Postponed> postponed_;
  std::uint64_t most_arrivals_ = 0;
  bool is_spread_ = false;
  std::vector<Heard> heard_;  // by delivery
  std::vector<SynapseGroup::Row> rows_;
};

template <class LaneOf>
std::uint64_t SpreadArrivals::sweep(const Afferents& afferents, Time origin, Offset begin, Offset end,
                                    LaneOf& lane) {
  const bool are_static = hear_all(afferents);
  const std::uint64_t slices = 1 + most_arrivals_ / kManySorted;
  const Offset length{std::ceil((end - begin).ticks / static_cast<double>(slices))};
  std::uint64_t count = 0;
  for (Offset from = begin; from < end; from = from + length) {
    const Offset until = std::min(end, from + length);
    const auto arrivals = sort_until(afferents, origin + from, origin + until, until == end, slices);
    count += arrivals.size();
    if (are_static)
      sweep_static(from, arrivals, lane);
    else
      sweep_in_turns(from, arrivals, lane);
  }
  return count;
}

/// Whose weights are known beforehand.
template <class LaneOf>
void SpreadArrivals::sweep_static(Offset from, std::span<const Sorted> arrivals, LaneOf& lane) {
  ArrivalBatch batch;
  for (const Sorted& a : arrivals) {
    const Heard& heard = heard_[a.delivery];
    batch.add(sorted_.target(a), from + sorted_.since_begin(a), heard.weight[a.place * heard.step],
              heard.receptor);
    if (batch.is_full()) lane.take(batch);
  }
  lane.take(batch);
}

/// Where arrivals at plastic synapses have to wait until it is known whether the one before made their target
/// hot: the first of many targets together, then the second, and so on.
template <class LaneOf>
void SpreadArrivals::sweep_in_turns(Offset from, std::span<const Sorted> arrivals, LaneOf& lane) {
  std::array<std::span<const Sorted>, kManyTargets> left;  // of each target
  while (!arrivals.empty()) {
    std::size_t targets = 0;
    for (; targets < left.size() && !arrivals.empty(); ++targets) {
      std::size_t size = 1;
      while (size < arrivals.size() && sorted_.target(arrivals[size]) == sorted_.target(arrivals[0])) ++size;
      left[targets] = arrivals.first(size);
      arrivals = arrivals.subspan(size);
    }
    while (targets > 0) {
      for (std::size_t k = 0; k < targets; k += kManyArrivals)
        take_turn(from, std::span(left).subspan(k, std::min(kManyArrivals, targets - k)), lane);
      for (std::size_t k = 0; k < targets;) {
        left[k] = left[k].subspan(1);
        if (left[k].empty())
          left[k] = left[--targets];
        else
          ++k;
      }
    }
  }
}

/// The first arrival of each.
template <class LaneOf>
void SpreadArrivals::take_turn(Offset from, std::span<const std::span<const Sorted>> left, LaneOf& lane) {
  ArrivalBatch batch;
  Changing changing;
  for (const auto& of_target : left) {
    const Sorted& a = of_target.front();
    const Heard& heard = heard_[a.delivery];
    const std::uint32_t i = sorted_.target(a);
    const Offset t = from + sorted_.since_begin(a);
    if (heard.weight != nullptr) {
      batch.add(i, t, heard.weight[a.place * heard.step], heard.receptor);
    } else if (heard.projection->is_plastic() && lane.is_hot(i, t)) {
      lane.put_aside(i, {t, 0, heard.first + a.place, a.delivery, heard.receptor});
    } else {
      changing.add(a, batch.size);
      batch.add(i, t, 0, heard.receptor);
    }
  }
  transmit(changing, batch);
  lane.take(batch);
}

}  // namespace chronotope::events
