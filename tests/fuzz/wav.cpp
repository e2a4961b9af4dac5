// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/wav.hpp"

#include "chronotope/tests/fuzz/memory_file.hpp"
#include "chronotope/tests/fuzz/target.hpp"

using namespace chronotope;

/// Sounds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file(fuzz::text_of(data, size));
  fuzz::expect_read_or_refused([&] { proto::read_wav(file.path()); });
  return 0;
}
