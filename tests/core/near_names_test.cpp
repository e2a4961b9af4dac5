// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/near_names.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace chronotope {
namespace {

/// By the recursive definition of the optimal string alignment.
std::size_t slowly(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return std::max(a.size(), b.size());
  const bool same = a.back() == b.back();
  const std::string a1 = a.substr(0, a.size() - 1);
  const std::string b1 = b.substr(0, b.size() - 1);
  std::size_t least = std::min({slowly(a1, b) + 1, slowly(a, b1) + 1, slowly(a1, b1) + (same ? 0 : 1)});
  if (a.size() > 1 && b.size() > 1 && a1.back() == b.back() && a.back() == b1.back())
    least = std::min(least, slowly(a.substr(0, a.size() - 2), b.substr(0, b.size() - 2)) + 1);
  return least;
}

TEST(NearNames, TheDistanceIsThatOfItsDefinition) {
  std::vector<std::string> words{""};
  for (std::size_t i = 0; words[i].size() < 4; ++i)
    for (const char c : {'a', 'b', 'c'}) words.push_back(words[i] + c);
  for (std::size_t i = 0; i < words.size(); i += 3)
    for (std::size_t j = 0; j < words.size(); j += 2)
      EXPECT_EQ(edit_distance(words[i], words[j]), slowly(words[i], words[j])) << words[i] << " " << words[j];
  EXPECT_EQ(edit_distance("V_TH", "v_th"), 0U);
}

TEST(NearNames, TheNearestAreProposedElseAllAreListed) {
  const std::vector<std::string> names{"tau_m", "tau_w", "V_th", "V_reset"};
  EXPECT_EQ(suggest("tau_n", names), "did you mean tau_m or tau_w?");
  EXPECT_EQ(suggest("v_th", names), "did you mean V_th?");
  EXPECT_EQ(suggest("tau_membrane", names), "did you mean tau_m?");
  EXPECT_EQ(suggest("quux", names), "must be one of tau_m tau_w V_th V_reset");
  EXPECT_EQ(suggest("", names), "must be one of tau_m tau_w V_th V_reset");
}

}  // namespace
}  // namespace chronotope
