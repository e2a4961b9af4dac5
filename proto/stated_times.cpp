// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/stated_times.hpp"

#include <google/protobuf/message.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "chronotope/core/decimal.hpp"

namespace chronotope::proto {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// The fields that are points in time or lengths of time.
constexpr std::array<std::string_view, 11> kTimes{"t_ref",      "start",  "stop",        "times",
                                                  "interval",   "delay",  "learn_until", "dendritic_delay",
                                                  "rate_times", "jitter", "every"};

bool is_rounded(double ms) {
  return std::isfinite(ms) && std::abs(ms) <= Time::kMaxMs && !decimal(ms).is_whole;
}

std::uint64_t count_rounded(const Distribution& distribution) {
  const auto& values = distribution.values().value();
  return static_cast<std::uint64_t>(std::count_if(values.begin(), values.end(), is_rounded)) +
         (is_rounded(distribution.constant()) ? 1 : 0);
}

std::uint64_t count_rounded(const Message& message);

std::uint64_t count_rounded(const Message& message, const FieldDescriptor* field) {
  const bool is_time = std::find(kTimes.begin(), kTimes.end(), field->name()) != kTimes.end();
  const auto* reflection = message.GetReflection();
  std::uint64_t count = 0;
  const auto take = [&](const Message& inner) {
    if (inner.GetDescriptor() != Distribution::descriptor())
      count += count_rounded(inner);
    else if (is_time)
      count += count_rounded(static_cast<const Distribution&>(inner));
  };
  const int size = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
  for (int i = 0; i < size; ++i) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
      take(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                : reflection->GetMessage(message, field));
    else if (is_time && field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE)
      count += is_rounded(field->is_repeated() ? reflection->GetRepeatedDouble(message, field, i)
                                               : reflection->GetDouble(message, field))
                   ? 1
                   : 0;
  }
  return count;
}

std::uint64_t count_rounded(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::uint64_t count = 0;
  for (const FieldDescriptor* field : fields) count += count_rounded(message, field);
  return count;
}

}  // namespace

std::uint64_t count_rounded_times(const NetworkSpec& spec) { return count_rounded(spec); }

}  // namespace chronotope::proto
