// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/read_out_scores.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "chronotope/apps/study/binomial_interval.hpp"

namespace chronotope::apps {

namespace {

constexpr std::size_t kParts = 5;

bool varies(const models::FeatureTable& table) {
  models::Rows all(table.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return !all.empty() && models::Standardisation(table, all).dimension() > 0;
}

std::string missing(const ReadOutExamples& examples, Split split) {
  if (examples.class_names.size() < 2)
    return std::to_string(examples.class_names.size()) + " classes (at least 2 are needed)";
  if (std::set(examples.units.begin(), examples.units.end()).size() < 3) return "fewer than 3 recordings";
  if (!varies(examples.features)) return "no feature varies: all rows are equal";
  if (split == Split::kNewGroup && examples.groups.empty())
    return "the recordings' names tell no groups (LABEL_GROUP_TAKE, as 7_theo_0.wav)";
  return {};
}

std::vector<models::Fold> folds(const ReadOutExamples& examples, Split split, std::uint64_t seed) {
  return split == Split::kNewGroup ? models::leave_one_group_out(examples.groups)
                                   : models::stratified_folds(examples.classes, examples.units, kParts, seed);
}

double share_of_commonest(const models::Classes& classes) {
  std::size_t most = 0;
  for (const std::uint32_t cls : std::set(classes.begin(), classes.end()))
    most = std::max(most, static_cast<std::size_t>(std::count(classes.begin(), classes.end(), cls)));
  return static_cast<double>(most) / static_cast<double>(classes.size());
}

/// Every example is in the test part of one fold.
std::vector<bool> right_ones(const models::Classes& classes, const std::vector<models::Fold>& parts,
                             const models::Classes& predicted) {
  std::vector<bool> right(classes.size());
  auto said = predicted.begin();
  for (const models::Fold& part : parts)
    for (const std::size_t example : part.test) right[example] = *said++ == classes[example];
  return right;
}

}  // namespace

std::string to_string(Split split) { return split == Split::kFiveFold ? "5-fold" : "new-group"; }

std::string to_string(models::ReadOutMethod method) {
  return method == models::ReadOutMethod::kLogistic ? "logistic" : "ridge";
}

ReadOutScore read_out_score(const ReadOutExamples& examples, models::ReadOutMethod method, Split split,
                            std::uint64_t seed) {
  ReadOutScore score;
  score.method = method;
  score.split = split;
  score.missing = missing(examples, split);
  if (!score.missing.empty()) return score;
  const auto parts = folds(examples, split, seed);
  const auto accuracy = models::cross_validate(examples.features, examples.classes, parts, method);
  score.scored = accuracy.scored;
  score.correct = accuracy.correct;
  score.interval = binomial_interval(score.correct, score.scored);
  score.chance = share_of_commonest(examples.classes);
  score.right = right_ones(examples.classes, parts, accuracy.predicted);
  return score;
}

std::vector<ReadOutScore> read_out_scores(const ReadOutExamples& examples, std::uint64_t seed) {
  std::vector<ReadOutScore> scores;
  for (const auto method : {models::ReadOutMethod::kLogistic, models::ReadOutMethod::kRidge})
    for (const Split split : {Split::kFiveFold, Split::kNewGroup})
      scores.push_back(read_out_score(examples, method, split, seed));
  return scores;
}

}  // namespace chronotope::apps
