// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "chronotope/events/slots/slot_kernels.hpp"

namespace chronotope::events {
namespace {

struct FourLanes {
  using Doubles = double __attribute__((vector_size(32)));
  using Words = std::uint64_t __attribute__((vector_size(32)));
  static Words multiply(Words a, Words b) { return (Words)_mm256_mul_epu32((__m256i)a, (__m256i)b); }
};

}  // namespace

constinit const SlotKernels kSlotsByFour = slot_kernels<FourLanes>();

}  // namespace chronotope::events
