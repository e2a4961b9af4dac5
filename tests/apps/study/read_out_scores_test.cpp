// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/read_out_scores.hpp"

#include <gtest/gtest.h>

#include <random>

#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace {

using models::ReadOutMethod;

Time at(double ms) { return Time() + Duration::nearest(ms); }

/// Recordings DIGIT_SPEAKER_TAKE.wav, each shown for 100 ms.
std::vector<topology::Stimulus> recordings(std::size_t digits, const std::vector<std::string>& speakers,
                                           int takes) {
  std::vector<topology::Stimulus> stimuli;
  for (std::size_t digit = 0; digit < digits; ++digit)
    for (const std::string& speaker : speakers)
      for (int take = 0; take < takes; ++take) {
        const auto id = static_cast<std::uint32_t>(stimuli.size());
        const std::string label = std::to_string(digit);
        stimuli.push_back({id, at(200. * id), Duration::nearest(100), label,
                           label + "_" + speaker + "_" + std::to_string(take) + ".wav"});
      }
  return stimuli;
}

/// One column per digit, large at the stimulus's own.
topology::Activations telling(std::vector<topology::Stimulus> stimuli, std::size_t digits) {
  std::mt19937 bits(1);
  std::normal_distribution<double> normal;
  std::vector<double> values;
  for (const topology::Stimulus& stimulus : stimuli)
    for (std::size_t k = 0; k < digits; ++k)
      values.push_back(normal(bits) + (stimulus.label == std::to_string(k) ? 30 : 0));
  const std::size_t rows = stimuli.size();
  topology::Activations layer{
      3, topology::RowCode::kCount, std::move(stimuli), {}, topology::PointCloud(rows, digits, values), {}};
  for (std::uint32_t k = 0; k < digits; ++k) layer.neurons.push_back(k);
  return layer;
}

const std::vector<std::string> kSpeakers = {"theo", "lucas", "jackson"};

TEST(ReadOutExamples, TakeClassesFromLabelsAndGroupsFromNames) {
  const ReadOutExamples examples = examples_of(telling(recordings(2, kSpeakers, 1), 2));
  EXPECT_EQ(examples.class_names, (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(examples.classes, (models::Classes{0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(examples.groups[1], "lucas");
  EXPECT_EQ(examples.groups[5], "jackson");
}

TEST(ReadOutExamples, HaveNoGroupsUnlessAllNamesTellThem) {
  auto stimuli = recordings(2, kSpeakers, 1);
  stimuli[2].name = "seven.wav";
  EXPECT_TRUE(recording_groups(stimuli).empty());
  EXPECT_TRUE(recording_groups(recordings(2, {"theo"}, 3)).empty());
}

TEST(ReadOutExamples, OfAllLayersAreTheirColumnsSideBySide) {
  std::array<topology::Activations, topology::kLayers> layers;
  for (std::size_t l = 0; l < topology::kLayers; ++l) layers[l] = telling(recordings(2, kSpeakers, 1), l);
  const ReadOutExamples all = examples_of(layers);
  EXPECT_EQ(all.features.dimension(), 0U + 1 + 2 + 3 + 4);
  EXPECT_EQ(all.features.row(4)[9], layers[4].values(4, 3));
  EXPECT_EQ(all.features.row(4)[1], layers[2].values(4, 0));
}

TEST(InputActivations, AreTheChannelsOfTheStimuliShownInTheirOrder) {
  proto::SpikeRecording recording;
  recording.population = "cochlea";
  recording.channels = 2;
  for (const topology::Stimulus& s : recordings(2, {"theo", "lucas"}, 1))
    recording.stimuli.push_back({s.id, s.onset, s.duration, s.label, s.name});
  recording.spikes = {{at(10), 1}, {at(90), 1}, {at(210), 0}, {at(630), 1}};
  const std::vector<topology::Stimulus> shown = {{3, {}, {}}, {0, {}, {}}, {3, {}, {}}};
  const topology::Activations rows =
      input_activations(recording, shown, {.code = topology::RowCode::kBins, .bins = 2});
  const std::vector<double> expected = {0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0};
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), rows.values.values().begin()));
  EXPECT_EQ(rows.stimuli[0].name, "1_lucas_0.wav");
  EXPECT_EQ(rows.layer, 0);
  EXPECT_THROW(input_activations(recording, std::vector<topology::Stimulus>{{7, {}, {}}}, {}), InputError);
}

TEST(ReadOutScores, OfRowsThatTellTheirClassAreAllRight) {
  const auto scores = read_out_scores(examples_of(telling(recordings(4, kSpeakers, 5), 4)), 1);
  ASSERT_EQ(scores.size(), 4U);
  for (const ReadOutScore& score : scores) {
    EXPECT_EQ(score.missing, "");
    EXPECT_EQ(score.scored, 60U);
    EXPECT_EQ(score.correct, 60U);
    EXPECT_EQ(score.interval.high, 1);
    EXPECT_DOUBLE_EQ(score.chance, 0.25);
  }
  EXPECT_EQ(to_string(scores[1].split) + " " + to_string(scores[1].method), "new-group logistic");
}

/// The columns tell the class of known speakers by the speaker's own code: a new speaker's can not be told.
TEST(ReadOutScores, TellNewSpeakersFromKnownOnes) {
  auto stimuli = recordings(2, {"a", "b", "c", "d"}, 10);
  std::mt19937 bits(2);
  std::normal_distribution<double> normal;
  std::vector<double> values;
  for (const topology::Stimulus& s : stimuli)
    for (const char* speaker : {"_a_", "_b_", "_c_", "_d_"})
      values.push_back(normal(bits) + (s.name.find(speaker) == std::string::npos ? 0
                                       : s.label == "0"                          ? 20
                                                                                 : -20));
  const ReadOutExamples examples =
      examples_of(topology::Activations{1,
                                        topology::RowCode::kCount,
                                        stimuli,
                                        {0, 1, 2, 3},
                                        topology::PointCloud(stimuli.size(), 4, values),
                                        {}});
  const auto known = read_out_score(examples, ReadOutMethod::kLogistic, Split::kFiveFold, 1);
  const auto unknown = read_out_score(examples, ReadOutMethod::kLogistic, Split::kNewGroup, 1);
  EXPECT_EQ(known.correct, 80U);
  EXPECT_LE(unknown.accuracy(), 0.75);
}

TEST(ReadOutScores, SayWhyThereIsNone) {
  const auto why = [](const ReadOutExamples& examples, Split split) {
    return read_out_score(examples, ReadOutMethod::kRidge, split, 1).missing;
  };
  EXPECT_EQ(why(examples_of(telling(recordings(1, kSpeakers, 3), 1)), Split::kFiveFold),
            "1 classes (at least 2 are needed)");
  EXPECT_EQ(why(examples_of(telling(recordings(2, {"theo"}, 3), 2)), Split::kNewGroup),
            "the recordings' names tell no groups (LABEL_GROUP_TAKE, as 7_theo_0.wav)");
  EXPECT_EQ(why(examples_of(telling(recordings(2, {"theo"}, 1), 2)), Split::kFiveFold),
            "fewer than 3 recordings");
  topology::Activations silent = telling(recordings(2, kSpeakers, 3), 2);
  silent.values = topology::PointCloud(18, 2, std::vector<double>(36, 0));
  EXPECT_EQ(why(examples_of(silent), Split::kFiveFold), "no feature varies: all rows are equal");
}

}  // namespace
}  // namespace chronotope::apps
