// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "chronotope/proto/formats/number_table.hpp"

namespace chronotope::proto {

// NumPy's archive of arrays (numpy.savez, savez_compressed): a zip of .npy files.

/// A file and, behind a colon, the array of it that is meant: "run.npz:spikes".
struct ArrayPath {
  std::string file;
  std::string array;  // empty: none is named

  /// Takes "FILE.npz:ARRAY" apart, unless a file of just this name is there.
  explicit ArrayPath(const std::string& path);
};

/// Reads the chosen columns of one array: the one called `array`, with or without .npy, or the only one there
/// is. Errors: InputError that starts with `name`, those of ZipArchive and read_npy; an array that is not
/// there or not named among several is answered with the names of all. Cost: as read_npy, and the packed
/// bytes.
NumberTable read_npz(std::string bytes, const std::string& name, const std::string& array,
                     const ColumnChoice& columns = {});

/// The first bytes of an archive that is not empty.
inline constexpr std::string_view kNpzMagic = "PK\x03\x04";

}  // namespace chronotope::proto
