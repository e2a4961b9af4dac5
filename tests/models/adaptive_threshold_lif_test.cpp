// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/tests/models/membrane_case.hpp"

namespace chronotope::tests {
namespace {

MembraneCase random_case(std::uint64_t number) {
  CaseDraw draw("adaptive_threshold_lif", number);
  MembraneCase c;
  draw_membrane(draw, c.neuron);
  const double tau_syn_ex = draw.tau_beside(c.neuron.tau_m);
  c.neuron.receptors = {{tau_syn_ex}, {draw.tau_beside(draw.chance(0.5) ? c.neuron.tau_m : tau_syn_ex)}};
  const bool bursting = draw.chance(0.2) && c.neuron.t_ref > 0;
  c.neuron.threshold = {{bursting ? draw.between(-1, 0) : draw.between(0, 20), draw.log_between(1, 100)},
                        {draw.between(0, 3), draw.chance(0.2) ? 1e7 : draw.log_between(20, 500)}};
  if (draw.chance(0.3)) c.neuron.threshold[1].tau = draw.tau_beside(c.neuron.tau_m);
  c.neuron.resets = c.neuron.t_ref == 0 || draw.chance(0.6);
  const double drive = 150 * c.neuron.tau_m / std::min(c.neuron.tau_m, tau_syn_ex);
  draw_arrivals(draw, c, 14, std::min(drive, 3000.0), ReceptorChoice::kBySign);
  return c;
}

std::string model_text(const reference::CurrentLifParameters& n) {
  ModelText text("adaptive_threshold_lif");
  set_membrane(text, n);
  text.set("tau_syn_ex", n.receptors[0].tau).set("tau_syn_in", n.receptors[1].tau);
  text.set("alpha_1", n.threshold[0].jump).set("tau_1", n.threshold[0].tau);
  text.set("alpha_2", n.threshold[1].jump).set("tau_2", n.threshold[1].tau);
  text.choose("after_spike", n.resets ? "RESET" : "CONTINUE");
  return text.str();
}

class AdaptiveThresholdLifReference : public testing::TestWithParam<std::uint64_t> {};

TEST_P(AdaptiveThresholdLifReference, FiresLikeFiftyDigits) {
  std::size_t compared = 0;
  for (std::uint64_t number = GetParam() * 75; number < (GetParam() + 1) * 75; ++number) {
    const MembraneCase c = random_case(number);
    compared += expect_truth(c, model_text(c.neuron), 80, "case " + std::to_string(number));
  }
  EXPECT_GT(compared, 150u);
}
INSTANTIATE_TEST_SUITE_P(Shard, AdaptiveThresholdLifReference,
                         testing::Range(std::uint64_t{0}, std::uint64_t{4}));

TEST(AdaptiveThresholdLif, ASlowSmallJumpIsTheHomeostasisOfDiehlAndCook) {
  const std::string neuron =
      "adaptive_threshold_lif { I_e { constant: 300 } alpha_1 { constant: 0.05 } tau_1 { constant: 1e7 } }";
  const auto times = spike_times(neuron, {}, 1000);
  ASSERT_GT(times.size(), 10u);
  for (std::size_t k = 1; k < times.size(); ++k) {
    double raised = 0;  // V = -70 + 24 (1 - e^(-s/20)) meets -55 + raised
    for (std::size_t j = 0; j < k; ++j) raised += 0.05 * std::exp(-(times[k] - times[j]) / 1e7);
    EXPECT_NEAR(times[k] - times[k - 1] - 2, -20 * std::log(1 - (15 + raised) / 24), 1e-10) << k;
  }
}

TEST(AdaptiveThresholdLif, WithoutResetItFiresAgainWhereTheThresholdComesDownToV) {
  const auto times = spike_times(
      "adaptive_threshold_lif { E_L { constant: -50 } V_m { constant: -55 } after_spike: CONTINUE "
      "alpha_1 { constant: 10 } tau_1 { constant: 20 } }",
      {}, 30);
  ASSERT_EQ(times.size(), 2u);
  EXPECT_EQ(times[0], 0);
  EXPECT_NEAR(times[1], 20 * std::log(3.0), 1e-12);
}

TEST(AdaptiveThresholdLif, NeedsARefractoryPeriodWhereItCouldFireAtOnceAgain) {
  EXPECT_THROW(spike_times("adaptive_threshold_lif { t_ref { constant: 0 } after_spike: CONTINUE }", {}, 1),
               InputError);
  EXPECT_THROW(
      spike_times("adaptive_threshold_lif { t_ref { constant: 0 } alpha_2 { constant: -1 } }", {}, 1),
      InputError);
}

}  // namespace
}  // namespace chronotope::tests
