// SPDX-License-Identifier: Apache-2.0
// Distances, curves and images of barcodes by GUDHI, tests/data/barcode_golden/summaries.json.
#include <gtest/gtest.h>

#include <vector>

#include "chronotope/tests/topology/homology/stored_json.hpp"
#include "chronotope/topology/homology/barcode_curves.hpp"
#include "chronotope/topology/homology/barcode_distance.hpp"

namespace chronotope::topology {
namespace {

using Fields = google::protobuf::Map<std::string, google::protobuf::Value>;

google::protobuf::ListValue stored_cases() {
  std::ifstream in(std::filesystem::path(CHRONOTOPE_TEST_DATA) / "barcode_golden/summaries.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  google::protobuf::ListValue cases;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text, &cases).ok());
  EXPECT_EQ(cases.values_size(), 6);
  return cases;
}

template <class Look>
void for_each_case(const Look& look) {
  const google::protobuf::ListValue cases = stored_cases();
  for (const auto& stored : cases.values()) {
    const Fields& fields = stored.struct_value().fields();
    look(fields, Barcode(stored_bars(fields.at("a"))), Barcode(stored_bars(fields.at("b"))));
  }
}

void expect_near(std::span<const double> shown, const google::protobuf::Value& stored) {
  const auto& values = stored.list_value().values();
  ASSERT_EQ(shown.size(), static_cast<std::size_t>(values.size()));
  for (int k = 0; k < values.size(); ++k)
    EXPECT_NEAR(shown[static_cast<std::size_t>(k)], number(values[k]), 1e-9);
}

TEST(StoredSummaries, HaveGudhisDistances) {
  for_each_case([](const Fields& fields, const Barcode& a, const Barcode& b) {
    EXPECT_NEAR(bottleneck_distance(a, b), number(fields.at("bottleneck")), 1e-9);
    EXPECT_EQ(bottleneck_distance(b, a), bottleneck_distance(a, b));
    for (const auto& pair : fields.at("wasserstein").list_value().values()) {
      const double order = number(pair.list_value().values(0));
      EXPECT_NEAR(wasserstein_distance(a, b, order), number(pair.list_value().values(1)), 1e-9) << order;
      EXPECT_NEAR(wasserstein_distance(b, a, order), wasserstein_distance(a, b, order), 1e-12);
    }
    // A large order is all but the largest move.
    EXPECT_NEAR(wasserstein_distance(a, b, 1000), bottleneck_distance(a, b), 0.02);
  });
}

TEST(StoredSummaries, HaveGudhisCurvesAndImages) {
  for_each_case([](const Fields& fields, const Barcode& a, const Barcode&) {
    const BarRange range = range_of(a);
    EXPECT_EQ(range.low, number(fields.at("low")));
    EXPECT_EQ(range.high, number(fields.at("high")));
    EXPECT_EQ(range.longest, number(fields.at("longest")));
    const auto grid = even_grid(range.low, range.high, 17);
    std::vector<Bar> finite;
    for (const Bar& bar : a.bars())
      if (bar.is_finite()) finite.push_back(bar);
    expect_near(betti_curve(Barcode(finite), grid), fields.at("betti"));
    const auto landscapes = persistence_landscapes(a, grid, 4);
    for (int k = 0; k < 4; ++k)
      expect_near(landscapes[static_cast<std::size_t>(k)], fields.at("landscape").list_value().values(k));
    const auto births = even_grid(range.low, range.high, 6);
    const auto lengths = even_grid(0, range.longest, 5);
    for (const auto& [weight, name] : {std::pair{ImageWeight::kOne, "image"},
                                       std::pair{ImageWeight::kPersistence, "image_by_persistence"}}) {
      const auto image = persistence_image(a, births, lengths, 0.3, weight);
      for (std::size_t y = 0; y < 5; ++y)
        expect_near(std::span(image).subspan(6 * y, 6),
                    fields.at(name).list_value().values(static_cast<int>(y)));
    }
  });
}

}  // namespace
}  // namespace chronotope::topology
