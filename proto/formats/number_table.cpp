// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/number_table.hpp"

#include <utility>

#include "chronotope/proto/formats/array_file.hpp"
#include "chronotope/proto/formats/csv.hpp"
#include "chronotope/proto/formats/npz.hpp"

namespace chronotope::proto {

NumberTable read_number_table(const std::string& path, const TableChoice& choice) {
  const ArrayPath where(path);
  InputFile file(where.file);
  return read_number_table(file, where.array, choice);
}

NumberTable read_number_table(InputFile& file, const std::string& name, const TableChoice& choice) {
  auto array = read_array(file, name, choice.columns);
  return array ? *std::move(array) : read_csv(file.stream(), file.name(), choice);
}

}  // namespace chronotope::proto
