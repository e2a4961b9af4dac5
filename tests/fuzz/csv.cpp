// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/csv.hpp"

#include <sstream>

#include "chronotope/tests/fuzz/target.hpp"

using namespace chronotope;

/// Tables as text, by every reader of them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::text_of(data, size);
  const auto read = [&](auto reader) {
    std::istringstream in(text);
    fuzz::expect_read_or_refused([&] { reader(in); });
  };
  read([](std::istream& in) { proto::read_csv(in, "fuzz"); });
  read([](std::istream& in) { proto::read_stepped_csv(in, "fuzz"); });
  read([](std::istream& in) { proto::read_channel_events(in, "fuzz"); });
  read([](std::istream& in) { proto::read_neuron_spikes(in, "fuzz"); });
  read([](std::istream& in) { proto::read_layer_rows(in, "fuzz"); });
  read([](std::istream& in) { proto::read_reward_events(in, "fuzz"); });
  read([](std::istream& in) { proto::read_rates(in, "fuzz"); });
  read([](std::istream& in) { proto::read_currents(in, "fuzz"); });
  return 0;
}
