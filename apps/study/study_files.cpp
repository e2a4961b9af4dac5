// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/study_files.hpp"

#include <fmt/core.h>
#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <iterator>

#include "chronotope/apps/output/csv_cell.hpp"
#include "chronotope/apps/output/json.hpp"
#include "chronotope/apps/output/whole_file.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr const char* kJson = "study.json";
constexpr const char* kSchema = "chronotope.StudyReport 1";

/// File name and the repeated field of StudyReport whose messages are its rows.
struct Table {
  const char* file;
  const char* field;
};
constexpr Table kTables[] = {{"cells.csv", "cell"},        {"decisions.csv", "decision"},
                             {"floors.csv", "floor"},      {"wirings.csv", "wiring_test"},
                             {"rtd.csv", "score"},         {"accuracy.csv", "accuracy"},
                             {"paired.csv", "paired_test"}};

/// A value of a row; lists of numbers are divided by blanks, messages left to study.json.
std::string value_text(const Message& row, const FieldDescriptor* field) {
  const auto* reflection = row.GetReflection();
  if (field->is_repeated()) {
    std::string list;
    for (int i = 0; i < reflection->FieldSize(row, field); ++i)
      list += (i > 0 ? " " : "") + (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE
                                        ? fmt::format("{}", reflection->GetRepeatedDouble(row, field, i))
                                        : fmt::format("{}", reflection->GetRepeatedUInt32(row, field, i)));
    return list;
  }
  if (field->has_presence() && !reflection->HasField(row, field)) return "";
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return fmt::format("{}", reflection->GetDouble(row, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return fmt::format("{}", reflection->GetUInt32(row, field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return fmt::format("{}", reflection->GetUInt64(row, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(row, field) ? "1" : "0";
    default:
      return csv_cell(reflection->GetString(row, field));
  }
}

bool is_column(const FieldDescriptor* field) { return field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE; }

std::string table_text(const StudyReport& report, const std::string& name) {
  const auto* rows = StudyReport::descriptor()->FindFieldByName(name);
  const auto* columns = rows->message_type();
  std::string text;
  for (int c = 0; c < columns->field_count(); ++c)
    if (is_column(columns->field(c))) text += (text.empty() ? "" : ",") + columns->field(c)->name();
  text += "\n";
  for (int r = 0; r < report.GetReflection()->FieldSize(report, rows); ++r) {
    const Message& row = report.GetReflection()->GetRepeatedMessage(report, rows, r);
    bool first = true;
    for (int c = 0; c < columns->field_count(); ++c) {
      if (!is_column(columns->field(c))) continue;
      text += (first ? "" : ",") + value_text(row, columns->field(c));
      first = false;
    }
    text += "\n";
  }
  return text;
}

}  // namespace

std::vector<std::string> study_file_names() {
  std::vector<std::string> names = {kJson};
  for (const Table& table : kTables) names.emplace_back(table.file);
  return names;
}

void write_study_files(const StudyReport& report, const std::filesystem::path& folder) {
  for (const Table& table : kTables) write_whole(folder / table.file, table_text(report, table.field));
  StudyReport stated = report;
  stated.set_schema(kSchema);
  write_whole(folder / kJson, to_json(stated, true) + "\n");
}

StudyReport read_study_report(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kJson;
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw InputError(path.string() + ": cannot read; is " + folder.string() + " the folder of a study?");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  StudyReport report;
  const auto status = google::protobuf::util::JsonStringToMessage(text, &report);
  if (!status.ok()) throw InputError(path.string() + ": " + std::string(status.message()));
  if (report.schema() != kSchema)
    throw InputError(path.string() + ": schema '" + report.schema() + "' is not allowed (must be '" +
                     kSchema + "')");
  return report;
}

}  // namespace chronotope::apps
