// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

#include "chronotope/proto/network_spec.pb.h"

namespace chronotope::proto {
namespace {

/// Whether protobuf reads a string of these bytes.
bool protobuf_reads(const std::string& bytes) {
  CsvSpikes message;
  const std::string wire = std::string("\x0a") + static_cast<char>(bytes.size()) + bytes;
  return message.ParseFromString(wire);
}

TEST(Utf8, IsWhatProtobufReads) {
  testing::internal::CaptureStderr();  // where protobuf complains
  int differences = 0;
  int read = 0;
  const auto compare = [&](const std::string& bytes) {
    read += is_utf8(bytes) ? 1 : 0;
    differences += is_utf8(bytes) != protobuf_reads(bytes) ? 1 : 0;
  };
  std::string pair(2, '\0');
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b) {
      pair[0] = static_cast<char>(a);
      pair[1] = static_cast<char>(b);
      for (const char* rest : {"", "\x80", "\xBF", "\x80\x80", "\xBF\xBF", "\x80\x80\x80", "x", "\x80x"})
        compare(pair + rest);
    }
  testing::internal::GetCapturedStderr();
  EXPECT_EQ(differences, 0);
  EXPECT_GT(read, 128 * 128);
}

}  // namespace
}  // namespace chronotope::proto
