// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "chronotope/core/time.hpp"
#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// The synapses of two streams against each other, the k-th of each projection beside the k-th. Memory: what one stream
/// is ahead of the other by.
class WiringComparison {
 public:
  /// Of one projection.
  struct Result {
    std::array<std::uint64_t, 2> count{};
    std::uint64_t differing = 0;           // of those that both have
    std::optional<std::uint64_t> first{};  // the first of those, or the one that only one stream has
  };

  void take(std::size_t side, const Synapses& chunk);
  /// By number of the projection, those of both streams.
  std::map<std::uint32_t, Result> results() const;

 private:
  struct Ends {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    Duration delay;

    friend bool operator==(const Ends&, const Ends&) = default;
  };
  struct Projection {
    Result result;
    std::uint64_t compared = 0;
    std::array<std::deque<Ends>, 2> waiting;
  };

  std::map<std::uint32_t, Projection> projections_;
};

}  // namespace chronotope::apps
