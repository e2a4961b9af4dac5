// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace chronotope {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What a run of the program left.
struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

/// A test that runs `chronotope` in an empty folder of its own, through the shell.
class ProgramTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  /// `chronotope WORDS`; words may go on with pipes and redirections.
  Outcome run(const std::string& words) const { return shell(kProgram + " " + words); }
  /// Any line of shell, in the test's folder.
  Outcome shell(const std::string& line) const {
    const std::string command = "cd '" + folder_.string() + "' || exit; " + line;
    const int status = std::system(("(" + command + ") >'" + out_ + "' 2>'" + err_ + "'").c_str());
    Outcome outcome{WEXITSTATUS(status), read_file(out_), read_file(err_)};
    std::filesystem::remove(out_);
    std::filesystem::remove(err_);
    return outcome;
  }
  /// The same as somebody who may not read everything; root has to step down for that (util-linux's setpriv).
  Outcome run_without_root(const std::string& words) const {
    return shell((::geteuid() == 0 ? "setpriv --reuid 65534 --clear-groups " : "") + kProgram + " " + words);
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void save(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }
  /// Refused as bad input: exit code 2, nothing on stdout, one line on stderr that holds `reason`, and no
  /// file more than before.
  void expect_refused(const std::string& words, const std::string& reason) const {
    const std::size_t before = files();
    expect_one_line(run(words), 2, words, reason);
    EXPECT_EQ(files(), before) << words;
  }
  /// Exit code `code` after one line on stderr that holds `reason`.
  static void expect_one_line(const Outcome& outcome, int code, const std::string& words,
                              const std::string& reason) {
    EXPECT_EQ(outcome.code, code) << words << "\n" << outcome.err;
    EXPECT_EQ(outcome.out, "") << words;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << words << "\n" << outcome.err;
    EXPECT_EQ(outcome.err.rfind("chronotope ", 0), 0U) << words << "\n" << outcome.err;
    EXPECT_NE(outcome.err.find(reason), std::string::npos) << words << "\n" << outcome.err;
  }

  const std::string kProgram = "'" CHRONOTOPE_PROGRAM "'";

 private:
  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("chronotope_") + testing::UnitTest::GetInstance()->current_test_info()->test_suite_name() +
       "_" + testing::UnitTest::GetInstance()->current_test_info()->name());
  const std::string out_ = folder_.string() + ".out";
  const std::string err_ = folder_.string() + ".err";
};

}  // namespace chronotope
