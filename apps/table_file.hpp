// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/number_table.hpp"
#include "chronotope/topology/distance_matrix.hpp"
#include "chronotope/topology/point_cloud.hpp"

namespace chronotope::apps {

/// Makes something of the table in `path` (CSV, .npy or .npz, - for standard input), and puts the file's name
/// before what `make` objects to.
template <class Make>
auto from_table(const std::string& path, Make make) {
  try {
    return make(proto::read_number_table(path).matrix);
  } catch (const InputError& error) {
    const std::string what = error.what();
    const std::string name = path == "-" ? "standard input" : path;
    throw what.starts_with(name) ? InputError(what) : InputError(name + ": " + what);
  }
}

inline DistanceMatrix read_distances(const std::string& path) {
  return from_table(path,
                    [](proto::Matrix m) { return DistanceMatrix(m.rows, m.columns, std::move(m.values)); });
}

inline PointCloud read_points(const std::string& path) {
  return from_table(path, [](proto::Matrix m) {
    if (m.rows == 0) throw InputError("has no rows");
    return PointCloud(m.rows, m.columns, std::move(m.values));
  });
}

}  // namespace chronotope::apps
