// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/saved_run.hpp"

#include <string_view>

#include "chronotope/apps/output/leftovers.hpp"
#include "chronotope/apps/runs/checkpoint_files.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"

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
  if (parts.empty()) require_not_written(path);
  if (parts.empty()) throw InputError(path + ": no such file, and no run has left a part of it");
  if (parts.size() > 1)
    throw InputError(path + ": there are " + std::to_string(parts.size()) + " parts of it, " +
                     parts[0].string() + " and " + parts[1].string() + "; name the one to go on from");
  return {parts.front(), path};
}

SavedRun::SavedRun(const LeftFile& file) : file_(file) {
  last_ = read_states(file_.at.string(), header_);
  look_at_checkpoints();
  if (last_.columns.empty())
    throw InputError(file_.at.string() +
                     ": holds no complete state to go on from (simulate --snapshot-every, --snapshot-wall)");
  read_record();
}

void SavedRun::read_record() {
  const std::string bytes = read("run");
  std::string_view rest = bytes;
  try {
    Unpacker{rest}(record_);
    if (!rest.empty()) throw InputError("is longer than it can be");
  } catch (const InputError& error) {
    throw InputError(last_.file.string() + ": state run " + error.what() +
                     ": damaged, or of another version");
  }
  LoadState load(*this, "");
  if (is_next("part")) load("part", record_.part.emplace());
  if (is_next("recordings")) load("recordings", record_.states.emplace());
}

bool SavedRun::is_next(const std::string& column) const {
  return next_ < last_.columns.size() && last_.columns[next_].first == column;
}

/// The last one in a file.
SavedRun::State SavedRun::read_states(const std::string& path, Header& header) {
  proto::FrameReader reader(path);
  header = reader.header();
  State last, state;
  try {
    Time time;
    while (const auto envelope = reader.next()) {
      if (envelope->has_snapshot()) {
        time = proto::decode(envelope->snapshot().time());
        state = {};
      }
      if (envelope->has_state_column()) add(envelope->state_column(), state);
      if (!envelope->has_state_end()) continue;
      if (state.columns.size() != envelope->state_end().columns()) throw InputError("a column is missing");
      state.file = path;
      state.end = reader.place().bytes;
      state.place = {reader.place().bytes, reader.frames(), {}};
      state.time = time;
      state.at_end = envelope->state_end().at_end();
      if (!state.at_end || last.columns.empty() || last.at_end) last = std::exchange(state, {});
    }
  } catch (const InputError&) {  // a torn tail: what stands before it counts
  }
  return last;
}

/// The latest one that fits the stream counts if it is later.
void SavedRun::look_at_checkpoints() {
  for (const fs::path& checkpoint : checkpoints_of(file_.path)) {
    try {
      Header header;
      State state = read_states(checkpoint.string(), header);
      if (state.columns.size() < 2 || state.columns[1].first != StreamPlace::kColumn) continue;
      std::string_view rest = state.columns[1].second;
      Unpacker{rest}(state.place);
      state.columns.erase(state.columns.begin() + 1);
      const bool is_later = last_.columns.empty() || last_.at_end || last_.time < state.time;
      if (is_later && has_frames(state.place)) last_ = std::move(state);
    } catch (const InputError&) {  // torn, or no stream at all
    }
  }
}

/// Whether a frame of the stream ends there.
bool SavedRun::has_frames(const StreamPlace& place) const {
  try {
    proto::FrameReader reader(file_.at.string());
    while (reader.frames() < place.frames && reader.next()) continue;
    return reader.frames() == place.frames && reader.place().bytes == place.bytes;
  } catch (const InputError&) {
    return false;
  }
}

std::string SavedRun::digest() const { return digest_of(last_.file, last_.end).sha1; }

/// The chunks of a column follow each other.
void SavedRun::add(const StateColumn& chunk, State& state) {
  if (chunk.first() == 0) state.columns.emplace_back(chunk.path(), "");
  if (state.columns.empty() || state.columns.back().first != chunk.path() ||
      state.columns.back().second.size() != chunk.first() || chunk.first() > chunk.size() ||
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
