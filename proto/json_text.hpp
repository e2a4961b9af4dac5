// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "chronotope/proto/placed_text.hpp"

namespace chronotope::proto {

/// A JSON text (RFC 8259) read token by token; columns are bytes.
class JsonText {
 public:
  enum class Kind { kSymbol, kString, kNumber, kWord, kEnd };
  struct Token {
    Kind kind = Kind::kEnd;
    std::string text;   // as it was written
    std::string value;  // of a string: without quotes and escapes
    Place place;
  };

  /// Keeps references to both; what is no token is reported through `report`. Requires: both outlive this.
  JsonText(const std::string& bytes, const PlacedText& report) : bytes_(bytes), report_(report) { next(); }

  const Token& token() const { return token_; }
  /// Goes to the next token. Throws InputError for what is none.
  void next();

 private:
  void skip_space();
  void read_string();
  void read_number();
  char peek() const { return at_ < bytes_.size() ? bytes_[at_] : '\0'; }
  bool digits();
  unsigned code_unit();
  void read_escape();
  [[noreturn]] void fail_here(const std::string& what) const;
  Place here() const { return {line_, static_cast<int>(at_ - line_begin_)}; }

  const std::string& bytes_;
  const PlacedText& report_;
  std::size_t at_ = 0;
  std::size_t line_begin_ = 0;
  int line_ = 0;
  Token token_;
};

}  // namespace chronotope::proto
