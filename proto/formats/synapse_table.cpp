// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/synapse_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/formats/csv.hpp"
#include "chronotope/proto/formats/npy.hpp"
#include "chronotope/proto/formats/npz.hpp"
#include "chronotope/proto/formats/zip_archive.hpp"

namespace chronotope::proto {
namespace {

constexpr std::array<std::string_view, 2> kRequired{"source", "target"};
constexpr const char* kExample = "source,target[,weight][,delay][,constants of the rule]";

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw InputError(name + ": " + what);
}

[[noreturn]] void refuse_row(const std::string& name, std::size_t row, const std::string& column,
                             double value, const char* allowed) {
  throw FieldError({name}, "row " + std::to_string(row) + " (from 0): " + printable(column), to_string(value),
                   allowed);
}

std::vector<std::uint32_t> to_indices(const std::vector<double>& numbers, const std::string& column,
                                      const std::string& name) {
  std::vector<std::uint32_t> indices(numbers.size());
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    const double v = numbers[row];
    if (!(v >= 0 && v <= std::numeric_limits<std::uint32_t>::max() && v == std::floor(v)))
      refuse_row(name, row, column, v, "must be a whole number from 0 to 4294967295");
    indices[row] = static_cast<std::uint32_t>(v);
  }
  return indices;
}

/// Numbers of single precision stand for the decimals that somebody meant: 0.1f for 0.1.
void mean_decimals(std::vector<double>& numbers) {
  for (double& v : numbers)
    if (std::abs(v) <= Time::kMaxMs) v = decimal(static_cast<float>(v)).value.ms();
}

/// Takes columns by their names.
class TableMaker {
 public:
  explicit TableMaker(const std::string& name) : name_(name) {}

  void take(std::string column, std::vector<double> numbers, bool is_single) {
    if (!rows_) rows_ = numbers.size();
    if (numbers.size() != *rows_)
      refuse(name_, "holds " + std::to_string(numbers.size()) + " numbers of " + in_quotes(column) + " and " +
                        std::to_string(*rows_) + " of " + in_quotes(first_) + "; a synapse has one of each");
    if (first_.empty()) first_ = column;
    if (column == "source") {
      require_new(has_source_, column);
      table_.source = to_indices(numbers, column, name_);
    } else if (column == "target") {
      require_new(has_target_, column);
      table_.target = to_indices(numbers, column, name_);
    } else {
      for (const auto& other : table_.columns)
        if (other.name == column) refuse(name_, "two columns are named " + in_quotes(column));
      for (std::size_t row = 0; row < numbers.size(); ++row)
        if (!std::isfinite(numbers[row]))
          refuse_row(name_, row, column, numbers[row], "must be a finite number");
      if (is_single && column == "delay") mean_decimals(numbers);
      table_.columns.push_back({std::move(column), std::move(numbers)});
    }
  }

  SynapseTable finish() {
    if (!has_source_ || !has_target_)
      refuse(name_,
             std::string("names no column '") + (has_source_ ? "target" : "source") + "' (" + kExample + ")");
    return std::move(table_);
  }

 private:
  void require_new(bool& has, const std::string& column) const {
    if (std::exchange(has, true)) refuse(name_, "two columns are named " + in_quotes(column));
  }

  const std::string& name_;
  SynapseTable table_;
  std::optional<std::size_t> rows_;
  std::string first_;  // of the columns
  bool has_source_ = false;
  bool has_target_ = false;
};

std::vector<double> column_of(const Matrix& matrix, std::size_t column) {
  std::vector<double> numbers(matrix.rows);
  for (std::size_t row = 0; row < matrix.rows; ++row) numbers[row] = matrix(row, column);
  return numbers;
}

SynapseTable from_table(const NumberTable& table, const std::string& name) {
  constexpr std::array<const char*, 4> kOrder{"source", "target", "weight", "delay"};
  const std::size_t width = table.matrix.columns;
  if (table.names.empty() && (width < 2 || width > kOrder.size()))
    refuse(name, "the array has " + std::to_string(width) +
                     " columns without names (source, target and maybe weight, delay are read; records have "
                     "names)");
  TableMaker maker(name);
  for (std::size_t c = 0; c < width; ++c)
    maker.take(table.names.empty() ? kOrder[c] : table.names[c], column_of(table.matrix, c),
               !table.is_single.empty() && table.is_single[c]);
  return maker.finish();
}

/// The arrays of an .npz.
class Arrays {
 public:
  Arrays(std::string bytes, const std::string& name) : archive_(std::move(bytes), name), name_(name) {}

  std::size_t size() const { return archive_.members().size(); }
  bool has(std::string_view array) const { return find(array) != nullptr; }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& member : archive_.members()) all.push_back(array_name(member.name));
    return all;
  }
  NumberTable read(std::string_view array) const {
    return read_npy(bytes(array), name_ + ":" + printable(array));
  }
  /// Of one dimension.
  NumberTable read_list(std::string_view array) const {
    NumberTable table = read(array);
    if (table.matrix.columns != 1 || !table.names.empty())
      refuse(name_ + ":" + printable(array), "must have one dimension");
    return table;
  }
  std::string read_word(std::string_view array) const {
    return read_npy_word(bytes(array), name_ + ":" + printable(array));
  }
  const std::string& file() const { return name_; }

 private:
  static std::string array_name(const std::string& member) {
    return member.ends_with(".npy") ? member.substr(0, member.size() - 4) : member;
  }
  const ZipArchive::Member* find(std::string_view array) const {
    for (const auto& member : archive_.members())
      if (array_name(member.name) == array) return &member;
    return nullptr;
  }
  std::string bytes(std::string_view array) const {
    const auto* member = find(array);
    if (member == nullptr) refuse(name_, "holds no array " + in_quotes(array));
    return archive_.read(*member);
  }

  ZipArchive archive_;
  const std::string& name_;
};

SynapseTable::Shape matrix_shape(const Arrays& arrays) {
  const Matrix shape = arrays.read_list("shape").matrix;
  if (shape.values.size() != 2) refuse(arrays.file(), "the sparse matrix has not two dimensions");
  const auto extents = to_indices(shape.values, "shape", arrays.file());
  return {extents[0], extents[1]};
}

/// For every entry of a compressed matrix the row, or for csc the column, in which it stands.
std::vector<std::uint32_t> expanded(const Arrays& arrays, std::uint64_t lines, std::size_t entries) {
  const auto ends = arrays.read_list("indptr").matrix.values;
  const std::string name = arrays.file() + ":indptr";
  if (ends.size() != lines + 1)
    refuse(name, "holds " + std::to_string(ends.size()) + " numbers for " + std::to_string(lines) + " lines");
  if (ends.front() != 0 || ends.back() != static_cast<double>(entries) ||
      !std::is_sorted(ends.begin(), ends.end()))
    refuse(name, "must rise from 0 to the number of entries, " + std::to_string(entries));
  std::vector<std::uint32_t> line_of;
  line_of.reserve(entries);
  for (std::size_t line = 0; line < lines; ++line) {
    if (ends[line] != std::floor(ends[line])) refuse(name, "holds a number that is not whole");
    line_of.resize(static_cast<std::size_t>(ends[line + 1]), static_cast<std::uint32_t>(line));
  }
  return line_of;
}

SynapseTable read_sparse(const Arrays& arrays) {
  const std::string& name = arrays.file();
  const std::string format = arrays.read_word("format");
  SynapseTable table;
  table.matrix = matrix_shape(arrays);
  NumberTable data = arrays.read_list("data");
  for (std::size_t row = 0; row < data.matrix.values.size(); ++row)
    if (!std::isfinite(data.matrix.values[row]))
      refuse_row(name + ":data", row, "weight", data.matrix.values[row], "must be a finite number");
  const auto indices = [&](const char* array) {
    return to_indices(arrays.read_list(array).matrix.values, "index", name + ":" + array);
  };
  const std::size_t entries = data.matrix.values.size();
  if (format == "coo") {
    table.source = indices("row");
    table.target = indices("col");
  } else if (format == "csr") {
    table.target = indices("indices");
    table.source = expanded(arrays, table.matrix->rows, entries);
  } else if (format == "csc") {
    table.source = indices("indices");
    table.target = expanded(arrays, table.matrix->columns, entries);
  } else {
    refuse(name, "the sparse matrix has the format " + in_quotes(format) +
                     "; coo, csr and csc can be read (matrix.tocsr())");
  }
  if (table.source.size() != entries || table.target.size() != entries)
    refuse(name, "the sparse matrix has not as many indices as values");
  table.columns.push_back({"weight", std::move(data.matrix.values)});
  return table;
}

SynapseTable read_lists(const Arrays& arrays) {
  TableMaker maker(arrays.file());
  for (const std::string& array : arrays.names()) {
    NumberTable list = arrays.read_list(array);
    maker.take(array, std::move(list.matrix.values), !list.is_single.empty() && list.is_single[0]);
  }
  return maker.finish();
}

SynapseTable read_archive(std::string bytes, const std::string& name, const std::string& array) {
  if (!array.empty()) return from_table(read_npz(std::move(bytes), name, array), name + ":" + array);
  const Arrays arrays(std::move(bytes), name);
  if (arrays.has("format") && arrays.has("shape")) return read_sparse(arrays);
  if (arrays.size() == 1) return from_table(arrays.read(arrays.names()[0]), name);
  return read_lists(arrays);
}

}  // namespace

SynapseTable read_synapse_table(InputFile& file, const std::string& array) {
  const std::string& name = file.name();
  if (file.begins_with(kNpzMagic)) return read_archive(file.take_rest(), name, array);
  if (!array.empty()) refuse(name, "is not an .npz archive, whose arrays have names");
  if (file.begins_with(kNpyMagic)) return from_table(read_npy(file.take_rest(), name), name);
  return from_table(read_named_numbers(file.stream(), name, kRequired, kExample), name);
}

}  // namespace chronotope::proto
