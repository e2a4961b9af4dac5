// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/saved_run.hpp"

#include <optional>

#include "chronotope/apps/leftovers.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace fs = std::filesystem;

LeftFile find_left(const std::string& path) {
  const std::vector<fs::path> parts = leftovers_of(path);
  if (fs::is_regular_file(path)) {
    if (!parts.empty())
      throw InputError(path + ": a killed run has left " + parts.front().string() +
                       " beside it; name the one to go on from, and move the other away");
    return {path, name_of_leftover(path).value_or(path)};
  }
  if (fs::exists(path)) throw InputError(path + ": only a file can be gone on with");
  if (parts.empty()) throw InputError(path + ": no such file, and no run has left a part of it");
  if (parts.size() > 1)
    throw InputError(path + ": there are " + std::to_string(parts.size()) + " parts of it, " +
                     parts[0].string() + " and " + parts[1].string() + "; name the one to go on from");
  return {parts.front(), path};
}

SavedRun::SavedRun(const LeftFile& file) : file_(file) {
  read_states();
  if (last_.columns.empty())
    throw InputError(file_.at.string() +
                     ": holds no complete state to go on from (simulate --snapshot-every)");
  read_record();
}

void SavedRun::read_record() {
  LoadState load(*this, "");
  load("run", record_);
  if (next_ < last_.columns.size() && last_.columns[next_].first == "part")
    load("part", record_.part.emplace());
}

void SavedRun::read_states() {
  proto::FrameReader reader(file_.at.string());
  header_ = reader.header();
  State state;
  try {
    while (const auto envelope = reader.next()) {
      if (envelope->has_snapshot()) state = {};
      if (envelope->has_state_column()) add(envelope->state_column(), state);
      if (!envelope->has_state_end()) continue;
      if (state.columns.size() != envelope->state_end().columns()) throw InputError("a column is missing");
      state.bytes = reader.bytes();
      state.frames = reader.frames();
      state.at_end = envelope->state_end().at_end();
      if (!state.at_end || last_.columns.empty() || last_.at_end) last_ = std::exchange(state, {});
    }
  } catch (const InputError&) {  // a torn tail: what stands before it counts
  }
}

/// The chunks of a column follow each other.
void SavedRun::add(const StateColumn& chunk, State& state) const {
  if (chunk.first() == 0) state.columns.emplace_back(chunk.path(), "");
  if (state.columns.empty() || state.columns.back().first != chunk.path() ||
      state.columns.back().second.size() != chunk.first() ||
      chunk.bytes().size() > chunk.size() - chunk.first())
    throw InputError("chunks of a column are out of order");
  state.columns.back().second += chunk.bytes();
}

std::string SavedRun::read(const std::string& path) {
  if (next_ == last_.columns.size() || last_.columns[next_].first != path)
    throw InputError(file_.at.string() + ": the state has no column \"" + path +
                     "\" where one must be: another version wrote it");
  return std::move(last_.columns[next_++].second);
}

}  // namespace chronotope::apps
