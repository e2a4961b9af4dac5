// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chronotope::apps {

/// What a biological second of a network costs, as one rank has measured it.
struct RankWork {
  double cpu_seconds = 0;  // of one rank, with all neurons
  double spikes = 0;
  double look_ahead_ms = 0;  // the longest window: ranks meet once in each
};

/// What joins the ranks.
struct RankLink {
  double latency_us = 0;     // of one message
  double bandwidth_gbs = 0;  // of one rank [GB/s]
};

/// The cost of a biological second on so many ranks:
///
///   T(R) = C / R + n c_s + m (c_m + L ceil(log2 R)) + 24 n / B
///
/// C the CPU seconds on one, n the spikes, of which every rank sorts, tells and sends on all (c_s each), m the meetings
/// (a collective of ceil(log2 R) messages one after the other, latency L, and what a rank does around it however few
/// neurons it has, c_m), 24 bytes a spike over the bandwidth B. As if
/// all ranks had equally much to do.
struct RankCost {
  double work_seconds = 0;      // what is shared
  double spikes_seconds = 0;    // what all do
  double meetings_seconds = 0;  // latencies
  double bytes_seconds = 0;
  double turns_seconds = 0;  // around meetings

  double seconds() const {
    return work_seconds + spikes_seconds + meetings_seconds + bytes_seconds + turns_seconds;
  }
};

RankCost rank_cost(const RankWork& work, const RankLink& link, unsigned ranks);

/// Whether what all neurons together take between two meetings [s of CPU time] is less than ten of them last: then more
/// ranks are no help.
bool is_too_short(double work_seconds, double meeting_seconds);
bool is_too_short(const RankWork& work, const RankLink& link, unsigned ranks);

}  // namespace chronotope::apps
