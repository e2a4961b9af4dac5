// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace chronotope::proto {

/// The pixels of an event camera; N-MNIST's by default. Each pixel has an OFF and an ON channel. The format
/// has one byte for x and one for y, so sensors have up to 256 x 256 pixels.
struct Sensor {
  std::uint32_t width = 34;
  std::uint32_t height = 34;

  std::uint32_t channels() const { return 2 * width * height; }
};

/// One change of brightness. ON = brighter.
struct AddressEvent {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  bool on = false;
  std::uint64_t time_us = 0;  // [microseconds] since the recording's start

  friend bool operator==(const AddressEvent&, const AddressEvent&) = default;
};

/// (on * height + y) * width + x: all OFF pixels row by row, then all ON pixels.
std::uint32_t channel(const Sensor& sensor, const AddressEvent& event);

/// Reads the recordings of N-MNIST and N-Caltech101 (.bin, .bs2): events of 5 bytes without a header: x; y;
/// then big endian 1 bit of polarity (1 = ON) and 23 bits of microseconds (Orchard et al. 2015, Front.
/// Neurosci. 9:437). An event with y = 240 is none: it says that the camera's clock went over, and adds 2^13
/// us to all that follow; on a sensor with such a row it is an event. Events stay in the file's order.
/// Errors: InputError that names the file and the byte's offset when the last event is cut or a pixel is not
/// the sensor's.
std::vector<AddressEvent> read_address_events(std::istream& in, const std::string& name,
                                              const Sensor& sensor = {});

}  // namespace chronotope::proto
