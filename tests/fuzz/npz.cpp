// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/number_table.hpp"
#include "chronotope/proto/formats/stepped_table.hpp"
#include "chronotope/tests/fuzz/memory_file.hpp"
#include "chronotope/tests/fuzz/target.hpp"

using namespace chronotope;

/// Archives of arrays, and tables of any kind by their first bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file(fuzz::text_of(data, size));
  fuzz::expect_read_or_refused([&] { proto::read_number_table(file.path()); });
  fuzz::expect_read_or_refused([&] { proto::read_stepped_table(file.path()); });
  return 0;
}
