// SPDX-License-Identifier: Apache-2.0
// The stored cases of tests/data/rtd_golden, on which several independent engines agreed.
#include <gtest/gtest.h>

#include <charconv>
#include <filesystem>
#include <fstream>

#include "chronotope/tests/topology/homology/stored_json.hpp"
#include "chronotope/topology/homology/cross_barcode.hpp"
#include "chronotope/topology/homology/spanning_tree.hpp"

namespace chronotope::topology {
namespace {

using google::protobuf::Value;
using std::filesystem::path;

constexpr double kShortest = 1e-9;  // bars below are ties decided by one unit in the last place
constexpr double kTolerance = 1e-9;

struct Table {
  std::size_t rows = 0;
  std::vector<double> values;
};

Table read_csv(const path& file) {
  std::ifstream in(file);
  Table table;
  for (std::string line; std::getline(in, line); ++table.rows)
    for (const char *at = line.data(), *end = at + line.size(); at < end; ++at)
      at = std::from_chars(at, end, table.values.emplace_back()).ptr;
  return table;
}

DistanceMatrix distances(const path& folder, const char* cloud, const char* matrix) {
  if (std::filesystem::exists(folder / matrix)) {
    Table table = read_csv(folder / matrix);
    return {table.rows, table.rows, std::move(table.values)};
  }
  Table table = read_csv(folder / cloud);
  const std::size_t dimension = table.values.size() / table.rows;
  return normalised(euclidean_distances(PointCloud(table.rows, dimension, std::move(table.values))),
                    Normalisation::kQuantile);
}

std::vector<Bar> without_ties(std::vector<Bar> bars) {
  std::erase_if(bars, [](const Bar& bar) { return bar.length() < kShortest; });
  return bars;
}

void expect_near(double actual, double expected) {
  if (actual == expected) return;  // both may be infinite
  EXPECT_NEAR(actual, expected, kTolerance * std::max(1.0, expected));
}

/// Bars whose births agree within rounding may swap places, so births and deaths are matched as nearest
/// neighbours.
void expect_same_bars(const Barcode& barcode, const Value& stored) {
  const std::vector<Bar> expected = without_ties(stored_bars(stored));
  std::vector<Bar> actual = without_ties(barcode.bars());
  ASSERT_EQ(actual.size(), expected.size());
  for (const Bar& bar : expected) {
    const auto match = std::find_if(actual.begin(), actual.end(), [&](const Bar& other) {
      return std::abs(other.birth - bar.birth) <= kTolerance &&
             (other.death == bar.death || std::abs(other.death - bar.death) <= kTolerance);
    });
    ASSERT_NE(match, actual.end()) << "[" << bar.birth << ", " << bar.death << ") is missing";
    actual.erase(match);
  }
}

void expect_total(const Barcode& barcode, const Value& stored) {
  if (stored.has_null_value())
    EXPECT_GT(barcode.infinite_bars(), 0u);
  else
    expect_near(barcode.total_finite_length(), stored.number_value());
}

class GoldenCrossBarcode : public testing::TestWithParam<const char*> {
 protected:
  path folder() const { return path(CHRONOTOPE_TEST_DATA) / "rtd_golden" / GetParam(); }
};

TEST_P(GoldenCrossBarcode, HasTheStoredBarsInBothOrders) {
  const auto expected = read_json(folder() / "expected.json").fields();
  const auto [pq, qp] =
      cross_barcodes(distances(folder(), "P.csv", "W.csv"), distances(folder(), "Q.csv", "Wt.csv"));
  expect_same_bars(pq, expected.at("H1_PQ"));
  expect_same_bars(qp, expected.at("H1_QP"));
  expect_total(pq, expected.at("rtd1_PQ"));
  expect_total(qp, expected.at("rtd1_QP"));
}

TEST_P(GoldenCrossBarcode, BelongsToMatricesWithTheStoredSpanningTrees) {
  const auto expected =
      read_json(folder() / "expected.json").fields().at("mst_total").struct_value().fields();
  const DistanceMatrix w = distances(folder(), "P.csv", "W.csv");
  const DistanceMatrix v = distances(folder(), "Q.csv", "Wt.csv");
  expect_near(minimum_spanning_tree_weight(w), number(expected.at("w")));
  expect_near(minimum_spanning_tree_weight(v), number(expected.at("wt")));
  expect_near(minimum_spanning_tree_weight(minimum(w, v)), number(expected.at("min")));
}

INSTANTIATE_TEST_SUITE_P(RtdGolden, GoldenCrossBarcode,
                         testing::Values("01_square_n4", "02_identical_n20", "03_isometric_scaled_n25",
                                         "04_uniform2d_n30", "05_gauss_3d_10d_n40", "06_duplicates_n24",
                                         "07_grid_ties_n36", "08_clusters_n60", "09_inf_edges_n20",
                                         "10_spikes_n100", "11_gauss50_noisy_n200"),
                         [](const auto& info) { return std::string(info.param); });

void expect_summary(const Barcode& barcode, const Value& stored) {
  const auto& expected = stored.struct_value().fields();
  const std::vector<Bar> bars = without_ties(barcode.bars());
  double squares = 0;
  double births = 0;
  for (const Bar& bar : bars) {
    squares += bar.length() * bar.length();
    births += bar.birth;
  }
  EXPECT_EQ(bars.size(), number(expected.at("count")));
  expect_near(barcode.total_finite_length(), number(expected.at("sum")));
  expect_near(squares, number(expected.at("sum_sq")));
  expect_near(births, number(expected.at("births_sum")));
  const std::vector<double> lengths = barcode.finite_lengths();
  for (int b = 0; b < 10; ++b)
    expect_near(lengths[lengths.size() - 1 - static_cast<std::size_t>(b)],
                number(expected.at("longest_10").list_value().values(b)));
}

TEST(GoldenCrossBarcodeSummary, OfFiveHundredSpikeCountsIsTheStoredOne) {
  const path folder = path(CHRONOTOPE_TEST_DATA) / "rtd_golden" / "12_spikes_n500_summary";
  const auto expected = read_json(folder / "expected.json").fields();
  const auto [pq, qp] =
      cross_barcodes(distances(folder, "P.csv", "W.csv"), distances(folder, "Q.csv", "Wt.csv"));
  expect_summary(pq, expected.at("H1_PQ_summary"));
  expect_summary(qp, expected.at("H1_QP_summary"));
}

}  // namespace
}  // namespace chronotope::topology
