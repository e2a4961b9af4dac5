// SPDX-License-Identifier: Apache-2.0
// On trees of files like those the kernel shows: `systemd-run -p MemoryMax=`, `docker run -m`, version 1.
#include "chronotope/core/cgroup_memory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace chronotope {
namespace {

class CgroupMemory : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(root_); }
  void TearDown() override { std::filesystem::remove_all(root_); }

  void set(const std::string& file, const std::string& limit) const {
    std::filesystem::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << limit << "\n";
  }
  double read(const std::string& groups) const {
    std::istringstream in(groups);
    return cgroup_memory(in, root_).value_or(-1);
  }

 private:
  const std::filesystem::path root_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("chronotope_cgroups_") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(CgroupMemory, OfVersionTwoIsTheLeastUpTheTree) {
  set("user.slice/memory.max", "3000000000");
  set("user.slice/app.scope/memory.max", "max");
  set("user.slice/app.scope/inner/memory.max", "5000000000");
  EXPECT_EQ(read("0::/user.slice/app.scope/inner\n"), 3e9);
  EXPECT_EQ(read("0::/user.slice\n"), 3e9);
  EXPECT_EQ(read("0::/\n"), -1);
}

TEST_F(CgroupMemory, OfAContainerIsThatOfItsRoot) {
  set("memory.max", "2000000000");
  EXPECT_EQ(read("0::/\n"), 2e9);
  EXPECT_EQ(read("0::/not/mounted/here\n"), 2e9);
}

TEST_F(CgroupMemory, OfVersionOneStandsUnderItsController) {
  set("memory/memory.limit_in_bytes", "9223372036854771712");  // as the kernel writes none
  set("memory/docker/7f/memory.limit_in_bytes", "1500000000");
  EXPECT_EQ(read("5:devices:/\n4:cpu,memory:/docker/7f\n0::/\n"), 1.5e9);
  EXPECT_EQ(read("4:memory:/\n"), 9223372036854771712.0);
  EXPECT_EQ(read("4:memoryless:/docker/7f\n"), -1);
}

TEST_F(CgroupMemory, IsNoneWhereNoneIsTold) {
  EXPECT_EQ(read(""), -1);
  EXPECT_EQ(read("nonsense\n1:\n"), -1);
}

}  // namespace
}  // namespace chronotope
