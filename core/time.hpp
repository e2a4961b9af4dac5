// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>
#include <string>

namespace chronotope {

/// Time is decimal: its resolution is the tick, 1 fs = 10^-12 ms, so that what people write in milliseconds,
/// 0.1 and 0.2 and their sum, are whole numbers and coincide exactly when their decimals do. Counts of ticks
/// are doubles that hold whole numbers: below 2^53 their sums, differences and comparisons are exact, and a
/// model's equations take them without a conversion (docs/decisions/0008-decimal-time.md).
inline constexpr double kTicksPerMs = 1e12;
inline constexpr double kMsPerTick = 1e-12;

/// An epoch is 1,024 ms: 2^-k ms are whole ticks for k <= 12, so blocks of so many milliseconds divide it.
inline constexpr double kEpochMs = 1024;
inline constexpr double kTicksPerEpoch = kEpochMs * kTicksPerMs;

/// Milliseconds as ticks, not rounded to whole ones.
inline constexpr double ticks_of(double ms) { return ms * kTicksPerMs; }

/// The whole number nearest to x, halves to even. Requires: finite.
inline double nearest_whole(double x) {
  constexpr double kShift = 0x1.8p52;  // the sum is in [2^52, 2^53], whose doubles are the whole numbers
  return std::abs(x) < 0x1p51 ? (x + kShift) - kShift : std::nearbyint(x);
}

/// The whole number nearest to the exact product, halves to even. Requires: a product below 2^53.
double nearest_product(double a, double b);

/// A point in time counted from an origin nearby, or the length from one such point to another: a whole
/// number of ticks, exact up to 2^53 of them (9,007 ms) either way.
struct Offset {
  double ticks = 0;

  /// For a model's equations, off by a unit in the last place at most.
  constexpr double ms() const { return ticks * kMsPerTick; }

  friend constexpr auto operator<=>(Offset, Offset) = default;
  // By themselves, too: made of a three-way order of doubles each would be several comparisons.
  friend constexpr bool operator<(Offset a, Offset b) { return a.ticks < b.ticks; }
  friend constexpr bool operator>(Offset a, Offset b) { return a.ticks > b.ticks; }
  friend constexpr bool operator<=(Offset a, Offset b) { return a.ticks <= b.ticks; }
  friend constexpr bool operator>=(Offset a, Offset b) { return a.ticks >= b.ticks; }
  friend constexpr Offset operator+(Offset a, Offset b) { return {a.ticks + b.ticks}; }
  friend constexpr Offset operator-(Offset a, Offset b) { return {a.ticks - b.ticks}; }
};
inline constexpr Offset kTick{1};
inline constexpr Offset kNeverOffset{std::numeric_limits<double>::infinity()};

/// A length of time of either sign, exact however long: epochs and ticks in [0, kTicksPerEpoch).
class Duration {
 public:
  constexpr Duration() = default;
  /// Requires: 0 <= ticks < kTicksPerEpoch, whole.
  static constexpr Duration from_parts(std::int64_t epochs, double ticks) { return {epochs, ticks}; }
  /// Requires: a whole number of ticks.
  static Duration from_ticks(double ticks) {
    const double epochs = std::floor(ticks / kTicksPerEpoch);
    if (std::abs(epochs) > 0x1p25) [[unlikely]]  // where a product of the two may be rounded
      return normalised(static_cast<std::int64_t>(epochs), std::fma(-epochs, kTicksPerEpoch, ticks));
    return normalised(static_cast<std::int64_t>(epochs), ticks - epochs * kTicksPerEpoch);
  }
  /// The whole number of ticks nearest to `ms` milliseconds, halves to even: what becomes of a length that
  /// was computed or drawn. Requires: at most 2^62 epochs.
  static Duration nearest(double ms);
  /// Longer than every length of a run.
  static constexpr Duration forever() { return {std::numeric_limits<std::int64_t>::max() / 2, 0}; }

  constexpr std::int64_t epochs() const { return epochs_; }
  constexpr double ticks() const { return ticks_; }
  /// Milliseconds, as near as a double comes: 3e11 ticks are 0.3.
  constexpr double ms() const { return offset().ticks / kTicksPerMs; }
  /// The same as a count of ticks, rounded beyond 2^53 of them.
  constexpr Offset offset() const { return {static_cast<double>(epochs_) * kTicksPerEpoch + ticks_}; }

  friend constexpr bool operator==(Duration, Duration) = default;
  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) {
    return normalised(a.epochs_ + b.epochs_, a.ticks_ + b.ticks_);
  }
  friend constexpr Duration operator-(Duration a, Duration b) {
    return normalised(a.epochs_ - b.epochs_, a.ticks_ - b.ticks_);
  }
  friend constexpr Duration operator-(Duration d) { return Duration() - d; }
  /// Exact. Requires: a result within the range of a Duration.
  friend Duration operator*(std::int64_t k, Duration d);
  /// How often `step` > 0 fits, rounded down. Requires: a result below 2^63.
  friend std::int64_t floor_ratio(Duration d, Duration step);

 private:
  constexpr Duration(std::int64_t epochs, double ticks) : epochs_(epochs), ticks_(ticks) {}
  /// Requires: -kTicksPerEpoch <= ticks < 2 kTicksPerEpoch.
  static constexpr Duration normalised(std::int64_t epochs, double ticks) {
    if (ticks < 0) return {epochs - 1, ticks + kTicksPerEpoch};
    if (ticks >= kTicksPerEpoch) return {epochs + 1, ticks - kTicksPerEpoch};
    return {epochs, ticks};
  }

  std::int64_t epochs_ = 0;
  double ticks_ = 0;
};

/// To the nearest tick, but for the digits a double loses: for lengths that need not be exact.
inline Duration scaled(Duration d, double factor) { return Duration::nearest(factor * d.ms()); }

/// A point in time: a whole number of ticks since the begin of the run, exact however long that is.
///
/// Invariants: equal times have equal bits; order is that of (epoch, ticks). Only lawful operations compile:
/// Time - Time = Duration, Time + Duration = Time, Time + Offset = Time.
class Time {
 public:
  /// The longest time a user may name, some 31 years: files keep an epoch in 32 bits.
  static constexpr double kMaxMs = 1e12;

  constexpr Time() = default;

  /// Requires: 0 <= ticks < kTicksPerEpoch, whole.
  static constexpr Time from_parts(std::int64_t epoch, double ticks) {
    return Time(epoch, ticks + 0.0);  // -0 becomes 0
  }
  /// Later than every time of a run.
  static constexpr Time never() { return Time(std::numeric_limits<std::int64_t>::max(), 0); }

  constexpr std::int64_t epoch() const { return epoch_; }
  constexpr double ticks() const { return ticks_; }
  constexpr bool is_never() const { return epoch_ == std::numeric_limits<std::int64_t>::max(); }

  /// Milliseconds since 0, rounded to a double: for display, never for dynamics.
  constexpr double to_ms() const { return static_cast<double>(epoch_) * kEpochMs + ticks_ / kTicksPerMs; }
  /// Requires: at most 2^53 ticks between the two.
  constexpr Offset since(const Time& origin) const {
    return {static_cast<double>(epoch_ - origin.epoch_) * kTicksPerEpoch + (ticks_ - origin.ticks_)};
  }

  friend constexpr bool operator==(const Time& a, const Time& b) {
    return a.epoch_ == b.epoch_ && a.bits() == b.bits();
  }
  /// By the bits of the ticks, which are ordered as they are.
  friend constexpr std::strong_ordering operator<=>(const Time& a, const Time& b) {
    if (a.epoch_ != b.epoch_) return a.epoch_ <=> b.epoch_;
    return a.bits() <=> b.bits();
  }
  friend constexpr bool operator<(const Time& a, const Time& b) {
    return a.epoch_ != b.epoch_ ? a.epoch_ < b.epoch_ : a.bits() < b.bits();
  }

  friend constexpr Duration operator-(const Time& a, const Time& b) {
    return Duration::from_parts(a.epoch_, a.ticks_) - Duration::from_parts(b.epoch_, b.ticks_);
  }
  friend constexpr Time operator+(const Time& t, Duration d) {
    const double ticks = t.ticks_ + d.ticks();
    const bool carries = ticks >= kTicksPerEpoch;
    return Time(t.epoch_ + d.epochs() + (carries ? 1 : 0), carries ? ticks - kTicksPerEpoch : ticks);
  }
  friend constexpr Time operator-(const Time& t, Duration d) { return t + -d; }
  friend Time operator+(const Time& t, Offset o) {
    const double ticks = t.ticks_ + o.ticks;
    if (ticks >= 0 && ticks < kTicksPerEpoch) [[likely]]
      return Time(t.epoch_, ticks);
    return t + Duration::from_ticks(o.ticks);
  }
  friend Time operator-(const Time& t, Offset o) { return t + Offset{-o.ticks}; }

 private:
  constexpr Time(std::int64_t epoch, double ticks) : epoch_(epoch), ticks_(ticks) {}
  constexpr std::int64_t bits() const { return std::bit_cast<std::int64_t>(ticks_); }

  std::int64_t epoch_ = 0;
  double ticks_ = 0;
};

/// Decimal milliseconds that read back as the same time: at least one decimal, at most 12, no zeros behind:
/// "31536000000.1".
std::string to_text(Time t);
std::string to_text(Duration d);

}  // namespace chronotope
