// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/events/column_join.hpp"
#include "chronotope/events/event.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {

/// One part of a run (simulate --split-output) while it is merged with the others: its spikes in the order of the run,
/// and the frames between them, one at a time. Memory: a frame, and a block of spikes per population.
/// Errors: InputError as FrameReader's, for a stream that is no part, and for spikes that are not in order.
class PartReader {
 public:
  explicit PartReader(const std::string& path);

  const std::string& name() const { return frames_.name(); }
  const Header& header() const { return frames_.header(); }
  const StreamPart& part() const { return frames_.header().part(); }
  std::uint64_t bytes() const { return frames_.place().bytes; }

  /// The next spike in front of the next other frame, or null.
  const events::Spike* spike();
  void drop_spike() { ++taken_; }

  /// The next frame, of spikes that were not looked at or of something else; null at the end.
  const Envelope* frame();
  /// The same, which is to hold no spikes.
  Envelope take_frame();

  [[noreturn]] void refuse(const std::string& what) const;

 private:
  void read_spikes();

  proto::FrameReader frames_;
  std::optional<Envelope> next_;
  bool ended_ = false;
  std::vector<events::Spike> spikes_;  // as many as stand before those of a later time
  std::size_t taken_ = 0;
  std::optional<events::Spike> last_;
};

/// The synapses of a projection, one after the other.
class PartSynapses {
 public:
  PartSynapses(PartReader& part, std::uint32_t projection);

  bool ended() const { return at_ == chunk_.source_size(); }
  std::uint32_t source() const { return chunk_.source(at_); }
  std::uint32_t target() const { return chunk_.target(at_); }
  Duration delay() const;
  void drop();
  /// Of the first frame.
  bool has_epochs() const { return chunk_.delay_epochs_size() > 0; }
  const Synapses& chunk() const { return chunk_; }

 private:
  bool read();

  PartReader* part_;
  std::uint32_t projection_;
  Synapses chunk_;
  int at_ = 0;
};

/// The weights of a projection in a snapshot, one after the other.
class PartWeights {
 public:
  PartWeights(PartReader& part, std::uint32_t projection) : part_(&part), projection_(projection) {}

  double take();

 private:
  PartReader* part_;
  std::uint32_t projection_;
  Weights chunk_;
  int at_ = 0;
};

/// A column of a state.
class PartColumn final : public events::ColumnBytes {
 public:
  /// Requires: the next frame is its first.
  explicit PartColumn(PartReader& part);

  const std::string& path() const { return path_; }
  PartJoin join() const { return join_; }
  std::uint64_t size() const override { return size_; }
  void take(std::uint64_t count, std::string& to) override;
  void drop_rest();

 private:
  void read();

  PartReader* part_;
  std::string path_;
  PartJoin join_ = OF_RANK_0;
  std::uint64_t size_ = 0;
  std::uint64_t read_ = 0;  // bytes so far
  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace chronotope::apps
