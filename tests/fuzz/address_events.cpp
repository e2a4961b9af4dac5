// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/address_events.hpp"

#include <sstream>

#include "chronotope/tests/fuzz/target.hpp"

using namespace chronotope;

/// Recordings of event cameras.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream in(fuzz::text_of(data, size));
  fuzz::expect_read_or_refused([&] { proto::read_address_events(in, "fuzz"); });
  return 0;
}
