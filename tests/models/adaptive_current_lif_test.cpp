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
  CaseDraw draw("adaptive_current_lif", number);
  MembraneCase c;
  draw_membrane(draw, c.neuron);
  const double tau_syn_ex = draw.tau_beside(c.neuron.tau_m);
  c.neuron.receptors = {{tau_syn_ex}, {draw.tau_beside(draw.chance(0.5) ? c.neuron.tau_m : tau_syn_ex)}};
  // Where the jump excites, a few pA and a refractory period keep the train from running away.
  const bool excites = draw.chance(0.2);
  if (excites) c.neuron.t_ref = exact_time(draw.between(1, 5));
  c.neuron.adaptation = {{excites ? draw.between(-10, 0) : draw.between(0, 400),
                          draw.chance(0.2) ? draw.tau_beside(c.neuron.tau_m) : draw.log_between(5, 500)}};
  const double drive = 150 * c.neuron.tau_m / std::min(c.neuron.tau_m, tau_syn_ex);
  draw_arrivals(draw, c, 14, std::min(drive, 3000.0), ReceptorChoice::kBySign);
  return c;
}

std::string model_text(const reference::CurrentLifParameters& n) {
  ModelText text("adaptive_current_lif");
  set_membrane(text, n);
  text.set("tau_syn_ex", n.receptors[0].tau).set("tau_syn_in", n.receptors[1].tau);
  text.set("q_w", n.adaptation[0].jump).set("tau_w", n.adaptation[0].tau);
  return text.str();
}

class AdaptiveCurrentLifReference : public testing::TestWithParam<std::uint64_t> {};

TEST_P(AdaptiveCurrentLifReference, FiresLikeFiftyDigits) {
  std::size_t compared = 0;
  for (std::uint64_t number = GetParam() * 75; number < (GetParam() + 1) * 75; ++number) {
    const MembraneCase c = random_case(number);
    compared += expect_truth(c, model_text(c.neuron), 80, "case " + std::to_string(number));
  }
  EXPECT_GT(compared, 150u);
}
INSTANTIATE_TEST_SUITE_P(Shard, AdaptiveCurrentLifReference,
                         testing::Range(std::uint64_t{0}, std::uint64_t{4}));

TEST(AdaptiveCurrentLif, WithoutJumpIsTheExponentialCurrentNeuron) {
  const std::vector<TestArrival> arrivals{{2, 3000}, {4, -500}, {4, 1500}, {9.5, 2500}};
  EXPECT_EQ(spike_times("adaptive_current_lif { q_w { constant: 0 } }", arrivals, 100).size(),
            spike_times("exp_psc_lif { }", arrivals, 100).size());
}

TEST(AdaptiveCurrentLif, SettlesAtTheIntervalWhereJumpAndDecayBalance) {
  const auto times = spike_times(
      "adaptive_current_lif { I_e { constant: 600 } q_w { constant: 40 } tau_w { constant: 80 } }", {}, 3000);
  ASSERT_GT(times.size(), 20u);
  const double last = times.back() - times[times.size() - 2];
  const double first = times[1] - times[0];
  EXPECT_GT(last, first);
  // V over one interval from reset, with w q/(1 - e^(-T/tau_w)) right after the spike.
  const double s = last - 2;
  const double w = 40 / (1 - std::exp(-last / 80)) * std::exp(-2.0 / 80);
  const double V = 0.08 * 600 * (1 - std::exp(-s / 20)) -
                   0.08 * w * 80 / (80 - 20) * (std::exp(-s / 80) - std::exp(-s / 20));
  EXPECT_NEAR(V, 15, 1e-9);
}

}  // namespace
}  // namespace chronotope::tests
