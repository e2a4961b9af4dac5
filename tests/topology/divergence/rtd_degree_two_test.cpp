// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "chronotope/core/error.hpp"
#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/divergence/rtd.hpp"
#include "chronotope/topology/homology/cohomology.hpp"

namespace chronotope::topology {
namespace {

TEST(RtdInDegreeTwo, AddsUpTheBarsOfDegreeTwoInEveryVariant) {
  RandomDissimilarities random(45);
  const PointCloud P = random.cloud(25, 3, [&] { return random.normal(); });
  const PointCloud Q = random.cloud(25, 3, [&] { return random.normal(); });
  const DistanceMatrix w = normalised(euclidean_distances(P), Normalisation::kQuantile);
  const DistanceMatrix v = normalised(euclidean_distances(Q), Normalisation::kQuantile);
  const auto degree_two = [](const DistanceMatrix& a, const DistanceMatrix& b) {
    const DistanceMatrix m = minimum(a, b);
    return persistence(ConedDistances{m, a}, {.degree = 2})[2].total_finite_length();
  };
  const RtdResult min = rtd(P, Q, {.degree = 2});
  EXPECT_GT(min.rtd, 0);
  EXPECT_EQ(min.rtd_ab, degree_two(w, v));
  EXPECT_EQ(min.rtd_ba, degree_two(v, w));
  EXPECT_EQ(rtd(P, Q, {.variant = RtdVariant::kMax, .degree = 2}).rtd_ab, degree_two(maximum(w, v), v));
  EXPECT_EQ(rtd(P, Q, {.variant = RtdVariant::kSymmetric, .degree = 2}).rtd,
            degree_two(maximum(w, v), minimum(w, v)));
  EXPECT_EQ(rtd(P, P, {.degree = 2}).rtd, 0);
  EXPECT_THROW(rtd(P, Q, {.variant = RtdVariant::kLite, .degree = 2}), InputError);
  EXPECT_THROW(rtd(P, Q, {.degree = 3}), InputError);
}

}  // namespace
}  // namespace chronotope::topology
