// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/sweep/sweep_plan.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/formats/text_table.hpp"

namespace chronotope::apps {
namespace {

constexpr std::size_t kMostCells = 1'000'000;

/// The parts of a list between commas that stand in no bracket.
std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts{""};
  int depth = 0;
  for (const char c : list) {
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c == ',' && depth == 0)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

void require_once(const std::vector<std::string>& paths, const std::string& where) {
  std::set<std::string> known;
  for (const std::string& path : paths)
    if (!known.insert(path).second) throw InputError(where + ": " + in_quotes(path) + " is varied twice");
}

}  // namespace

SweepPlan grid(const std::vector<std::string>& axes) {
  SweepPlan plan;
  plan.settings = {{}};
  for (const std::string& axis : axes) {
    const std::size_t sign = axis.find('=');
    const auto values = sign == std::string::npos ? std::vector<std::string>{}
                                                  : split(std::string_view(axis).substr(sign + 1));
    if (sign == 0 || values.empty() || std::ranges::any_of(values, [](const auto& v) { return v.empty(); }))
      throw InputError("--vary: " + in_quotes(axis) + " is not allowed (must be PATH=VALUE,VALUE,...)");
    if (plan.settings.size() > kMostCells / values.size())
      throw InputError("--vary: more than 1000000 combinations");
    plan.paths.push_back(axis.substr(0, sign));
    std::vector<std::vector<std::string>> longer;
    for (const auto& setting : plan.settings)
      for (const std::string& value : values) {
        longer.push_back(setting);
        longer.back().push_back(value);
      }
    plan.settings = std::move(longer);
  }
  require_once(plan.paths, "--vary");
  return plan;
}

SweepPlan read_sweep_table(const std::string& file) {
  proto::InputFile in(file);
  proto::TextTable table(in.stream(), in.name());
  SweepPlan plan;
  if (!table.next()) table.refuse_file("has no row that names the paths");
  plan.paths.assign(table.cells().begin(), table.cells().end());
  for (std::size_t k = 0; k < plan.paths.size(); ++k)
    if (plan.paths[k].empty()) table.refuse_cell(k, "names no path");
  require_once(plan.paths, in.name());
  while (table.next()) {
    table.require_width(plan.paths.size());
    for (std::size_t k = 0; k < plan.paths.size(); ++k)
      if (table.cells()[k].empty()) table.refuse_cell(k, "is empty");
    plan.settings.emplace_back(table.cells().begin(), table.cells().end());
    if (plan.settings.size() > kMostCells) table.refuse("has more than 1000000 rows");
  }
  if (plan.settings.empty()) table.refuse_file("has no rows but the names of the paths");
  return plan;
}

}  // namespace chronotope::apps
