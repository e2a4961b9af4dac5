// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/aedat.hpp"

#include <sstream>

#include "chronotope/tests/fuzz/target.hpp"

using namespace chronotope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream in(fuzz::text_of(data, size));
  fuzz::expect_read_or_refused([&] { proto::read_aedat(in, "fuzz"); });
  return 0;
}
