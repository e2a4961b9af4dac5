// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/run_record.hpp"
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

/// The last complete state in a stream: of those of --snapshot-every the last one, so that what goes on from there
/// is what one run would have written; without one, that of the end. What comes behind it, whole or torn, does not
/// matter. Memory: at most three states.
class SavedRun final : public StateSource {
 public:
  /// Throws InputError when there is no complete state.
  explicit SavedRun(const LeftFile& file);

  const LeftFile& file() const { return file_; }
  const Header& header() const { return header_; }
  const RunRecord& record() const { return record_; }
  /// Of the stream up to and with the state.
  std::uint64_t bytes() const { return last_.bytes; }
  std::uint64_t frames() const { return last_.frames; }

  /// The engine's columns, in order.
  std::string read(const std::string& path) override;

 private:
  struct State {
    std::vector<std::pair<std::string, std::string>> columns;
    std::uint64_t bytes = 0;
    std::uint64_t frames = 0;
    bool at_end = false;
  };

  void read_states();
  void read_record();
  void add(const StateColumn& chunk, State& state) const;

  LeftFile file_;
  Header header_;
  RunRecord record_;
  State last_;
  std::size_t next_ = 0;
};

}  // namespace chronotope::apps
