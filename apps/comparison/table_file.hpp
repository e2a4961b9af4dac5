// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/core.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/formats/npz.hpp"
#include "chronotope/proto/formats/number_table.hpp"
#include "chronotope/proto/formats/stepped_table.hpp"
#include "chronotope/proto/stream.pb.h"
#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/distances/distance_table.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::apps {

/// What was made of a table, and how large the table was.
template <class Content>
struct Loaded {
  Content content;
  TableReport table;
};

inline TableReport table_report(std::size_t rows, std::size_t columns,
                                const std::vector<std::string>& names) {
  TableReport report;
  report.set_rows(static_cast<std::uint32_t>(rows));
  report.set_columns(static_cast<std::uint32_t>(columns));
  for (const std::string& name : names) report.add_column(printable(name));
  return report;
}

/// A table (CSV, .npy or .npz, - for standard input) that is open.
class TableFile {
 public:
  explicit TableFile(const std::string& path) : path_(path), array_(path), file_(make_file(array_.file)) {}

  /// As it was given, for errors.
  std::string name() const { return path_ == "-" ? file_->name() : path_; }
  const std::string& array() const { return array_.array; }
  proto::InputFile& file() const { return *file_; }
  /// For another reader.
  std::unique_ptr<proto::InputFile> take() { return std::move(file_); }

 private:
  static std::unique_ptr<proto::InputFile> make_file(const std::string& path) {
    return std::make_unique<proto::InputFile>(path);
  }

  std::string path_;
  proto::ArrayPath array_;
  std::unique_ptr<proto::InputFile> file_;
};

/// Calls make(), and puts the name of the table before what it objects to.
template <class Make>
auto with_name(const TableFile& table, Make make) {
  try {
    return make();
  } catch (const InputError& error) {
    throw InputError(table.name() + ": " + error.what());
  }
}

/// Makes something of a table, and puts the file's name before what `make` objects to.
template <class Make>
auto from_table(const TableFile& file, const proto::TableChoice& choice, Make make) {
  proto::NumberTable table = proto::read_number_table(file.file(), file.array(), choice);
  TableReport report = table_report(table.matrix.rows, table.matrix.columns, table.names);
  return with_name(file, [&] {
    return Loaded<decltype(make(std::move(table)))>{make(std::move(table)), std::move(report)};
  });
}

/// What was taken for a rounding, as a line of text.
inline std::string to_text(const topology::TableRoundings& roundings) {
  std::string text = "symmetric but for roundings:";
  if (roundings.averaged > 0)
    text += fmt::format(" {} pairs whose entries differ by up to {:.2g} are averaged", roundings.averaged,
                        roundings.largest_difference);
  if (roundings.averaged > 0 && roundings.set_to_zero > 0) text += ",";
  if (roundings.set_to_zero > 0)
    text += fmt::format(" {} entries up to {:.2g} from 0 on the diagonal or below 0 are 0",
                        roundings.set_to_zero, roundings.largest_magnitude);
  return text;
}

/// A matrix or triangle of distances; the report on a triangle is that on its square. What was taken for a
/// rounding is said in one line on standard error.
inline Loaded<topology::DistanceMatrix> read_distances(const TableFile& file,
                                                       const proto::TableChoice& choice) {
  proto::SteppedTable table = proto::read_stepped_table(file.file(), file.array(), choice);
  std::vector<std::string> names = std::move(table.names);
  topology::TableDistances read =
      with_name(file, [&] { return topology::distances_of_table(std::move(table)); });
  if (read.roundings.any()) fmt::print(stderr, "{}: {}\n", printable(file.name()), to_text(read.roundings));
  const std::size_t n = read.distances.size();
  if (names.size() != n) names.clear();  // of a triangle they may be those of its columns or of anything
  return {std::move(read.distances), table_report(n, n, names)};
}

inline Loaded<topology::PointCloud> read_points(const TableFile& file, const proto::TableChoice& choice) {
  return from_table(file, choice, [](proto::NumberTable t) {
    if (t.counted_first_row)
      throw InputError(
          "the first row counts 0,1,...: numbers, or the names that pandas gives to columns? --header no or "
          "--header yes says which");
    if (t.matrix.rows == 0) throw InputError("has no rows");
    return topology::PointCloud(t.matrix.rows, t.matrix.columns, std::move(t.matrix.values));
  });
}

}  // namespace chronotope::apps
