// SPDX-License-Identifier: Apache-2.0
// Distances, curves and images of barcodes by GUDHI, tests/data/barcode_golden/summaries.json.
#include <gtest/gtest.h>

#include <vector>

#include "chronotope/tests/topology/homology/stored_json.hpp"
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

}  // namespace
}  // namespace chronotope::topology
