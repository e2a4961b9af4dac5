// SPDX-License-Identifier: Apache-2.0
// Lower-star filtrations against GUDHI's simplex tree, tests/data/barcode_golden/lower_star.json.
#include "chronotope/topology/homology/lower_star.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/tests/topology/homology/stored_json.hpp"

namespace chronotope::topology {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

TEST(LowerStar, HasTheBarsOfGudhi) {
  std::ifstream in(std::filesystem::path(CHRONOTOPE_TEST_DATA) / "barcode_golden/lower_star.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  google::protobuf::ListValue cases;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text, &cases).ok());
  ASSERT_EQ(cases.values_size(), 3);
  for (const auto& stored : cases.values()) {
    const auto& fields = stored.struct_value().fields();
    std::vector<double> entries;
    std::vector<double> births;
    for (const auto& row : fields.at("distances").list_value().values())
      for (const auto& entry : row.list_value().values()) entries.push_back(number(entry));
    for (const auto& birth : fields.at("births").list_value().values()) births.push_back(number(birth));
    const auto bars =
        lower_star_persistence(DistanceMatrix(births.size(), births.size(), entries), births, {.degree = 2});
    for (std::size_t degree = 0; degree <= 2; ++degree)
      EXPECT_EQ(bars[degree], Barcode(stored_bars(fields.at("h" + std::to_string(degree)))))
          << fields.at("name").string_value() << " H" << degree;
  }
}

TEST(LowerStar, OfEqualBirthsIsTheVietorisRipsFiltration) {
  RandomDissimilarities random(51);
  for (const Family family : kFamilies) {
    const DistanceMatrix d = random.pair(family, 20).first;
    EXPECT_EQ(lower_star_persistence(d, std::vector<double>(20, 0), {.degree = 2}),
              persistence(d, {.degree = 2}));
    EXPECT_EQ(lower_star_persistence(d, std::vector<double>(20, 0), {.threshold = 0.5}),
              persistence(d, {.threshold = 0.5}));
  }
}

TEST(LowerStar, OfAPathHasABarForEveryValley) {
  // Heights 0 3 1 5 2 along a path: the valley at 1 dies at the pass of 3, that at 2 at 5.
  const std::vector<double> heights{0, 3, 1, 5, 2};
  const auto path =
      DistanceMatrix::of_pairs(5, [](std::size_t i, std::size_t j) { return j == i + 1 ? 0 : kNever; });
  EXPECT_EQ(lower_star_persistence(path, heights)[0], Barcode({{0, kNever}, {1, 3}, {2, 5}}));
  EXPECT_EQ(lower_star_persistence(path, heights, {.threshold = 1.5})[0],
            Barcode({{0, kNever}, {1, kNever}}));
  EXPECT_THROW(lower_star_persistence(path, std::vector<double>{0, 1, kNever, 2, 3}), InputError);
}

}  // namespace
}  // namespace chronotope::topology
