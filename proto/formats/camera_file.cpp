// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/camera_file.hpp"

#include <filesystem>

#include "chronotope/proto/formats/aedat.hpp"
#include "chronotope/proto/formats/prophesee.hpp"
#include "chronotope/proto/formats/zstd_file.hpp"

namespace chronotope::proto {

CameraFormat camera_format(InputFile& file) {
  if (file.begins_with(kAedatMagic)) return CameraFormat::kAedat;
  if (file.begins_with("% ") ||
      std::filesystem::path(name_of_compressed(file.name()).value_or(file.name())).extension() == ".dat")
    return CameraFormat::kProphesee;
  return CameraFormat::kAddressEvents;
}

CameraRecording read_camera_file(InputFile& file, const std::optional<Sensor>& sensor) {
  switch (camera_format(file)) {
    case CameraFormat::kAedat:
      return read_aedat(file.stream(), file.name());
    case CameraFormat::kProphesee:
      return read_prophesee(file.stream(), file.name());
    case CameraFormat::kAddressEvents:
      break;
  }
  return {std::nullopt, read_address_events(file.stream(), file.name(), sensor.value_or(Sensor{}))};
}

}  // namespace chronotope::proto
