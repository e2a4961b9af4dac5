// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "chronotope/events/slots/slot_tile.hpp"
#include "chronotope/events/slots/slot_words.hpp"

namespace chronotope::events {

/// SlotKernels in vectors of V: V::Doubles and V::Words, and V::multiply(a, b), the products of the words'
/// lower halves. A lane sees one channel and adds in the order of its words, so no bit depends on the width.
template <class V>
class SlotKernelsOf {
  using Doubles = typename V::Doubles;
  using Words = typename V::Words;
  static constexpr std::size_t kLanes = sizeof(Doubles) / sizeof(double);

 public:
  static void first_words(SlotTile& tile) {
    Words channel;
    for (std::size_t lane = 0; lane < kLanes; ++lane) channel[lane] = tile.channel + lane;
    for (std::size_t k = 0; k < tile.size; k += kLanes, channel += kLanes) {
      const Block block = philox(tile.key, 0, tile.arrival_slot - load<Words>(tile.delay + k), channel);
      store(tile.count_word + k, block.a);
      store(tile.position_word + k, block.c);
    }
  }

  template <std::size_t kDegree, bool kLate>
  static void sums(SlotTile& tile) {
    const double per_half = 2 / tile.length;
    for (std::size_t k = 0; k < tile.size; k += kLanes) {
      const std::uint16_t* const order = tile.order + k;
      const Doubles number = gather<Doubles>(tile.number, order);
      const Doubles scale = of_each<Doubles>(tile, tile.scale, order);
      const Words slot = tile.arrival_slot - of_each<Words>(tile, tile.delay, order);
      const Doubles open = slot == std::uint64_t(tile.life.first) ? Doubles{} + tile.life.open : Doubles{};
      const Doubles closed = Doubles{} + (slot == std::uint64_t(tile.life.last) ? Doubles{} + tile.life.closed
                                                                                : Doubles{} + tile.length);
      const Doubles shift = kLate ? of_each<Doubles>(tile, tile.shift, order) : Doubles{};
      const Doubles none{}, all = none + 1.0;
      Moments<kDegree> early{};
      Moments<kLate ? kDegree : 0> late{};
      const auto take = [&](Words bits, double j) {
        const Doubles t = whole_below(as_doubles(bits) * scale);
        const Doubles limit = number > j ? closed : none;
        const Doubles before_limit = t < limit ? all : none;
        const Doubles one = t >= open ? before_limit : none;
        if constexpr (kLate) {
          const Doubles u = t + shift;
          const auto is_later = u >= tile.length;
          const Doubles z = (u - (is_later ? none + tile.length : none)) * per_half - 1.0;
          early.add(is_later ? none : one, z);
          late.add(is_later ? one : none, z);
        } else {
          early.add(one, t * per_half - 1.0);
        }
      };
      take(gather<Words>(tile.position_word, order) >> kSpareBits, 0);
      Words channel;
      for (std::size_t lane = 0; lane < kLanes; ++lane) channel[lane] = tile.channel + order[lane];
      const double most = number[kLanes - 1];  // but for some of the last block
      for (double j = 1, b = 1; j < most; j += kPositionsPerBlock, ++b) {
        const Block block = philox(tile.key, static_cast<std::uint64_t>(b), slot, channel);
        take(block.a >> kSpareBits, j);
        take(block.c >> kSpareBits, j + 1);
        take(third_position(block.a, block.c), j + 2);
      }
      put(tile, k, early, tile.early);
      if constexpr (kLate) put(tile, k, late, tile.late);
    }
  }

 private:
  struct Block {
    Words a;
    Words c;
  };

  /// Sums of the powers of z.
  template <std::size_t kDegree>
  struct Moments {
    Doubles of[kDegree + 1];

    [[gnu::always_inline]] void add(Doubles one, Doubles z) {
      for (Doubles& sum : of) {
        sum += one;
        one *= z;
      }
    }
    /// The sum of e^(x z).
    [[gnu::always_inline]] Doubles exponentials(Doubles x) const {
      Doubles sum = of[kDegree];
      for (std::size_t d = kDegree; d > 0; --d) sum = of[d - 1] + sum * (x * (1.0 / static_cast<double>(d)));
      return sum;
    }
    /// The sum of (e^(x z) - e^(y z))/(x - y), also for x = y: Horner's scheme of the divided difference.
    [[gnu::always_inline]] Doubles difference(Doubles x, Doubles y) const {
      Doubles sum = of[kDegree];
      Doubles difference{};
      for (std::size_t d = kDegree; d > 0; --d) {
        difference = (sum + y * difference) * (1.0 / static_cast<double>(d));
        sum = of[d - 1] + sum * (x * (1.0 / static_cast<double>(d)));
      }
      return difference;
    }
  };

  template <class Vector, class T>
  [[gnu::always_inline]] static Vector load(const T* p) {
    Vector v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
  }
  template <class Vector, class T>
  [[gnu::always_inline]] static void store(T* p, Vector v) {
    __builtin_memcpy(p, &v, sizeof v);
  }
  template <class Vector, class T>
  [[gnu::always_inline]] static Vector gather(const T* p, const std::uint16_t* order) {
    Vector v;
    for (std::size_t lane = 0; lane < kLanes; ++lane) v[lane] = p[order[lane]];
    return v;
  }
  template <class Vector, class T>
  [[gnu::always_inline]] static Vector of_each(const SlotTile& tile, const T* p, const std::uint16_t* order) {
    return tile.are_alike ? Vector{} + *p : gather<Vector>(p, order);
  }
  /// Requires: less than 2^52.
  [[gnu::always_inline]] static Doubles as_doubles(Words w) {
    return (Doubles)(w | 0x4330000000000000) - 0x1p52;
  }

  /// Philox 4x32-10 (Salmon et al. 2011); of the words that are multiplied only the lower half counts.
  [[gnu::always_inline]] static Block philox(SlotKey key, std::uint64_t block, Words slot, Words channel) {
    Words x0 = Words{} + block;
    Words x1 = slot;
    Words x2 = channel;
    Words x3 = slot >> 32;
    std::uint32_t low = key.low;
    std::uint32_t high = key.high;
    for (int round = 0; round < 10; ++round) {
      const Words p0 = V::multiply(x0, Words{} + 0xD2511F53);
      const Words p1 = V::multiply(x2, Words{} + 0xCD9E8D57);
      x0 = (p1 >> 32) ^ x1 ^ std::uint64_t{low};
      x1 = p1;
      x2 = (p0 >> 32) ^ x3 ^ std::uint64_t{high};
      x3 = p0;
      low += 0x9E3779B9;
      high += 0xBB67AE85;
    }
    constexpr std::uint64_t kLower = 0xFFFFFFFF;
    return {(x0 & kLower) | x1 << 32, (x2 & kLower) | x3 << 32};
  }

  template <std::size_t kDegree>
  [[gnu::always_inline]] static void put(const SlotTile& tile, std::size_t k, const Moments<kDegree>& moments,
                                         SlotTile::Sums& sums) {
    const auto exponent = [&](std::size_t j) {
      return of_each<Doubles>(tile, tile.exponent[j], tile.order + k);
    };
    store(sums.count + k, moments.of[0]);
    for (std::size_t j = 0; j < tile.sums; ++j)
      store(sums.exponential[j] + k, moments.exponentials(exponent(j)));
    if (tile.sums == 2) store(sums.difference + k, moments.difference(exponent(0), exponent(1)));
  }
};

template <class V>
constexpr SlotKernels slot_kernels() {
  using Of = SlotKernelsOf<V>;
  return {Of::first_words,
          {Of::template sums<6, false>, Of::template sums<7, false>, Of::template sums<9, false>,
           Of::template sums<12, false>, Of::template sums<15, false>, Of::template sums<18, false>},
          {Of::template sums<6, true>, Of::template sums<7, true>, Of::template sums<9, true>,
           Of::template sums<12, true>, Of::template sums<15, true>, Of::template sums<18, true>}};
}

}  // namespace chronotope::events
