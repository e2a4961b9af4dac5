// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/look_ahead.hpp"

#include <algorithm>

namespace chronotope::proto {

std::string_view LookAhead::peek(std::size_t count) {
  const auto there = static_cast<std::size_t>(egptr() - gptr());
  if (there < count) {
    std::vector<char> bytes(gptr(), egptr());
    bytes.resize(count);
    const std::streamsize more =
        source_.sgetn(bytes.data() + there, static_cast<std::streamsize>(count - there));
    bytes_ = std::move(bytes);
    setg(bytes_.data(), bytes_.data(), bytes_.data() + there + more);
  }
  return {gptr(), std::min(count, static_cast<std::size_t>(egptr() - gptr()))};
}

/// What the source holds already; waiting for more would keep a reader from what a pipe has sent.
LookAhead::int_type LookAhead::underflow() {
  constexpr std::streamsize kMost = 1 << 16;
  if (source_.sgetc() == traits_type::eof()) return traits_type::eof();
  bytes_.resize(static_cast<std::size_t>(std::clamp<std::streamsize>(source_.in_avail(), 1, kMost)));
  const std::streamsize count = source_.sgetn(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
  setg(bytes_.data(), bytes_.data(), bytes_.data() + count);
  return count > 0 ? traits_type::to_int_type(*gptr()) : traits_type::eof();
}

std::streamsize LookAhead::xsgetn(char* bytes, std::streamsize count) {
  const std::streamsize there = std::min<std::streamsize>(count, egptr() - gptr());
  std::copy_n(gptr(), there, bytes);
  setg(eback(), gptr() + there, egptr());
  return there == count ? count : there + source_.sgetn(bytes + there, count - there);
}

}  // namespace chronotope::proto
