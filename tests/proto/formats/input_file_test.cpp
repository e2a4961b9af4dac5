// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/input_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

class InputFileTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  const std::string path_ = testing::TempDir() + "chronotope_input_file_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(InputFileTest, WhatWasLookedAtIsStillThere) {
  std::ofstream(path_) << "one two three";
  InputFile file(path_);
  EXPECT_EQ(file.peek(3), "one");
  EXPECT_EQ(file.peek(7), "one two");
  EXPECT_TRUE(file.begins_with("one t"));
  EXPECT_FALSE(file.begins_with("one x"));
  std::string word;
  file.stream() >> word;
  EXPECT_EQ(word, "one");
  EXPECT_EQ(file.peek(99), " two three");
  EXPECT_EQ(file.take_rest(), " two three");
  EXPECT_EQ(file.peek(1), "");
}

TEST_F(InputFileTest, BytesOfAPipeArriveOneByOneAndWithoutAnEnd) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  std::thread writer([&] {
    std::FILE* out = std::fopen(path_.c_str(), "wb");
    for (const char c : std::string("abcdef")) {
      std::fputc(c, out);
      std::fflush(out);
    }
    std::fclose(out);
  });
  InputFile file(path_);
  EXPECT_EQ(file.peek(4), "abcd");
  EXPECT_EQ(file.take_rest(), "abcdef");
  writer.join();
}

/// The system refuses to read address 0 of this process: an error of input after a file was opened.
TEST_F(InputFileTest, WhatCanNotBeReadIsNoEnd) {
  const auto complaint = [](auto read) {
    InputFile file("/proc/self/mem");
    try {
      read(file);
    } catch (const Failure& error) {
      return std::string(error.what());
    }
    return std::string("read");
  };
  const std::string expected = "/proc/self/mem: cannot read: Input/output error";
  std::string line;
  EXPECT_EQ(complaint([](InputFile& file) { file.peek(1); }), expected);
  EXPECT_EQ(complaint([](InputFile& file) { file.take_rest(); }), expected);
  EXPECT_EQ(complaint([&](InputFile& file) { std::getline(file.stream(), line); }), expected);
  EXPECT_EQ(complaint([](InputFile& file) { file.stream().get(); }), expected);
}

TEST_F(InputFileTest, LargeFilesAreTakenWhole) {
  const std::string bytes(300'001, 'x');
  std::ofstream(path_) << bytes;
  InputFile looked_at(path_);
  looked_at.peek(10);
  EXPECT_EQ(looked_at.take_rest(), bytes);
  EXPECT_EQ(InputFile(path_).take_rest(), bytes);
}

}  // namespace
}  // namespace chronotope::proto
