// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/proto/formats/hdf5_file.hpp"

namespace chronotope::proto {

/// The types of nodes or edges: a CSV file with a row for each. Cells that hold nothing, NULL or None are absent.
/// Errors: InputError that names the file and the line, for ids that are no whole numbers or stand twice.
class SonataTypes {
 public:
  /// None.
  SonataTypes() = default;
  /// `what`: node or edge.
  SonataTypes(const std::filesystem::path& file, const std::string& what);

  const std::string& name() const { return name_; }
  bool has(std::uint64_t type) const { return rows_.contains(type); }
  /// Nothing where the type's row has nothing in this column.
  std::optional<std::string> cell(std::uint64_t type, const std::string& column) const;

 private:
  std::string name_;
  std::map<std::uint64_t, std::map<std::string, std::string>> rows_;
};

/// The nodes or edges of one population: each has a type and stands at some place of one of the groups, which have the
/// attributes that differ between those of one type.
///
/// Errors: InputError that names the file and the data set, for columns of different lengths, groups that there are not,
/// places beyond their end, and types that the CSV does not list.
class SonataTable {
 public:
  /// `what`: node or edge; `path`: "/nodes/NAME" or "/edges/NAME". Both references must outlive this.
  SonataTable(const Hdf5File& file, const SonataTypes& types, std::string path, const std::string& what);

  std::size_t size() const { return type_.size(); }
  const std::string& path() const { return path_; }
  const Hdf5File& file() const { return file_; }
  const SonataTypes& types() const { return types_; }
  std::uint64_t type(std::size_t k) const { return type_[k]; }

  /// Numbers of an attribute, one each: from the group in HDF5, else from the type's row, else nothing.
  std::vector<std::optional<double>> numbers(const std::string& attribute) const;
  /// The same of texts.
  std::vector<std::optional<std::string>> texts(const std::string& attribute) const;
  /// Of parameters that stand in the groups alone.
  std::vector<std::optional<double>> group_numbers(const std::string& attribute) const;
  /// The names of what the groups have under dynamics_params.
  std::vector<std::string> parameters() const;

  /// Throws InputError that names the file, and row k by its kind: "node 3".
  [[noreturn]] void refuse(std::size_t k, const std::string& what) const;

 private:
  void read_groups(const std::string& what);
  double number_of(std::size_t k, const std::string& attribute, const std::string& cell) const;

  const Hdf5File& file_;
  const SonataTypes& types_;
  std::string path_;
  std::string what_;
  std::vector<std::uint64_t> type_;
  std::vector<std::uint64_t> group_;
  std::vector<std::uint64_t> place_;
  std::map<std::uint64_t, std::string> groups_;  // paths
};

}  // namespace chronotope::proto
