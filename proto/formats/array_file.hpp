// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/formats/number_table.hpp"

namespace chronotope::proto {

/// Reads an array of NumPy's, as .npy or, by its name, from an .npz (see ArrayPath); nothing when the file's
/// first bytes are of neither. Errors: those of read_npy and read_npz, and an array named of another file.
std::optional<NumberTable> read_array(InputFile& file, const std::string& array,
                                      const ColumnChoice& columns = {});

}  // namespace chronotope::proto
