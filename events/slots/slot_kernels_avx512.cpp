// SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "chronotope/events/slots/slot_kernels.hpp"

namespace chronotope::events {
namespace {

struct EightLanes {
  using Doubles = double __attribute__((vector_size(64)));
  using Words = std::uint64_t __attribute__((vector_size(64)));
  static Words multiply(Words a, Words b) {
    return (Words)_mm512_maskz_mul_epu32(0xFF, (__m512i)a, (__m512i)b);
  }
};

}  // namespace

constinit const SlotKernels kSlotsByEight = slot_kernels<EightLanes>();

}  // namespace chronotope::events
