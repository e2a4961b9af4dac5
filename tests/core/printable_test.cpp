// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/printable.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "chronotope/core/utf8.hpp"

namespace chronotope {
namespace {

std::string byte(unsigned value) { return {static_cast<char>(value)}; }

/// UTF-8 as RFC 3629 draws it, in `bytes` bytes whether that is the shortest form or not.
std::string encode(unsigned code_point, int bytes) {
  constexpr unsigned kFirst[] = {0, 0, 0xC0, 0xE0, 0xF0};
  std::string text;
  for (int i = 1; i < bytes; ++i, code_point >>= 6) text.insert(0, byte(0x80 | (code_point & 0x3f)));
  return byte(kFirst[bytes] | code_point) + text;
}

int shortest(unsigned code_point) {
  if (code_point < 0x80) return 1;
  if (code_point < 0x800) return 2;
  return code_point < 0x10000 ? 3 : 4;
}

TEST(Utf8, HoldsEveryCodePointInItsShortestForm) {
  for (unsigned c = 0; c <= 0x10FFFF; ++c) {
    const bool surrogate = c >= 0xD800 && c < 0xE000;
    EXPECT_EQ(is_utf8(encode(c, shortest(c))), !surrogate) << c;
  }
}

TEST(Utf8, HoldsNothingElse) {
  std::set<std::string> all;  // of two bytes
  for (unsigned c = 0x80; c < 0x800; ++c) all.insert(encode(c, 2));
  for (unsigned a = 0; a < 256; ++a)
    for (unsigned b = 0; b < 256; ++b)
      EXPECT_EQ(is_utf8(byte(a) + byte(b)), (a < 0x80 && b < 0x80) || all.contains(byte(a) + byte(b)))
          << a << " " << b;
  for (unsigned c = 0; c < 0x800; ++c) EXPECT_FALSE(is_utf8(encode(c, 3))) << c;
  for (unsigned c = 0; c < 0x10000; ++c) EXPECT_FALSE(is_utf8(encode(c, 4))) << c;
  for (unsigned c = 0x110000; c < 0x200000; ++c) EXPECT_FALSE(is_utf8(encode(c, 4))) << c;
  const std::string music = encode(0x1D11E, 4);
  for (std::size_t length = 1; length < music.size(); ++length)
    EXPECT_EQ(first_not_utf8("ab" + music.substr(0, length)), 2U);
}

TEST(Printable, LeavesNothingThatATerminalObeys) {
  for (unsigned c = 0; c < 0x100; ++c) {
    const bool control = c < 0x20 || (c >= 0x7f && c < 0xA0);
    EXPECT_EQ(printable(encode(c, shortest(c))), control ? "?" : encode(c, shortest(c))) << c;
    EXPECT_EQ(printable(byte(c)) == "?", control || c >= 0x80 || c == unsigned{'?'}) << c;
  }
  EXPECT_EQ(printable("K\xF6rner \x1b[31mRED\x1b]0;pwned\a\n"), "K?rner ?[31mRED?]0;pwned??");
  EXPECT_EQ(printable("K\xC3\xB6rner \xF0\x9D\x84\x9E"), "K\xC3\xB6rner \xF0\x9D\x84\x9E");
}

TEST(Printable, CutsQuotedTextBetweenCharacters) {
  std::string forty;
  for (int i = 0; i < 40; ++i) forty += "\xC3\xB6";
  EXPECT_EQ(in_quotes(forty), "'" + forty + "'");
  EXPECT_EQ(in_quotes(forty + "x"), "'" + forty + "...'");
}

}  // namespace
}  // namespace chronotope
