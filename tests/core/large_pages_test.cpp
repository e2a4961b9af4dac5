// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/large_pages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace chronotope {
namespace {

/// Whether the kernel knows the wish for the mapping in which an address lies: flag hg of proc_pid_smaps(5).
bool is_wished_large(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream smaps("/proc/self/smaps");
  bool is_inside = false;
  for (std::string line; std::getline(smaps, line);) {
    std::istringstream words(line);
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    if (words >> std::hex >> begin >> dash >> end && dash == '-') is_inside = begin <= wanted && wanted < end;
    if (is_inside && line.starts_with("VmFlags:")) return line.find(" hg") != std::string::npos;
  }
  return false;
}

constexpr std::size_t kMany = std::size_t{4} << 20;

TEST(LargePages, AreWishedForColumnsOfManyBytes) {
  if (!std::filesystem::exists("/sys/kernel/mm/transparent_hugepage")) GTEST_SKIP() << "the kernel has none";
  const auto column = column_in_large_pages<double>(kMany);
  std::vector<std::uint32_t> reserved;
  reserve_in_large_pages(reserved, kMany);
  EXPECT_TRUE(is_wished_large(&column[kMany / 2]));
  EXPECT_TRUE(is_wished_large(reserved.data() + kMany / 2));
  EXPECT_FALSE(is_wished_large(column_in_large_pages<double>(100).data()));
}

TEST(LargePages, ChangeNothingInAVector) {
  const auto column = column_in_large_pages<double>(kMany);
  ASSERT_EQ(column.size(), kMany);
  EXPECT_TRUE(std::ranges::all_of(column, [](double v) { return v == 0; }));
  std::vector<std::uint32_t> reserved;
  reserve_in_large_pages(reserved, kMany);
  EXPECT_TRUE(reserved.empty());
  EXPECT_GE(reserved.capacity(), kMany);
  EXPECT_TRUE(column_in_large_pages<double>(0).empty());
}

}  // namespace
}  // namespace chronotope
