// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/spec_assignment.hpp"
#include "chronotope/proto/text_spec.hpp"
#include "chronotope/tests/fuzz/target.hpp"

using namespace chronotope;

/// What --set says, of a specification that has something of everything.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::expect_read_or_refused([&] {
    proto::SpecText text;
    proto::parse_spec(
        "population { name: 'E' size: 2 exp_psc_lif { } } input { name: 'x' size: 2 poisson { rate: 2 } } "
        "projection { source: 'x' target: 'E' all_to_all { } weight: 1 pair_stdp { } }",
        "fuzz.textproto", text);
    proto::assign(text, fuzz::text_of(data, size), "--set");
  });
  return 0;
}
