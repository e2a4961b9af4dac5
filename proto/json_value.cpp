// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/json_value.hpp"

#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

#include "chronotope/core/printable.hpp"
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/json_text.hpp"

namespace chronotope::proto {
namespace {

/// Puts the tokens of a text together.
class JsonReader {
 public:
  JsonReader(const std::string& bytes, const PlacedText& report) : json_(bytes, report), report_(report) {}

  JsonValue read() {
    if (!at("{")) expected("'{'");
    JsonValue root = value(0);
    if (token().kind != JsonText::Kind::kEnd) expected("the end");
    return root;
  }

 private:
  static constexpr int kDeepest = 64;

  const JsonText::Token& token() const { return json_.token(); }
  bool at(std::string_view symbol) const {
    return token().kind == JsonText::Kind::kSymbol && token().text == symbol;
  }
  [[noreturn]] void expected(const std::string& what) const {
    const std::string found = token().kind == JsonText::Kind::kEnd ? "the end" : in_quotes(token().text);
    report_.fail(token().place, "expected " + what + ", found " + found);
  }

  JsonValue value(int depth) {
    if (depth > kDeepest) report_.fail(token().place, "is nested more than 64 levels deep");
    JsonValue value;
    value.place = token().place;
    switch (token().kind) {
      case JsonText::Kind::kString:
        value.kind = JsonValue::Kind::kText;
        value.text = token().value;
        json_.next();
        return value;
      case JsonText::Kind::kNumber:
        return number(value);
      case JsonText::Kind::kWord:
        return word(value);
      case JsonText::Kind::kSymbol:
        if (at("{")) return object(value, depth);
        if (at("[")) return list(value, depth);
        [[fallthrough]];
      default:
        expected("a value");
    }
  }

  JsonValue number(JsonValue& value) {
    value.kind = JsonValue::Kind::kNumber;
    const std::string& text = token().text;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value.number);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value.number))
      report_.fail(token().place, in_quotes(text) + " is not a number from -1e308 to 1e308");
    json_.next();
    return std::move(value);
  }
  JsonValue word(JsonValue& value) {
    const std::string& text = token().text;
    if (text != "true" && text != "false" && text != "null") expected("a value");
    value.kind = text == "null" ? JsonValue::Kind::kNull : JsonValue::Kind::kBoolean;
    value.boolean = text == "true";
    json_.next();
    return std::move(value);
  }

  /// What stands up to `close`, separated by commas.
  template <class One>
  void members(std::string_view close, const One& one) {
    json_.next();
    if (!at(close)) {
      one();
      while (at(",")) {
        json_.next();
        one();
      }
    }
    if (!at(close)) expected("',' or '" + std::string(close) + "'");
    json_.next();
  }
  JsonValue list(JsonValue& value, int depth) {
    value.kind = JsonValue::Kind::kList;
    members("]", [&] { value.items.push_back(this->value(depth + 1)); });
    return std::move(value);
  }
  JsonValue object(JsonValue& value, int depth) {
    value.kind = JsonValue::Kind::kObject;
    members("}", [&] {
      if (token().kind != JsonText::Kind::kString) expected("a name in double quotes");
      const std::string name = token().value;
      if (value.find(name) != nullptr) report_.fail(token().place, in_quotes(name) + " stands here twice");
      json_.next();
      if (!at(":")) expected("':'");
      json_.next();
      value.members.push_back({name, this->value(depth + 1)});
    });
    return std::move(value);
  }

  JsonText json_;
  const PlacedText& report_;
};

std::string bytes_of(const std::string& path) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  InputFile file(path);
  std::string bytes = file.take_rest();
  return bytes.starts_with(kMark) ? bytes.substr(kMark.size()) : bytes;
}

}  // namespace

const JsonValue* JsonValue::find(std::string_view name) const {
  for (const auto& [other, value] : members)
    if (other == name) return &value;
  return nullptr;
}

JsonFile::JsonFile(const std::string& path) : path_(path == "-" ? "standard input" : path), report_(path_) {
  const std::string bytes = bytes_of(path);
  root_ = JsonReader(bytes, report_).read();
}

void JsonFile::refuse(const JsonValue& value, const std::string& what) const {
  report_.fail(value.place, what);
}

const JsonValue* JsonFile::member(const JsonValue& object, const std::string& name, JsonValue::Kind kind,
                                  const char* what) const {
  const JsonValue* const found = object.find(name);
  if (found == nullptr || found->kind == JsonValue::Kind::kNull) return nullptr;
  if (found->kind != kind) refuse(*found, in_quotes(name) + " must be " + what);
  return found;
}
const JsonValue* JsonFile::object(const JsonValue& object, const std::string& name) const {
  return member(object, name, JsonValue::Kind::kObject, "an object");
}
std::string JsonFile::text(const JsonValue& object, const std::string& name) const {
  const JsonValue* const found = member(object, name, JsonValue::Kind::kText, "a text");
  return found == nullptr ? "" : found->text;
}
double JsonFile::number(const JsonValue& object, const std::string& name, double fallback) const {
  const JsonValue* const found = member(object, name, JsonValue::Kind::kNumber, "a number");
  return found == nullptr ? fallback : found->number;
}

}  // namespace chronotope::proto
