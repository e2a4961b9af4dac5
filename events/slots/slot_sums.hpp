// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "chronotope/events/slots/slot_tile.hpp"
#include "chronotope/events/slots/slot_trains.hpp"

namespace chronotope::events {

/// Of this processor.
const SlotKernels& widest_slot_kernels();

/// Sums e^(x z) over the arrivals of many trains in a slot, z from -1 to 1 over the slot, in the widest
/// vectors this processor has and with the same bits in all. An arrival is a spike that comes by a delay
/// later: some slots and a shift, by which some of a slot's spikes arrive in one slot and the others, whose
/// sums are kept until then, in the next. Memory: 32 bytes per train and 8 per exponent, 32 more with
/// shifts, and a tile.
class SlotSums {
 public:
  static constexpr double kMostExponent = 1;
  static constexpr std::uint32_t kTile = SlotTile::kMost;
  using Sums = SlotTile::Sums;

  struct Delay {
    std::int64_t slots = 0;
    double shift = 0;  // [ticks]
  };
  static Delay delay(const SlotTrains& trains, Duration d);

  /// For channels [first, first + size), `sums` exponents each, of which `largest` is the largest of all.
  /// Requires: largest <= kMostExponent.
  SlotSums(const SlotTrains& trains, std::uint32_t first, std::uint32_t size, std::size_t sums,
           double largest, const SlotKernels& kernels = widest_slot_kernels());

  /// Of channel first + i.
  void set(std::uint32_t i, Delay delay, std::span<const double> exponents);
  /// Sums what arrives in `slot` from channels first + i .. first + i + kTile - 1, i a multiple of kTile: of
  /// the k-th sum the channel is first + i + place(k). Cost: twice that of a draw where `slot` does not follow
  /// the last one and there are shifts.
  const Sums& draw(std::uint32_t i, std::int64_t slot);
  std::uint32_t place(std::size_t k) const { return tile_->order[k]; }

 private:
  /// What arrives in the slot after that of the last draw.
  struct Carried {
    double count = 0;
    std::array<double, SlotTile::kMostSums> exponential{};
    double difference = 0;
  };

  void draw_tile(std::uint32_t i, std::int64_t slot);
  void count();
  void carry(std::uint32_t i);

  const SlotTrains* trains_;
  const SlotKernels* kernels_;
  std::uint32_t first_;
  std::uint32_t size_;
  std::size_t degree_;  // its place among those there are kernels for
  std::vector<std::uint64_t> delay_;
  std::vector<double> shift_;
  std::vector<double> scale_;
  std::array<std::vector<double>, SlotTile::kMostSums> exponent_;
  std::unique_ptr<SlotTile> tile_;
  std::vector<Carried> carried_;            // where there are shifts
  std::vector<std::int64_t> carried_into_;  // that slot, of each tile
};

}  // namespace chronotope::events
