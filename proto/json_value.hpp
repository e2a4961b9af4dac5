// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "chronotope/proto/placed_text.hpp"

namespace chronotope::proto {

struct JsonMember;

/// A value of a JSON text that follows no schema of ours.
struct JsonValue {
  enum class Kind { kNull, kBoolean, kNumber, kText, kList, kObject };

  Kind kind = Kind::kNull;
  Place place;
  bool boolean = false;
  double number = 0;
  std::string text;
  std::vector<JsonValue> items;
  std::vector<JsonMember> members;  // in the text's order, each name once

  /// The member of an object, or null.
  const JsonValue* find(std::string_view name) const;
};

/// Of an object.
struct JsonMember {
  std::string name;
  JsonValue value;
};

/// A JSON file, read whole. Errors: InputError with file:line:column for what is no JSON, names that stand twice
/// in an object, numbers beyond a double's range, and more than 64 levels of nesting.
class JsonFile {
 public:
  explicit JsonFile(const std::string& path);

  const std::string& path() const { return path_; }
  /// An object.
  const JsonValue& root() const { return root_; }

  /// Throws InputError that names the file, the line and the column of `value`.
  [[noreturn]] void refuse(const JsonValue& value, const std::string& what) const;

  // The member `name` of `object`, of a certain kind. Errors: InputError when it is of another.

  /// Null when there is none.
  const JsonValue* object(const JsonValue& object, const std::string& name) const;
  /// Empty when there is none.
  std::string text(const JsonValue& object, const std::string& name) const;
  /// `fallback` when there is none.
  double number(const JsonValue& object, const std::string& name, double fallback) const;

 private:
  const JsonValue* member(const JsonValue& object, const std::string& name, JsonValue::Kind kind,
                          const char* what) const;

  std::string path_;
  PlacedText report_;
  JsonValue root_;
};

}  // namespace chronotope::proto
