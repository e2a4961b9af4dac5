// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/nest_ascii.hpp"

#include <sstream>

#include "chronotope/core/decimal.hpp"
#include "chronotope/tests/fuzz/target.hpp"

using namespace chronotope;

/// Spikes as NEST writes them, in ms and in steps.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto resolution : {std::optional<Duration>(), std::optional(stated_duration(0.1))}) {
    std::istringstream in(fuzz::text_of(data, size));
    fuzz::expect_read_or_refused([&] { proto::read_nest_ascii(in, "fuzz", resolution); });
  }
  return 0;
}
