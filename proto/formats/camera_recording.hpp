// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "chronotope/proto/formats/address_events.hpp"

namespace chronotope::proto {

/// What a camera saw, as its file holds it.
struct CameraRecording {
  std::optional<Sensor> sensor;      // as the file states it
  std::vector<AddressEvent> events;  // in the file's order; pixels may lie outside the sensor
};

}  // namespace chronotope::proto
