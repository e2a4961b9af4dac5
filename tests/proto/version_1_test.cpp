// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/version_1.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/csv.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/proto/stream_version_1.pb.h"

namespace chronotope::proto {
namespace {

/// Streams of both versions made from tests/data/streams/net.textproto, whose times are decimals.
const std::string kStreams = CHRONOTOPE_TEST_DATA "/streams/";
const std::vector<std::string> kSpikes{"0.3", "1.6", "4.5", "1028.2", "1028.7", "2103.6"};

struct Times {
  std::vector<std::string> spikes;
  std::vector<std::string> snapshots;
  std::vector<std::string> samples;
  std::vector<std::string> delays;

  bool operator==(const Times&) const = default;
};

Times times_of(const std::string& path) {
  FrameReader frames(path);
  Times times;
  while (const auto envelope = frames.next()) {
    std::vector<PopulationSpike> spikes;
    if (envelope->has_spikes()) decode(envelope->spikes(), 3, spikes);
    for (const auto& spike : spikes) times.spikes.push_back(to_text(spike.time));
    if (envelope->has_snapshot()) times.snapshots.push_back(to_text(decode(envelope->snapshot().time())));
    if (envelope->has_weight_sample())
      times.samples.push_back(to_text(decode(envelope->weight_sample().time())));
    const Synapses& synapses = envelope->synapses();
    for (int k = 0; k < synapses.delay_ticks_size(); ++k) {
      const std::int64_t epochs = k < synapses.delay_epochs_size() ? synapses.delay_epochs(k) : 0;
      times.delays.push_back(
          to_text(Duration::from_parts(epochs, static_cast<double>(synapses.delay_ticks(k)))));
    }
  }
  return times;
}

TEST(StreamVersions, HoldTheDecimalsThatWereStated) {
  for (const char* version : {"v1", "v2"}) {
    const Times times = times_of(kStreams + version + "/run.pb");
    EXPECT_EQ(times.spikes, kSpikes) << version;
    EXPECT_EQ(times.snapshots, (std::vector<std::string>{"1000.1", "2000.2", "3000.3", "4000.4", "4096.3"}));
    EXPECT_EQ(times.samples, (std::vector<std::string>{"0.3", "1500.7"})) << version;
    std::vector<std::string> delays{"0.1", "0.7", "2100.3"};
    delays.insert(delays.end(), 9, "0.2");
    EXPECT_EQ(times.delays, delays) << version;
  }
  EXPECT_EQ(FrameReader(kStreams + "v1/run.pb").header().version(), 1U);
  EXPECT_EQ(FrameReader(kStreams + "v2/run.pb").header().version(), 2U);
}

TEST(StreamVersions, HoldTheSameStimuli) {
  const SpikeRecording one = read_spike_recording(kStreams + "v1/stimuli.pb");
  const SpikeRecording two = read_spike_recording(kStreams + "v2/stimuli.pb");
  EXPECT_EQ(one.spikes, two.spikes);
  ASSERT_EQ(one.stimuli.size(), 2U);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_EQ(one.stimuli[k].onset, two.stimuli[k].onset);
    EXPECT_EQ(one.stimuli[k].duration, two.stimuli[k].duration);
  }
  EXPECT_EQ(to_text(one.stimuli[1].onset), "4.3");  // 4 ms and a gap of 0.3
  EXPECT_EQ(to_text(one.spikes.back().time), "1028.1");
}

TEST(StreamVersions, TablesOfBothReadAsTheSameDecimals) {
  for (const char* version : {"v1", "v2"}) {
    std::ifstream file(kStreams + version + "/spikes.csv");
    std::string text(std::istreambuf_iterator<char>(file), {});
    text.replace(0, text.find('\n'), "time_ms,population,channel");
    std::istringstream table(text);
    std::vector<std::string> times;
    for (const ChannelEvent& event : read_channel_events(table, "spikes.csv").events)
      times.push_back(to_text(event.time));
    EXPECT_EQ(times, kSpikes) << version;
  }
}

/// A message of version 2 with what version 1 had in the fields that have gone.
template <class Message, class Old>
Message with(const Message& message, const Old& old) {
  Message both;
  both.ParseFromString(message.SerializeAsString() + old.SerializeAsString());
  return both;
}

TEST(StreamVersions, TheLastHalfTickOfAnEpochBelongsToTheNext) {
  version_1::SpikeBlock old;
  for (const double ms : {1023.9999999999994, std::nextafter(1024.0, 0.0)}) old.add_offset_ms(ms);
  SpikeBlock block;
  block.set_epoch(7);
  block.add_neuron(0);
  block.add_neuron(1);
  Envelope envelope;
  *envelope.mutable_spikes() = with(block, old);
  upgrade_from_version_1(envelope);
  std::vector<PopulationSpike> spikes;
  decode(envelope.spikes(), 2, spikes);
  EXPECT_EQ(spikes[0].time, Time::from_parts(7, kTicksPerEpoch - 1));
  EXPECT_EQ(spikes[1].time, Time::from_parts(8, 0));
}

TEST(StreamVersions, RefuseTimesThatVersionOneRefused) {
  for (const double ms : {-1.0, 1024.0, std::nan("")}) {
    version_1::TimePoint old;
    old.set_offset_ms(ms);
    Envelope envelope;
    *envelope.mutable_snapshot()->mutable_time() = with(TimePoint(), old);
    EXPECT_THROW(upgrade_from_version_1(envelope), InputError) << ms;
  }
  for (const double ms : {-1.0, 2e12, std::nan("")}) {
    version_1::StimulusMark old;
    old.set_duration_ms(ms);
    Envelope envelope;
    *envelope.mutable_stimulus() = with(StimulusMark(), old);
    EXPECT_THROW(upgrade_from_version_1(envelope), InputError) << ms;
  }
}

}  // namespace
}  // namespace chronotope::proto
