// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/placed_text.hpp"

#include <google/protobuf/io/tokenizer.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "chronotope/core/error.hpp"
#include "chronotope/core/near_names.hpp"
#include "chronotope/proto/network_spec.pb.h"

namespace chronotope::proto {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

std::vector<std::string> names_of(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return names;
}

/// Without the first, which says that nothing was given.
std::vector<std::string> names_of(const EnumDescriptor& type) {
  std::vector<std::string> names;
  for (int i = 1; i < type.value_count(); ++i) names.push_back(type.value(i)->name());
  return names;
}

}  // namespace

std::string locate(const std::string& file, Place place, const std::string& path) {
  return file + ":" + std::to_string(place.line + 1) + ":" + std::to_string(place.column + 1) + ": " +
         (path.empty() ? "" : path + ": ");
}

void PlacedText::write(std::string_view token, Place place) {
  if (end_.line < place.line) {
    text_.append(static_cast<std::size_t>(place.line - end_.line), '\n');
    end_ = {place.line, 0};
  }
  if (watched_ && end_ <= *watched_) origin_ = locate(file_, place, path());
  text_.append(token).push_back(' ');
  end_.column += static_cast<int>(token.size()) + 1;
}

void PlacedText::enter(const FieldDescriptor& field) {
  const bool numbered = field.is_repeated() && field.message_type() != nullptr;
  const int number = numbered ? levels_.back().seen[&field]++ : -1;
  levels_.push_back({&field, number});
}

std::string PlacedText::path() const {
  std::string path;
  for (const Level& level : levels_) {
    if (level.field == nullptr) continue;
    if (!path.empty()) path += ".";
    path += level.field->name();
    if (level.number >= 0) path += "[" + std::to_string(level.number) + "]";
  }
  return path;
}

bool PlacedText::fits_around(const std::string& name) const {
  return std::any_of(levels_.begin(), levels_.end() - 1, [&](const Level& level) {
    const Descriptor* type = level.field == nullptr ? NetworkSpec::descriptor() : level.field->message_type();
    return type->FindFieldByName(name) != nullptr;
  });
}

void PlacedText::require_whole(Place place, const FieldDescriptor& field, const std::string& number) const {
  const bool is_wide = field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64;
  const std::uint64_t most =
      is_wide ? std::numeric_limits<std::uint64_t>::max() : std::numeric_limits<std::uint32_t>::max();
  const bool is_hexadecimal = number.starts_with("0x") || number.starts_with("0X");
  const bool is_whole = is_hexadecimal || number.find_first_not_of("0123456789") == std::string::npos;
  std::uint64_t value = 0;
  if (!is_whole || !google::protobuf::io::Tokenizer::ParseInteger(number, most, &value))
    refuse(place, number, "must be a whole number from 0 to " + std::to_string(most));
}

void PlacedText::refuse_name(Place place, const Descriptor& type, const std::string& name) const {
  const std::string advice = fits_around(name) ? "is a } missing before it?" : suggest(name, names_of(type));
  fail(place, "unknown field '" + name + "' (" + advice + ")");
}

void PlacedText::refuse_name(Place place, const EnumDescriptor& type, const std::string& name) const {
  refuse(place, "'" + name + "'", suggest(name, names_of(type)));
}

void PlacedText::fail(Place place, const std::string& what) const {
  throw InputError(locate(file_, place, path()) + what);
}

}  // namespace chronotope::proto
