// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/cell_estimate.hpp"

#include <algorithm>
#include <chrono>

#include "chronotope/apps/runs/resources.hpp"
#include "chronotope/apps/runs/simulation.hpp"

namespace chronotope::apps {

CellEstimate estimate(const PreparedCell& cell) {
  constexpr double kSeconds = 1;
  constexpr int kPieces = 200;
  const double memory_before = resident_mb();
  const auto start = std::chrono::steady_clock::now();
  Simulation simulation(
      cell.spec, [](std::uint32_t, NeuronId, Time) {}, 1,
      cell.resets ? std::optional(resets_of(cell.spec, cell.end)) : std::nullopt);
  const double build_seconds = seconds_since(start);
  Time now;
  double seconds = 0;
  for (int piece = 1; piece <= kPieces && seconds < kSeconds; ++piece) {
    now = Time() + scaled(cell.end - Time(), piece / static_cast<double>(kPieces));
    simulation.run({now, {}, [] {}, [](Time) {}});
    seconds = seconds_since(start) - build_seconds;
  }
  const double share = now.to_ms() / cell.end.to_ms();
  return {build_seconds + seconds / share, memory_before, std::max(0.0, resident_mb() - memory_before)};
}

}  // namespace chronotope::apps
