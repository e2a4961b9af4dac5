// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/readout/folds.hpp"

#include <algorithm>
#include <map>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/core/shuffle.hpp"

namespace chronotope::models {

namespace {

/// The examples of each part, made folds; part[i] is that of example i.
std::vector<Fold> folds_of(const std::vector<std::size_t>& part, std::size_t parts) {
  std::vector<Fold> folds(parts);
  for (std::size_t f = 0; f < parts; ++f)
    for (std::size_t i = 0; i < part.size(); ++i)
      (part[i] == f ? folds[f].test : folds[f].training).push_back(i);
  return folds;
}

using Units = std::vector<std::uint32_t>;

/// Units by the class of their first example, ascending.
std::map<std::uint32_t, Units> units_by_class(const Classes& classes, std::span<const std::uint32_t> units) {
  std::map<std::uint32_t, std::uint32_t> first;  // class of a unit
  for (std::size_t i = 0; i < units.size(); ++i) first.emplace(units[i], classes[i]);
  std::map<std::uint32_t, Units> by_class;
  for (const auto& [unit, cls] : first) by_class[cls].push_back(unit);
  return by_class;
}

}  // namespace

std::vector<Fold> stratified_folds(const Classes& classes, std::span<const std::uint32_t> units,
                                   std::size_t k, std::uint64_t seed) {
  assert(k >= 2 && units.size() == classes.size());
  std::map<std::uint32_t, std::size_t> part_of_unit;
  std::size_t dealt = 0;
  for (auto& [cls, own] : units_by_class(classes, units)) {
    shuffle(own, {seed, Purpose("readout.folds"), cls});
    for (const std::uint32_t unit : own) part_of_unit[unit] = dealt++ % k;
  }
  std::vector<std::size_t> part;
  for (const std::uint32_t unit : units) part.push_back(part_of_unit[unit]);
  return folds_of(part, std::min(k, part_of_unit.size()));
}

std::vector<Fold> leave_one_group_out(std::span<const std::string> groups) {
  std::map<std::string, std::size_t> number;
  for (const std::string& group : groups) number.emplace(group, 0);
  std::size_t count = 0;
  for (auto& [name, place] : number) place = count++;
  std::vector<std::size_t> part;
  for (const std::string& group : groups) part.push_back(number[group]);
  return folds_of(part, number.size());
}

}  // namespace chronotope::models
