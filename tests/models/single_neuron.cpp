// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/models/single_neuron.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "chronotope/core/error.hpp"
#include "chronotope/tests/suites/run_network.hpp"
#include "chronotope/tests/suites/state_columns.hpp"

namespace chronotope::tests {
namespace {

constexpr double kDelay = 1;

/// Channels, and a projection for each receptor that is used.
std::string inputs(const std::vector<TestArrival>& arrivals) {
  std::string text = "input { name: 'x' size: " + std::to_string(arrivals.size()) + "\n";
  std::set<int> receptors;
  for (std::size_t k = 0; k < arrivals.size(); ++k) {
    receptors.insert(arrivals[k].receptor);
    text += "spike_times { neuron: " + std::to_string(k) + " times: " + to_string(arrivals[k].time - kDelay) +
            " }\n";
  }
  text += "}\n";
  for (const int receptor : receptors) {
    text += "projection { source: 'x' target: 'n'";
    if (receptor >= 0) text += " receptor: " + std::to_string(receptor);
    text += "\n";
    for (std::size_t k = 0; k < arrivals.size(); ++k)
      if (arrivals[k].receptor == receptor)
        text += "synapses { source: " + std::to_string(k) + " weight: " + to_string(arrivals[k].weight) +
                " delay: " + to_string(kDelay) + " }\n";
    text += "}\n";
  }
  return text;
}

std::string network(const std::string& model, const std::vector<TestArrival>& arrivals) {
  return "population { name: 'n' size: 1 " + model + " }\n" + (arrivals.empty() ? "" : inputs(arrivals));
}

/// How far off [ms] the time of a spike may be, from how far the spike before it may be: the resolution of
/// time, to which both are rounded, and the rounding of V, some 1e-13 mV, over its slope.
double propagated(double previous, const reference::Spike& spike) {
  constexpr double kResolution = 1e-12;
  if (spike.cause == reference::SpikeCause::kJump) return kResolution;
  return kResolution + 1e-13 / static_cast<double>(spike.slope) +
         static_cast<double>(spike.carried) * previous;
}

}  // namespace

ModelText& ModelText::set(const std::string& parameter, double value) {
  text_ += parameter + " { constant: " + to_string(value) + " } ";
  return *this;
}

ModelText& ModelText::choose(const std::string& option, const std::string& value) {
  text_ += option + ": " + value + " ";
  return *this;
}

double CaseDraw::tau_beside(double other) {
  if (chance(0.2)) return other;
  return chance(0.2) ? other * (1 + 1e-12) : tau();
}

std::vector<reference::Arrival> reference_arrivals(const std::vector<TestArrival>& arrivals) {
  std::vector<reference::Arrival> result;
  for (const TestArrival& arrival : arrivals) result.push_back({arrival.time, arrival.weight});
  return result;
}

std::vector<double> spike_times(const std::string& model, const std::vector<TestArrival>& arrivals,
                                double until) {
  return NetworkRun(network(model, arrivals)).until(until).times(0, 0);
}

std::string neuron_under(const std::string& model, const std::vector<CurrentStep>& steps) {
  std::string times, amplitudes;
  for (const CurrentStep& step : steps) {
    times += " times: " + to_string(step.time);
    amplitudes += " amplitudes: " + to_string(step.amplitude);
  }
  return network(model, {}) + "current { name: 'c' population: 'n'" + times + amplitudes + " }\n";
}

std::vector<double> spike_times(const std::string& model, const std::vector<CurrentStep>& steps,
                                const std::vector<TestArrival>& arrivals, double until) {
  const std::string text = neuron_under(model, steps) + (arrivals.empty() ? "" : inputs(arrivals));
  return NetworkRun(text).until(until).times(0, 0);
}

std::vector<double> spike_times(const std::string& model, double change, const std::string& now,
                                const std::vector<TestArrival>& arrivals, double until) {
  NetworkRun before(network(model, arrivals)), after(network(now, arrivals));
  Columns state;
  before.until(change).engine().save(state);
  after.engine().load(state, {{}, {before.engine().network().populations[0].get()}});
  std::vector<double> times = before.times(0, 0);
  for (const double t : after.until(until).times(0, 0)) times.push_back(t);
  return times;
}

std::size_t expect_same_spikes(const std::vector<double>& spikes, const std::vector<reference::Spike>& truth,
                               const std::string& what) {
  EXPECT_EQ(spikes.size(), truth.size()) << what;
  if (spikes.size() != truth.size()) return 0;
  const std::size_t compared = std::min<std::size_t>(spikes.size(), 20);
  double error = 0;
  for (std::size_t k = 0; k < compared; ++k) {
    error = propagated(error, truth[k]);
    EXPECT_NEAR(spikes[k], static_cast<double>(truth[k].time), std::max(1e-11, error))
        << what << ", spike " << k;
  }
  return compared;
}

}  // namespace chronotope::tests
