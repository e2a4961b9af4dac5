// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/message.h>
#include <pybind11/pybind11.h>

#include "chronotope/apps/output/json.hpp"

namespace chronotope::apps {

/// A message as the dictionary that --json prints.
inline pybind11::dict message_dict(const google::protobuf::Message& message) {
  return pybind11::module_::import("json").attr("loads")(to_json(message));
}

}  // namespace chronotope::apps
