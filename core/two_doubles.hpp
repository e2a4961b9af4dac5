// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chronotope {

/// Two doubles with which every operation is done at once, each with the bits it would have alone (the vector
/// extension of GCC and clang; one register of any x86-64 or AArch64 processor).
using TwoDoubles = double __attribute__((vector_size(16)));

}  // namespace chronotope
