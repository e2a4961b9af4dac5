// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "chronotope/proto/formats/number_table.hpp"

namespace chronotope::proto {

// NumPy's array file (NEP 1, numpy.lib.format): the magic "\x93NUMPY", two bytes of version, the header's
// length, the header (a Python dict with descr, fortran_order and shape, padded with blanks), then the raw
// numbers.

/// Reads the chosen columns of a one- or two-dimensional array of versions 1 to 3; one dimension gives one
/// column, or one column per field for records, named by the fields. Accepted numbers: f8 f4 f2 i8 i4 i2 i1
/// u8 u4 u2 u1 b1, little or big endian, C or Fortran order; integers above 2^53 are rounded to the nearest
/// double. Fields of other types may stand beside those that are chosen. Errors: InputError that starts with
/// `name` when the header is malformed, the type or the number of dimensions is another, or the data are not
/// exactly as long as the header announces (checked before anything is allocated). Cost: the file's bytes and
/// the matrix are in memory together.
NumberTable read_npy(std::string_view bytes, const std::string& name, const ColumnChoice& columns = {});

/// Reads the one text of an array without dimensions whose characters are bytes, such as
/// numpy.array(b"csr"). Errors: InputError that starts with `name` when it is anything else.
std::string read_npy_word(std::string_view bytes, const std::string& name);

/// The first bytes of an .npy file.
inline constexpr std::string_view kNpyMagic = "\x93NUMPY";

/// The bytes of a two-dimensional little-endian f8 array in C order, version 1.
std::string to_npy(const Matrix& matrix);

}  // namespace chronotope::proto
