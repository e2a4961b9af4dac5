// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/inspection.pb.h"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {

/// How two streams of the same populations differ: the k-th spike of each population against the k-th, the k-th
/// stimulus against the k-th, and the weights of snapshots of the same time. Memory: what one stream is ahead of the
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
  /// A row of weights of a snapshot, as far as the other stream has not come to them.
  struct Row {
    Time snapshot;
    std::uint32_t projection = 0;
    std::uint64_t first = 0;
    std::vector<double> weights;

    std::tuple<Time, std::uint32_t, std::uint64_t> place() const { return {snapshot, projection, first}; }
    void drop(std::size_t count);
  };
  /// Sums over the weights of one projection in one snapshot.
  struct Sums {
    std::uint64_t count = 0;
    std::uint64_t differing = 0;
    double largest = 0;
    double squares = 0;              // of the differences
    std::array<double, 2> mean{};    // running
    std::array<double, 2> spread{};  // of squares around it

    void add(double a, double b);
  };

  void take(std::size_t side, const Envelope& envelope);
  void take_spikes(std::size_t side, const SpikeBlock& block);
  void compare_marks();
  void compare_rows();
  void compare_headers();
  const Header& header() const { return streams_[0]->header(); }
  void find_first(Trains& trains, std::size_t population) const;
  void report(StreamDifference& difference);

  bool has_ended(std::size_t side) const { return !is_open_[side]; }
  void give_up_waiting();

  std::array<proto::FrameReader*, 2> streams_;
  std::array<bool, 2> is_open_{true, true};
  std::vector<Trains> trains_;  // per population
  std::array<std::deque<std::string>, 2> marks_;
  std::array<std::uint64_t, 2> mark_count_{};
  std::optional<std::uint32_t> first_mark_;
  std::array<Time, 2> snapshot_{};
  std::array<std::deque<Row>, 2> rows_;
  std::map<std::pair<Time, std::uint32_t>, Sums> sums_;
  StreamDifference found_;
};

/// The same as lines of text. Times have all digits.
std::string difference_text(const StreamDifference& difference, const std::string& a, const std::string& b);

}  // namespace chronotope::apps
