// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>

#include "chronotope/proto/formats/matrix.hpp"

namespace chronotope::proto {

// NumPy's array file (NEP 1, numpy.lib.format): the magic "\x93NUMPY", two bytes of version, the header's
// length, the header (a Python dict with descr, fortran_order and shape, padded with blanks), then the raw
// numbers.

/// Reads a one- or two-dimensional array of versions 1 to 3; one dimension gives one column. Accepted
/// numbers: f8 f4 i8 i4 i2 i1 u8 u4 u2 u1 b1, little or big endian, C or Fortran order; integers above 2^53
/// are rounded to the nearest double. Errors: InputError that starts with `name` when the header is
/// malformed, the type or the number of dimensions is another, or the data are not exactly as long as the
/// header announces (checked before anything is allocated). Cost: the file's bytes and the matrix are in
/// memory together.
Matrix read_npy(std::istream& in, const std::string& name);

/// True if the next byte begins an .npy file; consumes nothing.
bool looks_like_npy(std::istream& in);

/// The bytes of a two-dimensional little-endian f8 array in C order, version 1.
std::string to_npy(const Matrix& matrix);

}  // namespace chronotope::proto
