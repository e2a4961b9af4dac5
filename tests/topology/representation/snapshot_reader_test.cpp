// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/representation/snapshot_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/topology/representation/representation.hpp"

namespace chronotope::topology {
namespace {

using testing::HasSubstr;

/// A stream of five neurons in a row behind one input, written frame by frame.
class SnapshotReaderTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove(path_); }
  void TearDown() override { std::filesystem::remove(path_); }

  static Header header() {
    Header header;
    auto& neurons = *header.add_population();
    neurons.set_name("E");
    neurons.set_size(5);
    auto& input = *header.add_population();
    input.set_name("in");
    input.set_size(1);
    input.set_is_input(true);
    return header;
  }
  static Envelope mark(std::uint32_t id, double onset, Phase phase) {
    return proto::encode(
        proto::Stimulus{id, stated_time(onset), stated_duration(10), "class", "recording", phase});
  }
  static Envelope synapses(std::uint32_t projection, std::uint32_t source,
                           const std::vector<std::pair<std::uint32_t, std::uint32_t>>& ends) {
    Envelope envelope;
    Synapses& chunk = *envelope.mutable_synapses();
    chunk.set_projection(projection);
    chunk.set_source_population(source);
    for (const auto& [i, j] : ends) {
      chunk.add_source(i);
      chunk.add_target(j);
    }
    return envelope;
  }
  static Envelope spikes(const std::vector<std::pair<double, std::uint32_t>>& events) {
    Envelope envelope;
    for (const auto& [ms, neuron] : events) {
      envelope.mutable_spikes()->add_ticks(static_cast<std::int64_t>(ticks_of(ms)));
      envelope.mutable_spikes()->add_neuron(neuron);
    }
    return envelope;
  }
  static Envelope snapshot(double ms, std::uint64_t promised) {
    Envelope envelope;
    *envelope.mutable_snapshot()->mutable_time() = proto::encode(stated_time(ms));
    envelope.mutable_snapshot()->set_synapses(promised);
    return envelope;
  }
  static Envelope weights(std::uint32_t projection, const std::vector<double>& values) {
    Envelope envelope;
    envelope.mutable_weights()->set_projection(projection);
    for (const double w : values) envelope.mutable_weights()->add_weight(w);
    return envelope;
  }
  void write_beginning(proto::FrameWriter& frames) const {
    frames.write(mark(7, 0, TRAIN));
    frames.write(mark(8, 20, PROBE));
    frames.write(mark(9, 40, PROBE));
    frames.write(synapses(0, 1, {{0, 0}}));
    frames.write(synapses(1, 0, {{0, 1}, {1, 2}, {2, 3}, {3, 4}}));
  }
  void write_stream(std::uint64_t promised) const {
    proto::FrameWriter frames(path_, header());
    write_beginning(frames);
    frames.write(spikes({{1, 0}, {21, 1}, {22, 1}}));
    frames.write(snapshot(30, promised));
    frames.write(weights(0, {5}));
    frames.write(weights(1, {1, 1, 1, 1}));
    frames.write(spikes({{41, 4}}));
    frames.write(snapshot(50, promised));
    frames.write(weights(0, {5}));
    frames.write(weights(1, {2, 2, 2, 3}));
    frames.close();
  }

  /// The stimuli whose rows the stream has.
  std::vector<std::uint32_t> rows(Presentations presentations) const {
    RepresentationOptions options;
    options.presentations = presentations;
    std::vector<std::uint32_t> ids;
    const Representation representation = read_representation(path_, options);
    for (const Stimulus& s : representation.layers[0].stimuli) ids.push_back(s.id);
    return ids;
  }

  const std::string path_ = testing::TempDir() + "chronotope_snapshot_reader_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name() + ".pb";
};

TEST_F(SnapshotReaderTest, GivesEverySnapshotTheRowsThatEndedSinceTheOneBefore) {
  for (const std::uint64_t promised : {5, 0}) {  // 0: a writer that does not say how many weights follow
    write_stream(promised);
    SnapshotReader reader(path_, {});
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.time(), stated_time(30));
    EXPECT_EQ(reader.ended(), 1u);
    const Representation first = representation_at(reader, {});
    EXPECT_EQ(first.layers[0].stimuli.at(0).id, 8u);
    EXPECT_EQ(first.layers[0].stimuli.at(0).name, "recording");
    double count = 0;
    for (const Activations& layer : first.layers)
      for (const double x : layer.values.row(0)) count += x;
    EXPECT_EQ(count, 2);
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(representation_at(reader, {}).layers[0].stimuli.at(0).id, 9u);
    EXPECT_EQ(reader.graph().edges.at(3).weight, 3);
    EXPECT_EQ(reader.graph().projects_to_readout, std::vector<bool>(5, true));
    EXPECT_EQ(reader.rates(), (std::vector<double>{1 / 50., 2 / 50., 0, 0, 1 / 50.}));
    EXPECT_FALSE(reader.next());
  }
}

TEST_F(SnapshotReaderTest, RowsAreThoseOfThePhaseThatIsAskedFor) {
  write_stream(5);
  EXPECT_EQ(rows(Presentations::kProbeOrAll), (std::vector<std::uint32_t>{8, 9}));
  EXPECT_EQ(rows(Presentations::kProbe), (std::vector<std::uint32_t>{8, 9}));
  EXPECT_EQ(rows(Presentations::kTrain), (std::vector<std::uint32_t>{7}));
  EXPECT_EQ(rows(Presentations::kAll), (std::vector<std::uint32_t>{7, 8, 9}));
}

/// A mark without a phase is a row of kAll, and of kProbeOrAll where no mark is a probe.
TEST_F(SnapshotReaderTest, MarksWithoutAPhaseAreNoProbes) {
  const auto rows_with = [&](Phase others, Presentations presentations) {
    proto::FrameWriter frames(path_, header());
    frames.write(mark(7, 0, PHASE_UNSPECIFIED));
    frames.write(mark(8, 20, others));
    frames.write(mark(9, 40, others));
    frames.write(synapses(0, 1, {{0, 0}}));
    frames.write(synapses(1, 0, {{0, 1}, {1, 2}, {2, 3}, {3, 4}}));
    frames.write(snapshot(50, 5));
    frames.write(weights(0, {5}));
    frames.write(weights(1, {1, 1, 1, 1}));
    frames.close();
    return rows(presentations);
  };
  using Ids = std::vector<std::uint32_t>;
  EXPECT_EQ(rows_with(PROBE, Presentations::kProbeOrAll), (Ids{8, 9}));
  EXPECT_EQ(rows_with(PROBE, Presentations::kProbe), (Ids{8, 9}));
  EXPECT_EQ(rows_with(PROBE, Presentations::kAll), (Ids{7, 8, 9}));
  EXPECT_EQ(rows_with(TRAIN, Presentations::kTrain), (Ids{8, 9}));
  EXPECT_EQ(rows_with(TRAIN, Presentations::kProbeOrAll), (Ids{7, 8, 9}));
  EXPECT_EQ(rows_with(MEMORY, Presentations::kMemory), (Ids{8, 9}));
  EXPECT_EQ(rows_with(MEMORY, Presentations::kProbeOrAll), (Ids{7, 8, 9}));
  EXPECT_EQ(rows_with(PHASE_UNSPECIFIED, Presentations::kProbeOrAll), (Ids{7, 8, 9}));
}

TEST_F(SnapshotReaderTest, ACutStreamGivesItsCompleteSnapshotsAndThenAnError) {
  write_stream(5);
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 40);
  SnapshotReader reader(path_, {});
  ASSERT_TRUE(reader.next());
  try {
    reader.next();
    FAIL() << "the cut was not seen";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr(path_));
    EXPECT_THAT(error.what(), HasSubstr("cut"));
  }
}

TEST_F(SnapshotReaderTest, RefusesFramesThatDoNotFit) {
  const auto refusal = [&](const Envelope& last) -> std::string {
    {
      proto::FrameWriter frames(path_, header());
      write_beginning(frames);
      frames.write(spikes({{1, 0}}));
      frames.write(last);
      frames.close();
    }
    SnapshotReader reader(path_, {});
    try {
      reader.next();
    } catch (const InputError& error) {
      return error.what();
    }
    return "nothing was thrown";
  };
  EXPECT_THAT(refusal(mark(3, 60, PROBE)), HasSubstr("mark after the first spikes"));
  EXPECT_THAT(refusal(synapses(2, 7, {})), HasSubstr("population: 7 is not allowed"));
  EXPECT_THAT(refusal(synapses(2, 0, {{0, 5}})), HasSubstr("target: 5 is not allowed"));
  EXPECT_THAT(refusal(weights(1, {1, 2, 3, 4, 5})), HasSubstr("weights outside a snapshot"));
  EXPECT_THAT(refusal(spikes({{1, 5}})), HasSubstr("5"));
  Envelope potentials;
  potentials.mutable_potentials()->set_stimulus(3);
  EXPECT_THAT(refusal(potentials), HasSubstr("stimulus: 3 is not allowed"));
  potentials.mutable_potentials()->set_stimulus(2);
  potentials.mutable_potentials()->set_first(6);
  EXPECT_THAT(refusal(potentials), HasSubstr("potentials: 6 to 6 is not allowed (there are 5)"));
}

TEST_F(SnapshotReaderTest, LayersOfATableAreThoseOfEveryNeuron) {
  const std::string table = path_ + ".csv";
  const auto read = [&](const std::string& text) -> std::string {
    std::ofstream(table) << text;
    try {
      std::string layers;
      for (const std::uint8_t layer : read_layering(table, header()).layer)
        layers += static_cast<char>('0' + layer);
      return layers;
    } catch (const InputError& error) {
      return error.what();
    }
  };
  const std::string rows = "population,neuron,layer\nE,4,5\nE,0,1\nE,1,2\nE,2,3\n";
  EXPECT_EQ(read(rows + "E,3,4\n"), "12345");
  EXPECT_THAT(read(rows), HasSubstr("neuron 3 of population E has no layer"));
  EXPECT_THAT(read(rows + "E,0,4\n"), HasSubstr("neuron 0 of population E is listed twice"));
  EXPECT_THAT(read(rows + "E,5,4\n"), HasSubstr("neuron 5 of population E is not in the stream"));
  EXPECT_THAT(read(rows + "in,0,4\n"), HasSubstr("population in is not in the stream"));
  EXPECT_THAT(read(rows + "E,3,6\n"), HasSubstr(".csv:6: column 3: '6' is not a layer (1 to 5)"));
  EXPECT_THAT(read("neuron,layer\n0,1\n"), HasSubstr("names no column 'population'"));
  std::filesystem::remove(table);
}

}  // namespace
}  // namespace chronotope::topology
