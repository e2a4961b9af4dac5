// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/descriptor.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chronotope::proto {

/// Where something stands in a text; both count from 0, columns in bytes.
struct Place {
  int line = 0;
  int column = 0;

  friend auto operator<=>(const Place&, const Place&) = default;
};

/// "net.textproto:4:70: population[0].exp_psc_lif: "; an empty path is left out.
std::string locate(const std::string& file, Place place, const std::string& path);

/// Textproto for protobuf's parser, written token by token from what a user wrote, which may be in another
/// syntax or hold short forms. Every token goes to the line its origin has, so the parser's lines are the
/// user's.
///
/// To say what a place in this text means in the user's, write it once more with that place watched.
///
/// Invariant: places do not go back in line. Memory: the text.
class PlacedText {
 public:
  explicit PlacedText(std::string file) : file_(std::move(file)) {}
  PlacedText(std::string file, Place watched) : file_(std::move(file)), watched_(watched) {}

  /// One token, which stands at `place` in the user's text.
  void write(std::string_view token, Place place);
  /// The path of what is written until leave().
  void enter(const google::protobuf::FieldDescriptor& field);
  void leave() { levels_.pop_back(); }

  const std::string& text() const { return text_; }
  /// "file:line:column: path: " of the last token at or before the watched place, as the user wrote it.
  const std::string& origin() const { return origin_; }

  /// Throws InputError: the value at `place` is not allowed.
  [[noreturn]] void refuse(Place place, const std::string& value, const std::string& allowed) const {
    fail(place, value + " is not allowed (" + allowed + ")");
  }
  /// Throws InputError unless `number`, as textproto has it and with its sign, is one that the field can hold.
  void require_whole(Place place, const google::protobuf::FieldDescriptor& field,
                     const std::string& number) const;
  /// Throws InputError, which proposes names that `type` has, or a brace when a message around it has this
  /// one.
  [[noreturn]] void refuse_name(Place place, const google::protobuf::Descriptor& type,
                                const std::string& name) const;
  /// Throws InputError, which proposes names of `type`'s values.
  [[noreturn]] void refuse_name(Place place, const google::protobuf::EnumDescriptor& type,
                                const std::string& name) const;
  /// Throws InputError: the text goes wrong at `place`.
  [[noreturn]] void fail(Place place, const std::string& what) const;

 private:
  struct Level {
    const google::protobuf::FieldDescriptor* field;
    int number;                                                      // of a repeated message, else -1
    std::map<const google::protobuf::FieldDescriptor*, int> seen{};  // repeated messages inside
  };

  std::string path() const;
  bool fits_around(const std::string& name) const;

  std::string file_;
  std::optional<Place> watched_;
  std::string origin_;
  std::string text_;
  Place end_;  // of text_
  std::vector<Level> levels_{{nullptr, -1}};
};

}  // namespace chronotope::proto
