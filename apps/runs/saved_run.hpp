// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/runs/run_record.hpp"
#include "chronotope/core/state.hpp"
#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// A file that a run wrote, or was writing when it was killed: then it has a temporary name beside its own.
struct LeftFile {
  std::filesystem::path at;
  std::string path;  // its own
};

/// `path` itself, be it a temporary name or not, or the one that a killed run left for it. Throws InputError when
/// there is none, more than one, or its run still goes on.
LeftFile find_left(const std::string& path);

/// Where the stream of a run was when its state went into a file of its own (StreamPlace in the column "stream").
struct StreamPlace {
  std::uint64_t bytes = 0;
  std::uint64_t frames = 0;
  std::vector<std::string> open;  // SpikeBlocks that are not in the stream yet

  static constexpr const char* kColumn = "stream";
};

/// The last complete state of a run: in its stream of those of --snapshot-every, or in a checkpoint file beside it
/// (checkpoint_files.hpp), whichever is later, so that what goes on from there is what one run would have written;
/// without one, that of the end. What comes behind it, whole or torn, does not matter. Memory: at most three
/// states.
class SavedRun final : public StateSource {
 public:
  /// Throws InputError when there is no complete state.
  explicit SavedRun(const LeftFile& file);

  const LeftFile& file() const { return file_; }
  const Header& header() const { return header_; }
  const RunRecord& record() const { return record_; }
  /// Where the stream goes on: behind the state, or where it was when that was written.
  const StreamPlace& place() const { return last_.place; }
  /// When it was saved.
  Time time() const { return last_.time; }
  /// SHA-1 of what the state is the end of: the stream up to there, or the checkpoint file.
  std::string digest() const;

  /// The engine's columns, in order.
  std::string read(const std::string& path) override;

 private:
  struct State {
    std::vector<std::pair<std::string, std::string>> columns;
    std::filesystem::path file;  // that it stands in
    std::uint64_t end = 0;       // where it ends there
    StreamPlace place;
    Time time;
    bool at_end = false;
  };

  static State read_states(const std::string& path, Header& header);
  static void add(const StateColumn& chunk, State& state);
  void look_at_checkpoints();
  bool has_frames(const StreamPlace& place) const;
  void read_record();
  bool is_next(const std::string& column) const;

  LeftFile file_;
  Header header_;
  RunRecord record_;
  State last_;
  std::size_t next_ = 0;
};

}  // namespace chronotope::apps
