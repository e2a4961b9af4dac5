// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/text_spec.hpp"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/utf8_check.hpp"

namespace chronotope::proto {
namespace {

enum class Syntax { kText, kJson, kBinary };

/// Keeps the first error of a parse, in the form file:line:column: what.
class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  explicit FirstError(const std::string& file) : file_(file) {}
  void AddError(int line, int column, const std::string& message) override {
    if (!text_.empty()) return;
    text_ = file_ + ":" + std::to_string(line + 1) + ":" + std::to_string(column + 1) + ": " + message;
    if (message.ends_with("got: ")) text_ += "the end";
  }
  const std::string& text() const { return text_; }

 private:
  const std::string& file_;
  std::string text_;
};

std::string read_all(const std::string& path) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::error_code unknown;  // what can not be looked at can not be opened either
  if (std::filesystem::is_directory(path, unknown))
    throw InputError(path + ": is a directory, not a specification");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw InputError(path + ": cannot read: " + std::strerror(errno));
  return {std::istreambuf_iterator<char>(file), {}};
}

Syntax guess(const std::string& bytes) {
  const auto first =
      std::find_if(bytes.begin(), bytes.end(), [](unsigned char c) { return std::isspace(c) == 0; });
  if (first != bytes.end() && *first == '{') return Syntax::kJson;
  const bool binary = std::any_of(bytes.begin(), bytes.end(),
                                  [](unsigned char c) { return c < 0x20 && std::isspace(c) == 0; });
  return binary ? Syntax::kBinary : Syntax::kText;
}

Syntax syntax_of(const std::string& path, const std::string& bytes) {
  const auto extension = std::filesystem::path(path).extension();
  if (extension == ".json") return Syntax::kJson;
  if (extension == ".pb" || extension == ".bin") return Syntax::kBinary;
  if (extension == ".textproto" || extension == ".pbtxt" || extension == ".txt") return Syntax::kText;
  return guess(bytes);
}

void parse_text(const std::string& bytes, SpecText& spec) {
  FirstError errors(spec.name);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.WriteLocationsTo(&spec.lines);
  if (!parser.ParseFromString(bytes, &spec.message)) throw InputError(errors.text());
}

void parse_json(const std::string& bytes, SpecText& spec) {
  const auto status = google::protobuf::util::JsonStringToMessage(bytes, &spec.message);
  if (status.ok()) return;
  // Its lines: what is wrong, the text around it, a mark below that.
  std::istringstream lines{std::string(status.message())};
  std::string what;
  std::string where;
  std::getline(lines, what);
  std::getline(lines, where);
  throw InputError(spec.name + ": " + what + (where.empty() ? "" : " At: " + where));
}

}  // namespace

void read_spec(const std::string& path, SpecText& spec) {
  spec.folder = path == "-" ? std::filesystem::path() : std::filesystem::path(path).parent_path();
  parse_spec(read_all(path), path == "-" ? "standard input" : path, spec);
}

void parse_spec(const std::string& bytes, const std::string& name, SpecText& spec) {
  spec.name = name;
  switch (syntax_of(name, bytes)) {
    case Syntax::kText:
      parse_text(bytes, spec);
      break;
    case Syntax::kJson:
      parse_json(bytes, spec);
      break;
    case Syntax::kBinary:
      if (!spec.message.ParseFromString(bytes))
        throw InputError(name +
                         ": not a binary chronotope.NetworkSpec with text in UTF-8 (textproto files end in "
                         ".textproto)");
  }
  check_utf8(spec);
}

}  // namespace chronotope::proto
