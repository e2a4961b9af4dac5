// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/fuzz/spec_target.hpp"

using namespace chronotope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::read_specification(fuzz::text_of(data, size), "fuzz.textproto");
  return 0;
}
