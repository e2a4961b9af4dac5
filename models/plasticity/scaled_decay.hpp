// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::models {

/// exp(-(b - a)/tau) as a product of one factor of a, one of b and one of the distance of their blocks, so
/// that n times and m times that meet cost n + m exponentials instead of n m.
///
/// Time is cut into blocks of 2^k ms, 4 to 8 tau long; with a' and b' counted from the start of their blocks,
///   exp(-(b - a)/tau) = e^(a'/tau) e^(-b'/tau) e^(-(block of b - block of a) length/tau).
/// Nothing cancels: a product is off by a few units in the last place. Beyond 100 tau it is exactly 0
/// (e^-100 = 4e-44).
class ScaledDecay {
 public:
  /// A factor that belongs to a time.
  struct Factor {
    double value = 0;
    std::int64_t block = 0;

    friend bool operator==(const Factor&, const Factor&) = default;
  };

  /// Requires: tau > 0 [ms].
  explicit ScaledDecay(double tau) : tau_(tau) {
    int exponent = 0;
    std::frexp(8 * tau, &exponent);
    --exponent;  // 2^exponent <= 8 tau
    const double length = std::ldexp(1, exponent);
    length_ = ticks_of(length);
    shift_ = kEpochExponent - exponent;
    for (int k = 0; k * length <= kReach * tau; ++k) across_.push_back(exp(-(k * length) / tau));
    across_.push_back(0);
  }

  /// e^(-t'/tau), for the later of two times.
  Factor later(Time t) const {
    const Factor exponent = later_exponent(t);
    return {exp(exponent.value), exponent.block};
  }
  /// The same, and earlier(1, t), before the exponential is taken: of many together.
  Factor later_exponent(Time t) const {
    const Place place = place_of(t);
    return {-place.after.ms() / tau_, place.block};
  }
  Factor earlier_exponent(Time t) const {
    const Place place = place_of(t);
    return {place.after.ms() / tau_, place.block};
  }
  /// amount e^(t'/tau), for the earlier one.
  Factor earlier(double amount, Time t) const {
    const Place place = place_of(t);
    return {amount * exp(place.after.ms() / tau_), place.block};
  }
  /// amount exp(-(b - a)/tau), and some number when not a <= b.
  double decayed(Factor a, Factor b) const {
    const auto blocks = static_cast<std::uint64_t>(b.block - a.block);
    const std::uint64_t far = across_.size() - 1;
    return a.value * b.value * across_[blocks < far ? blocks : far];
  }

 private:
  static constexpr double kReach = 100;  // [tau]
  static constexpr int kEpochExponent = 10;
  static_assert(kEpochMs == 1 << kEpochExponent);

  struct Place {
    std::int64_t block;
    Offset after;
  };

  /// Exact for blocks up to an epoch; longer ones are whole numbers of epochs.
  Place place_of(Time t) const {
    if (shift_ >= 0) {
      const auto block = static_cast<std::int64_t>(t.ticks() / length_);
      return {(t.epoch() << shift_) + block, {t.ticks() - static_cast<double>(block) * length_}};
    }
    const std::int64_t block = t.epoch() >> -shift_;
    const auto epochs = static_cast<double>(t.epoch() - (block << -shift_));
    return {block, {epochs * kTicksPerEpoch + t.ticks()}};
  }

  double tau_;
  double length_ = 0;           // of a block [ticks], a power of 2 in ms
  int shift_ = 0;               // 2^shift blocks in an epoch
  std::vector<double> across_;  // by the number of blocks between; the last one is for all from there on
};

}  // namespace chronotope::models
