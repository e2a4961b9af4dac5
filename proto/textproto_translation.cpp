// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/textproto_translation.hpp"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <initializer_list>
#include <string_view>

#include "chronotope/core/utf8.hpp"
#include "chronotope/proto/network_spec.pb.h"

namespace chronotope::proto {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::io::Tokenizer;

/// What is no token: an open string, a number with letters behind it.
class BrokenToken : public google::protobuf::io::ErrorCollector {
 public:
  explicit BrokenToken(const PlacedText& text) : text_(text) {}
  void AddError(int line, int column, const std::string& message) override {
    text_.fail({line, column}, message);
  }

 private:
  const PlacedText& text_;
};

class Translation {
 public:
  Translation(const std::string& bytes, PlacedText& out)
      : bytes_(bytes.data(), static_cast<int>(bytes.size())),
        broken_(out),
        tokens_(&bytes_, &broken_),
        out_(out) {
    tokens_.set_comment_style(Tokenizer::SH_COMMENT_STYLE);
    tokens_.set_allow_f_after_float(true);
    tokens_.Next();
  }

  void translate(const Descriptor& type) {
    fields(type);
    if (!at(Tokenizer::TYPE_END)) expected("a field");
    out_.write("", place());  // the parser may stop here
  }

 private:
  static bool is_whole(const FieldDescriptor& field) {
    return field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
           field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64;
  }

  bool at(Tokenizer::TokenType type) { return tokens_.current().type == type; }
  bool at(std::string_view symbol) { return tokens_.current().text == symbol; }
  Place place() { return {tokens_.current().line, tokens_.current().column}; }

  void copy() {
    std::string token = tokens_.current().text;
    if (at(Tokenizer::TYPE_STRING)) replace_tabs(token);
    out_.write(token, place());
    tokens_.Next();
  }
  bool copy_if(std::string_view symbol) {
    const bool found = at(symbol);
    if (found) copy();
    return found;
  }

  [[noreturn]] void expected(const std::string& what) {
    const std::string found = at(Tokenizer::TYPE_END) ? "the end" : "'" + tokens_.current().text + "'";
    out_.fail(place(), "expected " + what + ", found " + found);
  }

  /// A tab counts as up to eight columns.
  static void replace_tabs(std::string& token) {
    for (auto tab = token.find('\t'); tab != std::string::npos; tab = token.find('\t'))
      token.replace(tab, 1, "\\t");
  }

  void fields(const Descriptor& type) {
    while (at(Tokenizer::TYPE_IDENTIFIER)) {
      const FieldDescriptor* field = type.FindFieldByName(tokens_.current().text);
      if (field == nullptr) out_.refuse_name(place(), type, tokens_.current().text);
      copy();
      value(*field);
      if (!copy_if(",")) copy_if(";");
    }
  }

  void value(const FieldDescriptor& field) {
    const Descriptor* type = field.message_type();
    if (type != nullptr && field.is_repeated()) {
      const bool colon = copy_if(":");
      return list([&] {
        out_.enter(field);
        message(*type, colon);
        out_.leave();
      });
    }
    out_.enter(field);
    const bool colon = copy_if(":");
    if (type != nullptr)
      message(*type, colon);
    else
      colon ? scalars(field) : expected("':'");
    out_.leave();
  }

  /// One of what `one` reads, or some between brackets.
  template <class One>
  void list(const One& one) {
    if (!copy_if("[")) return one();
    if (copy_if("]")) return;
    do one();
    while (copy_if(","));
    if (!copy_if("]")) expected("',' or ']'");
  }

  void message(const Descriptor& type, bool colon) {
    const bool angular = at("<");
    const bool plain = &type == Distribution::descriptor() && colon;
    if (plain && !angular && !at("{")) return plain_distribution();
    if (!angular && !at("{")) expected(&type == Distribution::descriptor() ? "':' or '{'" : "'{'");
    copy();
    fields(type);
    if (!copy_if(angular ? ">" : "}")) expected(angular ? "a field or '>'" : "a field or '}'");
  }

  void plain_distribution() {
    const Place origin = place();
    const auto write = [&](std::initializer_list<const char*> tokens) {
      for (const char* token : tokens) out_.write(token, origin);
    };
    if (at("[")) {
      write({"{", "values", "{", "value", ":"});
      scalars(*Distribution::Values::descriptor()->FindFieldByName("value"));
      write({"}", "}"});
    } else {
      write({"{", "constant", ":"});
      scalar(*Distribution::descriptor()->FindFieldByName("constant"));
      write({"}"});
    }
  }

  void scalars(const FieldDescriptor& field) {
    if (!field.is_repeated()) return scalar(field);
    list([&] { scalar(field); });
  }

  void scalar(const FieldDescriptor& field) {
    const Place begin = place();
    const bool is_negative = copy_if("-");
    if (at(Tokenizer::TYPE_SYMBOL) || at(Tokenizer::TYPE_END)) expected("a value");
    if (is_whole(field)) out_.require_whole(begin, field, (is_negative ? "-" : "") + tokens_.current().text);
    const bool name = at(Tokenizer::TYPE_IDENTIFIER);
    if (name && field.enum_type() != nullptr &&
        field.enum_type()->FindValueByName(tokens_.current().text) == nullptr)
      out_.refuse_name(place(), *field.enum_type(), tokens_.current().text);
    if (!at(Tokenizer::TYPE_STRING)) return copy();
    while (at(Tokenizer::TYPE_STRING)) {
      std::string value;
      Tokenizer::ParseString(tokens_.current().text, &value);
      if (!is_utf8(value)) out_.fail(place(), "a string that is not UTF-8");
      copy();
    }
  }

  google::protobuf::io::ArrayInputStream bytes_;
  BrokenToken broken_;
  Tokenizer tokens_;
  PlacedText& out_;
};

}  // namespace

void translate_textproto(const std::string& bytes, PlacedText& out) {
  translate_textproto(bytes, *NetworkSpec::descriptor(), out);
}

void translate_textproto(const std::string& bytes, const Descriptor& type, PlacedText& out) {
  Translation(bytes, out).translate(type);
}

}  // namespace chronotope::proto
