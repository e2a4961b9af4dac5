// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/inspection/frame_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <map>
#include <optional>
#include <string>

#include "chronotope/apps/output/readable.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {
namespace {

/// Of one kind of frame.
struct Row {
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
  std::optional<Time> first;
  std::optional<Time> last;

  void add_time(Time time) {
    first = first ? std::min(*first, time) : time;
    last = last ? std::max(*last, time) : time;
  }
};

/// The time that stands at the begin of a message, of which more may be missing.
template <class Message>
std::optional<Time> begin_of(const std::string& bytes, TimePoint (*time)(const Message&)) {
  Message message;
  message.ParsePartialFromString(bytes);  // what is cut off is not looked at
  try {
    return proto::decode(time(message));
  } catch (const InputError&) {
    return std::nullopt;
  }
}

std::optional<Time> time_of(const proto::FrameReader::Glance& frame) {
  switch (frame.content) {
    case Envelope::kSpikes:
      return begin_of<SpikeBlock>(frame.begin, [](const SpikeBlock& block) {
        TimePoint time;
        time.set_epoch(block.epoch());
        return time;
      });
    case Envelope::kStimulus:
      return begin_of<StimulusMark>(frame.begin, [](const StimulusMark& mark) { return mark.onset(); });
    case Envelope::kSnapshot:
      return begin_of<Snapshot>(frame.begin, [](const Snapshot& snapshot) { return snapshot.time(); });
    case Envelope::kWeightSample:
      return begin_of<WeightSample>(frame.begin, [](const WeightSample& sample) { return sample.time(); });
    case Envelope::kRecording:
      return begin_of<Recording>(frame.begin, [](const Recording& recording) { return recording.time(); });
    default:
      return std::nullopt;
  }
}

std::string name_of(Envelope::ContentCase content) {
  const auto* field = Envelope::descriptor()->FindFieldByNumber(content);
  return field == nullptr ? "of a later version" : field->name();
}

void print(const std::string& name, const Row& row) {
  fmt::print("{:<16}{:>12} {:>18}", name, counted(row.frames, "frame"), counted(row.bytes, "byte"));
  if (row.first)
    fmt::print("  {}", row.first == row.last
                           ? "at " + readable(*row.first) + " ms"
                           : "from " + readable(*row.first) + " to " + readable(*row.last) + " ms");
  fmt::print("\n");
}

void add(const proto::FrameReader::Glance& frame, std::map<Envelope::ContentCase, Row>& rows) {
  Row& row = rows[frame.content];
  ++row.frames;
  row.bytes += frame.bytes;
  const auto time = time_of(frame);
  if (!time) return;
  row.add_time(*time);
  if (frame.content == Envelope::kSpikes)
    row.add_time(*time + stated_duration(kEpochMs));  // the end of the block's
}

}  // namespace

void print_frame_list(proto::FrameReader& frames) {
  std::map<Envelope::ContentCase, Row> rows;
  rows[Envelope::kHeader] = {frames.frames(), frames.place().bytes, {}, {}};
  std::exception_ptr cut;
  try {
    while (const auto frame = frames.glance()) add(*frame, rows);
  } catch (const InputError&) {
    cut = std::current_exception();
  }
  for (const auto& [content, row] : rows) print(name_of(content), row);
  print("all", {frames.frames(), frames.place().bytes, {}, {}});
  if (cut) std::rethrow_exception(cut);
}

}  // namespace chronotope::apps
