// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/spike_trains/spike_train_metric.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "chronotope/tests/topology/distances/spike_trains/random_trains.hpp"
#include "chronotope/topology/distances/spike_trains/isi_distance.hpp"
#include "chronotope/topology/distances/spike_trains/spike_distance.hpp"
#include "chronotope/topology/distances/spike_trains/van_rossum.hpp"
#include "chronotope/topology/distances/spike_trains/victor_purpura.hpp"

namespace chronotope::topology {
namespace {

using Kind = SpikeTrainMetric::Kind;
using Trains = std::vector<std::vector<double>>;

constexpr Kind kKinds[] = {Kind::kVanRossum, Kind::kVictorPurpura, Kind::kIsi, Kind::kSpike};

SpikeResponses random_responses(std::size_t objects, std::size_t neurons) {
  RandomTrains random(9);
  SpikeResponses responses(neurons, 100);
  for (std::size_t i = 0; i < objects; ++i) {
    Trains trains;
    for (std::size_t c = 0; c < neurons; ++c) trains.push_back(random.train(6, i % 2 == 0));
    responses.add(trains);
  }
  return responses;
}

TEST(SpikeTrainMetric, CombinesTheNeuronsAsItSays) {
  const SpikeResponses r = random_responses(4, 2);
  const auto distance = [&](Kind kind) { return distances(r, {.kind = kind, .tau = 20, .q = 0.2})(1, 3); };
  EXPECT_EQ(distance(Kind::kVanRossum),
            std::sqrt(squared_van_rossum_distance(r.train(1, 0), r.train(3, 0), 20) +
                      squared_van_rossum_distance(r.train(1, 1), r.train(3, 1), 20)));
  EXPECT_EQ(distance(Kind::kVictorPurpura), victor_purpura_distance(r.train(1, 0), r.train(3, 0), 0.2) +
                                                victor_purpura_distance(r.train(1, 1), r.train(3, 1), 0.2));
  EXPECT_EQ(distance(Kind::kIsi), (isi_distance(r.train(1, 0), r.train(3, 0), {0, 100}) +
                                   isi_distance(r.train(1, 1), r.train(3, 1), {0, 100})) /
                                      2);
  EXPECT_EQ(distance(Kind::kSpike), (spike_distance(r.train(1, 0), r.train(3, 0), {0, 100}) +
                                     spike_distance(r.train(1, 1), r.train(3, 1), {0, 100})) /
                                        2);
}

TEST(SpikeTrainMetric, PooledDoesNotCareWhoFired) {
  SpikeResponses responses(2, 100);
  responses.add(Trains{{1, 5}, {3}});
  responses.add(Trains{{3}, {1, 5}});
  responses.add(Trains{{}, {1, 3, 5}});
  for (const Kind kind : kKinds) {
    const DistanceMatrix pooled = distances(responses, {.kind = kind, .pooled = true});
    EXPECT_EQ(pooled(0, 1), 0);
    EXPECT_EQ(pooled(0, 2), 0);
    EXPECT_GT(distances(responses, {.kind = kind})(0, 1), 0);
  }
}

TEST(SpikeTrainMetric, HasTheSameBitsOnAnyNumberOfThreads) {
  const SpikeResponses responses = random_responses(30, 3);
  for (const Kind kind : kKinds) {
    const DistanceMatrix one = distances(responses, {.kind = kind}, 1);
    EXPECT_EQ(distances(responses, {.kind = kind}, 2), one);
    EXPECT_EQ(distances(responses, {.kind = kind}, 0), one);
  }
}

TEST(SpikeTrainMetric, OfSomeObjectsIsThatPartOfTheMatrix) {
  const SpikeResponses responses = random_responses(12, 2);
  const std::vector<std::size_t> rows = {7, 2, 11};
  EXPECT_EQ(distances(restricted(responses, rows), {}), distances(responses, {}).restricted(rows));
}

TEST(SpikeTrainMetric, OfFewObjectsIsAMatrix) {
  EXPECT_EQ(distances(SpikeResponses(2, 100), {}).size(), 0u);
  EXPECT_EQ(distances(random_responses(1, 2), {}, 4).size(), 1u);
}

TEST(SpikeTrainMetric, RefusesConstantsOutsideTheirRange) {
  const SpikeResponses responses = random_responses(3, 1);
  EXPECT_THROW(distances(responses, {.tau = 0}), InputError);
  EXPECT_THROW(distances(responses, {.tau = std::numeric_limits<double>::infinity()}), InputError);
  EXPECT_THROW(distances(responses, {.q = -1}), InputError);
  EXPECT_THROW(distances(responses, {.q = std::nan("")}), InputError);
}

TEST(SpikeTrainMetric, IsKnownByItsName) {
  for (const Kind kind : kKinds) EXPECT_EQ(spike_train_metric_of(to_string(kind)), kind);
  EXPECT_THROW(spike_train_metric_of("euclidean"), InputError);
}

TEST(SpikeResponses, RefuseSpikesOutOfOrderOrOutsideTheWindow) {
  SpikeResponses responses(2, 100);
  EXPECT_THROW(responses.add(Trains{{1, 2}, {5, 4}}), InputError);
  EXPECT_THROW(responses.add(Trains{{1, 2}, {-1}}), InputError);
  EXPECT_THROW(responses.add(Trains{{1, 100.5}, {}}), InputError);
  EXPECT_THROW(responses.add(Trains{{std::nan("")}, {}}), InputError);
  EXPECT_EQ(responses.size(), 0u);
  EXPECT_THROW(SpikeResponses(1, 0), InputError);
}

}  // namespace
}  // namespace chronotope::topology
