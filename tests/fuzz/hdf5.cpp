// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/hdf5_file.hpp"
#include "chronotope/proto/formats/sonata_spikes.hpp"
#include "chronotope/proto/formats/spoken_spikes.hpp"
#include "chronotope/tests/fuzz/memory_file.hpp"
#include "chronotope/tests/fuzz/target.hpp"

using namespace chronotope;

/// SONATA's spikes and spoken ones. The library itself is a matter of the child that reads first.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile memory(fuzz::text_of(data, size));
  fuzz::expect_read_or_refused([&] {
    const proto::Hdf5File file(memory.path());
    if (proto::holds_sonata_spikes(file)) proto::read_sonata_spikes(file);
  });
  fuzz::expect_read_or_refused([&] {
    const proto::SpokenSpikes spoken(memory.path());
    for (std::size_t k = 0; k < spoken.size(); ++k) spoken.spikes(k);
  });
  return 0;
}
