// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chronotope/core/state.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/events/own_columns.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {

// What of a stream comes in chunks, each a frame: whoever writes the same gets the same frames.

/// Calls `write(first, last)` for every chunk of [0, count).
template <class Write>
void in_chunks(std::uint64_t count, Write write) {
  for (std::uint64_t first = 0; first < count; first += proto::kChunk)
    write(first, std::min<std::uint64_t>(count, first + proto::kChunk));
}

/// The synapses of a projection, at least one frame.
class SynapseFrames {
 public:
  /// `chunk` says which projection, its ends and whether it is plastic; `has_epochs`, whether any of its delays, in any
  /// part of it, is one or longer.
  SynapseFrames(proto::FrameWriter& frames, Synapses chunk, bool has_epochs)
      : frames_(&frames), has_epochs_(has_epochs) {
    *envelope_.mutable_synapses() = std::move(chunk);
  }

  void add(std::uint32_t source, std::uint32_t target, Duration delay) {
    Synapses& chunk = *envelope_.mutable_synapses();
    if (chunk.source_size() == static_cast<int>(proto::kChunk)) begin_next();
    chunk.add_source(source);
    chunk.add_target(target);
    chunk.add_delay_ticks(static_cast<std::int64_t>(delay.ticks()));
    if (has_epochs_) chunk.add_delay_epochs(static_cast<std::uint32_t>(delay.epochs()));
  }
  void end() { frames_->write(envelope_); }

 private:
  void begin_next() {
    frames_->write(envelope_);
    Synapses& chunk = *envelope_.mutable_synapses();
    chunk.set_first(chunk.first() + proto::kChunk);
    chunk.clear_source();
    chunk.clear_target();
    chunk.clear_delay_ticks();
    chunk.clear_delay_epochs();
  }

  proto::FrameWriter* frames_;
  bool has_epochs_;
  Envelope envelope_;
};

/// The weights of a projection.
class WeightFrames {
 public:
  WeightFrames(proto::FrameWriter& frames, std::uint32_t projection) : frames_(&frames) {
    envelope_.mutable_weights()->set_projection(projection);
  }

  /// The next `count`, a chunk, which read(weights) reads.
  template <class Read>
  void write(std::uint64_t count, Read read) {
    Weights& chunk = *envelope_.mutable_weights();
    chunk.mutable_weight()->Resize(static_cast<int>(count), 0);
    read(std::span(chunk.mutable_weight()->mutable_data(), count));
    frames_->write(envelope_);
    chunk.set_first(chunk.first() + count);
  }
  /// One after the other.
  void add(double weight) {
    waiting_.push_back(weight);
    if (waiting_.size() == proto::kChunk) end();
  }
  void end() {
    if (waiting_.empty()) return;
    write(waiting_.size(), [&](auto weights) { std::ranges::copy(waiting_, weights.begin()); });
    waiting_.clear();
  }

 private:
  proto::FrameWriter* frames_;
  Envelope envelope_;
  std::vector<double> waiting_;
};

/// The columns of a state, those of a part of a network, too.
class StateFrames final : public StateSink, public events::PartSink {
 public:
  explicit StateFrames(proto::FrameWriter& frames) : frames_(&frames) {}

  void write(const std::string& path, const std::string& bytes) override {
    write(path, bytes, events::Join::kOfRank0);
  }
  void write(const std::string& path, const std::string& bytes, events::Join join) override {
    begin(path, bytes.size(), join);
    add(bytes);
  }
  /// A column in pieces: of so many bytes, which add() adds.
  void begin(const std::string& path, std::uint64_t size, events::Join join = events::Join::kOfRank0) {
    ++columns_;
    envelope_.Clear();
    StateColumn& chunk = *envelope_.mutable_state_column();
    chunk.set_path(path);
    chunk.set_size(size);
    chunk.set_join(static_cast<PartJoin>(join));
    if (size == 0) frames_->write(envelope_);
  }
  void add(std::string_view bytes) {
    StateColumn& chunk = *envelope_.mutable_state_column();
    while (!bytes.empty()) {
      const std::size_t room = kMost - chunk.bytes().size();
      chunk.mutable_bytes()->append(bytes.substr(0, room));
      bytes.remove_prefix(std::min(room, bytes.size()));
      if (chunk.bytes().size() < kMost && chunk.first() + chunk.bytes().size() < chunk.size()) continue;
      frames_->write(envelope_);
      chunk.set_first(chunk.first() + chunk.bytes().size());
      chunk.clear_bytes();
    }
  }
  void end(bool at_end) {
    Envelope envelope;
    envelope.mutable_state_end()->set_columns(columns_);
    envelope.mutable_state_end()->set_at_end(at_end);
    frames_->write(envelope);
  }

 private:
  static constexpr std::size_t kMost = std::size_t{1} << 20;

  proto::FrameWriter* frames_;
  Envelope envelope_;
  std::uint32_t columns_ = 0;
};

static_assert(static_cast<int>(events::Join::kOfRank0) == OF_RANK_0 &&
              static_cast<int>(events::Join::kByLength) == BY_LENGTH &&
              static_cast<int>(events::Join::kByTarget) == BY_TARGET &&
              static_cast<int>(events::Join::kBySynapse) == BY_SYNAPSE &&
              static_cast<int>(events::Join::kOfLanes) == OF_LANES &&
              static_cast<int>(events::Join::kOfWaiting) == OF_WAITING);

}  // namespace chronotope::apps
