// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/cell_accuracy.hpp"

#include <utility>

#include "chronotope/apps/study/read_out_examples.hpp"
#include "chronotope/apps/study/read_out_scores.hpp"
#include "chronotope/topology/representation/snapshot_reader.hpp"

namespace chronotope::apps {
namespace {

StudyAccuracy row_of(const ReadOutScore& score, topology::RowCode code, const ReadOutExamples& examples) {
  StudyAccuracy row;
  row.set_code(topology::to_string(code));
  row.set_read_out(to_string(score.method));
  row.set_split(to_string(score.split));
  row.set_features(static_cast<std::uint32_t>(examples.features.dimension()));
  row.set_missing(score.missing);
  if (!score.missing.empty()) return row;
  row.set_scored(static_cast<std::uint32_t>(score.scored));
  row.set_correct(static_cast<std::uint32_t>(score.correct));
  row.set_accuracy(score.accuracy());
  row.set_low(score.interval.low);
  row.set_high(score.interval.high);
  row.set_chance(score.chance);
  return row;
}

void add_scores(const topology::Activations& rows, std::uint64_t seed, std::vector<StudyAccuracy>& table) {
  const ReadOutExamples examples = examples_of(rows);
  for (const ReadOutScore& score : read_out_scores(examples, seed))
    table.push_back(row_of(score, rows.code, examples));
}

topology::ActivationOptions options_of(topology::RowCode code, const ReadOutDemand& demand) {
  return {code, demand.tau, demand.bins};
}

/// The answers of all neurons to the probe, as one layer.
topology::Activations answers(const std::filesystem::path& stream,
                              const topology::ActivationOptions& options) {
  topology::SnapshotReader reader(stream.string(), options, topology::Presentations::kProbe);
  while (reader.next()) continue;
  topology::Layering undivided;
  undivided.layer.assign(reader.neurons(), 1);
  return std::move(reader.take(undivided).front());
}

}  // namespace

std::vector<StudyAccuracy> network_accuracy(const std::filesystem::path& stream,
                                            const ReadOutDemand& demand) {
  std::vector<StudyAccuracy> table;
  for (const topology::RowCode code : demand.codes)
    add_scores(answers(stream, options_of(code, demand)), demand.seed, table);
  return table;
}

std::vector<StudyAccuracy> input_accuracy(const std::string& spikes,
                                          std::span<const topology::Stimulus> shown,
                                          const ReadOutDemand& demand) {
  const proto::SpikeRecording recording = proto::read_spike_recording(spikes);
  std::vector<StudyAccuracy> table;
  for (const topology::RowCode code : {topology::RowCode::kCount, topology::RowCode::kBins})
    add_scores(input_activations(recording, shown, options_of(code, demand)), demand.seed, table);
  return table;
}

}  // namespace chronotope::apps
