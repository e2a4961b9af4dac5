// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/recordings/planned_codes.hpp"
#include "chronotope/proto/text_spec.hpp"
#include "chronotope/tests/fuzz/memory_file.hpp"
#include "chronotope/tests/fuzz/target.hpp"

using namespace chronotope;

/// Plans of encoders, and the codes they make.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile memory(fuzz::text_of(data, size));
  fuzz::expect_read_or_refused([&] {
    EncoderPlan plan;
    proto::read_textproto(memory.path(), plan);
    apps::frame_of(plan, "fuzz");
    apps::planned_codes(plan, "fuzz");
  });
  return 0;
}
