// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/apps/study/read_out_examples.hpp"
#include "chronotope/models/readout/cross_validation.hpp"
#include "chronotope/topology/divergence/resampling.hpp"

namespace chronotope::apps {

/// What a read-out is scored on.
enum class Split {
  kFiveFold,  ///< a fifth of the recordings, five times: new takes of known speakers
  kNewGroup,  ///< all of one group, for each group: speakers never met
};

std::string to_string(Split split);                   ///< 5-fold, new-group
std::string to_string(models::ReadOutMethod method);  ///< logistic, ridge

/// One line of a table of accuracies.
struct ReadOutScore {
  models::ReadOutMethod method = models::ReadOutMethod::kLogistic;
  Split split = Split::kFiveFold;
  std::string missing;  ///< why there is no score, empty when there is
  std::size_t scored = 0;
  std::size_t correct = 0;
  topology::Interval interval;  ///< of the accuracy, Clopper-Pearson 95 %
  double chance = 0;            ///< share of the commonest class
  std::vector<bool> right;      ///< of every example: whether it was told

  double accuracy() const { return static_cast<double>(correct) / static_cast<double>(scored); }
};

/// The score of one method on one split. `seed` draws the five parts. There is no score with fewer than two
/// classes or recordings, when no feature varies, or, for new groups, when names tell no groups. Errors:
/// Failure of a read-out that does not converge.
ReadOutScore read_out_score(const ReadOutExamples& examples, models::ReadOutMethod method, Split split,
                            std::uint64_t seed);

/// All four: logistic and ridge, five-fold and new group.
std::vector<ReadOutScore> read_out_scores(const ReadOutExamples& examples, std::uint64_t seed);

}  // namespace chronotope::apps
