// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/program_version.hpp"

#include <fmt/core.h>

#include "chronotope/apps/source_commit.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {

std::string program_version() {
  return fmt::format("{} (commit {}, stream format {}, reads 1 to {})", CHRONOTOPE_VERSION, kSourceCommit,
                     proto::kFormatVersion, proto::kFormatVersion);
}

}  // namespace chronotope::apps
