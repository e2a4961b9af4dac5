// SPDX-License-Identifier: Apache-2.0
// Spikes in HDF5: files of the SONATA project, and files that h5py wrote (tests/data/hdf5/make_files.py).
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/sonata_spikes.hpp"
#include "chronotope/proto/formats/spoken_spikes.hpp"

namespace chronotope::proto {
namespace {

const std::string kSonata = CHRONOTOPE_TEST_DATA "/sonata/";
const std::string kMade = CHRONOTOPE_TEST_DATA "/hdf5/";

std::vector<SonataPopulation> read(const std::string& path) { return read_sonata_spikes(Hdf5File(path)); }

TEST(SonataSpikes, ReadsThePresentLayout) {
  const auto populations = read(kSonata + "300_intfire_output_spikes.h5");
  ASSERT_EQ(populations.size(), 1U);
  EXPECT_EQ(populations[0].name, "v1");
  ASSERT_EQ(populations[0].spikes.size(), 4322U);
  EXPECT_TRUE(std::is_sorted(populations[0].spikes.begin(), populations[0].spikes.end()));
  EXPECT_TRUE(holds_sonata_spikes(Hdf5File(kSonata + "300_intfire_output_spikes.h5")));
}

TEST(SonataSpikes, ReadsTheLayoutBefore) {
  const auto populations = read(kSonata + "300_pointneurons/inputs/external_spike_trains.h5");
  ASSERT_EQ(populations.size(), 1U);
  EXPECT_EQ(populations[0].name, "");
  ASSERT_EQ(populations[0].spikes.size(), 4334U);
  for (const NodeSpike& spike : populations[0].spikes) EXPECT_LT(spike.node, 100U);
}

TEST(SonataSpikes, ReadsSeveralPopulationsWhoseOrderIsAnEnumeration) {
  const auto populations = read(kMade + "sonata_enum.h5");
  ASSERT_EQ(populations.size(), 2U);
  EXPECT_EQ(populations[0].name, "E");
  EXPECT_EQ(populations[0].spikes,
            (std::vector<NodeSpike>{{stated_time(0.1), 0}, {stated_time(1.5), 3}, {stated_time(20.125), 3}}));
  EXPECT_EQ(populations[1].name, "I");
  EXPECT_EQ(Hdf5File(kMade + "sonata_enum.h5").text_attribute("/spikes/E", "sorting"), "none");
  EXPECT_EQ(Hdf5File(kSonata + "300_intfire_output_spikes.h5").text_attribute("/spikes/v1", "sorting"),
            "by_time");
}

TEST(SpokenSpikes, ReadsSamplesInSecondsOfEveryWidth) {
  const SpokenSpikes samples(kMade + "spoken.h5"), wide(kMade + "spoken_wide.h5");
  ASSERT_EQ(samples.size(), 3U);
  EXPECT_EQ(samples.label(0), "eins");
  EXPECT_EQ(samples.label(1), "zero");
  EXPECT_EQ(wide.label(0), "1");
  const std::vector<ChannelSpike> first{
      {stated_time(62.5), 0}, {stated_time(250), 12}, {stated_time(500), 699}};
  const std::vector<ChannelSpike> last{{stated_time(0.9765625), 3}, {stated_time(1000), 3}};
  for (const SpokenSpikes* file : {&samples, &wide}) {
    EXPECT_EQ(file->spikes(0), first);
    EXPECT_TRUE(file->spikes(1).empty());
    EXPECT_EQ(file->spikes(2), last);
  }
  EXPECT_TRUE(SpokenSpikes::is(Hdf5File(kMade + "spoken.h5")));
  EXPECT_FALSE(holds_sonata_spikes(Hdf5File(kMade + "spoken.h5")));
  EXPECT_FALSE(SpokenSpikes::is(Hdf5File(kMade + "sonata_enum.h5")));
}

/// Reads all that such a file holds.
using ReadAll = std::function<void(const std::string& path)>;
const ReadAll kReadSonata = [](const std::string& path) { read(path); };
const ReadAll kReadSpoken = [](const std::string& path) {
  const SpokenSpikes samples(path);
  for (std::size_t k = 0; k < samples.size(); ++k) {
    samples.label(k);
    samples.spikes(k);
  }
};

struct Whole {
  std::string path;
  ReadAll read;
};
const std::vector<Whole> kWholes{{kMade + "spoken.h5", kReadSpoken},
                                 {kMade + "sonata_enum.h5", kReadSonata},
                                 {kSonata + "300_pointneurons/inputs/external_spike_trains.h5", kReadSonata}};

/// A file of the test's own.
class Hdf5Files : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  const std::string& save(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary) << bytes;
    return path_;
  }
  static std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  const std::string path_ = testing::TempDir() + "chronotope_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name() + ".h5";
};

TEST_F(Hdf5Files, WhatIsWrittenIsRead) {
  const std::vector<SonataPopulation> populations{{"E", {{stated_time(0.1), 4}, {stated_time(7), 0}}, 0},
                                                  {"silent", {}, 0}};
  const auto again = read(save(sonata_spikes(populations)));
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[0].spikes, populations[0].spikes);
  EXPECT_EQ(again[1].name, "silent");
  EXPECT_TRUE(again[1].spikes.empty());
}

TEST_F(Hdf5Files, ThatAreCutAnywhereAreRefused) {
  for (const Whole& whole : kWholes) {
    const std::string bytes = bytes_of(whole.path);
    const std::size_t step = bytes.size() / 60 + 1;
    for (std::size_t size = 0; size < bytes.size(); size += step)
      EXPECT_THROW(whole.read(save(bytes.substr(0, size))), InputError) << whole.path << " cut at " << size;
    EXPECT_THROW(whole.read(save(bytes.substr(0, bytes.size() - 1))), InputError) << whole.path;
  }
}

TEST_F(Hdf5Files, OfWhichAByteIsAnotherAreRefusedOrRead) {
  for (const Whole& whole : {kWholes[0], kWholes[1]}) {
    const std::string bytes = bytes_of(whole.path);
    for (std::size_t at = 0; at < bytes.size(); at += 71) {
      std::string other = bytes;
      other[at] = static_cast<char>(other[at] ^ 0xff);
      try {
        whole.read(save(other));
      } catch (const InputError&) {
      }
    }
  }
}

TEST_F(Hdf5Files, ThatLeadTheLibraryAstrayAreRefused) {
  const std::string bytes = bytes_of(kWholes[0].path);
  for (const std::size_t at : {2751, 2807, 6895}) {  // libhdf5 1.10.8 touches memory that is not its own
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ 0xff);
    EXPECT_THROW(kReadSpoken(save(other)), InputError) << at;
  }
}

TEST_F(Hdf5Files, OfSomethingElseAreToldByPath) {
  const auto complaint = [&](const std::string& path, const ReadAll& read_all) -> std::string {
    try {
      read_all(path);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  };
  const std::string text = save("no HDF5");
  EXPECT_EQ(complaint(text, kReadSonata), text + ": is not an HDF5 file");
  const std::string sonata = kMade + "sonata_enum.h5";
  EXPECT_EQ(complaint(sonata, kReadSpoken), sonata + ":/labels: is missing; it must be a data set");
  Hdf5Image image;
  image.add_group("/spikes");
  image.add_group("/spikes/E");
  image.add_numbers("/spikes/E/timestamps", std::vector<double>{1, -2}, {2});
  image.add_numbers("/spikes/E/node_ids", std::vector<double>{1, 0.5}, {2});
  const std::string path = save(image.bytes());
  EXPECT_EQ(complaint(path, kReadSonata),
            path + ":/spikes/E/node_ids: 0.5 is not allowed (must be a whole number from 0 to 2^53)");
}

}  // namespace
}  // namespace chronotope::proto
