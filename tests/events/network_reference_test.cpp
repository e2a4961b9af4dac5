// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/network_reference.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/tests/suites/run_network.hpp"

namespace chronotope::tests {
namespace {

constexpr double kUntil = 120;
constexpr std::size_t kNeurons = 4;
constexpr std::size_t kTrains = 3;

/// A random plastic network for both: recurrent and external synapses, delays of 0.5 to 4 ms of
/// which none, half or all is dendritic, bursts of external spikes that are denser than the delays, so that
/// look-ahead windows hold several of one source. In one of four learning ends half way; in another one the
/// external synapses are depressed and facilitated, and some of their spikes come several at one instant.
class Pair {
 public:
  explicit Pair(std::uint64_t number)
      : draw_(5, Purpose("network_reference_test"), number),
        dendritic_fraction_(0.5 * static_cast<double>(number % 3)),
        has_short_term_(number % 4 == 3) {
    if (number % 4 == 1) truth_.learn_until = kUntil / 2;
    for (std::size_t n = 0; n < kNeurons; ++n) add_neuron();
    for (std::size_t i = 0; i < kTrains; ++i) add_train();
    for (std::size_t k = 0; k < 8; ++k) add_synapse(false);
    for (std::size_t k = 0; k < 10; ++k) add_synapse(true);
  }

  const reference::Network& truth() const { return truth_; }

  std::string textproto() const {
    std::string text = "population { name: 'n' size: " + std::to_string(kNeurons) +
                       " exp_psc_lif { C_m { constant: 200 } tau_m { constant: 20 } E_L { constant: -60 } "
                       "V_th { constant: -50 } V_reset { constant: -60 } t_ref { constant: 1.5 } tau_syn_ex "
                       "{ constant: 5 } tau_syn_in { constant: 10 } I_e { constant: 80 } } }\n"
                       "input { name: 'x' size: " +
                       std::to_string(kTrains) + "\n";
    for (std::size_t i = 0; i < kTrains; ++i)
      for (const double t : truth_.external[i])
        text += "spike_times { neuron: " + std::to_string(i) + " times: " + to_string(t) + " }\n";
    return text + "}\n" + projection("n", false) + projection("x", true);
  }

 private:
  double between(double low, double high) { return low + (high - low) * draw_.uniform(); }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(draw_.below(n)); }
  /// A whole number of tenths, as people write them: instants coincide often.
  double decimal(double low, double high) { return std::round(between(low, high) * 10) / 10; }

  void add_neuron() {
    reference::LifParameters n;
    n.C_m = 200;
    n.E_L = n.V_reset = n.V_initial = -60;
    n.V_th = -50;
    n.t_ref = 1.5;
    n.I_e = 80;
    truth_.neurons.push_back(n);
  }
  void add_train() {
    std::vector<double> times;
    for (double t = decimal(0.5, 5); t < kUntil;) {
      times.insert(times.end(), has_short_term_ ? below(3) + 1 : 1, t);
      const double next = t + (times.size() % 4 == 0 ? decimal(4, 14) : decimal(0.1, 0.6));
      t = std::round(next * 10) / 10;
    }
    truth_.external.push_back(times);
  }
  void add_synapse(bool external) {
    reference::Synapse s;
    s.source = {external, below(external ? kTrains : kNeurons)};
    s.target = below(kNeurons);
    s.weight = between(100, 500);
    s.delay = decimal(0.5, 4);
    s.dendritic_fraction = dendritic_fraction_;
    reference::StdpParameters rule;
    rule.tau_plus = 17;
    rule.tau_minus = 34;
    rule.A_plus = 0.02;
    rule.A_minus = 0.015;
    rule.w_max = 900;
    rule.mu_plus = rule.mu_minus = external ? 1 : 0;
    s.plasticity = rule;
    if (external && has_short_term_) s.short_term = reference::ShortTermParameters{0.6, 15, 8};
    truth_.synapses.push_back(s);
  }

  std::string projection(const std::string& source, bool external) const {
    std::string learn_until;
    std::string text = "projection { source: '" + source + "' target: 'n'\n";
    for (const reference::Synapse& s : truth_.synapses)
      if (s.source.is_external == external)
        text += "synapses { source: " + std::to_string(s.source.index) +
                " target: " + std::to_string(s.target) + " weight: " + to_string(s.weight) +
                " delay: " + to_string(s.delay) + " }\n";
    text += "dendritic_fraction { constant: " + to_string(dendritic_fraction_) + " }\n";
    if (external && has_short_term_)
      text += "short_term { U { constant: 0.6 } tau_rec { constant: 15 } tau_fac { constant: 8 } }\n";
    if (std::isfinite(truth_.learn_until)) learn_until = "learn_until: " + to_string(truth_.learn_until);
    const std::string mu = external ? "1" : "0";
    return text +
           "pair_stdp { tau_plus { constant: 17 } tau_minus { constant: 34 } A_plus { constant: 0.02 } " +
           "A_minus { constant: 0.015 } w_max: 900 mu_plus: " + mu + " mu_minus: " + mu + " " + learn_until +
           " } }\n";
  }

  RandomStream draw_;
  double dendritic_fraction_;
  bool has_short_term_;
  reference::Network truth_;
};

/// The weights onto each neuron, summed: independent of the order of synapses.
std::vector<double> incoming(NetworkRun& run, std::size_t projection) {
  const std::vector<double> w = run.weights(projection);
  std::vector<double> sum(kNeurons, 0.0);
  const Connectivity& connectivity = run.engine().network().projections[projection]->connectivity();
  for (std::uint64_t s = 0; s < w.size(); ++s) sum[index(connectivity.target(SynapseId{s}))] += w[s];
  return sum;
}

class NetworkReference : public testing::TestWithParam<std::uint64_t> {};

TEST_P(NetworkReference, PlasticNetworksFireAndLearnLikeFiftyDigits) {
  const Pair pair(GetParam());
  NetworkRun run(pair.textproto(), 1 + static_cast<unsigned>(GetParam()) % 3);
  run.until(kUntil);
  reference::Network network = pair.truth();
  network.observed.resize(kNeurons);
  for (const auto& spike : run.spikes())
    network.observed[spike.neuron].push_back(reference::stated_time(spike.time.to_ms()));
  const reference::NetworkRun truth = reference::run_network(network, kUntil);
  ASSERT_EQ(run.spikes().size(), truth.spikes.size());
  ASSERT_GT(run.spikes().size(), 10u);
  for (std::size_t k = 0; k < truth.spikes.size(); ++k) {
    EXPECT_EQ(run.spikes()[k].neuron, truth.spikes[k].neuron) << k;
    // A crossing half way between two ticks may go to either.
    const reference::Rational late =
        reference::stated_time(run.spikes()[k].time.to_ms()) - truth.spikes[k].spike.time;
    EXPECT_LE(abs(late), reference::tick()) << k;
  }
  std::vector<double> expected[2] = {std::vector<double>(kNeurons, 0.0), std::vector<double>(kNeurons, 0.0)};
  for (std::size_t s = 0; s < truth.weights.size(); ++s) {
    const reference::Synapse& synapse = pair.truth().synapses[s];
    expected[synapse.source.is_external ? 1 : 0][synapse.target] += static_cast<double>(truth.weights[s]);
  }
  for (const std::size_t projection : {0U, 1U}) {
    const auto found = incoming(run, projection);
    for (std::size_t n = 0; n < kNeurons; ++n)
      EXPECT_NEAR(found[n], expected[projection][n], 1e-11 * std::max(1.0, expected[projection][n]))
          << projection << n;
  }
}
/// In the networks in which learning ends, at kUntil/2, with no, half of and all of the delays dendritic.
TEST(LearnUntil, AllReadingsOfWeightsFromLearnUntilOnAreEqual) {
  for (const std::uint64_t number : {9U, 1U, 5U}) {
    const std::string text = Pair(number).textproto();
    NetworkRun run(text, 2);
    const double end = kUntil / 2;
    const auto before = run.until(end - 1).weights(1);
    const auto recurrent = run.until(end).weights(0), external = run.weights(1);
    EXPECT_NE(external, before);
    for (const double later : {1e-12, 0.5, 1.3, 4.0, 60.0}) {
      EXPECT_EQ(run.until(end + later).weights(0), recurrent) << number << ' ' << later;
      EXPECT_EQ(run.weights(1), external) << number << ' ' << later;
    }
    NetworkRun unread(text);
    EXPECT_EQ(unread.until(kUntil).weights(1), external) << number;
  }
}

INSTANTIATE_TEST_SUITE_P(Random, NetworkReference, testing::Range(std::uint64_t{0}, std::uint64_t{12}));

}  // namespace
}  // namespace chronotope::tests
