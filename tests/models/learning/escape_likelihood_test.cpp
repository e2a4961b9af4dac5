// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/models/learning/escape_fit.hpp"
#include "chronotope/models/learning/hidden_learning.hpp"
#include "chronotope/tests/reference/real.hpp"

namespace chronotope::models {
namespace {

using reference::Real;

/// One neuron, three synapses, 60 ms: arrivals also within the refractory period and at a spike.
struct Case {
  double tau_m = 20, C_m = 250, E_L = -70, V_th = -55, V_reset = -68, t_ref = 2, I_e = 120, V_m = -66;
  double tau_ex = 5, tau_in = 9, delta_u = 2.5, tau_0 = 8;
  std::vector<double> weight{310, 150, -240};
  std::vector<std::pair<double, std::uint32_t>> arrivals{{1.5, 0},  {4.25, 2}, {9.0, 1},  {17.0, 0},
                                                         {17.5, 1}, {18.1, 2}, {33.3, 0}, {40.0, 1}};
  std::vector<double> spikes{6.5, 17.0, 47.75};
  double end = 60;

  double R() const { return tau_m / C_m; }
  double V_inf() const { return E_L + R() * I_e; }
};

/// The response of V to a unit current that decays with tau_s from 0 on [mV/pA], after s.
Real kernel(const Case& c, double tau_s, const Real& s) {
  const Real fast = exp(-s / tau_s), slow = exp(-s / c.tau_m);
  return Real(c.tau_m) / c.C_m * tau_s / (Real(tau_s) - c.tau_m) * (fast - slow);
}

/// V(t) from its definition, `release` being the end of the last refractory period, or 0.
Real potential(const Case& c, const Real& t, const Real& release, bool fired) {
  const Real V_inf = Real(c.E_L) + Real(c.tau_m) / c.C_m * c.I_e;
  Real V = V_inf + ((fired ? Real(c.V_reset) : Real(c.V_m)) - V_inf) * exp(-(t - release) / c.tau_m);
  for (const auto& [at, j] : c.arrivals) {
    if (at > t) continue;
    const double tau_s = c.weight[j] > 0 ? c.tau_ex : c.tau_in;
    const Real begin = std::max(Real(at), release);
    V += c.weight[j] * exp(-(begin - at) / tau_s) * kernel(c, tau_s, t - begin);
  }
  return V;
}

Real hazard(const Case& c, const Real& t, const Real& release, bool fired) {
  return exp((potential(c, t, release, fired) - c.V_th) / c.delta_u) / c.tau_0;
}

/// L by its definition: rules of 30 nodes on pieces of half a millisecond between all events, in 50 digits.
struct Truth {
  Real log_hazard = 0;
  Real integral = 0;
};
Truth truth(const Case& c) {
  std::vector<double> cuts{0, c.end};
  for (const auto& [at, j] : c.arrivals) cuts.push_back(at);
  for (const double t : c.spikes) cuts.insert(cuts.end(), {t, t + c.t_ref});
  for (double t = 0.5; t < c.end; t += 0.5) cuts.push_back(t);
  std::sort(cuts.begin(), cuts.end());
  Truth sum;
  std::size_t fired = 0;
  for (std::size_t k = 0; k + 1 < cuts.size(); ++k) {
    while (fired < c.spikes.size() && c.spikes[fired] <= cuts[k]) ++fired;
    const Real release = fired == 0 ? Real(0) : Real(c.spikes[fired - 1]) + c.t_ref;
    if (cuts[k] < release || cuts[k + 1] <= cuts[k]) continue;
    sum.integral += boost::math::quadrature::gauss<Real, 30>::integrate(
        [&](const Real& t) { return hazard(c, t, release, fired > 0); }, Real(cuts[k]), Real(cuts[k + 1]));
  }
  for (std::size_t k = 0; k < c.spikes.size(); ++k)
    sum.log_hazard += log(hazard(c, c.spikes[k], k == 0 ? Real(0) : Real(c.spikes[k - 1]) + c.t_ref, k > 0));
  return sum;
}

EscapeNeuron neuron(const Case& c) {
  EscapeNeuron n{0, {}, {Time(), 0, 0, 0, {1, Purpose("escape"), 0}, 0}, {}};
  Membrane& m = n.parameters.membrane;
  m.tau_m = c.tau_m;
  m.resistance = c.R();
  m.E_L = c.E_L;
  m.drive = c.R() * c.I_e;
  m.V_inf = c.V_inf();
  m.V_th = c.V_th;
  m.V_reset = c.V_reset;
  m.t_ref = stated_duration(c.t_ref);
  m.x_th = m.above_rest(c.V_th);
  m.x_reset = m.above_rest(c.V_reset);
  n.parameters.tau_syn_ex = c.tau_ex;
  n.parameters.tau_syn_in = c.tau_in;
  n.parameters.delta_u = c.delta_u;
  n.parameters.tau_0 = c.tau_0;
  n.start.x = m.above_rest(c.V_m);
  for (std::uint32_t j = 0; j < c.weight.size(); ++j)
    n.synapses.push_back({j, c.weight[j], stated_duration(1),
                          c.weight[j] > 0 ? EscapeReceptor::kExcitatory : EscapeReceptor::kInhibitory});
  return n;
}

std::vector<EscapeArrival> heard(const Case& c) {
  std::vector<EscapeArrival> all;
  for (const auto& [at, j] : c.arrivals) all.push_back({stated_time(at), j});
  return all;
}
std::vector<Time> train(const Case& c) {
  std::vector<Time> times;
  for (const double t : c.spikes) times.push_back(stated_time(t));
  return times;
}
EscapeSums sums(const Case& c, bool information = false) {
  return escape_likelihood(neuron(c), c.weight, heard(c), train(c), stated_time(c.end), information, [] {});
}

void expect_truth(const Case& c) {
  const Truth expected = truth(c);
  const EscapeSums found = sums(c);
  EXPECT_LT(abs(Real(found.integral) / expected.integral - 1), 1e-12);
  EXPECT_LT(abs(Real(found.log_hazard) - expected.log_hazard), 1e-12 * (1 + abs(expected.log_hazard)));
}

TEST(EscapeLikelihood, IsThatOfQuadratureInFiftyDigits) {
  Case c;
  expect_truth(c);
  c.tau_in = c.tau_m * (1 + 1e-9);  // nearly equal constants
  expect_truth(c);
  c = {};
  c.weight = {3000, 2500, -4000};  // V moves by hundreds of delta_u
  c.delta_u = 4;
  expect_truth(c);
  c = {};
  c.tau_ex = 0.2;
  c.tau_in = 90;
  c.tau_m = 35;
  expect_truth(c);
  c = {};
  c.arrivals.clear();
  c.spikes.clear();
  expect_truth(c);
}

TEST(EscapeLikelihood, OfAConstantHazardIsClosed) {
  Case c;
  c.I_e = 150;  // V_inf = -58
  c.V_m = c.V_reset = -58;
  c.t_ref = 3;
  c.arrivals.clear();
  const double rho = std::exp(-3 / 2.5) / 8;
  const EscapeSums found = sums(c);
  EXPECT_NEAR(found.integral, rho * (60 - 3 * 3), 1e-12);
  EXPECT_NEAR(found.log_hazard, 3 * std::log(rho), 1e-12);
  ASSERT_EQ(found.intervals.size(), 3U);
  EXPECT_NEAR(found.intervals[0], rho * 6.5, 1e-12);
  EXPECT_NEAR(found.intervals[2], rho * (47.75 - 17.0 - 3), 1e-12);
}

/// A train of silence far below threshold, of an hour: no step per time constant is needed.
TEST(EscapeLikelihood, OfAnHourOfSilenceIsClosed) {
  Case c;
  c.I_e = 0;
  c.V_m = c.E_L;
  c.arrivals.clear();
  c.spikes.clear();
  c.end = 3.6e6;
  EXPECT_NEAR(sums(c).integral / (3.6e6 / 8 * std::exp(-15 / 2.5)), 1, 1e-12);
}

TEST(EscapeLikelihood, DerivativesAreThoseOfCentralDifferences) {
  const Case c;
  const EscapeSums found = sums(c, true);
  for (std::size_t j = 0; j < c.weight.size(); ++j) {
    const double h = 1e-3 * std::abs(c.weight[j]);
    Case above = c, below = c;
    above.weight[j] += h;
    below.weight[j] -= h;
    const Truth high = truth(above), low = truth(below);
    const Real slope = ((high.log_hazard - high.integral) - (low.log_hazard - low.integral)) / (2 * h);
    EXPECT_LT(abs(Real(found.gradient[j]) / slope - 1), 1e-6) << j;
    const EscapeSums right = sums(above), left = sums(below);
    for (std::size_t k = 0; k < c.weight.size(); ++k)
      EXPECT_NEAR(found.information[j * 3 + k] / (-(right.gradient[k] - left.gradient[k]) / (2 * h)), 1, 1e-5)
          << j << k;
  }
}

TEST(EscapeLikelihood, OfStretchesAddsUp) {
  const Case c;
  const EscapeSums whole = sums(c);
  EscapeTrace trace(neuron(c).parameters, neuron(c).start, neuron(c).receptors(), false);
  double integral = 0, log_hazard = 0;
  std::vector<double> gradient(3);
  std::size_t next = 0, spike = 0;
  for (double t = 0.7; t < c.end + 0.7; t += 0.7) {
    const double end = std::min(t, c.end);
    while (next < c.arrivals.size() || spike < c.spikes.size()) {
      const double arrival = next < c.arrivals.size() ? c.arrivals[next].first : 1e9;
      const double fires = spike < c.spikes.size() ? c.spikes[spike] : 1e9;
      if (std::min(arrival, fires) > end) break;
      if (arrival <= fires) {
        trace.arrive(stated_time(arrival), c.arrivals[next].second, c.weight[c.arrivals[next].second]);
        ++next;
      } else {
        trace.fire(stated_time(fires));
        ++spike;
      }
    }
    trace.advance(stated_time(end));
    const EscapeSums part = trace.take();
    integral += part.integral;
    log_hazard += part.log_hazard;
    for (std::size_t j = 0; j < 3; ++j) gradient[j] += part.gradient[j];
  }
  EXPECT_NEAR(integral, whole.integral, 1e-12 * whole.integral);
  EXPECT_NEAR(log_hazard, whole.log_hazard, 1e-12);
  for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(gradient[j], whole.gradient[j], 1e-12);
}

TEST(EscapeLikelihood, BeyondMeasureIsInfinite) {
  Case c;
  c.weight = {1e9, 1e9, -1};
  EXPECT_EQ(sums(c).integral, std::numeric_limits<double>::infinity());
  c.weight = {1, 1, -1e9};
  EXPECT_TRUE(std::isfinite(sums(c).integral));
}

/// At the top no free weight has a slope, and one at its bound only beyond it.
TEST(EscapeFit, EndsAtTheTop) {
  Case c;
  for (double t = 50; t < 4000; t += 23.7) c.arrivals.push_back({t, static_cast<std::uint32_t>(t) % 3});
  for (double t = 55; t < 4000; t += 41.3) c.spikes.push_back(t);
  c.end = 4000;
  const EscapeFit fit = fit_weights(neuron(c), heard(c), train(c), stated_time(c.end), [] {});
  EXPECT_TRUE(fit.converged);
  c.weight = fit.weight;
  const EscapeSums top =
      escape_likelihood(neuron(Case()), c.weight, heard(c), train(c), stated_time(c.end), true, [] {});
  EXPECT_DOUBLE_EQ(fit.log_likelihood, top.log_likelihood());
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_TRUE(j < 2 ? c.weight[j] >= 0 : c.weight[j] <= 0) << c.weight[j];
    if (c.weight[j] == 0)
      EXPECT_TRUE(j < 2 ? top.gradient[j] <= 0 : top.gradient[j] >= 0) << top.gradient[j];
    else
      EXPECT_LT(std::abs(top.gradient[j]) / std::sqrt(top.information[j * 3 + j]), 1e-4);
  }
}

/// With one synapse that arrives once and one spike there is one condition, v(t) = integral of rho v: solved
/// here by bisection of the definition in 50 digits.
TEST(EscapeFit, SolvesTheConditionOfOneWeight) {
  Case c;
  c.weight = {100};
  c.arrivals = {{10, 0}};
  c.spikes = {16};
  c.end = 40;
  Real low = 0, high = 5000;
  for (int k = 0; k < 26; ++k) {
    const Real middle = (low + high) / 2;
    const auto slope = [&](double h) {
      Case at = c;
      at.weight[0] = static_cast<double>(middle) + h;
      const Truth t = truth(at);
      return Real(t.log_hazard - t.integral);
    };
    (slope(1e-3) > slope(-1e-3) ? low : high) = middle;
  }
  const EscapeFit fit = fit_weights(neuron(c), heard(c), train(c), stated_time(c.end), [] {});
  EXPECT_NEAR(fit.weight[0], static_cast<double>(low), 1e-3 * static_cast<double>(low));
}

TEST(EscapeFit, LeavesWhatNothingIsKnownOf) {
  Case c;
  c.arrivals = {{10, 0}, {30, 0}};
  c.spikes = {16, 35};
  const EscapeFit fit = fit_weights(neuron(c), heard(c), train(c), stated_time(c.end), [] {});
  EXPECT_EQ(fit.weight[1], 150);
  EXPECT_TRUE(std::isnan(fit.standard_error[1]));
  EXPECT_GT(fit.standard_error[0], 0);
}

/// Kolmogorov's distribution has its 5 % and 1 % points at 1.3581 and 1.6276 (Smirnov 1948).
TEST(TimeRescaling, HasTheDistanceAndThePOfKolmogorov) {
  const auto quantiles = [](std::size_t n, double shift) {
    std::vector<double> intervals;
    for (std::size_t k = 0; k < n; ++k)
      intervals.push_back(
          -std::log1p(-std::min(0.999999, (static_cast<double>(k) + 0.5) / static_cast<double>(n) + shift)));
    return intervals;
  };
  EXPECT_NEAR(time_rescaling(quantiles(1000, 0)).distance, 0.0005, 1e-12);
  EXPECT_EQ(time_rescaling(quantiles(1000, 0)).p, 1);
  EXPECT_NEAR(time_rescaling(quantiles(1'000'000, 1.3581e-3)).p, 0.05, 2e-4);
  EXPECT_NEAR(time_rescaling(quantiles(1'000'000, 1.6276e-3)).p, 0.01, 1e-4);
  EXPECT_EQ(time_rescaling({}).p, 1);
  EXPECT_EQ(time_rescaling({}).distance, 0);
}

/// An input drives a hidden neuron, which drives one that is seen.
struct Chain {
  std::vector<EscapeNeuron> neurons;
  EscapeTrains trains;

  explicit Chain(double weight) {
    Case c;
    c.V_m = c.E_L;
    c.I_e = 60;
    c.weight = {weight};
    neurons.push_back(neuron(c));
    neurons.back().source = 0;
    neurons.back().synapses[0].source = 2;
    c.weight = {500};
    c.I_e = 0;
    neurons.push_back(neuron(c));
    neurons.back().source = 1;
    neurons.back().synapses[0].source = 0;
    trains = {{}, {stated_time(14), stated_time(22)}, {stated_time(2), stated_time(5)}};
  }
};

HiddenLearning learning(const Chain& chain, std::uint64_t seed) {
  return {chain.neurons, chain.trains, {true, false}, stated_time(30), {1e-9, 1, stated_duration(30), seed}};
}

/// (l - baseline) e is on average the slope of the mean of l, which differences of other draws tell.
TEST(HiddenLearning, FollowsTheMeanLikelihoodOnAverage) {
  constexpr int kRuns = 6000;
  const double unit = 2.5 / 0.08, h = unit;
  double rule = 0, rule_squares = 0, difference = 0, difference_squares = 0;
  for (int k = 0; k < kRuns; ++k) {
    const Chain chain(500);
    HiddenLearning run = learning(chain, static_cast<std::uint64_t>(k));
    run.run_epoch([] {});
    EXPECT_EQ(run.neurons()[0].synapses[0].weight, 500);  // without a baseline none learns
    run.run_epoch([] {});
    const double step = (run.neurons()[0].synapses[0].weight - 500) / (1e-9 * unit);  // per unit
    rule += step / kRuns;
    rule_squares += step * step / kRuns;
    const double above =
        learning(Chain(500 + h), static_cast<std::uint64_t>(k) + 100'000).run_epoch([] {}).log_likelihood;
    const double below =
        learning(Chain(500 - h), static_cast<std::uint64_t>(k) + 200'000).run_epoch([] {}).log_likelihood;
    const double slope = (above - below) / 2;
    difference += slope / kRuns;
    difference_squares += slope * slope / kRuns;
  }
  const double error =
      std::sqrt((rule_squares - rule * rule + difference_squares - difference * difference) / kRuns);
  EXPECT_GT(std::abs(difference), 5 * error);
  EXPECT_LT(std::abs(rule - difference), 4 * error) << rule << " " << difference << " +- " << error;
}

/// What is seen climbs its own likelihood: the rule without a hidden neuron is the gradient's.
TEST(HiddenLearning, OfNoHiddenNeuronIsTheGradient) {
  Chain chain(500);
  chain.trains[0] = {stated_time(7), stated_time(12)};
  HiddenLearning run(chain.neurons, chain.trains, {false, false}, stated_time(30),
                     {1e-3, 1, stated_duration(30), 1});
  const HiddenEpoch epoch = run.run_epoch([] {});
  EXPECT_EQ(epoch.hidden_spikes, 0U);
  double expected = 0;
  const double unit = 2.5 / 0.08;
  for (std::size_t n = 0; n < 2; ++n) {
    const EscapeNeuron& target = chain.neurons[n];
    const double weight = target.synapses[0].weight;
    const EscapeSums alone =
        escape_likelihood(target, std::vector{weight}, arrivals(target, chain.trains, stated_time(30)),
                          chain.trains[target.source], stated_time(30), false, [] {});
    expected += alone.log_likelihood();
    EXPECT_NEAR(run.neurons()[n].synapses[0].weight - weight, 1e-3 * unit * unit * alone.gradient[0], 1e-9);
  }
  EXPECT_NEAR(epoch.log_likelihood, expected, 1e-10);
}

}  // namespace
}  // namespace chronotope::models
