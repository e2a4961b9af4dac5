// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/proto/formats/camera_recording.hpp"
#include "chronotope/proto/formats/input_file.hpp"

namespace chronotope::proto {

/// How a camera's recording is kept.
enum class CameraFormat { kAddressEvents, kAedat, kProphesee };

/// Goes by the first bytes, and without any that tell by the extension: .dat is Prophesee's, others hold
/// address events of 5 bytes.
CameraFormat camera_format(InputFile& file);

/// Reads a recording of any of these formats. `sensor` is for address events, whose format does not tell.
/// Errors: those of read_address_events, read_aedat and read_prophesee.
CameraRecording read_camera_file(InputFile& file, const std::optional<Sensor>& sensor);

}  // namespace chronotope::proto
