// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/standard_output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {

void flush_standard_output() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  if (errno == EPIPE) throw proto::BrokenPipe("standard output");
  throw Failure(std::string("standard output: cannot write: ") + std::strerror(errno));
}

void hold_standard_streams() {
  // open() takes the lowest free number, so these go up.
  for (const auto& [stream, mode] : {std::pair(STDIN_FILENO, O_RDONLY), std::pair(STDOUT_FILENO, O_RDONLY),
                                     std::pair(STDERR_FILENO, O_WRONLY)})
    if (::fcntl(stream, F_GETFD) == -1 && ::open("/dev/null", mode) != stream) return;
}

}  // namespace chronotope::apps
