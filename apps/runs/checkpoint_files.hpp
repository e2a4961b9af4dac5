// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

namespace chronotope::apps {

/// The checkpoint files beside a stream: STREAM.checkpoint1, STREAM.checkpoint2, ..., each a stream with one state
/// of the run that says how far the stream had come. In order of their numbers.
std::vector<std::filesystem::path> checkpoints_of(const std::filesystem::path& stream);

/// Names the checkpoint files of a run, of which the last `keep` stay.
class CheckpointFiles {
 public:
  /// Of a run that begins: those of an earlier one are removed; of one that goes on: they are gone on with.
  CheckpointFiles(std::filesystem::path stream, std::size_t keep, bool goes_on);

  /// Calls write(path) for the next one, then removes the oldest.
  template <class Write>
  void add(Write write) {
    const std::filesystem::path next = name(number_ + 1);
    write(next.string());
    ++number_;
    kept_.push_back(next);
    remove_oldest();
  }

 private:
  std::filesystem::path name(std::uint64_t number) const;
  void remove_oldest();

  std::filesystem::path stream_;
  std::size_t keep_;
  std::uint64_t number_ = 0;  // of the last one
  std::deque<std::filesystem::path> kept_;
};

}  // namespace chronotope::apps
