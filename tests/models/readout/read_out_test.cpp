// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/readout/read_out.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>

#include "chronotope/models/readout/cross_validation.hpp"
#include "chronotope/tests/models/readout/random_tables.hpp"

namespace chronotope::models {
namespace {

constexpr std::array kMethods = {ReadOutMethod::kLogistic, ReadOutMethod::kRidge};

Rows range(std::size_t first, std::size_t end) {
  Rows rows(end - first);
  std::iota(rows.begin(), rows.end(), first);
  return rows;
}

std::vector<std::uint32_t> own_units(std::size_t n) {
  std::vector<std::uint32_t> units(n);
  std::iota(units.begin(), units.end(), 0U);
  return units;
}

TEST(Standardisation, TakesMeansAndDeviationsFromTheTrainingRows) {
  const FeatureTable table(4, 3, {1, 5, 7, 3, 5, 8, 100, 6, 9, -100, 7, 1});
  const Standardisation standardisation(table, {0, 1});
  EXPECT_EQ(standardisation.dimension(), 2U);  // the second column is constant over them
  EXPECT_EQ(standardisation.apply(table.row(0)), (std::vector<double>{-1, -1}));
  EXPECT_EQ(standardisation.apply(table.row(2)), (std::vector<double>{98, 3}));
}

/// The rows that are scored may hold anything, labels included: what was learnt keeps its bits.
TEST(ReadOut, NeverLooksAtWhatItIsScoredOn) {
  for (const ReadOutMethod method : kMethods) {
    RandomTables random(1);
    const Classes classes = random.classes(40, 3);
    const FeatureTable table = random.clouds(classes, 5, 2);
    std::vector<double> values(table.values().begin(), table.values().end());
    for (std::size_t k = 30 * 5; k < values.size(); ++k) values[k] = 1e9 * static_cast<double>(k);
    Classes other_classes = classes;
    for (std::size_t i = 30; i < 40; ++i) other_classes[i] = 7;
    const ReadOut read_out(table, classes, range(0, 30), method);
    const ReadOut other(FeatureTable(40, 5, values), other_classes, range(0, 30), method);
    EXPECT_EQ(read_out.map().B, other.map().B);
    EXPECT_EQ(read_out.map().b, other.map().b);
    EXPECT_EQ(read_out.classify(table, range(30, 40)), other.classify(table, range(30, 40)));
  }
}

TEST(ReadOut, TellsCloudsApartAndNeverNamesAnUnknownClass) {
  for (const ReadOutMethod method : kMethods) {
    RandomTables random(2);
    Classes classes = random.classes(100, 4);
    for (std::uint32_t& cls : classes) cls = 10 * cls + 3;
    Classes centres = classes;
    for (std::uint32_t& cls : centres) cls /= 10;
    const FeatureTable table = random.clouds(centres, 6, 12);
    const Classes found = ReadOut(table, classes, range(0, 50), method).classify(table, range(50, 100));
    EXPECT_EQ(found, Classes(classes.begin() + 50, classes.end()));
  }
}

TEST(ReadOut, WithoutColumnsNamesTheCommonestClass) {
  for (const ReadOutMethod method : kMethods) {
    const FeatureTable table(5, 1, {2, 2, 2, 2, 9});
    EXPECT_EQ(ReadOut(table, {4, 6, 6, 4, 4}, range(0, 4), method).classify(table.row(4)), 4U);
    EXPECT_EQ(ReadOut(table, {4, 6, 6, 6, 4}, range(0, 4), method).classify(table.row(4)), 6U);
    EXPECT_EQ(ReadOut(table, {4, 4, 4, 4, 6}, range(0, 4), method).classify(table.row(4)), 4U);
  }
}

TEST(Folds, TestEveryExampleOnceAndTrainOnAllOthers) {
  RandomTables random(3);
  const Classes classes = random.classes(53, 4);
  const auto folds = stratified_folds(classes, own_units(53), 5, 1);
  ASSERT_EQ(folds.size(), 5U);
  std::multiset<std::size_t> tested;
  for (const Fold& fold : folds) {
    EXPECT_EQ(fold.training.size() + fold.test.size(), 53U);
    std::set<std::size_t> all(fold.training.begin(), fold.training.end());
    all.insert(fold.test.begin(), fold.test.end());
    EXPECT_EQ(all.size(), 53U);
    tested.insert(fold.test.begin(), fold.test.end());
  }
  EXPECT_EQ(tested.size(), 53U);
  EXPECT_EQ(std::set<std::size_t>(tested.begin(), tested.end()).size(), 53U);
}

TEST(Folds, HaveEqualSharesOfEveryClass) {
  Classes classes;
  for (std::uint32_t i = 0; i < 60; ++i) classes.push_back(i % 3);
  for (const Fold& fold : stratified_folds(classes, own_units(60), 5, 1)) {
    std::array<int, 3> counts{};
    for (const std::size_t i : fold.test) ++counts[classes[i]];
    EXPECT_EQ(counts, (std::array<int, 3>{4, 4, 4}));
  }
  EXPECT_NE(stratified_folds(classes, own_units(60), 5, 1)[0].test,
            stratified_folds(classes, own_units(60), 5, 2)[0].test);
}

/// A recording that was presented three times is never in training and test at once.
TEST(Folds, KeepARecordingTogether) {
  Classes classes;
  std::vector<std::uint32_t> units;
  for (std::uint32_t i = 0; i < 60; ++i) {
    units.push_back(i % 20);
    classes.push_back(i % 20 % 2);
  }
  for (const Fold& fold : stratified_folds(classes, units, 5, 1)) {
    std::set<std::uint32_t> trained;
    for (const std::size_t i : fold.training) trained.insert(units[i]);
    for (const std::size_t i : fold.test) EXPECT_FALSE(trained.contains(units[i]));
    EXPECT_EQ(fold.test.size(), 12U);
  }
  EXPECT_EQ(stratified_folds({0, 1, 0}, std::vector<std::uint32_t>{1, 2, 1}, 5, 1).size(), 2U);
}

TEST(Folds, LeaveOneGroupOut) {
  const std::vector<std::string> groups = {"theo", "lucas", "theo", "george"};
  const auto folds = leave_one_group_out(groups);
  ASSERT_EQ(folds.size(), 3U);
  EXPECT_EQ(folds[0].test, Rows{3});
  EXPECT_EQ(folds[1].test, Rows{1});
  EXPECT_EQ(folds[2].test, (Rows{0, 2}));
  EXPECT_EQ(folds[2].training, (Rows{1, 3}));
}

/// 300 examples in 100 dimensions with classes at random: fitted ones are nearly all told, others by chance,
/// 150 +- 35 (4 sd) of 300.
TEST(CrossValidation, FindsNothingInNoise) {
  for (const ReadOutMethod method : kMethods) {
    RandomTables random(4);
    const Classes classes = random.classes(300, 2);
    const FeatureTable table = random.table(300, 100);
    const auto folds = stratified_folds(classes, own_units(300), 5, 1);
    const Accuracy accuracy = cross_validate(table, classes, folds, method);
    EXPECT_EQ(accuracy.scored, 300U);
    EXPECT_NEAR(static_cast<double>(accuracy.correct), 150, 35);
    EXPECT_NEAR(accuracy.share(), static_cast<double>(accuracy.correct) / 300, 1e-15);
  }
}

/// Two normal clouds whose centres are 2 apart, each along its own axis: the best classifier errs with
/// probability Phi(-sqrt(2) 2 / 2) = 0.0786; 400 +- 11.
TEST(CrossValidation, ComesNearTheBestThereIs) {
  for (const ReadOutMethod method : kMethods) {
    RandomTables random(5);
    const Classes classes = random.classes(400, 2);
    const FeatureTable table = random.clouds(classes, 2, 2);
    const auto folds = stratified_folds(classes, own_units(400), 5, 1);
    EXPECT_NEAR(cross_validate(table, classes, folds, method).share(), 1 - 0.0786, 4 * 0.0135);
  }
}

}  // namespace
}  // namespace chronotope::models
