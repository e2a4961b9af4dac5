// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/barcode_json.hpp"

#include <google/protobuf/struct.pb.h>

#include "chronotope/apps/output/json.hpp"

namespace chronotope::apps {

std::string to_json(const topology::Barcode& barcode) {
  google::protobuf::Value bars;
  bars.mutable_list_value();
  for (const topology::Bar& bar : barcode.bars()) {
    auto& pair = *bars.mutable_list_value()->add_values()->mutable_list_value();
    pair.add_values()->set_number_value(bar.birth);
    if (bar.is_finite())
      pair.add_values()->set_number_value(bar.death);
    else
      pair.add_values()->set_null_value(google::protobuf::NULL_VALUE);
  }
  return to_json(bars);
}

}  // namespace chronotope::apps
