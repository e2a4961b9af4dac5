// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::apps {

/// How a network of a study learns.
enum class Condition {
  kHeterogeneous,  ///< by the specification
  kHomogeneous,    ///< with every learning constant at its mean
  kUntrained,      ///< not at all
};

/// One network of a study.
struct StudyModel {
  Condition condition = Condition::kHeterogeneous;
  std::uint64_t seed = 0;

  std::string file() const;  ///< het-1.pb, hom-1.pb, untrained-1.pb
};

/// Told what share of all the work is done.
using StudyProgress = std::function<void(double share)>;

/// Runs the networks on several threads and writes a stream of each into a folder. A network sees the stimuli
/// once to learn and once more, weights frozen, as the probe; an untrained one sees the probe only. After an
/// interrupt (the caller keeps an Interrupt alive) no file of an unfinished run appears. Errors: that of the
/// first network that failed.
void run_study_networks(const proto::DecodedSpec& spec, const NetworkSpec& message,
                        const std::vector<StudyModel>& models, const std::filesystem::path& folder,
                        std::size_t threads, const StudyProgress& progress);

}  // namespace chronotope::apps
