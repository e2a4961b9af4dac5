// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/csv.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>
#include <string>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

Matrix read(const std::string& text) {
  std::istringstream in(text);
  return read_csv(in, "a.csv");
}

std::vector<ChannelEvent> read_events(const std::string& text) {
  std::istringstream in(text);
  return read_channel_events(in, "s.csv");
}

template <class Read>
std::string complaint(Read read, const std::string& text) {
  try {
    read(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Csv, FindsTheSeparator) {
  for (const char* text :
       {"1,2\n3,4\n", "1;2\r\n3;4\r\n", "1\t2\n3\t4", "  1   2\n3 4  \n", "1, 2\n\n3 ,4\n"}) {
    const Matrix m = read(text);
    EXPECT_EQ(m.rows, 2U) << text;
    EXPECT_EQ(m.columns, 2U) << text;
    EXPECT_EQ(m.values, (std::vector<double>{1, 2, 3, 4})) << text;
  }
}

TEST(Csv, SkipsOneLineOfNamesAndComments) {
  EXPECT_EQ(read("x,y\n1,2\n").values, (std::vector<double>{1, 2}));
  EXPECT_EQ(read("\xEF\xBB\xBF# made by hand\nx y\n1 2\n").values, (std::vector<double>{1, 2}));
  EXPECT_EQ(complaint(read, "x,y\nu,v\n1,2\n"), "a.csv:2: column 1: 'u' is not a number");
}

TEST(Csv, ReadsNumbersAsWritten) {
  const Matrix m = read("+1.5,-2e-3,.5,nan,-inf\n");
  EXPECT_EQ(m.values[0], 1.5);
  EXPECT_EQ(m.values[1], -0.002);
  EXPECT_EQ(m.values[2], 0.5);
  EXPECT_TRUE(std::isnan(m.values[3]));
  EXPECT_EQ(m.values[4], -INFINITY);
}

TEST(Csv, NamesLineAndTextOfWhatIsNoNumber) {
  EXPECT_EQ(complaint(read, "1,2\n3,4x\n"), "a.csv:2: column 2: '4x' is not a number");
  EXPECT_EQ(complaint(read, "1,2\n\n3,\n"), "a.csv:3: column 2: '' is not a number");
  EXPECT_EQ(complaint(read, "1,1e999\n"), "a.csv:1: column 2: '1e999' is outside the range of doubles");
}

TEST(Csv, RefusesRaggedRowsAndEmptyFiles) {
  EXPECT_EQ(complaint(read, "1,2\n3\n"), "a.csv:2: the row has 1 columns, the rows before have 2");
  EXPECT_EQ(complaint(read, "x,y\n1,2,3\n"), "a.csv:2: the row has 3 columns, the rows before have 2");
  EXPECT_EQ(complaint(read, "\n# nothing\n"), "a.csv: is empty");
  EXPECT_EQ(complaint(read, "x,y\n"), "a.csv: has column names but no rows of numbers");
}

TEST(ChannelEvents, AreFoundByColumnName) {
  const auto events = read_events("note,channel,time_ms\na,3,1.25\nb,0,0.5\n");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].time, Time::from_ms(1.25));
  EXPECT_EQ(events[0].channel, 3U);
  EXPECT_FALSE(events[0].stimulus);
  EXPECT_EQ(read_events("time_ms\tchannel\tstimulus\n0\t1\t7\n")[0].stimulus, 7U);
}

TEST(ChannelEvents, KeepEveryDigitOfALateTime) {
  const Time late = Time::from_parts(30796875, 17.0 + 0x1p-43);
  EXPECT_EQ(read_events("time_ms,channel\n" + to_text(late) + ",0\n")[0].time, late);
}

TEST(ChannelEvents, NameTheLineOfAMistake) {
  EXPECT_EQ(complaint(read_events, "time,channel\n"),
            "s.csv:1: the first row names no column 'time_ms' (time_ms,channel[,stimulus])");
  EXPECT_EQ(complaint(read_events, "time_ms,channel\n1,0\nnan,0\n"),
            "s.csv:3: column 1: 'nan' is not a time in milliseconds");
  EXPECT_EQ(complaint(read_events, "time_ms,channel\n-1,0\n"), "s.csv:2: column 1: '-1' is before 0 ms");
  EXPECT_EQ(complaint(read_events, "time_ms,channel\n1,-1\n"),
            "s.csv:2: column 2: '-1' is not an index (a whole number from 0 to 4294967295)");
  EXPECT_EQ(complaint(read_events, "time_ms,channel\n1\n"),
            "s.csv:2: the row has 1 columns, the rows before have 2");
}

TEST(SteppedCsv, ReadsSquaresAndTriangles) {
  const auto stepped = [](const std::string& text) {
    std::istringstream in(text);
    return read_stepped_csv(in, "a.csv");
  };
  const auto is = [&](const std::string& text, std::size_t rows, std::size_t width, int step) {
    const SteppedTable table = stepped(text);
    EXPECT_EQ(table.rows, rows) << text;
    EXPECT_EQ(table.first_width, width) << text;
    EXPECT_EQ(table.step, step) << text;
  };
  is("0,1\n1,0\n", 2, 2, 0);
  is("a,b\n0,1,\n1,0,\n", 2, 2, 0);
  is("1\n2\n3\n", 3, 1, 0);
  is("1\n2,3\n4,5,6\n", 3, 1, 1);
  is("\n1;\n2;3;\n", 2, 1, 1);
  is("1 2 3\n4 5\n6\n", 3, 3, -1);
  EXPECT_EQ(stepped("1\n2,3\n").values, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(complaint(stepped, "1,2,3\n4,5,6,7\n"),
            "a.csv:2: the row has 4 columns, not 3 as the rows before ask for");
  EXPECT_EQ(complaint(stepped, "1\n2,3\n4,5\n"),
            "a.csv:3: the row has 2 columns, not 3 as the rows before ask for");
  EXPECT_EQ(complaint(stepped, "1,2,3\n4,5\n"),
            "a.csv: ends after a row of 2 columns; a triangle ends with one of 1");
  EXPECT_EQ(complaint(stepped, ""), "a.csv: is empty");
}

}  // namespace
}  // namespace chronotope::proto
