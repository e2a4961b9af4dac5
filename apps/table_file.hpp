// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/formats/number_table.hpp"
#include "chronotope/proto/stream.pb.h"
#include "chronotope/topology/distance_matrix.hpp"
#include "chronotope/topology/point_cloud.hpp"

namespace chronotope::apps {

/// What was made of a table, and how large the table was.
template <class Content>
struct Loaded {
  Content content;
  TableReport table;
};

inline TableReport to_report(const proto::NumberTable& table) {
  TableReport report;
  report.set_rows(static_cast<std::uint32_t>(table.matrix.rows));
  report.set_columns(static_cast<std::uint32_t>(table.matrix.columns));
  for (const std::string& name : table.names) report.add_column(printable(name));
  return report;
}

/// Makes something of the table in `path` (CSV, .npy or .npz, - for standard input), and puts the file's name
/// before what `make` objects to.
template <class Make>
auto from_table(const std::string& path, const proto::TableChoice& choice, Make make) {
  proto::NumberTable table = proto::read_number_table(path, choice);
  TableReport report = to_report(table);
  try {
    return Loaded<decltype(make(std::move(table)))>{make(std::move(table)), std::move(report)};
  } catch (const InputError& error) {
    throw InputError((path == "-" ? "standard input" : path) + ": " + error.what());
  }
}

inline Loaded<DistanceMatrix> read_distances(const std::string& path, const proto::TableChoice& choice) {
  return from_table(path, choice, [](proto::NumberTable t) {
    return DistanceMatrix(t.matrix.rows, t.matrix.columns, std::move(t.matrix.values));
  });
}

inline Loaded<PointCloud> read_points(const std::string& path, const proto::TableChoice& choice) {
  return from_table(path, choice, [](proto::NumberTable t) {
    if (t.counted_first_row)
      throw InputError(
          "the first row counts 0,1,...: numbers, or the names that pandas gives to columns? --header no or "
          "--header yes says which");
    if (t.matrix.rows == 0) throw InputError("has no rows");
    return PointCloud(t.matrix.rows, t.matrix.columns, std::move(t.matrix.values));
  });
}

}  // namespace chronotope::apps
