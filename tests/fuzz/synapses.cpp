// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/formats/synapse_table.hpp"
#include "chronotope/tests/fuzz/memory_file.hpp"
#include "chronotope/tests/fuzz/target.hpp"

using namespace chronotope;

/// A projection's synapses: CSV, NumPy's and SciPy's files.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile memory(fuzz::text_of(data, size));
  fuzz::expect_read_or_refused([&] {
    proto::InputFile file(memory.path());
    proto::read_synapse_table(file, "");
  });
  return 0;
}
