// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/npz.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/npy.hpp"

namespace chronotope::proto {
namespace {

const std::string kFolder = CHRONOTOPE_TEST_DATA "/numpy/";
const std::vector<double> kPoints = {0, 0.5, 1, 0.25, 2, -3};

std::string bytes_of(const std::string& name) {
  std::ifstream file(kFolder + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

NumberTable read(const std::string& name, const std::string& array, const std::string& columns = "") {
  return read_npz(bytes_of(name), name, array, columns.empty() ? ColumnChoice() : ColumnChoice(columns));
}

template <class Work>
std::string complaint(Work work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Npz, FindsAnArrayByItsName) {
  EXPECT_EQ(read("two.npz", "points").matrix.values, kPoints);
  EXPECT_EQ(read("two.npz", "points.npy").matrix.values, kPoints);
  EXPECT_EQ(complaint([] { read("two.npz", "spikes"); }),
            "two.npz: holds no array 'spikes' (points, events)");
  EXPECT_EQ(complaint([] { read("two.npz", ""); }),
            "two.npz: holds 2 arrays; choose one as FILE:NAME (points, events)");
}

TEST(Npz, TakesTheOnlyArrayUnasked) {
  EXPECT_EQ(read("one.npz", "").matrix.values, kPoints);
  EXPECT_EQ(read("piped.npz", "").matrix.values, kPoints);
  EXPECT_EQ(read("piped.npz", "").matrix.columns, 2U);
}

TEST(Npz, ReadsFieldsOfRecordsThatHoldNumbers) {
  const NumberTable table = read("two.npz", "events", "time_ms-channel");
  EXPECT_EQ(table.names, (std::vector<std::string>{"time_ms", "on", "channel"}));
  EXPECT_EQ(table.matrix.values, (std::vector<double>{5.25, 1, 0, 12.5, 0, 3, 3, 1, 1}));
  EXPECT_EQ(read_npy(bytes_of("records.npy"), "records.npy", ColumnChoice("3,1")).matrix.values,
            (std::vector<double>{0, 5.25, 3, 12.5, 1, 3}));
  EXPECT_EQ(
      complaint([] { read("two.npz", "events"); }),
      "two.npz:events: field 'note': numbers of type '<U3' cannot be read (f8 f4 f2 i8 i4 i2 i1 u8 u4 u2 u1 "
      "b1)");
  EXPECT_EQ(complaint([] { read("two.npz", "events", "polarity"); }),
            "two.npz:events: has no column 'polarity' (columns 1 to 4: time_ms, on, channel, note)");
}

TEST(Npz, ReadsHalvesAsNumPyWidensThem) {
  const auto halves = read("halves.npz", "f2").matrix.values;
  const auto doubles = read("halves.npz", "f8").matrix.values;
  ASSERT_EQ(halves.size(), 2115U);
  for (std::size_t i = 0; i < halves.size(); ++i) {
    if (std::isnan(doubles[i]))
      EXPECT_TRUE(std::isnan(halves[i])) << i;
    else
      EXPECT_EQ(std::bit_cast<std::uint64_t>(halves[i]), std::bit_cast<std::uint64_t>(doubles[i])) << i;
  }
}

/// PKWARE's APPNOTE, 4.3.16: the record at the end has 22 bytes, the last two are the comment's length.
TEST(Npz, ACommentMayFollowTheDirectory) {
  const auto commented = [](std::size_t length) {
    std::string bytes = bytes_of("one.npz");
    bytes[bytes.size() - 2] = static_cast<char>(length & 0xff);
    bytes[bytes.size() - 1] = static_cast<char>(length >> 8 & 0xff);
    return bytes + std::string(length, '\xff');
  };
  for (const std::size_t length : {1, 7, 65535})
    EXPECT_EQ(read_npz(commented(length), "one.npz", "", ColumnChoice()).matrix.values, kPoints) << length;
  EXPECT_NE(complaint([&] { read_npz(commented(65536), "one.npz", "", ColumnChoice()); }).find("cut"),
            std::string::npos);
}

TEST(Npz, RefusesEveryPrefixOfAnArchive) {
  for (const char* name : {"two.npz", "one.npz"}) {
    const std::string whole = bytes_of(name);
    ASSERT_GT(whole.size(), 0U);
    for (std::size_t length = 0; length < whole.size(); ++length)
      EXPECT_NE(complaint([&] { read_npz(whole.substr(0, length), name, "points"); }), "no error") << length;
  }
}

TEST(Npz, NeverReturnsOtherNumbersFromADamagedArchive) {
  for (const char* name : {"two.npz", "one.npz", "piped.npz"}) {
    const std::string whole = bytes_of(name);
    for (std::size_t at = 0; at < whole.size(); ++at)
      for (const char flip : {'\x01', '\x80', '\xff'}) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ flip);
        complaint([&] { EXPECT_EQ(read_npz(damaged, name, "points").matrix.values, kPoints) << name << at; });
      }
  }
}

TEST(Npz, PathsMayNameAnArray) {
  EXPECT_EQ(ArrayPath("a/run.npz:spikes").file, "a/run.npz");
  EXPECT_EQ(ArrayPath("a/run.npz:spikes").array, "spikes");
  EXPECT_EQ(ArrayPath("run.npz").array, "");
  EXPECT_EQ(ArrayPath("C:run.csv").file, "C:run.csv");
}

}  // namespace
}  // namespace chronotope::proto
