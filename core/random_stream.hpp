// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Random123/philox.h>

#include <array>
#include <boost/random/uniform_int_distribution.hpp>
#include <cstdint>
#include <limits>
#include <string_view>

namespace chronotope {

/// What a stream is for: a hash of a name such as "E.tau_m". Different names never share numbers.
class Purpose {
 public:
  constexpr explicit Purpose(std::string_view name) : hash_(1469598103934665603ULL) {
    for (const char c : name) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 1099511628211ULL;  // FNV-1a
  }
  constexpr std::uint64_t hash() const { return hash_; }

  template <class Self, class Visit>
  static void state(Self& self, Visit visit) {
    visit(self.hash_);
  }

 private:
  std::uint64_t hash_;
};

/// A counter-based stream of uniform 64-bit numbers keyed by (seed, purpose, entity): Philox 4x64-10 (Salmon
/// et al. 2011). The numbers of one entity depend on nothing else, so another recorder, neuron or thread
/// changes nobody's. Satisfies UniformRandomBitGenerator. Cost: one Philox block (a few ns) per four numbers;
/// 112 bytes.
class RandomStream {
 public:
  using result_type = std::uint64_t;

  RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t entity, std::uint64_t part = 0)
      : key_{{seed, purpose.hash()}}, counter_{{0, entity, part, 0}} {}

  /// Goes on with the number at place 4 * block of the stream.
  RandomStream& seek(std::uint64_t block) {
    counter_[0] = block;
    used_ = 4;
    return *this;
  }

  /// How many numbers have been drawn, and going on behind so many.
  std::uint64_t drawn() const { return 4 * counter_[0] - (4 - used_); }
  void go_on_behind(std::uint64_t drawn) {
    seek(drawn / 4);
    for (std::uint64_t k = 0; k < drawn % 4; ++k) operator()();
  }

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  result_type operator()() {
    if (used_ == 4) {
      block_ = r123::Philox4x64()(counter_, key_);
      ++counter_[0];
      used_ = 0;
    }
    return block_[used_++];
  }

  /// Uniform in (0, 1): 52 bits, never an end point, so that log(uniform()) is finite.
  double uniform() { return to_uniform(operator()()); }

  /// The next four of uniform(), for less than four calls cost. Requires: a multiple of four have been drawn.
  std::array<double, 4> four_uniforms() {
    const r123::Philox4x64::ctr_type block = r123::Philox4x64()(counter_, key_);
    ++counter_[0];
    return {to_uniform(block[0]), to_uniform(block[1]), to_uniform(block[2]), to_uniform(block[3])};
  }

  /// Uniform in 0 .. n-1. Requires: n > 0.
  std::uint64_t below(std::uint64_t n) {
    return boost::random::uniform_int_distribution<std::uint64_t>(0, n - 1)(*this);
  }

 private:
  static double to_uniform(std::uint64_t bits) { return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52; }

  r123::Philox4x64::key_type key_;
  r123::Philox4x64::ctr_type counter_;
  r123::Philox4x64::ctr_type block_{};
  unsigned used_ = 4;
};

/// Where the streams of one entity begin: what its state keeps to draw from during a run.
struct StreamKey {
  std::uint64_t seed;
  Purpose purpose;
  std::uint64_t entity;

  RandomStream part(std::uint64_t number) const { return {seed, purpose, entity, number}; }
};

}  // namespace chronotope
