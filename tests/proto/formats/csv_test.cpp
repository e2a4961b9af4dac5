// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/csv.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>
#include <string>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

Matrix read(const std::string& text) {
  std::istringstream in(text);
  return read_csv(in, "a.csv").matrix;
}

std::vector<ChannelEvent> read_events(const std::string& text) {
  std::istringstream in(text);
  return read_channel_events(in, "s.csv").events;
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

TEST(Csv, RefusesAFirstRowThatHoldsNeitherNumbersNorNames) {
  for (const char* row :
       {",", "NA,NA", "x,NA", "x,", "-,-", "1,5;2,5", "1.0D+00,2.0D+00", "null;NULL", "True,False", "#N/A,x",
        "x;#DIV/0!", "2024-05-01,2024-05-02", "$3,$4", "<NA>,<NA>", "..."})
    EXPECT_NE(complaint(read, std::string(row) + "\n0,0\n3,4\n")
                  .find("is neither a number nor the name of a column"),
              std::string::npos)
        << row;
  EXPECT_EQ(complaint(read, "1,5;2,5\n3;4\n"),
            "a.csv:1: column 1: '1,5' is neither a number nor the name of a column (--header yes takes it "
            "for one)");
  EXPECT_EQ(
      complaint(read, "x,NA\n3,4\n"),
      "a.csv:1: column 2: 'NA' is neither a number nor the name of a column (--header yes takes it for one)");
}

TEST(Csv, TellsNamesFromNumbersAsItIsTold) {
  std::istringstream names("0,1\n0.5,0.25\n");
  EXPECT_EQ(read_csv(names, "a.csv", {FirstRow::kNames, {}}).matrix.values, (std::vector<double>{0.5, 0.25}));
  std::istringstream numbers("0,1\n0.5,0.25\n");
  EXPECT_EQ(read_csv(numbers, "a.csv", {FirstRow::kNumbers, {}}).matrix.rows, 2U);
  std::istringstream none("x,y\n1,2\n");
  EXPECT_THROW(read_csv(none, "a.csv", {FirstRow::kNumbers, {}}), InputError);
}

TEST(Csv, SaysWhetherTheFirstRowMayBeCountedNames) {
  const auto counted = [](const std::string& text) {
    std::istringstream in(text);
    return read_csv(in, "a.csv").counted_first_row;
  };
  EXPECT_TRUE(counted("0,1\n0.5,0.25\n"));
  EXPECT_TRUE(counted("\"0\",\"1\",\"2\"\n5,6,7\n"));
  EXPECT_FALSE(counted("0\n1\n"));
  EXPECT_FALSE(counted("0.0,1.0\n2,3\n"));
  EXPECT_FALSE(counted("1,2\n3,4\n"));
  EXPECT_FALSE(counted("x,y\n0,1\n"));
}

TEST(Csv, LeavesOutTheRowsNames) {
  const Matrix m = read("\"\",\"V1\",\"V2\"\n\"1\",0,0\n\"2\",3,4\n");  // R's write.csv
  EXPECT_EQ(m.columns, 2U);
  EXPECT_EQ(m.values, (std::vector<double>{0, 0, 3, 4}));
  EXPECT_EQ(read(",0,1\n0,5,6\n1,7,8\n").values, (std::vector<double>{5, 6, 7, 8}));  // pandas' to_csv
  EXPECT_EQ(read(",a,b\nleft,5,6\n").values, (std::vector<double>{5, 6}));
  EXPECT_EQ(read("\ta\tb\nleft\t5\t6\n").values, (std::vector<double>{5, 6}));
}

TEST(Csv, ReadsTheColumnsThatAreChosen) {
  const auto choose = [](const std::string& columns) {
    std::istringstream in("id,x,y,class\n7,1,2,cat\n8,3,4,dog\n");
    return read_csv(in, "a.csv", {FirstRow::kGuess, ColumnChoice(columns)});
  };
  EXPECT_EQ(choose("x,y").matrix.values, (std::vector<double>{1, 2, 3, 4}));
  EXPECT_EQ(choose("3,x").matrix.values, (std::vector<double>{2, 1, 4, 3}));
  EXPECT_EQ(choose("1-3").matrix.columns, 3U);
  EXPECT_EQ(choose("x-y").names, (std::vector<std::string>{"x", "y"}));
  EXPECT_THROW(choose("2-"), InputError);  // a class is no number
  const auto complaint_of = [&](const std::string& columns) { return complaint(choose, columns); };
  EXPECT_EQ(complaint_of("z"), "a.csv:1: has no column 'z' (columns 1 to 4: id, x, y, class)");
  EXPECT_EQ(complaint_of("0"), "a.csv:1: has no column '0' (columns 1 to 4: id, x, y, class)");
  EXPECT_EQ(complaint_of("3-2"), "a.csv:1: has no column '3-2' (columns 1 to 4: id, x, y, class)");
  EXPECT_EQ(complaint_of("x,2"), "a.csv:1: column '2' is chosen twice");
}

TEST(Csv, CallsColumnsByNumericNamesBeforeNumbers) {
  std::istringstream in("0,1,2\n5,6,7\n");
  EXPECT_EQ(read_csv(in, "a.csv", {FirstRow::kNames, ColumnChoice("1-2")}).matrix.values,
            (std::vector<double>{6, 7}));
}

TEST(Csv, KnowsErrorWordsOfSpreadsheetsFromComments) {
  for (const std::string word : {"#N/A", "#VALUE!", "#DIV/0!", "#REF!", "#NUM!", "#NAME?", "#NULL!"}) {
    EXPECT_EQ(complaint(read, "x,y\n0,0\n" + word + ",7\n3,4\n"),
              "a.csv:3: column 1: '" + word + "' is not a number");
    EXPECT_EQ(complaint(read, "0;0\n " + word + " ;7\n"),
              "a.csv:2: column 1: '" + word + "' is not a number");
    EXPECT_EQ(complaint(read, "0\n" + word + "\n"), "a.csv:2: column 1: '" + word + "' is not a number");
  }
  EXPECT_EQ(read("0,0\n#N/A is for missing values\n# 7,7\n#,\n3,4\n").rows, 2U);
}

TEST(Csv, ReadsQuotedCells) {
  EXPECT_EQ(read("\"x\";\"y\"\r\n\"1.5\";\"2\"\r\n").values, (std::vector<double>{1.5, 2}));
  EXPECT_EQ(read("\"a, \"\"b\"\"; c\",\"d\ne\r\nf\"\n1,2\n3,4\n").values, (std::vector<double>{1, 2, 3, 4}));
  EXPECT_EQ(read("\"V1\" \"V2\"\n1 2\n").values, (std::vector<double>{1, 2}));
  std::istringstream in("\"a, \"\"b\"\"\",\"d\ne\"\n1,2\n");
  EXPECT_EQ(read_csv(in, "a.csv").names, (std::vector<std::string>{"a, \"b\"", "d\ne"}));
  EXPECT_EQ(complaint(read, "\"d\ne\",x\n1,2\n3,y\n"), "a.csv:4: column 2: 'y' is not a number");
}

TEST(Csv, NamesTheLineOfAQuoteThatIsNotClosed) {
  EXPECT_EQ(complaint(read, "x,y\n1,\"2\n3,4\n"), "a.csv:2: the quote in column 2 is not closed");
  EXPECT_EQ(complaint(read, "x,y\n1,\"2\"3\n"),
            "a.csv:2: column 2: '2' is followed by text outside its quotes");
}

TEST(Csv, AsksForUtf8InsteadOfUtf16) {
  EXPECT_EQ(complaint(read, std::string("\xFF\xFE\x31\0", 4)), "a.csv: is text in UTF-16; save it as UTF-8");
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
  EXPECT_EQ(events[0].time, stated_time(1.25));
  EXPECT_EQ(events[0].channel, 3U);
  EXPECT_FALSE(events[0].stimulus);
  EXPECT_EQ(read_events("time_ms\tchannel\tstimulus\n0\t1\t7\n")[0].stimulus, 7U);
}

TEST(ChannelEvents, KeepEveryDigitOfALateTime) {
  const Time late = Time::from_parts(30796875, 17'000'000'000'001);
  EXPECT_EQ(read_events("time_ms,channel\n" + to_text(late) + ",0\n")[0].time, late);
}

TEST(ChannelEvents, AreReadAsOtherProgramsWriteThem) {
  for (const char* text : {
           "# time_ms,channel\n5.25,0\n12.5,1\n",                            // numpy.savetxt(header=)
           "# by hand, with care\n# time_ms channel\n5.25 0.0\n12.5 1.0\n",  // blanks
           "time_ms,channel\n5.25e+00,0.000e+00\n1.250e+01,1.000e+00\n",     // numpy.savetxt
           "\"\",\"time_ms\",\"channel\"\n\"1\",5.25,0\n\"2\",12.5,1\n",     // R's write.csv
           "\xEF\xBB\xBF\"time_ms\";\"channel\";\"note\"\r\n5.25;0;\"a;\r\nb\"\r\n12.5;1;#N/A\r\n",
       }) {
    const auto events = read_events(text);
    ASSERT_EQ(events.size(), 2U) << text;
    EXPECT_EQ(events[0].time, stated_time(5.25)) << text;
    EXPECT_EQ(events[1].channel, 1U) << text;
  }
}

TEST(ChannelEvents, HaveLabels) {
  std::istringstream in("label,time_ms,channel\nleft,1,0\n\"K\xC3\xB6nig, rechts\",2,0\nleft,3,0\n");
  const EventTable table = read_channel_events(in, "s.csv");
  EXPECT_EQ(table.labels, (std::vector<std::string>{"left", "K\xC3\xB6nig, rechts"}));
  EXPECT_EQ(table.events[1].label, 1U);
  EXPECT_EQ(table.events[2].label, 0U);
  EXPECT_EQ(complaint(read_events, "time_ms,channel,label\n1,0,K\xF6nig\n"),
            "s.csv:2: column 3: 'K?nig' is not UTF-8");
}

TEST(ChannelEvents, HaveWholeChannels) {
  for (const char* channel : {"0.5", "-1.0", "4294967296", "1e10", "nan", "inf", "", "one"})
    EXPECT_EQ(complaint(read_events, std::string("time_ms,channel\n1,") + channel + "\n"),
              std::string("s.csv:2: column 2: '") + channel +
                  "' is not an index (a whole number from 0 to 4294967295)");
  EXPECT_EQ(read_events("time_ms,channel\n1,4.294967295e9\n")[0].channel, 4294967295U);
}

TEST(ChannelEvents, NameTheLineOfAMistake) {
  EXPECT_EQ(complaint(read_events, "time_ms,channel,channel\n1,0,1\n"),
            "s.csv:1: two columns are named 'channel' (time_ms,channel[,stimulus][,label])");
  EXPECT_EQ(complaint(read_events, "time,channel\n"),
            "s.csv:1: the first row names no column 'time_ms' (time_ms,channel[,stimulus][,label])");
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

TEST(SteppedCsv, LeavesOutNamesAndColumnsThatAreNotChosen) {
  const auto stepped = [](const std::string& text, const ColumnChoice& columns = {}) {
    std::istringstream in(text);
    return read_stepped_csv(in, "a.csv", {FirstRow::kGuess, columns});
  };
  const SteppedTable pandas = stepped(",a,b\na,0,1\nb,1,0\n");
  EXPECT_EQ(pandas.values, (std::vector<double>{0, 1, 1, 0}));
  EXPECT_EQ(pandas.first_width, 2U);
  EXPECT_EQ(pandas.names, (std::vector<std::string>{"a", "b"}));
  const SteppedTable lower = stepped("\"\",\"a\",\"b\"\n\"b\",1\n\"c\",2,3\n");
  EXPECT_EQ(lower.step, 1);
  EXPECT_EQ(lower.values, (std::vector<double>{1, 2, 3}));
  const SteppedTable chosen = stepped("id;a;b;\n7;0;1;\n8;1;0;\n", ColumnChoice("2-"));
  EXPECT_EQ(chosen.values, pandas.values);
  EXPECT_EQ(chosen.names, pandas.names);
  EXPECT_EQ(stepped("0,1\n1,0\n").names, std::vector<std::string>());
  EXPECT_EQ(complaint(stepped, "a,b,c\n0,1\n1,0\n"), "a.csv: names 3 columns, but its rows have 2");
  const auto first_column = [&](const std::string& text) { return stepped(text, ColumnChoice("1")); };
  EXPECT_EQ(complaint(first_column, "1\n2,3\n"), "a.csv:2: the row has 2 columns, the rows before have 1");
}

TEST(Csv, ReadsTheSpikesOfPopulations) {
  const auto read_spikes = [](const std::string& text) {
    std::istringstream in(text);
    return read_neuron_spikes(in, "s.csv");
  };
  const auto spikes = read_spikes("neuron,time_ms,population\n7,0.1,L2/3E\n0,12,I\n");
  ASSERT_EQ(spikes.size(), 2U);
  EXPECT_EQ(spikes[0].time, stated_time(0.1));
  EXPECT_EQ(spikes[0].population, "L2/3E");
  EXPECT_EQ(spikes[0].neuron, 7U);
  EXPECT_EQ(complaint(read_spikes, "time_ms,population,neuron\n-1,E,0\n"),
            "s.csv:2: column 1: '-1' is before 0 ms");
  EXPECT_EQ(complaint(read_spikes, "time_ms,channel\n1,0\n"),
            "s.csv:1: the first row names no column 'population' (time_ms,population,neuron)");
}

}  // namespace
}  // namespace chronotope::proto
