// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/text_spec.hpp"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/json_translation.hpp"
#include "chronotope/proto/placed_text.hpp"
#include "chronotope/proto/textproto_translation.hpp"

namespace chronotope::proto {
namespace {

enum class Syntax { kText, kJson, kBinary };

/// Keeps the first error of a parse.
class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (!what_.empty()) return;
    place_ = {line, column};
    what_ = message;
  }
  Place place() const { return place_; }
  const std::string& what() const { return what_; }

 private:
  Place place_;
  std::string what_;
};

std::string read_all(const std::string& path) {
  std::error_code unknown;  // what can not be looked at can not be opened either
  if (path != "-" && std::filesystem::is_directory(path, unknown))
    throw InputError(path + ": is a directory, not a specification");
  InputFile file(path);
  if (file.begins_with(std::string_view("\0", 1)))
    throw InputError(file.name() + ": begins with a zero byte, as no specification does");
  return file.take_rest();
}

/// The bytes without the mark some editors put in front of UTF-8.
std::string without_mark(const std::string& bytes) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return bytes.starts_with(kMark) ? bytes.substr(kMark.size()) : bytes;
}

Syntax guess(const std::string& bytes) {
  const std::string text = without_mark(bytes);
  const auto first =
      std::find_if(text.begin(), text.end(), [](unsigned char c) { return std::isspace(c) == 0; });
  if (first != text.end() && *first == '{') return Syntax::kJson;
  const bool binary = std::any_of(bytes.begin(), bytes.end(),
                                  [](unsigned char c) { return c < 0x20 && std::isspace(c) == 0; });
  return binary ? Syntax::kBinary : Syntax::kText;
}

std::optional<Syntax> syntax_of(const std::filesystem::path& path) {
  const auto extension = path.extension();
  if (extension == ".json") return Syntax::kJson;
  if (extension == ".pb" || extension == ".bin") return Syntax::kBinary;
  if (extension == ".textproto" || extension == ".pbtxt" || extension == ".txt") return Syntax::kText;
  return std::nullopt;
}

/// Parses what translate(text) writes; an error is told by the place of its origin in the file `name`.
template <class Translate>
void parse_translated(const std::string& name, google::protobuf::Message& message,
                      google::protobuf::TextFormat::ParseInfoTree& lines, Translate translate) {
  PlacedText text(name);
  translate(text);
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  parser.WriteLocationsTo(&lines);
  if (parser.ParseFromString(text.text(), &message)) return;
  PlacedText again(name, error.place());
  translate(again);
  throw InputError(again.origin() + error.what());
}

}  // namespace

void read_spec(const std::string& path, SpecText& spec) {
  spec.folder = path == "-" ? std::filesystem::path() : std::filesystem::path(path).parent_path();
  parse_spec(read_all(path), path == "-" ? "standard input" : path, spec);
}

void parse_spec(const std::string& bytes, const std::string& name, SpecText& spec) {
  spec.name = name;
  const auto told = syntax_of(name);
  switch (told ? *told : guess(bytes)) {
    case Syntax::kText:
      parse_translated(name, spec.message, spec.lines,
                       [&](PlacedText& text) { translate_textproto(without_mark(bytes), text); });
      break;
    case Syntax::kJson:
      parse_translated(name, spec.message, spec.lines,
                       [&](PlacedText& text) { translate_json(without_mark(bytes), text); });
      break;
    case Syntax::kBinary:
      if (!spec.message.ParseFromString(bytes))
        throw InputError(name +
                         ": not a binary chronotope.NetworkSpec with text in UTF-8 (textproto files end in "
                         ".textproto)");
  }
}

std::string to_textproto(const NetworkSpec& spec) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseShortRepeatedPrimitives(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(spec, &text);
  return text;
}

std::string spec_bytes(const NetworkSpec& spec, const std::string& path) {
  std::filesystem::path name(path);
  if (name.extension() == ".zst") name.replace_extension();
  const Syntax syntax = syntax_of(name).value_or(Syntax::kBinary);
  if (syntax == Syntax::kText) return to_textproto(spec);
  if (syntax == Syntax::kBinary) return spec.SerializeAsString();
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(spec, &text, options);
  if (!status.ok()) throw Failure(path + ": cannot write as JSON: " + std::string(status.message()));
  return text;
}

void read_textproto(const std::string& path, google::protobuf::Message& message) {
  const std::string bytes = without_mark(read_all(path));
  google::protobuf::TextFormat::ParseInfoTree lines;
  parse_translated(path == "-" ? "standard input" : path, message, lines,
                   [&](PlacedText& text) { translate_textproto(bytes, *message.GetDescriptor(), text); });
}

}  // namespace chronotope::proto
