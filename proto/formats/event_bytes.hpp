// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {

/// The bytes of a file of events, read one after the other: lines of text, then numbers of either order.
/// Errors: InputError that names the file and the offset of what was being read, where it ends too early.
class EventBytes {
 public:
  EventBytes(std::istream& in, const std::string& name) : in_(in), name_(name) {}

  bool is_at_end() const { return in_.peek() == std::istream::traits_type::eof(); }
  bool begins_with(char c) const { return in_.peek() == std::istream::traits_type::to_int_type(c); }

  /// The line up to its break, which is left out, \r\n too.
  std::string line() {
    std::string text;
    begin_ = offset_;
    if (!std::getline(in_, text) || in_.eof()) refuse("a line of the header is cut");
    offset_ += text.size() + 1;
    if (text.ends_with('\r')) text.pop_back();
    return text;
  }

  std::uint32_t little_endian(std::size_t bytes) {
    std::uint32_t number = 0;
    for (std::size_t k = 0; k < bytes; ++k) number |= std::uint32_t{next(k == 0)} << 8 * k;
    return number;
  }
  std::uint32_t big_endian(std::size_t bytes) {
    std::uint32_t number = 0;
    for (std::size_t k = 0; k < bytes; ++k) number = number << 8 | next(k == 0);
    return number;
  }

  void skip(std::uint64_t bytes) {
    for (std::uint64_t k = 0; k < bytes; ++k) next(k == 0);
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw InputError(name_ + ": byte " + std::to_string(begin_) + ": " + what);
  }

 private:
  unsigned char next(bool is_first) {
    if (is_first) begin_ = offset_;
    const auto byte = in_.get();
    if (byte == std::istream::traits_type::eof())
      refuse("the file ends inside an event or packet: it was cut");
    ++offset_;
    return static_cast<unsigned char>(byte);
  }

  std::istream& in_;
  const std::string& name_;
  std::uint64_t offset_ = 0;
  std::uint64_t begin_ = 0;  // of what is being read
};

/// A clock of 32 bits that goes round: a step back by more than half of its range is one more round. Events
/// that are late by less keep the round they belong to.
class ClockRounds {
 public:
  std::uint64_t unrolled(std::uint32_t time) {
    constexpr std::uint64_t kRound = std::uint64_t{1} << 32;
    const bool is_late = rounds_ > 0 && time > last_ && time - last_ > kRound / 2;
    if (is_late) return (rounds_ - 1) * kRound + time;
    if (time < last_ && last_ - time > kRound / 2) ++rounds_;
    last_ = time;
    return rounds_ * kRound + time;
  }

 private:
  std::uint32_t last_ = 0;
  std::uint64_t rounds_ = 0;
};

}  // namespace chronotope::proto
