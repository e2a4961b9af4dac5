// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chronotope::proto {

/// Reads from another buffer, whose next bytes can be looked at without being consumed, even those of a pipe.
/// Bytes are handed on as they arrive. Memory: 64 KiB or what is looked at. Errors: Failure that names the
/// file when the system can not read on.
class LookAhead : public std::streambuf {
 public:
  /// Requires: `source` lives longer.
  LookAhead(std::streambuf& source, std::string name) : source_(source), name_(std::move(name)) {}

  /// The next `count` bytes, fewer only where the source ends; valid until the next call of anything.
  std::string_view peek(std::size_t count);

 protected:
  int_type underflow() override;
  std::streamsize xsgetn(char* bytes, std::streamsize count) override;

 private:
  std::streamsize read(char* bytes, std::streamsize count);

  std::streambuf& source_;
  std::string name_;
  std::vector<char> bytes_;  // read from the source; those not handed on are the get area
};

}  // namespace chronotope::proto
