// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/stimuli/cochlea.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/wav.hpp"

namespace chronotope::events {
namespace {

constexpr double kRate = 8000;

std::vector<double> tone(double frequency, double amplitude, int samples) {
  std::vector<double> sound;
  for (int n = 0; n < samples; ++n)
    sound.push_back(amplitude * std::sin(2 * std::numbers::pi * frequency * n / kRate));
  return sound;
}

std::vector<int> counts(const std::vector<ChannelSpike>& spikes) {
  std::vector<int> count(64);
  for (const auto& spike : spikes) ++count[spike.channel];
  return count;
}

std::vector<double> recording(const std::string& name) {
  return proto::read_wav(std::string(CHRONOTOPE_EXAMPLES) + "/digits/recordings/" + name).samples;
}

TEST(Cochlea, AToneDrivesTheChannelOfItsFrequencyMost) {
  const Cochlea ear({}, kRate);
  for (const std::size_t channel : {20, 35, 50}) {
    const auto count = counts(ear.listen(tone(ear.frequencies()[channel], 0.1, 16000)));
    EXPECT_EQ(std::max_element(count.begin(), count.end()) - count.begin(), static_cast<long>(channel));
    EXPECT_EQ(count[channel - 19] + count[channel + 13], 0);  // 7 and 5 bandwidths away
  }
}

TEST(Cochlea, SilenceGivesNoSpike) {
  const Cochlea ear({}, kRate);
  EXPECT_TRUE(ear.listen(std::vector<double>(8000, 0.0)).empty());
  EXPECT_TRUE(ear.listen(std::vector<double>(8000, 0.1)).empty());
  EXPECT_TRUE(ear.listen(tone(1000, 1e-7, 8000)).empty());
  EXPECT_TRUE(ear.listen({}).empty());
}

TEST(Cochlea, LoudnessChangesNothing) {
  const Cochlea ear({}, kRate);
  auto sound = recording("0_george_1.wav");
  const auto spikes = ear.listen(sound);
  for (double& x : sound) x *= 0.25;
  EXPECT_EQ(ear.listen(sound), spikes);
}

TEST(Cochlea, SpikesAreOrderedAndInsideTheRecording) {
  const auto sound = recording("6_theo_0.wav");
  const auto spikes = Cochlea({}, kRate).listen(sound);
  EXPECT_TRUE(std::is_sorted(spikes.begin(), spikes.end()));
  EXPECT_GT(spikes.front().time, Time{});
  EXPECT_LT(spikes.back().time.to_ms(), 1000 * static_cast<double>(sound.size()) / kRate);
}

TEST(Cochlea, ADigitGivesTensOfSpikesPerActiveChannel) {
  const auto spikes = Cochlea({}, kRate).listen(recording("3_theo_2.wav"));
  const auto count = counts(spikes);
  EXPECT_GT(spikes.size(), 200U);
  EXPECT_LT(spikes.size(), 2000U);
  EXPECT_GT(std::count_if(count.begin(), count.end(), [](int n) { return n >= 5; }), 20);
  EXPECT_LT(*std::max_element(count.begin(), count.end()), 80);
}

TEST(Cochlea, GivesTheSameBitsOnEveryMachine) {
  std::uint64_t hash = 1469598103934665603ULL;  // FNV-1a over the spikes' words
  for (const auto& spike : Cochlea({}, kRate).listen(recording("3_theo_2.wav")))
    for (const std::uint64_t word :
         {std::bit_cast<std::uint64_t>(spike.time.to_ms()), std::uint64_t{spike.channel}})
      hash = (hash ^ word) * 1099511628211ULL;
  EXPECT_EQ(hash, 452553877741961696U);
}

TEST(Cochlea, RefusesFrequenciesThatTheSampleRateCannotHold) {
  EXPECT_THROW(Cochlea({.f_high = 4000}, kRate), InputError);
  EXPECT_THROW(Cochlea({.f_low = 0}, kRate), InputError);
  EXPECT_THROW(Cochlea({.f_low = 500, .f_high = 400}, kRate), InputError);
}

}  // namespace
}  // namespace chronotope::events
