// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/slots/slot_kernels.hpp"

namespace chronotope::events {
namespace {

struct TwoLanes {
  using Doubles = double __attribute__((vector_size(16)));
  using Words = std::uint64_t __attribute__((vector_size(16)));
  static Words multiply(Words a, Words b) { return (a & 0xFFFFFFFF) * (b & 0xFFFFFFFF); }
};

}  // namespace

constinit const SlotKernels kSlotsByTwo = slot_kernels<TwoLanes>();

}  // namespace chronotope::events
