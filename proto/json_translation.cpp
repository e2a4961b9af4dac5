// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/json_translation.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "chronotope/proto/json_text.hpp"
#include "chronotope/proto/network_spec.pb.h"

namespace chronotope::proto {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using Kind = JsonText::Kind;

const FieldDescriptor* find(const Descriptor& type, const std::string& name) {
  if (const auto* field = type.FindFieldByName(name)) return field;
  for (int i = 0; i < type.field_count(); ++i)
    if (type.field(i)->json_name() == name) return type.field(i);
  return nullptr;
}

/// The string in quotes, every byte outside ASCII escaped.
std::string quoted(const std::string& value) {
  std::string text = "\"";
  for (const unsigned char c : value) {
    if (c >= ' ' && c < 127 && c != '"' && c != '\\') {
      text.push_back(static_cast<char>(c));
      continue;
    }
    text.push_back('\\');
    for (const int shift : {6, 3, 0}) text.push_back(static_cast<char>('0' + (c >> shift & 7)));
  }
  return text + "\"";
}

class Translation {
 public:
  Translation(const std::string& bytes, PlacedText& out) : json_(bytes, out), out_(out) {}

  void translate() {
    object(*NetworkSpec::descriptor());
    if (token().kind != Kind::kEnd) expected("the end");
  }

 private:
  const JsonText::Token& token() const { return json_.token(); }
  bool at(std::string_view symbol) const { return token().kind == Kind::kSymbol && token().text == symbol; }
  bool at_null() const { return token().kind == Kind::kWord && token().text == "null"; }

  [[noreturn]] void expected(const std::string& what) const {
    const std::string found = token().kind == Kind::kEnd ? "the end" : token().text;
    out_.fail(token().place, "expected " + what + ", found " + found);
  }
  void pass(std::string_view symbol, const std::string& what) {
    if (!at(symbol)) expected(what);
    json_.next();
  }
  void write(std::initializer_list<std::string_view> words, Place place) {
    for (const std::string_view word : words) out_.write(word, place);
  }

  /// What stands between `open` and `close`, separated by commas.
  template <class One>
  void list(std::string_view open, std::string_view close, const One& one) {
    pass(open, "'" + std::string(open) + "'");
    const auto either = "',' or '" + std::string(close) + "'";
    if (!at(close)) {
      one();
      while (at(",")) {
        json_.next();
        if (at(close)) out_.fail(token().place, "a comma stands before '" + std::string(close) + "'");
        one();
      }
    }
    pass(close, either);
  }

  void object(const Descriptor& type) {
    list("{", "}", [&] { member(type); });
  }

  void member(const Descriptor& type) {
    if (token().kind != Kind::kString) expected("a name in double quotes");
    const JsonText::Token name = token();
    const FieldDescriptor* field = find(type, name.value);
    if (field == nullptr) out_.refuse_name(name.place, type, name.value);
    json_.next();
    if (!field->is_repeated()) return one(*field, name.place);
    pass(":", "':'");
    if (at_null()) return json_.next();
    list("[", "]", [&] {
      out_.enter(*field);
      out_.write(field->name(), token().place);
      value(*field);
      out_.leave();
    });
  }

  void one(const FieldDescriptor& field, Place name) {
    out_.enter(field);
    pass(":", "':'");
    if (at_null()) {
      json_.next();
    } else {
      out_.write(field.name(), name);
      value(field);
    }
    out_.leave();
  }

  void value(const FieldDescriptor& field) {
    if (field.message_type() == nullptr) {
      out_.write(":", token().place);
      scalar(field);
    } else if (field.message_type() == Distribution::descriptor() && !at("{")) {
      plain_distribution();
    } else {
      out_.write("{", token().place);
      object(*field.message_type());
      out_.write("}", token().place);
    }
  }

  void plain_distribution() {
    const Place place = token().place;
    if (!at("[")) {
      write({"{", "constant", ":"}, place);
      scalar(*Distribution::descriptor()->FindFieldByName("constant"));
      return out_.write("}", place);
    }
    const auto* value = Distribution::Values::descriptor()->FindFieldByName("value");
    write({"{", "values", "{"}, place);
    list("[", "]", [&] {
      write({"value", ":"}, token().place);
      scalar(*value);
    });
    write({"}", "}"}, place);
  }

  void scalar(const FieldDescriptor& field) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return number();
      case FieldDescriptor::CPPTYPE_STRING:
        return string();
      case FieldDescriptor::CPPTYPE_BOOL:
        return boolean();
      case FieldDescriptor::CPPTYPE_ENUM:
        return choice(*field.enum_type());
      default:
        return whole_number(field);
    }
  }

  void write_number(const std::string& digits) {
    const bool negative = digits.starts_with('-');
    if (negative) out_.write("-", token().place);
    out_.write(negative ? digits.substr(1) : digits, token().place);
    json_.next();
  }

  /// The token if it is a number, or a string that holds one.
  std::optional<std::string> digits() const {
    if (token().kind == Kind::kNumber) return token().text;
    if (token().kind != Kind::kString) return std::nullopt;
    double value = 0;
    const std::string& text = token().value;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = end == text.data() + text.size() && error != std::errc::invalid_argument;
    return whole && std::isfinite(value) ? std::optional(text) : std::nullopt;
  }

  void number() {
    const std::string& word = token().value;
    if (token().kind == Kind::kString && (word == "NaN" || word == "Infinity" || word == "-Infinity"))
      return write_number(word == "NaN" ? "nan" : word == "Infinity" ? "inf" : "-inf");
    const auto text = digits();
    if (!text) expected("a number");
    write_number(*text);
  }

  /// 1000, "1000", 1e3.
  void whole_number(const FieldDescriptor& field) {
    std::string text = digits().value_or(token().text);
    if (text.find_first_of(".eE") != std::string::npos) {
      const double value = std::strtod(text.c_str(), nullptr);
      if (value == std::floor(value) && std::abs(value) <= 0x1p53)
        text = std::to_string(static_cast<std::int64_t>(value));
    }
    out_.require_whole(token().place, field, text);
    write_number(text);
  }

  void string() {
    if (token().kind != Kind::kString) expected("a string");
    out_.write(quoted(token().value), token().place);
    json_.next();
  }

  void boolean() {
    if (token().kind != Kind::kWord || (token().text != "true" && token().text != "false"))
      expected("true or false");
    out_.write(token().text, token().place);
    json_.next();
  }

  void choice(const google::protobuf::EnumDescriptor& type) {
    if (token().kind == Kind::kNumber && token().text.find_first_not_of("0123456789") == std::string::npos)
      return write_number(token().text);
    if (token().kind != Kind::kString) expected("a name of " + type.name());
    if (type.FindValueByName(token().value) == nullptr) out_.refuse_name(token().place, type, token().value);
    out_.write(token().value, token().place);
    json_.next();
  }

  JsonText json_;
  PlacedText& out_;
};

}  // namespace

void translate_json(const std::string& bytes, PlacedText& out) { Translation(bytes, out).translate(); }

}  // namespace chronotope::proto
