// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/sweep/child_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <thread>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace {

/// What a new process has open.
class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void open(int descriptor, const char* path, int flags) {
    ::posix_spawn_file_actions_addopen(&actions_, descriptor, path, flags, 0666);
  }
  /// Open there in spite of its O_CLOEXEC: to itself is how posix_spawn says that.
  void keep(int descriptor) { ::posix_spawn_file_actions_adddup2(&actions_, descriptor, descriptor); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

pid_t start(const std::vector<std::string>& words, const std::filesystem::path& log, int inherited) {
  FileActions files;
  files.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  files.open(STDOUT_FILENO, "/dev/null", O_WRONLY);
  files.open(STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC);
  if (inherited >= 0) files.keep(inherited);
  std::string name = "chronotope";
  std::vector<std::string> copies = words;
  std::vector<char*> arguments{name.data()};
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int error = ::posix_spawn(&child, "/proc/self/exe", files.get(), nullptr, arguments.data(), environ);
  if (error != 0) throw Failure(std::string("cannot start a process: ") + std::strerror(error));
  return child;
}

/// Waits for the end; an interrupt is passed on once.
int wait_for(pid_t child) {
  constexpr std::chrono::milliseconds kPause(20);
  bool is_told = false;
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (ended < 0 && errno != EINTR)
      throw Failure(std::string("cannot wait for a process: ") + std::strerror(errno));
    if (Interrupt::requested() && !is_told) {
      ::kill(child, SIGTERM);
      is_told = true;
    }
    std::this_thread::sleep_for(kPause);
  }
}

std::string last_line(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string last;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) last = line;
  return last;
}

}  // namespace

Ending run_program(const std::vector<std::string>& words, const std::filesystem::path& log, int inherited) {
  Ending ending;
  ending.code = wait_for(start(words, log, inherited));
  ending.message = last_line(log);
  std::error_code unimportant;
  std::filesystem::remove(log, unimportant);
  return ending;
}

}  // namespace chronotope::apps
