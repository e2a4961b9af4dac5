// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "chronotope/apps/study/condition.hpp"
#include "chronotope/apps/training/training_request.hpp"
#include "chronotope/proto/spec_codec.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {

/// How the supervised networks of a study are taught; the rest is as `train` has it by default.
struct SupervisionOptions {
  std::uint32_t epochs = 30;
  double rate = 1e-3;  ///< of Adam
};

/// What a supervised network learns from: the network before it, with the stimuli to learn from for input.
struct Lessons {
  proto::DecodedSpec spec;
  TrainingRequest request;
  std::string name;              ///< of the specification
  std::filesystem::path folder;  ///< likewise
};

/// As `train --method surrogate` or `--method eventprop`, by the condition, with every draw keyed by `seed`.
TrainingRequest training_request(const SupervisionOptions& options, const Condition& condition,
                                 std::uint64_t seed);

/// All of a request that the taught network depends on, as text.
std::string identity(const TrainingRequest& request);

struct TaughtNetwork {
  NetworkSpec message;  ///< with the weights that were learnt, as lists of static synapses
  std::vector<std::vector<double>> start_weights;     ///< before, by projection, in the order of its synapses
  std::vector<std::vector<double>> start_potentials;  ///< by population
};

/// Teaches the network that `message` describes the labels of its lessons, by the code of the verb train.
/// Throws Interrupted on Ctrl-C, FieldError for a network that has no gradient form, InputError without
/// labels, models::LossIsNoNumber. `progress` is told the share that is done.
TaughtNetwork teach(const NetworkSpec& message, const Lessons& lessons,
                    const std::function<void(double share)>& progress);

/// Why a network can not be taught so, empty if it can: models without a gradient form, stimuli without
/// labels, nothing plastic.
std::string why_not_taught(const proto::DecodedSpec& spec, const Condition& condition);

}  // namespace chronotope::apps
