// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/utf8_check.hpp"

#include <string>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/core/utf8.hpp"

namespace chronotope::proto {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Lines = google::protobuf::TextFormat::ParseInfoTree;

/// A message inside the specification and where it stands.
struct Place {
  const std::string& file;
  std::string path;              // "population[0]."
  const Lines* lines = nullptr;  // none for JSON and binary
};

void check_text(const std::string& text, const FieldDescriptor& field, int index, const Place& place) {
  if (is_utf8(text)) return;
  const int line = place.lines == nullptr ? -1 : place.lines->GetLocation(&field, index).line;
  throw FieldError({place.file, line + 1}, place.path + field.name(), in_quotes(text), "must be UTF-8");
}

void check(const Message& message, const Place& place) {
  const auto& fields = *message.GetReflection();
  std::vector<const FieldDescriptor*> given;
  fields.ListFields(message, &given);
  for (const FieldDescriptor* field : given) {
    const bool repeated = field->is_repeated();
    const int count = repeated ? fields.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const int index = repeated ? i : -1;
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING)
        check_text(repeated ? fields.GetRepeatedString(message, field, i) : fields.GetString(message, field),
                   *field, index, place);
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      const std::string number = repeated ? "[" + std::to_string(i) + "]" : "";
      check(repeated ? fields.GetRepeatedMessage(message, field, i) : fields.GetMessage(message, field),
            {place.file, place.path + field->name() + number + ".",
             place.lines == nullptr ? nullptr : place.lines->GetTreeForNested(field, index)});
    }
  }
}

}  // namespace

void check_utf8(const SpecText& spec) { check(spec.message, {spec.name, "", &spec.lines}); }

}  // namespace chronotope::proto
