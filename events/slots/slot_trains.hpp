// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/events/slots/count_table.hpp"
#include "chronotope/events/slots/slot_words.hpp"

namespace chronotope::events {

/// Independent Poisson trains, one per channel, drawn by the slot: time is cut into slots
/// [k S, (k + 1) S), S = 2^-k ms, and in each a train has a Poisson-distributed number of spikes at
/// independent uniform positions, which is the same process as independent intervals (Kingman 1993, 2.4).
/// Nothing connects two slots, so any can be drawn, again, by whoever asks for it.
///
/// The words of a channel in a slot are blocks of Philox 4x32-10 with the counter (block, slot low, channel,
/// slot high): of block 0 the first 64 bits make the count and the others the first position, every other
/// block three positions of 42 bits. The count is that of the next larger of eight means per octave, and
/// the positions are those on a slot that is longer in proportion, of which what lies beyond S is dropped: so
/// few tables serve all rates. Memory: 10 bytes per channel.
class SlotTrains {
 public:
  /// `rates` [Hz]. Requires: are_dense(rates).
  SlotTrains(std::uint64_t seed, Purpose purpose, std::span<const double> rates, Time start, Time stop);

  /// Whether the slot is worth its price: every train spikes at least every 10 ms, and none more often
  /// than the shortest slots are made for.
  static bool are_dense(std::span<const double> rates);

  std::uint32_t size() const { return static_cast<std::uint32_t>(scale_.size()); }
  Offset length() const { return length_; }
  Time begin(std::int64_t slot) const { return Time() + slot * Duration::from_ticks(length_.ticks); }
  /// The slot that holds t.
  std::int64_t slot(Time t) const { return floor_ratio(t - Time(), Duration::from_ticks(length_.ticks)); }

  /// The positions of a slot's spikes [ticks since its begin], in the order of their words, into `at`.
  void draw(std::uint32_t channel, std::int64_t slot, std::vector<Offset>& at) const;

  // What vectors of channels are drawn from.
  SlotKey key() const { return key_; }
  const CountTable& counts(std::uint32_t channel) const { return tables_[table_[channel]]; }
  /// What a position's 42 bits are multiplied by [ticks].
  double scale(std::uint32_t channel) const { return scale_[channel]; }
  const SlotLife& life() const { return life_; }

 private:
  SlotKey key_;
  Offset length_;
  SlotLife life_{};
  std::vector<CountTable> tables_;
  std::vector<std::uint16_t> table_;  // of each channel
  std::vector<double> scale_;
};

}  // namespace chronotope::events
