// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/inspection/row_comparison.hpp"
#include "chronotope/apps/inspection/wiring_comparison.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/inspection.pb.h"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {

/// How two streams of the same populations differ: the k-th spike of each population against the k-th, the k-th
/// stimulus against the k-th, the k-th synapse of a projection against the k-th, and weights, potentials and what
/// recorders saw at the same time. Memory: what one stream is ahead of the
/// other by, frame against frame; one number per stimulus.
/// Errors: InputError for streams of other populations.
class StreamComparison {
 public:
  StreamComparison(proto::FrameReader& a, proto::FrameReader& b);
  /// Reads both to their ends.
  StreamDifference compare();

 private:
  using Spikes = std::deque<proto::PopulationSpike>;
  /// Of one population in both.
  struct Trains {
    std::array<Spikes, 2> waiting;
    std::array<std::uint64_t, 2> count{};
    std::optional<FirstDifference> first;
  };
  void take(std::size_t side, const Envelope& envelope);
  void take_spikes(std::size_t side, const SpikeBlock& block);
  void compare_marks();
  void compare_headers();
  const Header& header() const { return streams_[0]->header(); }
  void find_first(Trains& trains, std::size_t population) const;
  void report(StreamDifference& difference);
  void report_trains(StreamDifference& difference) const;
  void report_stimuli(StreamDifference& difference);
  void report_weights(StreamDifference& difference) const;
  void report_wiring(StreamDifference& difference) const;

  bool has_ended(std::size_t side) const { return !is_open_[side]; }
  void give_up_waiting();

  std::array<proto::FrameReader*, 2> streams_;
  std::array<bool, 2> is_open_{true, true};
  std::vector<Trains> trains_;  // per population
  std::array<std::deque<std::string>, 2> marks_;
  std::array<std::uint64_t, 2> mark_count_{};
  std::optional<std::uint32_t> first_mark_;
  std::array<Time, 2> snapshot_{};
  RowComparison weights_;     // by projection
  RowComparison potentials_;  // by population
  RowComparison recordings_;  // by recorder and quantity
  WiringComparison wiring_;
  StreamDifference found_;
};

/// The same as lines of text. Times have all digits.
std::string difference_text(const StreamDifference& difference, const std::string& a, const std::string& b);

}  // namespace chronotope::apps
