// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/slots/slot_sums.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace chronotope::events {
namespace {

constexpr std::size_t kWidest = 8;

/// The place of the first degree up to which the Taylor series of e^x, or that of its difference, which is one
/// degree behind, is exact to half a unit in the last place.
std::size_t sufficient_degree(double x, bool with_difference) {
  std::size_t place = 0;
  double term = 1;  // x^n/n!
  for (std::size_t n = 1; place + 1 < SlotKernels::kDegreeCount; ++n) {
    term *= x / static_cast<double>(n);
    if (n + (with_difference ? 1 : 0) <= SlotKernels::kDegrees[place]) continue;
    if (term <= 0x1p-54) break;
    ++place;
  }
  return place;
}

std::uint32_t blocks_of(std::uint32_t number) { return (number + 1) / kPositionsPerBlock; }

/// Rounded up to whole vectors.
std::size_t padded(std::size_t size) { return (size + kWidest - 1) / kWidest * kWidest; }

}  // namespace

const SlotKernels& widest_slot_kernels() {
#if defined(__x86_64__)
  static const SlotKernels& kWidest = __builtin_cpu_supports("avx512f") ? kSlotsByEight
                                      : __builtin_cpu_supports("avx2")  ? kSlotsByFour
                                                                        : kSlotsByTwo;
  return kWidest;
#else
  return kSlotsByTwo;
#endif
}

SlotSums::Delay SlotSums::delay(const SlotTrains& trains, Duration d) {
  const Duration slot = Duration::from_ticks(trains.length().ticks);
  const std::int64_t slots = floor_ratio(d, slot);
  return {slots, (d - slots * slot).ticks()};
}

SlotSums::SlotSums(const SlotTrains& trains, std::uint32_t first, std::uint32_t size, std::size_t sums,
                   double largest, const SlotKernels& kernels)
    : trains_(&trains),
      kernels_(&kernels),
      first_(first),
      size_(size),
      degree_(sufficient_degree(largest, sums == 2)),
      delay_(padded(size)),
      shift_(size),
      tile_(std::make_unique<SlotTile>()) {
  for (std::uint32_t i = 0; i < size; ++i) scale_.push_back(trains.scale(first + i));
  for (std::size_t j = 0; j < sums; ++j) exponent_[j].resize(size);
  tile_->key = trains.key();
  tile_->length = trains.length().ticks;
  tile_->sums = sums;
  tile_->life = trains.life();
  tile_->are_alike = true;
}

void SlotSums::set(std::uint32_t i, Delay delay, std::span<const double> exponents) {
  delay_[i] = static_cast<std::uint64_t>(delay.slots);
  shift_[i] = delay.shift;
  tile_->are_alike &= delay_[i] == delay_[0] && shift_[i] == shift_[0] && scale_[i] == scale_[0];
  for (std::size_t j = 0; j < exponents.size(); ++j) {
    exponent_[j][i] = exponents[j];
    tile_->are_alike &= exponents[j] == exponent_[j][0];
  }
  if (delay.shift == 0 || !carried_.empty()) return;
  carried_.resize(size_);
  carried_into_.resize(size_ / kTile + 1, std::numeric_limits<std::int64_t>::min());
}

const SlotSums::Sums& SlotSums::draw(std::uint32_t i, std::int64_t slot) {
  if (!carried_.empty() && std::exchange(carried_into_[i / kTile], slot + 1) != slot) draw_tile(i, slot - 1);
  draw_tile(i, slot);
  return tile_->early;
}

void SlotSums::draw_tile(std::uint32_t i, std::int64_t slot) {
  SlotTile& tile = *tile_;
  tile.arrival_slot = static_cast<std::uint64_t>(slot);
  tile.channel = first_ + i;
  tile.size = std::min(kTile, size_ - i);
  tile.delay = &delay_[i];
  tile.shift = &shift_[i];
  tile.scale = &scale_[i];
  for (std::size_t j = 0; j < tile.sums; ++j) tile.exponent[j] = &exponent_[j][i];
  kernels_->first_words(tile);
  count();
  (carried_.empty() ? kernels_->sums : kernels_->sums_and_late)[degree_](tile);
  if (!carried_.empty()) carry(i);
}

/// Makes the counts, and the order in which they are alike; the last channel fills up the last vector.
void SlotSums::count() {
  SlotTile& tile = *tile_;
  const auto first = static_cast<std::uint32_t>(tile.channel);
  std::array<std::uint32_t, kTile> blocks;
  std::array<std::uint32_t, 64> place{};
  for (std::uint32_t i = 0; i < tile.size; ++i) {
    const bool is_alive = tile.life.has(static_cast<std::int64_t>(tile.arrival_slot - tile.delay[i]));
    const std::uint32_t number = is_alive ? trains_->counts(first + i).count(tile.count_word[i]) : 0;
    tile.number[i] = number;
    blocks[i] = blocks_of(number);
    ++place[blocks[i] + 1];
  }
  std::partial_sum(place.begin(), place.end(), place.begin());
  for (std::uint32_t i = 0; i < tile.size; ++i)
    tile.order[place[blocks[i]]++] = static_cast<std::uint16_t>(i);
  std::fill(tile.order + tile.size, tile.order + padded(tile.size), tile.order[tile.size - 1]);
}

/// Takes what was carried into the slot, and keeps what is carried out of it.
void SlotSums::carry(std::uint32_t i) {
  SlotTile& tile = *tile_;
  for (std::size_t k = 0; k < tile.size; ++k) {
    Carried& carried = carried_[i + tile.order[k]];
    tile.early.count[k] += std::exchange(carried.count, tile.late.count[k]);
    for (std::size_t j = 0; j < tile.sums; ++j)
      tile.early.exponential[j][k] += std::exchange(carried.exponential[j], tile.late.exponential[j][k]);
    if (tile.sums == 2)
      tile.early.difference[k] += std::exchange(carried.difference, tile.late.difference[k]);
  }
}

}  // namespace chronotope::events
