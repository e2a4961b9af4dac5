// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/standard_output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {

void flush_standard_output() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  if (errno == EPIPE) throw proto::BrokenPipe("standard output");
  throw Failure(std::string("standard output: cannot write: ") + std::strerror(errno));
}

}  // namespace chronotope::apps
