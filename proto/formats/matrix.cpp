// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/matrix.hpp"

#include <utility>

#include "chronotope/proto/formats/csv.hpp"
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/formats/npy.hpp"

namespace chronotope::proto {

Matrix read_matrix(const std::string& path) {
  InputFile file(path);
  return looks_like_npy(file.stream()) ? read_npy(file.stream(), file.name())
                                       : read_csv(file.stream(), file.name());
}

SteppedTable read_stepped_table(const std::string& path) {
  InputFile file(path);
  if (!looks_like_npy(file.stream())) return read_stepped_csv(file.stream(), file.name());
  Matrix matrix = read_npy(file.stream(), file.name());
  return {matrix.rows, matrix.columns, 0, std::move(matrix.values)};
}

}  // namespace chronotope::proto
