// SPDX-License-Identifier: Apache-2.0
// Recordings of cameras, written byte by byte after the formats' documents.
#include "chronotope/proto/formats/camera_file.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <sstream>
#include <string>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/aedat.hpp"
#include "chronotope/proto/formats/prophesee.hpp"

namespace chronotope::proto {
namespace {

using Events = std::vector<AddressEvent>;
using Read = std::function<CameraRecording(const std::string&)>;

const Read kAedat = [](const std::string& bytes) {
  std::istringstream in(bytes);
  return read_aedat(in, "a.aedat");
};
const Read kProphesee = [](const std::string& bytes) {
  std::istringstream in(bytes);
  return read_prophesee(in, "p.dat");
};

std::string complaint(const Read& read, const std::string& bytes) {
  try {
    read(bytes);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

std::string little(std::uint32_t number, int bytes) {
  std::string text;
  for (int k = 0; k < bytes; ++k) text += static_cast<char>(number >> 8 * k & 0xff);
  return text;
}
std::string big(std::uint32_t number) {
  const std::string text = little(number, 4);
  return {text.rbegin(), text.rend()};
}

// AEDAT 2.0 -------------------------------------------------------------------------------------------------

const std::string kHeader2 = "#!AER-DAT2.0\r\n# Timestamps tick is 1 us\r\n# AEChip: DVS128\r\n";

/// Of the pixel (x, y) in the camera's view, where 0 stands for ON and x runs the other way.
std::string event2(std::uint32_t x, std::uint32_t y, bool on, std::uint32_t us) {
  return big(y << 8 | (127 - x) << 1 | (on ? 0 : 1)) + big(us);
}

TEST(Aedat2, ReadsPixelsPolarityAndTimesFromTheFirstEvent) {
  const CameraRecording recording =
      kAedat(kHeader2 + event2(5, 9, true, 70'000'003) + event2(127, 0, false, 70'000'000) +
             event2(0, 127, false, 70'123'456) + big(0x8000) + big(70'123'457));
  EXPECT_EQ(recording.events, (Events{{5, 9, true, 3}, {127, 0, false, 0}, {0, 127, false, 123'456}}));
  ASSERT_TRUE(recording.sensor);
  EXPECT_EQ(recording.sensor->width, 128U);
}

TEST(Aedat2, TheClockGoesRoundAndLateEventsStayInTheirRound) {
  const CameraRecording recording = kAedat(kHeader2 + event2(0, 0, true, 0xfffffff0) + event2(1, 0, true, 4) +
                                           event2(2, 0, true, 0xfffffffe) + event2(3, 0, true, 6));
  EXPECT_EQ(recording.events,
            (Events{{0, 0, true, 0}, {1, 0, true, 20}, {2, 0, true, 14}, {3, 0, true, 22}}));
}

TEST(Aedat2, AddressesOfOtherCamerasAreRefused) {
  EXPECT_EQ(complaint(kAedat, "#!AER-DAT2.0\r\n" + big(1U << 22) + big(0)),
            "a.aedat: byte 18: address 4194304 is none of a DVS128, the only camera of AEDAT 2.0 whose "
            "addresses can be read");
  EXPECT_EQ(complaint(kAedat, "#!AER-DAT1.0\r\n"),
            "a.aedat: byte 0: AEDAT of version '1.0' can not be read (2.0 and 3.1 can)");
}

// AEDAT 3.1 -------------------------------------------------------------------------------------------------

const std::string kHeader3 = "#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DAVIS240C\r\n#!END-HEADER\r\n";

std::string event3(std::uint32_t x, std::uint32_t y, bool on, std::uint32_t us, bool valid = true) {
  return little(x << 17 | y << 2 | (on ? 2 : 0) | (valid ? 1 : 0), 4) + little(us, 4);
}
std::string packet(std::uint32_t type, std::uint32_t size, std::uint32_t rounds, std::uint32_t number,
                   std::uint32_t valid, const std::string& events) {
  return little(type, 2) + little(1, 2) + little(size, 4) + little(4, 4) + little(rounds, 4) +
         little(number, 4) + little(number, 4) + little(valid, 4) + events;
}

const std::string kPacket = packet(
    1, 8, 0, 3, 2,
    event3(239, 179, true, 1'000'000) + event3(1, 2, false, 5, false) + event3(0, 3, false, 1'000'040));

TEST(Aedat3, ReadsValidEventsOfPolarityPackets) {
  const std::string others = packet(2, 5, 0, 2, 2, "two frames") + packet(0, 8, 0, 0, 0, "");
  const CameraRecording recording =
      kAedat(kHeader3 + others + kPacket + packet(3, 13, 0, 1, 0, "what it feels"));
  EXPECT_EQ(recording.events, (Events{{239, 179, true, 0}, {0, 3, false, 40}}));
  ASSERT_TRUE(recording.sensor);
  EXPECT_EQ(recording.sensor->width, 240U);
  EXPECT_EQ(recording.sensor->height, 180U);
}

TEST(Aedat3, PacketsCountTheRoundsOfTheClock) {
  const CameraRecording recording = kAedat(kHeader3 + kPacket + packet(1, 8, 1, 1, 1, event3(4, 4, true, 7)));
  EXPECT_EQ(recording.events, (Events{{239, 179, true, 0},
                                      {0, 3, false, 40},
                                      {4, 4, true, (std::uint64_t{1} << 31) + 7 - 1'000'000}}));
}

TEST(Aedat3, PacketsThatContradictThemselvesAreRefused) {
  const std::string event = event3(1, 1, true, 9);
  EXPECT_EQ(complaint(kAedat, kHeader3 + packet(1, 8, 0, 1, 0, event)),
            "a.aedat: byte 96: not as many events are valid as the packet's header says");
  EXPECT_EQ(complaint(kAedat, kHeader3 + packet(1, 8, 0, 1, 2, event)),
            "a.aedat: byte 88: the packet's header announces 2 valid events of 1 in room for 1");
  EXPECT_EQ(complaint(kAedat, kHeader3 + packet(1, 12, 0, 1, 1, event + "more")),
            "a.aedat: byte 88: events of polarity have 8 bytes, not 12");
}

// Prophesee -------------------------------------------------------------------------------------------------

const std::string kHeaderP = "% Data file containing CD events.\n% Version 2\n% Width 304\n% Height 240\n";

std::string event_p(std::uint32_t x, std::uint32_t y, bool on, std::uint32_t us) {
  return little(us, 4) + little((on ? 1U : 0U) << 28 | y << 14 | x, 4);
}

TEST(Prophesee, ReadsEventsWithAndWithoutAHeader) {
  const std::string events = event_p(303, 239, true, 12) + event_p(0, 1, false, 70'000'000);
  const Events expected{{303, 239, true, 12}, {0, 1, false, 70'000'000}};
  const CameraRecording recording = kProphesee(kHeaderP + std::string("\x00\x08", 2) + events);
  EXPECT_EQ(recording.events, expected);
  ASSERT_TRUE(recording.sensor);
  EXPECT_EQ(recording.sensor->width, 304U);
  EXPECT_EQ(recording.sensor->height, 240U);
  EXPECT_EQ(kProphesee(kHeaderP + "\x0c\x08" + events).events, expected);
  EXPECT_EQ(kProphesee(events).events, expected);
  EXPECT_FALSE(kProphesee(events).sensor);
}

TEST(Prophesee, OtherEventsAreRefused) {
  EXPECT_EQ(complaint(kProphesee, kHeaderP + "\x0e\x08"),
            "p.dat: byte 71: events of type 14 are no changes of brightness (0 or 12)");
  EXPECT_EQ(complaint(kProphesee, kHeaderP + "\x0c\x10"),
            "p.dat: byte 72: events have 16 bytes (8 can be read)");
  EXPECT_EQ(complaint(kProphesee, "% Width 0\n"),
            "p.dat: byte 0: the header's Width is no number from 1 to 16384");
  EXPECT_EQ(complaint(kProphesee, little(0, 4) + little(1U << 30, 4)),
            "p.dat: byte 4: the event has bits that no change of brightness has");
}

// All -------------------------------------------------------------------------------------------------------

struct Whole {
  const char* name;
  Read read;
  std::string header;  // that must be there as a whole
  std::string events;
  std::size_t step;  // from one place at which a cut can not be seen to the next
};

std::vector<Whole> wholes() {
  return {{"AEDAT 2.0", kAedat, kHeader2, event2(5, 9, true, 3) + event2(6, 9, true, 4), 8},
          {"AEDAT 3.1", kAedat, kHeader3, kPacket, kPacket.size()},
          {"Prophesee", kProphesee, kHeaderP + std::string("\x00\x08", 2),
           event_p(3, 2, true, 12) + event_p(0, 1, false, 13), 8}};
}

TEST(CameraFiles, ThatAreCutAreRefusedUnlessAnEventEndsThere) {
  for (const Whole& whole : wholes()) {
    const std::string bytes = whole.header + whole.events;
    for (std::size_t size = 1; size < bytes.size(); ++size) {
      const bool at_event = size >= whole.header.size() && (size - whole.header.size()) % whole.step == 0;
      const bool at_line = bytes.starts_with(kHeader2) && size < kHeader2.size() && bytes[size - 1] == '\n';
      if (at_event || at_line) continue;
      EXPECT_NE(complaint(whole.read, bytes.substr(0, size)), "no error") << whole.name << " " << size;
    }
  }
}

TEST(CameraFiles, AByteThatIsAnotherIsRefusedOrRead) {
  for (const Whole& whole : wholes()) {
    const std::string bytes = whole.header + whole.events;
    for (std::size_t at = 0; at < bytes.size(); ++at)
      for (int value = 0; value < 256; value += 5) {
        std::string other = bytes;
        other[at] = static_cast<char>(value);
        try {
          EXPECT_LE(whole.read(other).events.size(), bytes.size() / 8);
        } catch (const InputError& error) {
          EXPECT_LT(std::string_view(error.what()).size(), 200U);
        }
      }
  }
}

}  // namespace
}  // namespace chronotope::proto
