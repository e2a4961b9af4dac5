// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/prophesee.hpp"

#include <charconv>
#include <istream>
#include <string_view>

#include "chronotope/proto/formats/event_bytes.hpp"
#include "chronotope/proto/formats/within_memory.hpp"

namespace chronotope::proto {
namespace {

constexpr std::uint32_t kMostPixels = 1U << 14;

/// The number of "% Width 304"; 0 for another line.
std::uint32_t extent_in(const std::string& line, std::string_view word, const EventBytes& bytes) {
  const std::string begin = "% " + std::string(word) + " ";
  if (!line.starts_with(begin)) return 0;
  std::uint32_t pixels = 0;
  const char* const end = line.data() + line.size();
  const auto [rest, error] = std::from_chars(line.data() + begin.size(), end, pixels);
  if (error != std::errc() || rest != end || pixels == 0 || pixels > kMostPixels)
    bytes.refuse("the header's " + std::string(word) + " is no number from 1 to 16384");
  return pixels;
}

void read_header(EventBytes& bytes, CameraRecording& recording) {
  if (!bytes.begins_with('%')) return;
  Sensor sensor{0, 0};
  while (bytes.begins_with('%')) {
    const std::string line = bytes.line();
    if (const auto width = extent_in(line, "Width", bytes); width > 0) sensor.width = width;
    if (const auto height = extent_in(line, "Height", bytes); height > 0) sensor.height = height;
  }
  if ((sensor.width == 0) != (sensor.height == 0))
    bytes.refuse("the header has only one of Width and Height");
  if (sensor.width > 0) recording.sensor = sensor;
  const std::uint32_t type = bytes.little_endian(1);
  if (type != 0 && type != 12)
    bytes.refuse("events of type " + std::to_string(type) + " are no changes of brightness (0 or 12)");
  if (const std::uint32_t size = bytes.little_endian(1); size != 8)
    bytes.refuse("events have " + std::to_string(size) + " bytes (8 can be read)");
}

CameraRecording read(EventBytes& bytes) {
  CameraRecording recording;
  read_header(bytes, recording);
  ClockRounds rounds;
  while (!bytes.is_at_end()) {
    const std::uint64_t time = rounds.unrolled(bytes.little_endian(4));
    const std::uint32_t data = bytes.little_endian(4);
    if (data >> 29 != 0) bytes.refuse("the event has bits that no change of brightness has");
    recording.events.push_back(
        {data & (kMostPixels - 1), data >> 14 & (kMostPixels - 1), (data >> 28 & 1) != 0, time});
  }
  return recording;
}

}  // namespace

CameraRecording read_prophesee(std::istream& in, const std::string& name) {
  return within_memory(name, [&] {
    EventBytes bytes(in, name);
    return read(bytes);
  });
}

}  // namespace chronotope::proto
