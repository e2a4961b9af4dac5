// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/inspection/stream_cut.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {

/// Several streams as one, each as far as a cut keeps it: the header of the first, then what follows in each. They
/// are of the same populations, and go on in time. Synapses are listed once; a summary stays with a whole stream
/// alone, and states where the specification is that of the header, so that a run can go on from them.
/// Errors: InputError that names the stream, for one that does not follow those before it.
class StreamSequence {
 public:
  /// Requires: at least one path. `parts` says whether the first may be a part of a run.
  StreamSequence(std::vector<std::string> paths, StreamCut cut,
                 proto::FrameReader::Parts parts = proto::FrameReader::Parts::kRefused);

  const Header& header() const { return header_; }
  /// The next frame that is kept; nothing at the end.
  std::optional<Envelope> next();
  /// Frames so far, the header included; at the end of a whole stream its own.
  std::uint64_t frames() const { return frames_; }

 private:
  bool open_next();
  void require_same_populations() const;
  std::optional<Envelope> take(Envelope envelope);
  bool take_synapses(const Synapses& chunk);
  void check(const Envelope& envelope);

  std::vector<std::string> paths_;
  StreamCut cut_;
  std::size_t open_ = 0;  // how many have been
  std::unique_ptr<proto::FrameReader> stream_;
  Header header_;
  std::string specification_;  // serialised
  bool has_its_specification_ = true;
  proto::StreamCheck check_;
  std::vector<std::size_t> listed_;  // hashes of the frames that list synapses
  std::size_t listed_again_ = 0;     // of them, in this stream
  std::uint64_t frames_ = 1;
};

}  // namespace chronotope::apps
