// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/json.hpp"

#include <google/protobuf/util/json_util.h>

#include <stdexcept>

namespace chronotope::apps {

std::string to_json(const google::protobuf::Message& message, bool indented) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = indented;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
  return text;
}

}  // namespace chronotope::apps
