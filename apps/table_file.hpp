// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/core.h>

#include <cstdio>
#include <string>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/matrix.hpp"
#include "chronotope/topology/distance_matrix.hpp"
#include "chronotope/topology/distance_table.hpp"
#include "chronotope/topology/point_cloud.hpp"

namespace chronotope::apps {

inline std::string table_name(const std::string& path) { return path == "-" ? "standard input" : path; }

/// Calls read(path), which reads a table (- for standard input), and puts the file's name before what it
/// objects to.
template <class Read>
auto with_name(const std::string& path, Read read) {
  try {
    return read(path);
  } catch (const InputError& error) {
    const std::string what = error.what();
    throw what.starts_with(table_name(path)) ? InputError(what) : InputError(table_name(path) + ": " + what);
  }
}

/// Makes something of the table in `path`, CSV or .npy.
template <class Make>
auto from_table(const std::string& path, Make make) {
  return with_name(path, [&](const std::string& file) { return make(proto::read_matrix(file)); });
}

/// What was taken for a rounding, as a line of text.
inline std::string to_text(const TableRoundings& roundings) {
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

/// A matrix or triangle of distances. What was taken for a rounding is said in one line on standard error.
inline DistanceMatrix read_distances(const std::string& path) {
  TableDistances read = with_name(
      path, [](const std::string& file) { return distances_of_table(proto::read_stepped_table(file)); });
  if (read.roundings.any()) fmt::print(stderr, "{}: {}\n", table_name(path), to_text(read.roundings));
  return std::move(read.distances);
}

inline PointCloud read_points(const std::string& path) {
  return from_table(path, [](proto::Matrix m) {
    if (m.rows == 0) throw InputError("has no rows");
    return PointCloud(m.rows, m.columns, std::move(m.values));
  });
}

}  // namespace chronotope::apps
