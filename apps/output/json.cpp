// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/json.hpp"

#include <google/protobuf/util/json_util.h>

#include <stdexcept>
#include <utility>

namespace chronotope::apps {

namespace {

/// A number that is undefined is null, for which protobuf has no number. Inside strings quotes are escaped,
/// so only the field's own name is met.
std::string with_null(std::string text, const std::string& field) {
  const std::string undefined = "\"NaN\"";
  for (std::size_t at = 0; (at = text.find(field + undefined, at)) != std::string::npos;)
    text.replace(at += field.size(), undefined.size(), "null");
  return text;
}

}  // namespace

std::string to_json(const google::protobuf::Message& message, bool indented) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = indented;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
  return with_null(std::move(text), indented ? "\"cka\": " : "\"cka\":");
}

}  // namespace chronotope::apps
