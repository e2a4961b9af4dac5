// SPDX-License-Identifier: Apache-2.0
// Barcodes by GUDHI and Ripser, tests/data/barcode_golden, compared bit for bit.
#include <gtest/gtest.h>

#include <cmath>

#include "chronotope/tests/topology/divergence/readme_clouds.hpp"
#include "chronotope/tests/topology/homology/stored_json.hpp"
#include "chronotope/topology/divergence/rtd.hpp"
#include "chronotope/topology/homology/cohomology.hpp"

namespace chronotope::topology {
namespace {

google::protobuf::Struct stored(const std::string& name) {
  return read_json(std::filesystem::path(CHRONOTOPE_TEST_DATA) / "barcode_golden" / (name + ".json"));
}

DistanceMatrix to_matrix(const google::protobuf::Value& rows) {
  std::vector<double> values;
  for (const auto& row : rows.list_value().values())
    for (const auto& value : row.list_value().values()) values.push_back(number(value));
  const auto n = static_cast<std::size_t>(rows.list_value().values_size());
  return {n, n, std::move(values)};
}

SparseDistances sparse(const DistanceMatrix& d) {
  std::vector<SparseDistances::Pair> pairs;
  for (std::uint32_t i = 0; i < d.size(); ++i)
    for (std::uint32_t j = 0; j < i; ++j)
      if (std::isfinite(d(i, j))) pairs.push_back({i, j, d(i, j)});
  return {d.size(), std::move(pairs)};
}

class StoredBarcodes : public testing::TestWithParam<const char*> {};

TEST_P(StoredBarcodes, AreThoseOfGudhiAndRipserInDegreesZeroToTwo) {
  const auto json = stored(GetParam());
  const DistanceMatrix d = to_matrix(json.fields().at("distances"));
  const auto& fields = json.fields().at("bars").struct_value().fields();
  for (const std::uint32_t modulus : {2u, 3u, 11u}) {
    const auto& expected = fields.at(std::to_string(modulus)).struct_value().fields();
    const auto dense = persistence(d, {.degree = 2, .modulus = modulus});
    const auto scattered = persistence(sparse(d), {.degree = 2, .modulus = modulus});
    for (std::size_t degree = 0; degree <= 2; ++degree) {
      EXPECT_EQ(dense[degree].bars(), stored_bars(expected.at("h" + std::to_string(degree))));
      EXPECT_EQ(scattered[degree], dense[degree]);
    }
    EXPECT_EQ(persistence(d, {.modulus = modulus})[1], dense[1]);
  }
}

INSTANTIATE_TEST_SUITE_P(Of, StoredBarcodes,
                         testing::Values("uniform_2d_n40", "gauss_5d_n30", "clusters_n36", "grid_ties_n36",
                                         "duplicates_n30", "counts_n30", "ring_n30",
                                         "integer_dissimilarities_n20", "infinite_n24",
                                         "projective_plane_n31"),
                         [](const auto& info) { return std::string(info.param); });

class StoredCrossBarcodes : public testing::TestWithParam<std::uint32_t> {};

TEST_P(StoredCrossBarcodes, AreThoseOfRipserOnTheDoubledMatrix) {
  const std::size_t n = GetParam();
  NumpyRandom random(GetParam());
  const auto draw = [&](std::size_t dimension) {
    std::vector<double> values(n * dimension);
    for (double& x : values) x = n == 300 ? std::floor(8 * random.uniform()) : random.uniform();
    return PointCloud(n, dimension, std::move(values));
  };
  const PointCloud P = draw(3);
  const PointCloud Q = draw(2);
  const RtdResult result = rtd(P, Q, {.batch = n});
  const auto json = stored("cross_n" + std::to_string(n));
  EXPECT_EQ(result.barcodes[0].ab.bars(), stored_bars(json.fields().at("ab")));
  EXPECT_EQ(result.barcodes[0].ba.bars(), stored_bars(json.fields().at("ba")));
}

INSTANTIATE_TEST_SUITE_P(Of, StoredCrossBarcodes, testing::Values(100u, 300u, 500u));

TEST(ReadmeBarcode, OfTheFirstCloudHasThePublishedNumbers) {
  const auto barcodes = persistence(euclidean_distances(Readme(100, 10).P));
  const std::vector<double> joins = barcodes[0].finite_lengths();
  const std::vector<double> loops = barcodes[1].finite_lengths();
  ASSERT_EQ(joins.size(), 99u);
  EXPECT_NEAR(joins.back(), 1.02944994, 1e-7);
  EXPECT_NEAR(joins[joins.size() / 2], 0.70812505, 1e-7);
  EXPECT_NEAR(barcodes[0].total_finite_length(), 69.553018, 1e-5);
  ASSERT_EQ(loops.size(), 103u);
  EXPECT_NEAR(loops[loops.size() * 976 / 1000], 0.17641461, 1e-7);
  EXPECT_NEAR(loops.back(), 0.21400958, 1e-7);
  EXPECT_NEAR(loops[loops.size() / 2], 0.04681855, 1e-7);
  EXPECT_NEAR(barcodes[1].total_finite_length(), 6.728553, 1e-5);
}

}  // namespace
}  // namespace chronotope::topology
