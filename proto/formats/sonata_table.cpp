// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/sonata_table.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/number_text.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/formats/text_table.hpp"

namespace chronotope::proto {
namespace {

std::optional<std::uint64_t> whole_number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

bool is_absent(const std::string& cell) { return cell.empty() || cell == "NULL" || cell == "None"; }

}  // namespace

SonataTypes::SonataTypes(const std::filesystem::path& file, const std::string& what) : name_(file.string()) {
  const std::string key = what + "_type_id";
  InputFile input(name_);
  TextTable table(input.stream(), name_);
  const std::array<std::string_view, 1> required{key};
  if (!table.next_names(required)) table.refuse_file("is empty");
  const std::vector<std::string> names(table.cells().begin(), table.cells().end());
  const auto found = std::find(names.begin(), names.end(), key);
  if (found == names.end()) table.refuse("names no column " + in_quotes(key));
  const auto id_column = static_cast<std::size_t>(found - names.begin());
  while (table.next()) {
    table.require_width(names.size());
    const auto id = whole_number(table.cells()[id_column]);
    if (!id) table.refuse_cell(id_column, "is not a whole number from 0");
    if (rows_.contains(*id)) table.refuse_cell(id_column, "stands in two rows");
    auto& row = rows_[*id];
    for (std::size_t c = 0; c < names.size(); ++c)
      if (!is_absent(table.cells()[c])) row[names[c]] = table.cells()[c];
  }
}

std::optional<std::string> SonataTypes::cell(std::uint64_t type, const std::string& column) const {
  const auto row = rows_.find(type);
  if (row == rows_.end()) return std::nullopt;
  const auto cell = row->second.find(column);
  return cell == row->second.end() ? std::nullopt : std::optional(cell->second);
}

SonataTable::SonataTable(const Hdf5File& file, const SonataTypes& types, std::string path,
                         const std::string& what)
    : file_(file),
      types_(types),
      path_(std::move(path)),
      what_(what),
      type_(file.indices(path_ + "/" + what + "_type_id")) {
  read_groups(what);
  for (std::size_t k = 0; k < size(); ++k)
    if (!types_.name().empty() && !types_.has(type_[k]))
      refuse(k, "has the type " + std::to_string(type_[k]) + ", which " + types_.name() + " does not list");
}

/// Without groups all are of the group 0, in order.
void SonataTable::read_groups(const std::string& what) {
  const std::string ids = path_ + "/" + what + "_group_id", places = path_ + "/" + what + "_group_index";
  if (file_.has(ids)) {
    group_ = file_.indices(ids);
    place_ = file_.indices(places);
  } else {
    group_.assign(size(), 0);
    for (std::size_t k = 0; k < size(); ++k) place_.push_back(k);
  }
  for (const auto& [column, name] : {std::pair(&group_, ids), std::pair(&place_, places)})
    if (column->size() != size())
      file_.refuse(name, "holds " + std::to_string(column->size()) + " numbers for " +
                             std::to_string(size()) + " " + what + "s");
  for (const std::uint64_t group : std::set<std::uint64_t>(group_.begin(), group_.end()))
    groups_[group] = path_ + "/" + std::to_string(group);
}

void SonataTable::refuse(std::size_t k, const std::string& what) const {
  file_.refuse(path_, what_ + " " + std::to_string(k) + " (from 0) " + what);
}

std::vector<std::optional<double>> SonataTable::group_numbers(const std::string& attribute) const {
  std::vector<std::optional<double>> all(size());
  for (const auto& [group, path] : groups_) {
    const std::string data = path + "/" + attribute;
    if (!file_.has(data)) continue;
    const std::vector<double> numbers = file_.numbers(data);
    for (std::size_t k = 0; k < size(); ++k) {
      if (group_[k] != group) continue;
      if (place_[k] >= numbers.size())
        file_.refuse(data, "holds " + std::to_string(numbers.size()) + " numbers; " + what_ + " " +
                               std::to_string(k) + " (from 0) has number " + std::to_string(place_[k]));
      const double value = numbers[place_[k]];
      if (!std::isfinite(value))
        file_.refuse(data, "number " + std::to_string(place_[k]) + " (from 0): " + to_string(value) +
                               " is not allowed (must be finite)");
      all[k] = value;
    }
  }
  return all;
}

double SonataTable::number_of(std::size_t k, const std::string& attribute, const std::string& cell) const {
  const auto value = finite_number(cell);
  if (!value)
    throw InputError(types_.name() + ": " + what_ + " type " + std::to_string(type_[k]) + ": " + attribute +
                     ": " + in_quotes(cell) + " is not a number");
  return *value;
}

std::vector<std::optional<double>> SonataTable::numbers(const std::string& attribute) const {
  auto all = group_numbers(attribute);
  std::map<std::uint64_t, std::optional<double>> of_type;
  for (std::size_t k = 0; k < size(); ++k) {
    if (all[k]) continue;
    const auto [known, is_new] = of_type.try_emplace(type_[k]);
    if (is_new)
      if (const auto cell = types_.cell(type_[k], attribute)) known->second = number_of(k, attribute, *cell);
    all[k] = known->second;
  }
  return all;
}

std::vector<std::optional<std::string>> SonataTable::texts(const std::string& attribute) const {
  std::vector<std::optional<std::string>> all(size());
  std::map<std::uint64_t, std::vector<std::string>> of_group;
  for (const auto& [group, path] : groups_)
    if (file_.has(path + "/" + attribute)) of_group[group] = file_.texts(path + "/" + attribute);
  for (std::size_t k = 0; k < size(); ++k) {
    const auto texts = of_group.find(group_[k]);
    if (texts == of_group.end())
      all[k] = types_.cell(type_[k], attribute);
    else if (place_[k] < texts->second.size())
      all[k] = texts->second[place_[k]];
    else
      refuse(k, "has no " + attribute + " in its group");
  }
  return all;
}

std::vector<std::string> SonataTable::parameters() const {
  std::set<std::string> names;
  for (const auto& [group, path] : groups_)
    if (file_.is_group(path + "/dynamics_params"))
      for (const std::string& name : file_.names(path + "/dynamics_params")) names.insert(name);
  return {names.begin(), names.end()};
}

}  // namespace chronotope::proto
