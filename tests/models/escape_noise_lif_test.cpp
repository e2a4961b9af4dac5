// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/neurons/escape_noise_lif.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "chronotope/tests/models/single_neuron.hpp"
#include "chronotope/tests/suites/run_network.hpp"

namespace chronotope::tests {
namespace {

/// First spikes of many neurons that start at -70 mV, get 400 pA at 3 ms and relax towards -58 mV.
std::vector<double> first_spikes(std::uint32_t neurons) {
  NetworkRun run(
      "seed: 11 population { name: 'n' size: " + std::to_string(neurons) +
      R"( escape_noise_lif { tau_m { constant: 20 } C_m { constant: 200 } E_L { constant: -70 } V_th { constant: -55 }
      V_reset { constant: -70 } I_e { constant: 120 } tau_syn_ex { constant: 5 } delta_u { constant: 3 } tau_0 { constant: 15 }
      t_ref { constant: 1e6 } } }
    input { name: 'x' size: 1 spike_times { times: [2] } }
    projection { source: 'x' target: 'n' all_to_all {} weight { constant: 400 } delay { constant: 1 } })");
  run.until(2000);
  std::vector<double> times;
  for (const RecordedSpike& spike : run.spikes()) times.push_back(spike.time.to_ms());
  return times;
}

/// V of that neuron, in closed form [mV]; R = 0.1 GOhm.
double potential(double t) {
  const double relaxing = -58 - 12 * std::exp(-t / 20);
  const double s = t - 3;
  return s < 0 ? relaxing : relaxing + 40 * 5 / (5 - 20.0) * (std::exp(-s / 5) - std::exp(-s / 20));
}

TEST(EscapeNoiseLif, FirstSpikesFollowTheSurvivorFunction) {
  const std::vector<double> times = first_spikes(20'000);
  ASSERT_GT(times.size(), 19'990u);
  // Kolmogorov-Smirnov against 1 - exp(-integral of the hazard), by Simpson's rule on steps of 1 us.
  double integral = 0;
  double t = 0;
  double largest = 0;
  const auto hazard = [](double at) { return std::exp((potential(at) + 55) / 3) / 15; };
  for (std::size_t k = 0; k < times.size(); ++k) {
    for (const double h = 1e-3; t + h <= times[k]; t += h)
      integral += h / 6 * (hazard(t) + 4 * hazard(t + h / 2) + hazard(t + h));
    const double expected = 1 - std::exp(-integral - (times[k] - t) * hazard((t + times[k]) / 2));
    const auto n = 20'000.0;
    largest = std::max({largest, std::abs(expected - static_cast<double>(k) / n),
                        std::abs(expected - static_cast<double>(k + 1) / n)});
  }
  EXPECT_LT(largest, 1.95 / std::sqrt(20'000.0));  // p = 0.001
}

TEST(EscapeNoiseLif, AskingEarlyOrOftenChangesNoBit) {
  const std::string text =
      R"(seed: 4 population { name: 'n' size: 20 escape_noise_lif { I_e { constant: 190 } } }
    input { name: 'x' size: 5 poisson { rate { constant: 100 } } }
    projection { source: 'x' target: 'n' pairwise_bernoulli { p: 0.5 } weight { constant: 60 } })";
  NetworkRun whole(text);
  whole.until(500);
  NetworkRun pieces(text);
  for (double t = 0.3; t < 500; t += 0.7) pieces.until(t);
  pieces.until(500);
  ASSERT_GT(whole.spikes().size(), 100u);
  EXPECT_EQ(whole.spikes(), pieces.spikes());
}

}  // namespace
}  // namespace chronotope::tests
