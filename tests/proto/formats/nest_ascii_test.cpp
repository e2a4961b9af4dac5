// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/nest_ascii.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

using Spikes = std::vector<SenderSpike>;

NestRecording read(const std::string& text, std::optional<Duration> resolution = {}) {
  std::istringstream in(text);
  return read_nest_ascii(in, "s.dat", resolution);
}

std::string complaint(const std::string& text, std::optional<Duration> resolution = {}) {
  try {
    read(text, resolution);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

/// As NEST 3 writes it.
const std::string kHeader = "# NEST version: 3.6.0\n# RecordingBackendASCII version: 2\n";
const Spikes kSpikes{{12, stated_time(1.5)}, {3, stated_time(20.125)}, {12, stated_time(20.125)}};

TEST(NestAscii, ReadsSendersAndTimesWithAndWithoutAMarkBeforeTheNames) {
  const std::string rows = "12\t1.500\n3\t20.125\n12\t20.125\n";
  EXPECT_EQ(read(kHeader + "sender\ttime_ms\n" + rows).spikes, kSpikes);
  EXPECT_EQ(read(kHeader + "# sender\ttime_ms\n" + rows).spikes, kSpikes);
  EXPECT_EQ(read(kHeader + "sender\ttime_ms\tV_m\tn\n12\t1.500\t-70.0\t3\n").spikes, (Spikes{kSpikes[0]}));
  EXPECT_EQ(read(rows).spikes, kSpikes);                                // .gdf
  EXPECT_EQ(read("12 1.5 \n3 20.125 \n12 20.125 \n").spikes, kSpikes);  // .gdf of other writers
  EXPECT_TRUE(read(kHeader + "sender\ttime_ms\n").spikes.empty());
  EXPECT_TRUE(read("").spikes.empty());
}

TEST(NestAscii, TimesInStepsLieBeforeTheirEnd) {
  const std::string text = kHeader + "sender\ttime_step\ttime_offset\n7\t15\t0.000\n8\t201\t0.0250000001\n";
  EXPECT_EQ(read(text, stated_duration(0.1)).spikes,
            (Spikes{{7, stated_time(1.5)}, {8, stated_time(20.0749999999)}}));
  EXPECT_EQ(complaint(text), "s.dat:3: times are steps; --resolution says how long one is");
  EXPECT_EQ(complaint(kHeader + "sender\ttime_step\ttime_offset\n7\t1\t0.5\n", stated_duration(0.1)),
            "s.dat:4: column 3: '0.5' lies before 0 ms");
}

TEST(NestAscii, CountsTimesThatWereRounded) {
  const NestRecording recording = read("1 2.125\n2 2.120\n3 2.1\n4 0.1234567890123\n");
  EXPECT_EQ(recording.cut_times, 1U);
  EXPECT_EQ(recording.rounded_times, 1U);
}

TEST(NestAscii, WhatItWritesIsRead) {
  EXPECT_EQ(read(nest_header("Chronotope 0.1.0") + "12\t1.5\n3\t20.125\n12\t20.125\n").spikes, kSpikes);
}

TEST(NestAscii, WhatIsWrongIsToldByLine) {
  EXPECT_EQ(complaint("1.5\t3\n"),
            "s.dat:1: column 1: '1.5' is not an index (a whole number from 0 to 4294967295)");
  EXPECT_EQ(complaint("1\t-3\n"), "s.dat:1: column 2: '-3' is before 0 ms");
  EXPECT_EQ(complaint("1\t3\n2\n"), "s.dat:2: the row has 1 columns, the rows before have 2");
  EXPECT_EQ(complaint("sender\tV_m\n1\t-70\n"),
            "s.dat:1: names no columns of NEST (sender and time_ms, or sender, time_step and time_offset)");
}

TEST(NestAscii, AFileThatIsCutInsideALineIsRefused) {
  const std::string whole = kHeader + "sender\ttime_ms\n12\t1.500\n3\t20.125\n";
  std::size_t spikes = 0;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    if (cut.ends_with('\n') && cut.find("time_ms") != std::string::npos)
      EXPECT_EQ(read(cut).spikes.size(), spikes++) << size;  // nothing tells how many there were
    else
      EXPECT_NE(complaint(cut), "no error") << size;
  }
  EXPECT_EQ(spikes, 2U);
}

}  // namespace
}  // namespace chronotope::proto
