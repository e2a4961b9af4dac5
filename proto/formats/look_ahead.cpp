// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/look_ahead.hpp"

#include <algorithm>
#include <ios>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {

std::streamsize LookAhead::read(char* bytes, std::streamsize count) {
  try {
    return source_.sgetn(bytes, count);
  } catch (const std::ios_base::failure& error) {
    throw Failure(name_ + ": cannot read: " + error.code().message());
  }
}

std::string_view LookAhead::peek(std::size_t count) {
  const auto there = static_cast<std::size_t>(egptr() - gptr());
  if (there < count) {
    std::vector<char> bytes(gptr(), egptr());
    bytes.resize(count);
    const std::streamsize more = read(bytes.data() + there, static_cast<std::streamsize>(count - there));
    bytes_ = std::move(bytes);
    setg(bytes_.data(), bytes_.data(), bytes_.data() + there + more);
  }
  return {gptr(), std::min(count, static_cast<std::size_t>(egptr() - gptr()))};
}

/// What the source holds already; waiting for more would keep a reader from what a pipe has sent.
LookAhead::int_type LookAhead::underflow() {
  constexpr std::streamsize kMost = 1 << 16;
  bytes_.resize(kMost);
  if (read(bytes_.data(), 1) == 0) return traits_type::eof();
  const std::streamsize ready = std::clamp<std::streamsize>(source_.in_avail(), 0, kMost - 1);
  setg(bytes_.data(), bytes_.data(), bytes_.data() + 1 + read(bytes_.data() + 1, ready));
  return traits_type::to_int_type(*gptr());
}

std::streamsize LookAhead::xsgetn(char* bytes, std::streamsize count) {
  const std::streamsize there = std::min<std::streamsize>(count, egptr() - gptr());
  std::copy_n(gptr(), there, bytes);
  setg(eback(), gptr() + there, egptr());
  return there == count ? count : there + read(bytes + there, count - there);
}

}  // namespace chronotope::proto
