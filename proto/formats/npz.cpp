// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/npz.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/formats/npy.hpp"
#include "chronotope/proto/formats/zip_archive.hpp"

namespace chronotope::proto {
namespace {

constexpr std::string_view kExtension = ".npy";

std::string array_name(const ZipArchive::Member& member) {
  const bool npy = member.name.ends_with(kExtension);
  return member.name.substr(0, member.name.size() - (npy ? kExtension.size() : 0));
}

std::string names_of(const ZipArchive& archive) {
  std::string names;
  for (const auto& member : archive.members())
    names += (names.empty() ? "" : ", ") + printable(array_name(member));
  return names;
}

const ZipArchive::Member& find(const ZipArchive& archive, const std::string& name, const std::string& array) {
  const auto& members = archive.members();
  if (members.empty()) throw InputError(name + ": holds no arrays");
  if (array.empty()) {
    if (members.size() == 1) return members[0];
    throw InputError(name + ": holds " + std::to_string(members.size()) +
                     " arrays; choose one as FILE:NAME (" + names_of(archive) + ")");
  }
  const auto at = std::find_if(members.begin(), members.end(), [&](const ZipArchive::Member& member) {
    return member.name == array || array_name(member) == array;
  });
  if (at == members.end())
    throw InputError(name + ": holds no array " + in_quotes(array) + " (" + names_of(archive) + ")");
  return *at;
}

}  // namespace

ArrayPath::ArrayPath(const std::string& path) : file(path) {
  constexpr std::string_view kBorder = ".npz:";
  const auto at = path.rfind(kBorder);
  std::error_code unknown;  // what can not be looked at is not there
  if (at == std::string::npos || std::filesystem::exists(path, unknown)) return;
  file = path.substr(0, at + kBorder.size() - 1);
  array = path.substr(at + kBorder.size());
}

NumberTable read_npz(std::string bytes, const std::string& name, const std::string& array,
                     const ColumnChoice& columns) {
  const ZipArchive archive(std::move(bytes), name);
  const ZipArchive::Member& member = find(archive, name, array);
  return read_npy(archive.read(member), name + ":" + printable(array_name(member)), columns);
}

}  // namespace chronotope::proto
