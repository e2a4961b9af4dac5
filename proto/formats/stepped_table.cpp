// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/stepped_table.hpp"

#include <utility>

#include "chronotope/proto/formats/array_file.hpp"
#include "chronotope/proto/formats/csv.hpp"
#include "chronotope/proto/formats/npz.hpp"

namespace chronotope::proto {

SteppedTable read_stepped_table(const std::string& path, const TableChoice& choice) {
  const ArrayPath where(path);
  InputFile file(where.file);
  return read_stepped_table(file, where.array, choice);
}

SteppedTable read_stepped_table(InputFile& file, const std::string& name, const TableChoice& choice) {
  auto array = read_array(file, name, choice.columns);
  if (!array) return read_stepped_csv(file.stream(), file.name(), choice);
  Matrix& matrix = array->matrix;
  return {matrix.rows, matrix.columns, 0, std::move(matrix.values), std::move(array->names)};
}

}  // namespace chronotope::proto
