// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/text_format.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "chronotope/proto/network_spec.pb.h"

namespace chronotope::proto {

/// Fields of a specification that got their value from elsewhere than its file, and from where.
using Assigned =
    std::map<std::pair<const google::protobuf::Message*, const google::protobuf::FieldDescriptor*>,
             std::string>;

/// A specification as it was written, with the lines of its fields (not of a binary one).
struct SpecText {
  NetworkSpec message;
  std::string name;              // of the file, for errors
  std::filesystem::path folder;  // relative paths inside start here
  google::protobuf::TextFormat::ParseInfoTree lines;
  Assigned assigned{};  // by spec_assignment.hpp
};

/// Reads textproto, JSON or binary; "-" is stdin. The extension decides (.textproto .pbtxt .txt, .json, .pb
/// .bin), else the first bytes do; a byte-order mark is skipped. Short forms are those of
/// textproto_translation.hpp and json_translation.hpp. Fills `spec` in place, because the line table can not
/// be moved. Errors: InputError with file:line:column and the field's path; FieldError for text that is not
/// UTF-8, which a comment alone may hold.
void read_spec(const std::string& path, SpecText& spec);

/// What a file of that name holds: read_spec() reads it again to the bit. Binary unless the extension is one of text or
/// JSON; a `.zst` behind it is not looked at.
std::string spec_bytes(const NetworkSpec& spec, const std::string& path);
/// As textproto, strings in UTF-8 and numbers side by side.
std::string to_textproto(const NetworkSpec& spec);

/// Reads a textproto file of another message, with the same errors.
void read_textproto(const std::string& path, google::protobuf::Message& message);

/// read_spec() for bytes that are already there; `name` is their file's.
void parse_spec(const std::string& bytes, const std::string& name, SpecText& spec);

}  // namespace chronotope::proto
