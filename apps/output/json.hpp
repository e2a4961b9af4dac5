// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace chronotope::apps {

/// A message as JSON with the schema's field names, zeros included; on one line, or indented. A CKA that is
/// undefined is null.
std::string to_json(const google::protobuf::Message& message, bool indented = false);

}  // namespace chronotope::apps
