// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace chronotope {

/// A length of time [ms].
struct Duration {
  double ms = 0;

  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return {a.ms + b.ms}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {a.ms - b.ms}; }
  friend constexpr Duration operator*(double k, Duration d) { return {k * d.ms}; }
};

/// A point in time: epoch * 1024 ms + offset, offset in [0, 1024).
///
/// Invariants:
/// 1. An offset is a multiple of 2^-43 ms or finer, so one rounding is at most 5.7e-14 ms however long the
/// run is
///    (a double alone would round by 1.9e-6 ms after a simulated year).
/// 2. Times are totally ordered by (epoch, offset); equal times have equal bits.
/// Only lawful operations compile: Time - Time = Duration, Time + Duration = Time.
class Time {
 public:
  static constexpr double kEpochMs = 1024;
  /// The longest time a user may name, some 31 years: files keep an epoch in 32 bits.
  static constexpr double kMaxMs = 1e12;

  constexpr Time() = default;

  /// The nearest Time to `ms` milliseconds. Requires: finite.
  static Time from_ms(double ms) { return Time(0, 0) + Duration{ms}; }
  /// Requires: 0 <= offset_ms < 1024.
  static constexpr Time from_parts(std::int64_t epoch, double offset_ms) {
    return {epoch, offset_ms + 0.0};  // -0 becomes 0
  }
  /// Later than every time of a run.
  static constexpr Time never() { return {std::numeric_limits<std::int64_t>::max(), 0}; }

  constexpr std::int64_t epoch() const { return epoch_; }
  constexpr double offset_ms() const { return offset_; }
  constexpr bool is_never() const { return epoch_ == std::numeric_limits<std::int64_t>::max(); }

  /// Milliseconds since 0, rounded to a double: for display, never for dynamics.
  double to_ms() const { return static_cast<double>(epoch_) * kEpochMs + offset_; }

  friend constexpr bool operator==(const Time& a, const Time& b) { return (a <=> b) == 0; }
  /// By the bits of the offsets, which are ordered as they are.
  friend constexpr std::strong_ordering operator<=>(const Time& a, const Time& b) {
    if (a.epoch_ != b.epoch_) return a.epoch_ <=> b.epoch_;
    return std::bit_cast<std::int64_t>(a.offset_) <=> std::bit_cast<std::int64_t>(b.offset_);
  }

  friend constexpr Duration operator-(const Time& a, const Time& b) {
    return {static_cast<double>(a.epoch_ - b.epoch_) * kEpochMs + (a.offset_ - b.offset_)};
  }
  friend Time operator+(const Time& t, Duration d) {
    const double near = t.offset_ + d.ms;
    if (near >= 0 && near < kEpochMs) return {t.epoch_, near};
    const double epochs = std::floor(d.ms / kEpochMs);
    const double offset =
        t.offset_ + (d.ms - epochs * kEpochMs);  // below two epochs: whole ones were taken out exactly
    const Time sum(t.epoch_ + static_cast<std::int64_t>(epochs), offset);
    return offset < kEpochMs ? sum : Time(sum.epoch_ + 1, offset - kEpochMs);
  }

 private:
  constexpr Time(std::int64_t epoch, double offset) : epoch_(epoch), offset_(offset) {}

  std::int64_t epoch_ = 0;
  double offset_ = 0;
};

/// The multiple of 2^-43 ms nearest to `ms` >= 0, so that it can be added to offsets below 512 without
/// rounding.
inline double round_to_resolution(double ms) {
  constexpr double kResolution = 0x1p-43;
  constexpr double kShift = 768;  // the sum is in [512, 1024), whose doubles are the multiples
  return ms < 256 ? (ms + kShift) - kShift : std::round(ms / kResolution) * kResolution;
}

/// The next representable time on the grid of an epoch's coarsest half (2^-43 ms): the resolution of spike
/// times.
Time next_after(Time t);

/// Decimal milliseconds with 15 decimals, exact at any epoch: "31536000000.123456789012345".
std::string to_text(Time t);

/// Reads what to_text writes, or any decimal number of milliseconds, without losing digits of a long run's
/// times. Throws InputError that quotes `text` when it is not a number of at most kMaxMs.
Time parse_time(std::string_view text);

}  // namespace chronotope
