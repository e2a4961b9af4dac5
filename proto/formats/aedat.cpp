// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/aedat.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <istream>
#include <limits>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/formats/event_bytes.hpp"
#include "chronotope/proto/formats/within_memory.hpp"

namespace chronotope::proto {
namespace {

/// Cameras by what a header calls them.
std::optional<Sensor> camera_in(std::string_view line) {
  struct Camera {
    std::string_view name;
    Sensor sensor;
  };
  constexpr std::array<Camera, 4> kCameras{
      {{"DVS128", {128, 128}}, {"DAVIS240", {240, 180}}, {"DAVIS346", {346, 260}}, {"DAVIS640", {640, 480}}}};
  for (const Camera& camera : kCameras)
    if (line.find(camera.name) != std::string_view::npos) return camera.sensor;
  return std::nullopt;
}

/// Reads the lines of the header up to the first byte of the data.
struct Header {
  std::string version;
  std::optional<Sensor> camera;

  explicit Header(EventBytes& bytes) {
    version = bytes.line();
    version.erase(0, kAedatMagic.size());
    const bool ends_in_line = version == "3.1";
    while (ends_in_line || bytes.begins_with('#')) {
      if (bytes.is_at_end()) bytes.refuse("the header is cut");
      const std::string line = bytes.line();
      if (!line.starts_with('#')) bytes.refuse("the header holds a line that does not begin with #");
      if (ends_in_line && line == "#!END-HEADER") return;
      if (!camera) camera = camera_in(line);
    }
  }
};

/// Addresses and times of a DVS128.
void read_version_2(EventBytes& bytes, CameraRecording& recording) {
  constexpr std::uint32_t kSpecial = 1U << 15, kPixels = 128;
  ClockRounds rounds;
  while (!bytes.is_at_end()) {
    const std::uint32_t address = bytes.big_endian(4);
    const std::uint64_t time = rounds.unrolled(bytes.big_endian(4));
    if (address >= 2 * kSpecial)
      bytes.refuse("address " + std::to_string(address) +
                   " is none of a DVS128, the only camera of AEDAT 2.0 "
                   "whose addresses can be read");
    if ((address & kSpecial) != 0) continue;
    recording.events.push_back(
        {kPixels - 1 - (address >> 1 & 0x7f), address >> 8 & 0x7f, (address & 1) == 0, time});
  }
}

struct PacketHeader {
  explicit PacketHeader(EventBytes& bytes)
      : type(bytes.little_endian(2)),
        source(bytes.little_endian(2)),
        size(bytes.little_endian(4)),
        time_offset(bytes.little_endian(4)),
        rounds(bytes.little_endian(4)),
        capacity(bytes.little_endian(4)),
        number(bytes.little_endian(4)),
        valid(bytes.little_endian(4)) {}

  std::uint32_t type, source, size, time_offset, rounds, capacity, number, valid;
};

void check(const PacketHeader& packet, const EventBytes& bytes) {
  constexpr std::uint32_t kSigned = std::numeric_limits<std::int32_t>::max();
  if (packet.size == 0 || packet.size > kSigned || packet.number > kSigned || packet.rounds > kSigned)
    bytes.refuse("the packet's header holds a size that none can have");
  if (packet.number > packet.capacity || packet.valid > packet.number)
    bytes.refuse("the packet's header announces " + std::to_string(packet.valid) + " valid events of " +
                 std::to_string(packet.number) + " in room for " + std::to_string(packet.capacity));
}

/// Events of polarity; how many of them are valid.
std::uint32_t read_polarities(const PacketHeader& packet, EventBytes& bytes, CameraRecording& recording) {
  std::uint32_t valid = 0;
  for (std::uint32_t k = 0; k < packet.number; ++k) {
    const std::uint32_t data = bytes.little_endian(4);
    const std::uint64_t time = bytes.little_endian(4);
    if (time >> 31 != 0) bytes.refuse("the event's time is negative");
    if ((data & 1) == 0) continue;
    ++valid;
    recording.events.push_back(
        {data >> 17, data >> 2 & 0x7fff, (data & 2) != 0, (std::uint64_t{packet.rounds} << 31) + time});
  }
  return valid;
}

void read_version_3(EventBytes& bytes, CameraRecording& recording) {
  constexpr std::uint32_t kPolarity = 1, kPolarityBytes = 8;
  while (!bytes.is_at_end()) {
    const PacketHeader packet(bytes);
    check(packet, bytes);
    if (packet.type != kPolarity) {
      bytes.skip(std::uint64_t{packet.size} * packet.number);
      continue;
    }
    if (packet.size != kPolarityBytes)
      bytes.refuse("events of polarity have 8 bytes, not " + std::to_string(packet.size));
    if (read_polarities(packet, bytes, recording) != packet.valid)
      bytes.refuse("not as many events are valid as the packet's header says");
  }
}

/// The first event is at 0.
void begin_at_first(std::vector<AddressEvent>& events) {
  const auto first = std::min_element(events.begin(), events.end(),
                                      [](const auto& a, const auto& b) { return a.time_us < b.time_us; });
  if (first == events.end()) return;
  const std::uint64_t begin = first->time_us;
  for (AddressEvent& event : events) event.time_us -= begin;
}

CameraRecording read(EventBytes& bytes) {
  if (bytes.is_at_end()) bytes.refuse("is empty");
  const Header header(bytes);
  CameraRecording recording;
  recording.sensor = header.camera;
  if (header.version == "2.0") {
    if (!recording.sensor) recording.sensor = Sensor{128, 128};
    read_version_2(bytes, recording);
  } else if (header.version == "3.1") {
    read_version_3(bytes, recording);
  } else {
    bytes.refuse("AEDAT of version " + in_quotes(header.version) + " can not be read (2.0 and 3.1 can)");
  }
  begin_at_first(recording.events);
  return recording;
}

}  // namespace

CameraRecording read_aedat(std::istream& in, const std::string& name) {
  return within_memory(name, [&] {
    EventBytes bytes(in, name);
    return read(bytes);
  });
}

}  // namespace chronotope::proto
