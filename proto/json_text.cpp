// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/json_text.hpp"

#include <cctype>

#include "chronotope/core/utf8.hpp"

namespace chronotope::proto {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

void append_utf8(std::string& text, unsigned code) {
  const auto put = [&](unsigned byte) { text.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return put(code);
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  put((0xFF00U >> (more + 1) & 0xFFU) | code >> 6 * more);
  for (int k = more - 1; k >= 0; --k) put(0x80U | (code >> 6 * k & 0x3FU));
}

}  // namespace

void JsonText::fail_here(const std::string& what) const { report_.fail(here(), what); }

void JsonText::skip_space() {
  for (; at_ < bytes_.size() && std::string_view(" \t\r\n").find(bytes_[at_]) != std::string_view::npos;
       ++at_)
    if (bytes_[at_] == '\n') {
      ++line_;
      line_begin_ = at_ + 1;
    }
}

void JsonText::next() {
  skip_space();
  token_ = {Kind::kSymbol, "", "", here()};
  const std::size_t begin = at_;
  const char c = peek();
  if (at_ == bytes_.size())
    token_.kind = Kind::kEnd;
  else if (c == '"')
    read_string();
  else if (c == '-' || is_digit(c))
    read_number();
  else if (is_letter(c))
    for (token_.kind = Kind::kWord; is_letter(peek());) ++at_;
  else
    ++at_;
  token_.text = bytes_.substr(begin, at_ - begin);
}

void JsonText::read_string() {
  token_.kind = Kind::kString;
  for (++at_; peek() != '"';) {
    if (at_ == bytes_.size() || static_cast<unsigned char>(peek()) < 0x20)
      report_.fail(token_.place, "a string without an end");
    if (peek() == '\\')
      read_escape();
    else
      token_.value.push_back(bytes_[at_++]);
  }
  ++at_;
  if (!is_utf8(token_.value)) report_.fail(token_.place, "a string that is not UTF-8");
}

void JsonText::read_escape() {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
  ++at_;
  if (peek() != 'u') {
    const auto which = at_ < bytes_.size() ? kNames.find(peek()) : std::string_view::npos;
    if (which == std::string_view::npos) fail_here("no escape of JSON");
    token_.value.push_back(kMeant[which]);
    ++at_;
    return;
  }
  unsigned code = code_unit();
  if (code >= 0xD800 && code < 0xE000) {  // half of a character beyond the first 65536
    const bool pair = code < 0xDC00 && bytes_.compare(at_, 2, "\\u") == 0;
    const unsigned low = pair ? (++at_, code_unit()) : 0;
    if (low < 0xDC00 || low >= 0xE000) fail_here("half a character");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  append_utf8(token_.value, code);
}

/// The four digits behind a u.
unsigned JsonText::code_unit() {
  ++at_;
  unsigned code = 0;
  for (int k = 0; k < 4; ++k, ++at_) {
    const char c = peek();
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) fail_here("\\u needs four hexadecimal digits");
    code = code * 16 + static_cast<unsigned>(is_digit(c) ? c - '0' : std::tolower(c) - 'a' + 10);
  }
  return code;
}

bool JsonText::digits() {
  const std::size_t begin = at_;
  while (is_digit(peek())) ++at_;
  return at_ > begin;
}

void JsonText::read_number() {
  token_.kind = Kind::kNumber;
  if (peek() == '-') ++at_;
  const bool zero = peek() == '0';
  const std::size_t begin = at_;
  if (!digits()) fail_here("a number needs digits");
  if (zero && at_ - begin > 1) report_.fail(token_.place, "a number must not begin with 0");
  if (peek() == '.' && (++at_, !digits())) fail_here("a number needs digits behind its point");
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    if (!digits()) fail_here("an exponent needs digits");
  }
  if (is_letter(peek()) || peek() == '_') fail_here("letters follow a number");
}

}  // namespace chronotope::proto
