// SPDX-License-Identifier: Apache-2.0
// Windows of activity against the same counts given as tables.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

constexpr int kWindows = 12;
constexpr int kNeurons = 4;
constexpr double kFrom = 50;
constexpr double kLength = 12.5;

/// Spikes of a population and how many fall into each window.
struct Recording {
  std::string spikes = "time_ms,population,neuron\n";
  std::string counts;
};

/// The last neuron fires in the last window, so that the table has all neurons
/// and its end is that window's.
Recording record(std::uint64_t seed, const std::string& population) {
  RandomStream random(seed, Purpose("rtd_windows_test"), 0);
  std::vector<std::array<int, kNeurons>> counts(kWindows);
  Recording recording;
  const auto add = [&](double time, int neuron) {
    recording.spikes += std::to_string(time) + "," + population + "," + std::to_string(neuron) + "\n";
    if (time >= kFrom)
      ++counts[static_cast<std::size_t>((time - kFrom) / kLength)][static_cast<std::size_t>(neuron)];
  };
  for (double time = 0.25; time < 199; time += 0.125)
    if (random.uniform() < 0.3) add(time, static_cast<int>(kNeurons * random.uniform()));
  add(199.5, kNeurons - 1);
  for (const auto& row : counts)
    for (int n = 0; n < kNeurons; ++n)
      recording.counts += std::to_string(row[static_cast<std::size_t>(n)]) + (n + 1 < kNeurons ? "," : "\n");
  return recording;
}

/// The text without the line that says what tables were read.
std::string without_tables(std::string text) {
  return text.substr(0, text.find(",\"table_a\"")) + text.substr(text.find(",\"score\""));
}

class RtdWindows : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    for (const std::uint64_t seed : {1u, 2u}) {
      const Recording recording = record(seed, "E");
      save("spikes" + std::to_string(seed) + ".csv", recording.spikes);
      save("counts" + std::to_string(seed) + ".csv", recording.counts);
    }
  }
};

TEST_F(RtdWindows, AreRowsOfCounts) {
  for (const std::string variant : {"", " --variant srtd-lite", " --variant mtop-div", " --metric cosine"}) {
    const Outcome windows = run("rtd spikes1.csv spikes2.csv --window 12.5 --from 50 --json" + variant);
    ASSERT_EQ(windows.code, 0) << windows.err;
    EXPECT_EQ(windows.out,
              without_tables(run("rtd counts1.csv counts2.csv --header no --json" + variant).out));
  }
}

TEST_F(RtdWindows, AreNamedWhereBarsAreExplained) {
  const Outcome shown = run("rtd spikes1.csv spikes2.csv --window 12.5 --from 50 --explain 1");
  EXPECT_NE(shown.out.find("-"), std::string::npos);
  EXPECT_NE(shown.out.find(" ms / "), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("cycle "), std::string::npos) << shown.out;
}

TEST_F(RtdWindows, MayBeComparedAsTrains) {
  const std::string words = " --window 12.5 --from 50 --code train --metric victor-purpura --json";
  EXPECT_NE(run("rtd spikes1.csv spikes2.csv" + words).out.find("\"n\":12"), std::string::npos);
  const std::string same = run("rtd spikes1.csv spikes1.csv" + words).out;
  EXPECT_NE(same.find("\"rtd\":0,"), std::string::npos) << same;
}

TEST_F(RtdWindows, AreThoseOfBothRecordings) {
  const auto n_of = [&](const std::string& words) {
    const std::string out = run("rtd spikes1.csv spikes2.csv --window 12.5 --json " + words).out;
    return out.substr(out.find("\"n\":"), 6);
  };
  EXPECT_EQ(n_of(""), "\"n\":16");
  EXPECT_EQ(n_of("--until 130"), "\"n\":10");
  expect_refused("rtd spikes1.csv spikes2.csv --window 300",
                 "--window: 300 is not allowed (must fit between");
  expect_refused("rtd spikes1.csv spikes2.csv --window 10 --until 900", "must not be after the end of");
  expect_refused("rtd spikes1.csv spikes2.csv --window 10 --population I",
                 "has no population 'I' (populations: E)");
  expect_refused("rtd spikes1.csv spikes2.csv --window 10 --neurons 3", "must be at least the 4 that");
  expect_refused("rtd spikes1.csv spikes2.csv --window 10 --code potential", "needs the stimuli of a stream");
  expect_refused("rtd spikes1.csv spikes2.csv --window 10 --layers shared", "--layers: needs no --window");
  expect_refused("rtd spikes1.csv spikes2.csv --from 10", "--from: needs --window");
  EXPECT_EQ(run("rtd spikes1.csv spikes2.csv --window 10 --neurons 9 --variant "
                "mtop-div")
                .code,
            0);
}

}  // namespace
}  // namespace chronotope
