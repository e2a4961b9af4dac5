// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/cell_accuracy.hpp"

#include <utility>

#include "chronotope/apps/study/read_out_examples.hpp"
#include "chronotope/apps/study/read_out_scores.hpp"
#include "chronotope/apps/study/stream_answers.hpp"

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

void add_scores(const topology::Activations& rows, std::uint64_t seed, std::vector<ScoredReadOut>& table) {
  const ReadOutExamples examples = examples_of(rows);
  for (const ReadOutScore& score : read_out_scores(examples, seed))
    table.push_back({row_of(score, rows.code, examples), score.right});
}

topology::ActivationOptions options_of(topology::RowCode code, const ReadOutDemand& demand) {
  return {code, demand.tau, demand.bins};
}

}  // namespace

std::vector<ScoredReadOut> network_accuracy(const std::filesystem::path& stream,
                                            const ReadOutDemand& demand) {
  std::vector<ScoredReadOut> table;
  for (const topology::RowCode code : demand.codes)
    add_scores(stream_answers(stream.string(), options_of(code, demand), topology::Presentations::kProbe),
               demand.seed, table);
  return table;
}

std::vector<StudyAccuracy> input_accuracy(const std::string& spikes,
                                          std::span<const topology::Stimulus> shown,
                                          const ReadOutDemand& demand) {
  const proto::SpikeRecording recording = proto::read_spike_recording(spikes);
  std::vector<ScoredReadOut> table;
  for (const topology::RowCode code : {topology::RowCode::kCount, topology::RowCode::kBins})
    add_scores(input_activations(recording, shown, options_of(code, demand)), demand.seed, table);
  std::vector<StudyAccuracy> rows;
  for (ScoredReadOut& scored : table) rows.push_back(std::move(scored.row));
  return rows;
}

}  // namespace chronotope::apps
