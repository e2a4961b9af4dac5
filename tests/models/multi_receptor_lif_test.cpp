// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/tests/models/membrane_case.hpp"

namespace chronotope::tests {
namespace {

MembraneCase random_case(std::uint64_t number) {
  CaseDraw draw("multi_receptor_lif", number);
  MembraneCase c;
  draw_membrane(draw, c.neuron);
  for (std::uint64_t k = 0; k <= number % 8; ++k)
    c.neuron.receptors.push_back({draw.tau_beside(c.neuron.tau_m)});
  draw_arrivals(draw, c, 10, 3000, ReceptorChoice::kDrawn);
  return c;
}

std::string model_text(const reference::CurrentLifParameters& n) {
  ModelText text("multi_receptor_lif");
  set_membrane(text, n);
  for (const auto& receptor : n.receptors) text.set("tau_syn", receptor.tau);
  return text.str();
}

class MultiReceptorLifReference : public testing::TestWithParam<std::uint64_t> {};

TEST_P(MultiReceptorLifReference, FiresLikeFiftyDigits) {
  std::size_t compared = 0;
  for (std::uint64_t number = GetParam() * 50; number < (GetParam() + 1) * 50; ++number) {
    const MembraneCase c = random_case(number);
    compared += expect_truth(c, model_text(c.neuron), 50, "case " + std::to_string(number));
  }
  EXPECT_GT(compared, 100u);
}
INSTANTIATE_TEST_SUITE_P(Shard, MultiReceptorLifReference,
                         testing::Range(std::uint64_t{0}, std::uint64_t{6}));

TEST(MultiReceptorLif, IsTheExponentialCurrentNeuronWithTwoReceptors) {
  const std::vector<TestArrival> signs{{2, 3000}, {4, -500}, {4, 1500}, {9.5, 2500}};
  std::vector<TestArrival> chosen = signs;
  for (TestArrival& arrival : chosen) arrival.receptor = arrival.weight > 0 ? 0 : 1;
  const auto list =
      spike_times("multi_receptor_lif { tau_syn { constant: 5 } tau_syn { constant: 10 } }", chosen, 60);
  const auto two = spike_times("exp_psc_lif { }", signs, 60);
  ASSERT_EQ(list.size(), two.size());
  ASSERT_FALSE(list.empty());
  for (std::size_t k = 0; k < list.size(); ++k)
    EXPECT_NEAR(list[k], two[k], 1e-11);  // two algorithms, each within 1e-11 ms
}

std::string refusal(const std::string& model, int receptor) {
  try {
    spike_times(model, {{2, 1, receptor}}, 1);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(MultiReceptorLif, RefusesReceptorsThatAreNotThere) {
  const std::string two = "multi_receptor_lif { tau_syn { constant: 5 } tau_syn { constant: 10 } }";
  EXPECT_EQ(refusal(two, 1), "");
  EXPECT_NE(refusal(two, 2).find("n (multi_receptor_lif) has 2 receptors"), std::string::npos);
  EXPECT_NE(refusal("exp_psc_lif { }", 0).find("has 0 receptors"), std::string::npos);
  EXPECT_NE(refusal("multi_receptor_lif { }", -1).find("at least one receptor"), std::string::npos);
  std::string nine = "multi_receptor_lif {";
  for (int k = 0; k < 9; ++k) nine += " tau_syn { constant: 5 }";
  EXPECT_NE(refusal(nine + " }", 0).find("at most 8 receptors"), std::string::npos);
}

}  // namespace
}  // namespace chronotope::tests
