// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/recordings/direct_current.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "chronotope/core/decimal.hpp"

namespace chronotope::apps {

DirectCurrent::DirectCurrent(const std::string& path, double largest) : table_(path), largest_(largest) {
  table_.write("time_ms,channel,amplitude_pA\n");
}

void DirectCurrent::write(Time onset, Duration frame, const std::vector<std::vector<double>>& numbers) {
  if (end_ < onset) end_stimulus();
  amplitude_.resize(std::max(amplitude_.size(), numbers.size()), 0);
  std::size_t frames = 0;
  for (std::size_t channel = 0; channel < numbers.size(); ++channel) {
    frames = std::max(frames, numbers[channel].size());
    for (std::size_t k = 0; k < numbers[channel].size(); ++k)
      set(channel, onset + static_cast<std::int64_t>(k) * frame, largest_ * numbers[channel][k]);
  }
  end_ = onset + static_cast<std::int64_t>(frames) * frame;
}

void DirectCurrent::close() {
  end_stimulus();
  table_.commit();
}

void DirectCurrent::end_stimulus() {
  for (std::size_t channel = 0; channel < amplitude_.size(); ++channel) set(channel, end_, 0);
}

void DirectCurrent::set(std::size_t channel, Time time, double amplitude) {
  if (std::exchange(amplitude_[channel], amplitude) == amplitude) return;
  table_.write(fmt::format("{},{},{}\n", to_text(time), channel, amplitude));
}

}  // namespace chronotope::apps
