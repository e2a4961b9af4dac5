// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/models/learning/spike_read_out.hpp"
#include "chronotope/models/learning/training.hpp"
#include "chronotope/proto/training.pb.h"

namespace chronotope::apps {

/// Writes a training whole: it appears under its name when it is complete.
void write_training(const std::string& path, const TrainingFile& file);
/// Errors: InputError that names the file when it is none, cut, or of another version.
TrainingFile read_training(const std::string& path);

void encode(const models::TrainingState& state, TrainingProgress& message);
/// Throws InputError when the columns are not as long as those of `like`.
models::TrainingState decode(const TrainingProgress& message, const models::NetworkParameters& like);

void encode(const models::SpikeReadOut& read_out, GridReadOut& message);
models::SpikeReadOut decode(const GridReadOut& message, std::uint32_t classes, std::uint32_t neurons);

/// max, mean, last, count, discounted_count, first_spike.
std::string loss_name(models::GridLoss::Kind kind);
/// Throws FieldError that names --loss.
models::GridLoss::Kind loss_kind(const std::string& name);

void encode(const models::EpochRecord& record, TrainingEpoch& message);
void encode(const models::LearningCounters& counters, TrainingCounters& message);
void encode(const models::Score& score, TrainingScore& message);

}  // namespace chronotope::apps
