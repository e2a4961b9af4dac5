// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/npy.hpp"

#include "chronotope/tests/fuzz/target.hpp"

using namespace chronotope;

/// NumPy arrays.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::expect_read_or_refused([&] { proto::read_npy(fuzz::text_of(data, size), "fuzz"); });
  return 0;
}
