// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/report/specification_text.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <algorithm>

namespace chronotope::apps {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string text_of(const Message& message, const std::vector<std::string>& without = {});

/// "tau_m 20", "gamma (mean 20, cv 0.5)", "3 synapses".
std::string field_text(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  if (field.is_repeated()) return std::to_string(reflection.FieldSize(message, &field)) + " " + field.name();
  if (field.message_type() == nullptr) {
    std::string value;
    google::protobuf::TextFormat::PrintFieldValueToString(message, &field, -1, &value);
    std::erase(value, '"');
    return field.name() == "constant" ? value : field.name() + " " + value;
  }
  const Message& part = reflection.GetMessage(message, &field);
  const std::string inside = text_of(part);
  const bool is_distribution = field.message_type() == Distribution::descriptor();
  if (is_distribution) return field.name() + " " + inside;
  return inside.empty() ? field.name() : field.name() + " (" + inside + ")";
}

std::string text_of(const Message& message, const std::vector<std::string>& without) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  const char* const between = message.GetDescriptor() == Distribution::descriptor() ? " " : ", ";
  std::string text;
  for (const FieldDescriptor* field : fields) {
    if (std::ranges::find(without, field->name()) != without.end()) continue;
    text += (text.empty() ? "" : between) + field_text(message, *field);
  }
  return text;
}

}  // namespace

std::vector<std::vector<std::string>> specification_rows(const NetworkSpec& network) {
  std::vector<std::vector<std::string>> rows;
  for (const Population& population : network.population())
    rows.push_back({population.name(), text_of(population, {"name"})});
  for (const Input& input : network.input()) rows.push_back({input.name(), text_of(input, {"name"})});
  for (const StepCurrent& current : network.current())
    rows.push_back({current.name(), text_of(current, {"name"})});
  for (const Projection& projection : network.projection())
    rows.push_back({projection.source() + " to " + projection.target(),
                    text_of(projection, {"name", "source", "target"})});
  return rows;
}

}  // namespace chronotope::apps
