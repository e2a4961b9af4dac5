// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/rank_cost.hpp"

#include <bit>

namespace chronotope::apps {
namespace {

constexpr double kSpikeSeconds = 250e-9;  // assumed: to sort, tell and send on a spike that others fired
constexpr double kSpikeBytes = 24;
constexpr double kTurnSeconds = 4e-6;  // measured: network A on 2 ranks beside one (./dev bench ranks)

double meetings(const RankWork& work) { return 1000 / work.look_ahead_ms; }

/// ceil(log2 R) messages, one after the other.
double meeting_seconds(const RankLink& link, unsigned ranks) {
  return 1e-6 * link.latency_us * static_cast<double>(std::bit_width(ranks - 1));
}

}  // namespace

RankCost rank_cost(const RankWork& work, const RankLink& link, unsigned ranks) {
  if (ranks == 1) return {work.cpu_seconds, 0, 0, 0};
  return {work.cpu_seconds / ranks, work.spikes * kSpikeSeconds,
          meetings(work) * meeting_seconds(link, ranks),
          kSpikeBytes * work.spikes / (1e9 * link.bandwidth_gbs), meetings(work) * kTurnSeconds};
}

bool is_too_short(double work_seconds, double meeting_seconds) { return work_seconds < 10 * meeting_seconds; }

bool is_too_short(const RankWork& work, const RankLink& link, unsigned ranks) {
  return ranks > 1 && is_too_short(work.cpu_seconds / meetings(work), meeting_seconds(link, ranks));
}

}  // namespace chronotope::apps
