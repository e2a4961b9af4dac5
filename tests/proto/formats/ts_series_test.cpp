// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/ts_series.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

SeriesFile read(const std::string& text) {
  std::istringstream in(text);
  return read_ts_series(in, "a.ts");
}

std::string complaint(const std::string& text) {
  try {
    read(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

/// The layout of JapaneseVowels, with numbers of our own; class 1 begins 12.
const std::string kHead =
    "#A comment: with colons, and commas\n"
    "@problemName Vowels\n@timeStamps false\n@missing false\n@univariate false\n@dimensions 3\n"
    "@equalLength false\n@classLabel true 1 2 12\n@data\n";

TEST(TsSeries, HoldDimensionsOfAnyLengthAndTheirClass) {
  const SeriesFile file = read(
      "@dimensions 3\n@classLabel true 1 2 12\n@DATA\n1.5,-2,0.25:0,1e-3,7:3,4,5:1\n\n"
      "# between\n -0.5 :2:3:12\r\n");
  EXPECT_EQ(file.dimensions, 3U);
  EXPECT_EQ(file.classes, (std::vector<std::string>{"1", "2", "12"}));
  ASSERT_EQ(file.series.size(), 2U);
  EXPECT_EQ(file.series[0].dimensions[1], (std::vector<double>{0, 1e-3, 7}));
  EXPECT_EQ(file.series[0].label, "1");
  EXPECT_EQ(file.series[1].dimensions, (std::vector<std::vector<double>>{{-0.5}, {2}, {3}}));
  EXPECT_EQ(file.series[1].label, "12");
}

TEST(TsSeries, MayHaveNoClassesAndNoHeaderButData) {
  const SeriesFile file = read("@data\n1,2:3,4\n");
  EXPECT_EQ(file.dimensions, 2U);
  EXPECT_EQ(file.series[0].label, "");
  EXPECT_EQ(read("@univariate true\n@classLabel false\n@data\n1,2,3").series[0].dimensions[0].size(), 3U);
}

/// A cut file is refused, but for cuts between two examples, which leave a shorter file.
void expect_every_cut_refused(const std::string& text, std::size_t from) {
  for (std::size_t size = from; size < text.size(); ++size) {
    const std::string cut = text.substr(0, size);
    const bool is_between = text[size] == '\n' || text[size - 1] == '\n';
    if (is_between && size > text.find("@data") + 6) {
      EXPECT_EQ(complaint(cut).find("dimension"), std::string::npos) << size;
      continue;
    }
    EXPECT_NE(complaint(cut), "no error")
        << "..." << cut.substr(cut.size() - std::min<std::size_t>(cut.size(), 40));
  }
}

TEST(TsSeries, OfACutFileAreRefused) {
  const std::string text = kHead + "1.5,-2,0.25:0,1e-3,7:3,4,5:1\n-0.5:2:0:12\n1,2:3,4:5,6:2\n";
  EXPECT_EQ(complaint(text), "no error");
  expect_every_cut_refused(text, 1);
  EXPECT_EQ(complaint(kHead + "1:2:3:1"),
            "a.ts:10: class '1' may be cut: the last line does not end, and another class begins so");
  EXPECT_EQ(complaint(kHead + "1:2:3:2"), "no error");
}

TEST(TsSeries, SayWhatIsWrongAndWhere) {
  EXPECT_EQ(complaint("1,2,3:1\n"), "a.ts:1: '1,2,3:1' stands before @data");
  EXPECT_EQ(complaint("@dimensions 3\n"), "a.ts: has no line @data: is no .ts file, or is cut");
  EXPECT_EQ(complaint(""), "a.ts: has no line @data: is no .ts file, or is cut");
  EXPECT_EQ(complaint("@data\n"), "a.ts: holds no examples after @data");
  EXPECT_EQ(complaint(kHead + "1:2:1\n"), "a.ts:10: 2 dimensions, but 3 are expected; the line may be cut");
  EXPECT_EQ(complaint(kHead + "1:2:3:4\n"),
            "a.ts:10: class '4' is not among those of @classLabel; the line may be cut");
  EXPECT_EQ(complaint(kHead + "1,2:1:1,2:1\n"), "a.ts:10: dimension 2 has 1 numbers, 2 are expected");
  EXPECT_EQ(complaint(kHead + "1,2:1,?:1,2:1\n"),
            "a.ts:10: dimension 2, number 2: '?' is a missing value, which is not read");
  for (const std::string bad : {"", "x", "1x", "nan", "inf", "1e999", "0x1p3", "1 2"})
    EXPECT_NE(complaint(kHead + bad + ":1:1:1\n").find("dimension 1, number 1"), std::string::npos) << bad;
  EXPECT_EQ(complaint("@timeStamps true\n@data\n(0,1):1\n"), "a.ts:1: series with time stamps are not read");
  EXPECT_EQ(complaint("@targetlabel true\n@data\n1:1\n"), "a.ts:1: regression targets are not read");
  EXPECT_EQ(complaint("@dimensions -3\n"),
            "a.ts:1: @dimensions: '-3' is not allowed (must be from 1 to 1000000)");
  EXPECT_EQ(complaint("@equalLength\n"), "a.ts:1: @equallength: '' is not allowed (must be true or false)");
  EXPECT_EQ(complaint("@equalLength true\n@seriesLength 3\n@data\n1,2\n"),
            "a.ts:4: dimension 1 has 2 numbers, 3 are expected");
  EXPECT_EQ(complaint("@equalLength true\n@data\n1,2\n1\n"),
            "a.ts:4: dimension 1 has 1 numbers, 2 are expected");
}

/// The archive's own files, whose licence does not allow us to ship them: CHRONOTOPE_UEA names a folder with
/// JapaneseVowels_TRAIN.ts, JapaneseVowels_TEST.ts and BasicMotions_TRAIN.ts.
class ArchiveFiles : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("CHRONOTOPE_UEA") == nullptr) GTEST_SKIP() << "CHRONOTOPE_UEA names no folder";
  }
  static std::string text(const std::string& file) {
    std::ifstream in(std::string(std::getenv("CHRONOTOPE_UEA")) + "/" + file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST_F(ArchiveFiles, HaveTheSizesThatTheArchiveStates) {
  const SeriesFile vowels = read(text("JapaneseVowels_TRAIN.ts"));
  EXPECT_EQ(vowels.series.size(), 270U);
  EXPECT_EQ(vowels.dimensions, 12U);
  std::size_t shortest = 100;
  std::size_t longest = 0;
  for (const Series& series : vowels.series) {
    shortest = std::min(shortest, series.dimensions[0].size());
    longest = std::max(longest, series.dimensions[0].size());
  }
  EXPECT_EQ(shortest, 7U);
  EXPECT_LE(longest, 29U);
  EXPECT_EQ(vowels.series[0].dimensions[0][0], 1.860936);
  EXPECT_EQ(vowels.series.back().label, "9");
  EXPECT_EQ(read(text("JapaneseVowels_TEST.ts")).series.size(), 370U);
  const SeriesFile motions = read(text("BasicMotions_TRAIN.ts"));
  EXPECT_EQ(motions.series.size(), 40U);
  EXPECT_EQ(motions.series[0].dimensions[5].size(), 100U);
  EXPECT_EQ(motions.series[0].label, "Standing");
}

TEST_F(ArchiveFiles, AreRefusedWhenCut) {
  const std::string vowels = text("JapaneseVowels_TRAIN.ts");
  const std::size_t third = vowels.find('\n', vowels.find('\n', vowels.find("@data") + 6) + 1) + 1;
  expect_every_cut_refused(vowels.substr(0, third), 1);
}

}  // namespace
}  // namespace chronotope::proto
