// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {

/// A file that is there whole or not at all. Errors: those of proto::Output.
inline void write_whole(const std::filesystem::path& file, const std::string& bytes) {
  proto::Output out(file.string());
  out.write(bytes);
  out.commit();
}

}  // namespace chronotope::apps
