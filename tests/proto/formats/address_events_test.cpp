// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/address_events.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

using namespace std::string_literals;

std::vector<AddressEvent> read(const std::string& bytes) {
  std::istringstream in(bytes);
  return read_address_events(in, "a.bs2");
}

std::string complaint(const std::string& bytes) {
  try {
    read(bytes);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(AddressEvents, UnpackPolarityAndBigEndianMicroseconds) {
  const auto events = read("\x01\x02\x81\x02\x03\x21\x00\x7f\xff\xff"s);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0], (AddressEvent{1, 2, true, 0x010203}));
  EXPECT_EQ(events[1], (AddressEvent{33, 0, false, 0x7fffff}));
}

TEST(AddressEvents, NumberChannelsByPolarityRowAndColumn) {
  const Sensor sensor;
  EXPECT_EQ(sensor.channels(), 2312U);
  EXPECT_EQ(channel(sensor, {5, 2, false, 0}), 2U * 34 + 5);
  EXPECT_EQ(channel(sensor, {33, 33, true, 0}), 2311U);
}

TEST(AddressEvents, GoOnLaterAfterAnOverflowOfTheClock) {
  const std::string marker = "\x00\xf0\x00\x00\x00"s;
  const std::string event = "\x01\x02\x80\x05\xdc"s;  // at 1500 us
  const auto events = read(event + marker + event + marker + marker + event);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0], (AddressEvent{1, 2, true, 1500}));
  EXPECT_EQ(events[1], (AddressEvent{1, 2, true, 1500 + 8192}));
  EXPECT_EQ(events[2], (AddressEvent{1, 2, true, 1500 + 3 * 8192}));
}

TEST(AddressEvents, AreThoseOfTheSensor) {
  const auto read_from = [](const Sensor& sensor, const std::string& bytes) {
    std::istringstream in(bytes);
    return read_address_events(in, "a.bin", sensor);
  };
  const Sensor caltech{240, 180};
  EXPECT_EQ(channel(caltech, read_from(caltech, "\xc8\x64\x80\x03\xe8"s).at(0)), (180U + 100) * 240 + 200);
  EXPECT_EQ(read_from(caltech, "\xc8\xf0\x80\x03\xe8"s).size(), 0U);
  EXPECT_EQ(read_from({256, 256}, "\xc8\xf0\x80\x03\xe8"s).size(), 1U);
  EXPECT_THROW(read_from(caltech, "\xc8\xb4\x80\x03\xe8"s), InputError);
}

TEST(AddressEvents, NameTheByteOfAMistake) {
  EXPECT_EQ(complaint("\0\0\0\0\0\0\0"s), "a.bs2: byte 5: the last event is cut (2 of 5 bytes)");
  EXPECT_EQ(
      complaint("\0\0\0\0\0\x05\x22\0\0\0"s),
      "a.bs2: byte 5: pixel (5, 34) is outside the sensor of 34 x 34 (--sensor WIDTHxHEIGHT names another)");
}

TEST(AddressEvents, OfARealRecordingAreInOrderAndSpanItsThreeSaccades) {
  std::ifstream file(std::string(CHRONOTOPE_TEST_DATA) + "/nmnist/1.bs2", std::ios::binary);
  const auto events = read_address_events(file, "1.bs2");
  const auto earlier = [](const auto& a, const auto& b) { return a.time_us < b.time_us; };
  EXPECT_EQ(events.size(), 23405U / 5);
  EXPECT_TRUE(std::is_sorted(events.begin(), events.end(), earlier));
  EXPECT_GT(events.back().time_us, 297000U);  // the data set's recordings last 297 to 336 ms
  EXPECT_LT(events.back().time_us, 336000U);
}

}  // namespace
}  // namespace chronotope::proto
