// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/array_file.hpp"

#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/npy.hpp"
#include "chronotope/proto/formats/npz.hpp"

namespace chronotope::proto {

std::optional<NumberTable> read_array(InputFile& file, const std::string& array,
                                      const ColumnChoice& columns) {
  if (file.begins_with(kNpzMagic)) return read_npz(file.take_rest(), file.name(), array, columns);
  if (!array.empty()) throw InputError(file.name() + ": is not an .npz archive, whose arrays have names");
  if (file.begins_with(kNpyMagic)) return read_npy(file.take_rest(), file.name(), columns);
  return std::nullopt;
}

}  // namespace chronotope::proto
