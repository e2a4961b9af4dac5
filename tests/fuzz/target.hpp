// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/stubs/logging.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "chronotope/core/error.hpp"

namespace chronotope::fuzz {

/// Calls read(), which gives a value or an InputError. Anything else is a fault, which ends the program:
/// another exception, and a text that is empty or too long for somebody to read, because what is in the file
/// is quoted whole.
template <class Read>
void expect_read_or_refused(Read read) {
  static const google::protobuf::LogSilencer silencer;  // what it would print stands in the error
  try {
    read();
  } catch (const InputError& error) {
    constexpr std::size_t kReadable = 2000;
    const std::string_view text = error.what();
    if (text.empty() || text.size() > kReadable) std::abort();
  }
}

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace chronotope::fuzz
