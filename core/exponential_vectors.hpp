// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace chronotope {

// The inner loops of exp_all and log_all, each in a file of its own that is compiled for the processors that
// have its vectors. They replace the largest multiple of their width among x[0 .. count) and return how many
// that were.

/// Requires: AVX.
std::size_t exp_by_four(double* x, std::size_t count);
std::size_t log_by_four(double* x, std::size_t count);
/// Requires: AVX-512F.
std::size_t exp_by_eight(double* x, std::size_t count);
std::size_t log_by_eight(double* x, std::size_t count);

}  // namespace chronotope
