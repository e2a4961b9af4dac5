// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/address_events.hpp"

#include <array>
#include <istream>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

constexpr std::size_t kEventBytes = 5;
constexpr std::uint32_t kOverflowRow = 240;
constexpr std::uint64_t kOverflow = 1 << 13;  // [microseconds]
using Bytes = std::array<char, kEventBytes>;

AddressEvent decode(const Bytes& bytes) {
  const auto byte = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(bytes[i])}; };
  return {byte(0), byte(1), (byte(2) & 0x80) != 0, (byte(2) & 0x7f) << 16 | byte(3) << 8 | byte(4)};
}

void require_inside(const AddressEvent& event, const Sensor& sensor, const std::string& name,
                    std::uint64_t offset) {
  if (event.x < sensor.width && event.y < sensor.height) return;
  throw InputError(name + ": byte " + std::to_string(offset) + ": pixel (" + std::to_string(event.x) + ", " +
                   std::to_string(event.y) + ") is outside the sensor of " + std::to_string(sensor.width) +
                   " x " + std::to_string(sensor.height) + " (--sensor WIDTHxHEIGHT names another)");
}

}  // namespace

std::uint32_t channel(const Sensor& sensor, const AddressEvent& event) {
  return ((event.on ? sensor.height : 0) + event.y) * sensor.width + event.x;
}

std::vector<AddressEvent> read_address_events(std::istream& in, const std::string& name,
                                              const Sensor& sensor) {
  std::vector<AddressEvent> events;
  std::uint64_t offset = 0;
  std::uint64_t overflow = 0;
  for (Bytes bytes; in.read(bytes.data(), kEventBytes); offset += kEventBytes) {
    AddressEvent event = decode(bytes);
    if (event.y == kOverflowRow && sensor.height <= kOverflowRow) {
      overflow += kOverflow;
      continue;
    }
    require_inside(event, sensor, name, offset);
    event.time_us += overflow;
    events.push_back(event);
  }
  if (in.gcount() != 0)
    throw InputError(name + ": byte " + std::to_string(offset) + ": the last event is cut (" +
                     std::to_string(in.gcount()) + " of 5 bytes)");
  return events;
}

}  // namespace chronotope::proto
