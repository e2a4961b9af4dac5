// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/lif_reference.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/tests/suites/run_network.hpp"

namespace chronotope::tests {
namespace {

struct Case {
  reference::LifParameters neuron;
  std::vector<reference::Arrival> arrivals;
};

/// A random neuron with log-uniform time constants and random arrivals, some of them at one instant.
Case random_case(std::uint64_t number) {
  RandomStream draw(99, Purpose("lif_reference_test"), number);
  const auto between = [&](double low, double high) { return low + (high - low) * draw.uniform(); };
  const auto tau = [&] { return std::exp(between(std::log(0.1), std::log(200.0))); };
  Case c;
  c.neuron.tau_m = tau();
  c.neuron.tau_syn_ex = number % 5 == 0 ? c.neuron.tau_m : tau();
  c.neuron.tau_syn_in = number % 7 == 0 ? c.neuron.tau_m * (1 + 1e-12) : tau();
  c.neuron.C_m = 10 * c.neuron.tau_m;  // R = 0.1 GOhm
  c.neuron.t_ref = number % 3 == 0 ? 0 : between(0.1, 5);
  c.neuron.I_e = number % 4 == 0 ? between(150, 200) : between(0, 140);
  double time = 0;
  for (int k = 0; k < 40; ++k) {
    time += k % 6 == 0 ? 0 : between(0, 6);
    const double drive = 150 * c.neuron.tau_m / std::min(c.neuron.tau_m, c.neuron.tau_syn_ex);
    c.arrivals.push_back({time, between(-0.5, 1) * std::min(drive, 3000.0)});
  }
  return c;
}

std::string textproto(const Case& c) {
  const auto constant = [](const std::string& name, double v) {
    return name + " { constant: " + to_string(v) + " } ";
  };
  const auto& n = c.neuron;
  std::string text = "population { name: 'n' size: 1 exp_psc_lif { " + constant("tau_m", n.tau_m) +
                     constant("C_m", n.C_m) + constant("tau_syn_ex", n.tau_syn_ex) +
                     constant("tau_syn_in", n.tau_syn_in) + constant("t_ref", n.t_ref) +
                     constant("I_e", n.I_e) + "} }\n" +
                     "input { name: 'x' size: " + std::to_string(c.arrivals.size()) + "\n";
  // A delay of 1 ms; the reference gets the arrival times as the engine's grid of doubles has them.
  for (std::size_t k = 0; k < c.arrivals.size(); ++k)
    text +=
        "spike_times { neuron: " + std::to_string(k) + " times: " + to_string(c.arrivals[k].time) + " }\n";
  text += "}\nprojection { source: 'x' target: 'n'\n";
  for (std::size_t k = 0; k < c.arrivals.size(); ++k)
    text += "synapses { source: " + std::to_string(k) + " weight: " + to_string(c.arrivals[k].weight) +
            " delay: 1 }\n";
  return text + "}\n";
}

TEST(ExpPscLif, FiresLikeTheFiftyDigitReference) {
  std::size_t compared = 0;
  for (std::uint64_t number = 0; number < 200; ++number) {
    Case c = random_case(number);
    const auto spikes = NetworkRun(textproto(c)).until(300).times(0, 0);
    for (auto& arrival : c.arrivals) arrival.time += 1;
    const auto truth = reference::run_lif(c.neuron, c.arrivals, 300).spikes;
    ASSERT_EQ(spikes.size(), truth.size()) << "case " << number;
    // Each interval starts from a time rounded to 2^-43 ms, so errors of a long train add up: its first
    // spikes are compared, and the number of all.
    for (std::size_t k = 0; k < std::min<std::size_t>(spikes.size(), 20); ++k, ++compared) {
      // V is rounded at some 1e-14 mV, which a flat crossing turns into a larger error of its time.
      const double slope = static_cast<double>(truth[k].slope);
      const double allowed = 1e-11 + 1e-12 / std::max(slope, 1e-6);
      EXPECT_NEAR(spikes[k], static_cast<double>(truth[k].time), allowed)
          << "case " << number << " spike " << k;
    }
  }
  EXPECT_GT(compared, 1000u);
}

}  // namespace
}  // namespace chronotope::tests
