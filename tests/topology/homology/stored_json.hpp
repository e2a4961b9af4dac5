// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "chronotope/topology/homology/barcode.hpp"

namespace chronotope::topology {

inline google::protobuf::Struct read_json(const std::filesystem::path& file) {
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  google::protobuf::Struct json;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text, &json).ok()) << file;
  return json;
}

/// A number; infinity when it is null or "inf".
inline double number(const google::protobuf::Value& value) {
  return value.has_number_value() ? value.number_value() : std::numeric_limits<double>::infinity();
}

/// A list of [birth, death].
inline std::vector<Bar> stored_bars(const google::protobuf::Value& value) {
  std::vector<Bar> bars;
  for (const google::protobuf::Value& bar : value.list_value().values())
    bars.push_back({number(bar.list_value().values(0)), number(bar.list_value().values(1))});
  return bars;
}

}  // namespace chronotope::topology
