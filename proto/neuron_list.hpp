// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace chronotope::proto {

/// Neurons first to last, both of which belong to it.
struct NeuronSpan {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

/// The neurons that "3" or "10-19" names; nothing when it is neither.
std::optional<NeuronSpan> read_neuron_span(std::string_view text);

/// The neurons that "3,10-19" names; nothing when it is not that, or they do not ascend.
std::optional<std::vector<NeuronSpan>> read_neuron_list(std::string_view text);

}  // namespace chronotope::proto
