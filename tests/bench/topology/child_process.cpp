// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/bench/topology/child_process.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "chronotope/core/error.hpp"

namespace chronotope::bench {

namespace {

[[noreturn]] void become(const std::vector<std::string>& words, int output) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  dup2(output, STDOUT_FILENO);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

std::string read_all(int input) {
  std::string text;
  std::array<char, 65536> buffer;
  for (ssize_t size; (size = read(input, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(size));
  return text;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

}  // namespace

ChildResult run_child(const std::vector<std::string>& words) {
  std::array<int, 2> ends;
  if (pipe(ends.data()) != 0) throw Failure("cannot make a pipe");
  const pid_t child = fork();
  if (child < 0) throw Failure("cannot start " + words[0]);
  if (child == 0) become(words, ends[1]);
  close(ends[1]);
  ChildResult result;
  result.output = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw Failure(words[0] + " failed");
  result.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  result.peak_mb = static_cast<double>(usage.ru_maxrss) / 1024;
  return result;
}

}  // namespace chronotope::bench
