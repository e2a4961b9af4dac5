// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

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

  Outcome run(const std::string& words) const {
    const std::string command = "cd '" + folder_.string() + "' && '" CHRONOTOPE_PROGRAM "' " + words;
    const int status = std::system(("(" + command + ") >'" + out_ + "' 2>'" + err_ + "'").c_str());
    Outcome outcome{WEXITSTATUS(status), read_file(out_), read_file(err_)};
    std::filesystem::remove(out_);
    std::filesystem::remove(err_);
    return outcome;
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void save(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

 private:
  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("chronotope_") + testing::UnitTest::GetInstance()->current_test_info()->test_suite_name() +
       "_" + testing::UnitTest::GetInstance()->current_test_info()->name());
  const std::string out_ = folder_.string() + ".out";
  const std::string err_ = folder_.string() + ".err";
};

}  // namespace chronotope
