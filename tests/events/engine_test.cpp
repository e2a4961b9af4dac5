// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/tests/suites/run_network.hpp"

namespace chronotope::tests {
namespace {

/// A delta LIF resting at 0 mV with threshold 10 and reset 0, tau_m 20, t_ref 2.
const std::string kDelta = R"(delta_lif { tau_m { constant: 20 } E_L { constant: 0 } V_th { constant: 10 }
  V_reset { constant: 0 } t_ref { constant: 2 } )";

std::string one_delta(const std::string& more = "") {
  return "population { name: 'n' size: 1 " + kDelta + more + " } }\n";
}

std::string input(const std::string& times, double weight, double delay, const std::string& name = "x") {
  return "input { name: '" + name + "' size: 1 spike_times { neuron: 0 times: [" + times + "] } }\n" +
         "projection { source: '" + name +
         "' target: 'n' one_to_one {} weight { constant: " + std::to_string(weight) +
         " } delay { constant: " + std::to_string(delay) + " } }\n";
}

TEST(Engine, DeltaLifUnderConstantDriveFiresAtTheClosedForm) {
  // R = tau_m/C_m = 0.1 GOhm: 120 pA lift V_inf to 12 mV; the interval is tau_m ln 6 + t_ref.
  NetworkRun run("population { name: 'n' size: 1 " + kDelta +
                 " C_m { constant: 200 } I_e { constant: 120 } } }");
  const auto times = run.until(10000).times(0, 0);
  const double interval = 20 * std::log(6.0) + 2;
  ASSERT_EQ(times.size(), static_cast<std::size_t>((10000 + 2) / interval));
  for (std::size_t k = 0; k < times.size(); ++k)
    EXPECT_NEAR(times[k], 20 * std::log(6.0) + static_cast<double>(k) * interval,
                1e-12 * static_cast<double>(20 + k * 8));
}

TEST(Engine, ExpPscLifUnderConstantDriveFiresAtTheClosedForm) {
  NetworkRun run(R"(population { name: 'n' size: 1 exp_psc_lif { tau_m { constant: 20 } C_m { constant: 200 }
    E_L { constant: 0 } V_th { constant: 10 } V_reset { constant: 0 } t_ref { constant: 2 } I_e { constant: 120 } } })");
  const auto times = run.until(1000).times(0, 0);
  ASSERT_FALSE(times.empty());
  EXPECT_NEAR(times[0], 20 * std::log(6.0), 1e-12);
  EXPECT_NEAR(times[1] - times[0], 20 * std::log(6.0) + 2, 1e-12);
}

TEST(Engine, ArrivalThatLandsExactlyOnThresholdFires) {
  NetworkRun run(one_delta() + input("5", 10, 1.5));
  EXPECT_EQ(run.until(100).times(0, 0), std::vector<double>{6.5});
}

/// V a 2^-51 below threshold counts as on it, for rounding may have taken that much; 2^-48 below it does not.
TEST(Engine, ArrivalThatRoundingKeepsFromTheThresholdFires) {
  const auto fires = [](double share) {
    char weight[32];
    std::snprintf(weight, sizeof weight, "%.17g", 10 * share);
    return !NetworkRun(one_delta() +
                       "input { name: 'x' size: 1 spike_times { neuron: 0 times: [5] } } "
                       "projection { source: 'x' target: 'n' one_to_one {} delay: 1 weight: " +
                       weight + " }")
                .until(100)
                .spikes()
                .empty();
  };
  EXPECT_TRUE(fires(1 - 0x1p-51));
  EXPECT_FALSE(fires(1 - 0x1p-48));
}

/// All that arrive at one instant are in before the neuron is tested, whatever projection they come by and
/// whenever they were sent.
TEST(Engine, TheOrderOfSimultaneousArrivalsDoesNotMatter) {
  const std::string early = input("2", 6, 4.5, "early"), late = input("5.5", 6, 1, "late"),
                    against = input("4", -3, 2.5, "against");
  for (const std::string& wiring : {early + late + against, against + late + early, late + against + early})
    EXPECT_TRUE(NetworkRun(one_delta() + wiring).until(100).spikes().empty());
  for (const std::string& wiring : {early + late, late + early})
    EXPECT_EQ(NetworkRun(one_delta() + wiring).until(100).times(0, 0), std::vector<double>{6.5});
}

/// 0.1 + 0.2 + 0.3 mV in this order, though they are sent in one order, the other, or at once.
TEST(Engine, SimultaneousArrivalsAreTakenInTheOrderOfTheirProjections) {
  const auto potential = [](double x, double y, double z) {
    const auto sent = [](double at, double weight, const std::string& name) {
      return input(std::to_string(at), weight, 6.5 - at, name);
    };
    NetworkRun run(one_delta() + sent(x, 0.1, "x") + sent(y, 0.2, "y") + sent(z, 0.3, "z"));
    return run.until(7).engine().potentials(0)[0];
  };
  ASSERT_NE((0.1 + 0.2) + 0.3, (0.3 + 0.2) + 0.1);
  EXPECT_EQ(potential(3, 2, 1), potential(1, 2, 3));
  EXPECT_EQ(potential(3, 3, 3), potential(1, 2, 3));
  EXPECT_EQ(potential(2, 3, 1), potential(1, 2, 3));
}

TEST(Engine, SimultaneousArrivalsAreSummedBeforeTheTest) {
  // 12 - 4 mV stay below threshold although the first alone would reach it.
  NetworkRun below(one_delta() + input("5", 12, 1) + input("5", -4, 1, "y"));
  EXPECT_TRUE(below.until(100).spikes().empty());
  NetworkRun above(one_delta() + input("5", 6, 1) + input("4", 5, 2, "y"));
  EXPECT_EQ(above.until(100).times(0, 0), std::vector<double>{6});
}

TEST(Engine, RefractoryPeriodIsHalfOpen) {
  // The spike at 6 closes [6, 8): an arrival inside is lost, one at its end counts.
  NetworkRun inside(one_delta() + input("5, 6.999999999999", 11, 1));
  EXPECT_EQ(inside.until(100).times(0, 0), std::vector<double>{6});
  NetworkRun at_end(one_delta() + input("5, 7", 11, 1));
  EXPECT_EQ(at_end.until(100).times(0, 0), (std::vector<double>{6, 8}));
}

TEST(Engine, KeptRefractoryInputFiresAtTheEndOfThePeriod) {
  NetworkRun run(one_delta("refractory_input: KEEP") + input("5, 5.5", 11, 1));
  EXPECT_EQ(run.until(100).times(0, 0), (std::vector<double>{6, 8}));
}

TEST(Engine, PotentialsAreThoseOfAFreeNeuronFromTheEndOfItsRefractoryPeriodOn) {
  for (const std::string input : {"DISCARD", "KEEP"}) {
    NetworkRun run(
        "population { name: 'n' size: 1 delta_lif { E_L: 0 V_th: 20 V_reset: 5 t_ref: 2 tau_m: 10 V_m: 0 "
        "refractory_input: " +
        input +
        " } } input { name: 'x' size: 1 spike_times { times: [1] } } "
        "projection { source: 'x' target: 'n' one_to_one {} weight: 25 delay: 1 }");
    EXPECT_EQ(run.until(3.9).engine().potentials(0)[0], 5) << input;
    EXPECT_DOUBLE_EQ(run.until(4).engine().potentials(0)[0], 5) << input;  // fired at 2
    EXPECT_DOUBLE_EQ(run.until(5).engine().potentials(0)[0], 5 * std::exp(-0.1)) << input;
  }
}

/// 50,000 arrivals in half a millisecond are sorted slice by slice, those of short windows at once.
TEST(Engine, WindowsOfManyArrivalsAreThoseOfManyShortWindows) {
  const std::string text =
      "population { name: 'n' size: 500 exp_psc_lif { V_m { uniform { low: -70 high: -56 } } } }"
      "input { name: 'x' size: 100 regular { interval: 4 } }"
      "projection { source: 'x' target: 'n' all_to_all {} weight { normal { mean: 8 sd: 1 } } "
      "delay { uniform { low: 1 high: 1.5 } } }"
      "projection { source: 'n' target: 'n' fixed_indegree { indegree: 9 } weight: -5 delay: 1 }";
  NetworkRun whole(text);
  whole.until(40);
  NetworkRun pieces(text);
  for (int k = 1; k <= 800; ++k) pieces.until(k * 0.05);
  EXPECT_GT(whole.spikes().size(), 500u);
  EXPECT_EQ(whole.spikes(), pieces.spikes());
  EXPECT_EQ(whole.engine().potentials(0), pieces.engine().potentials(0));
}

TEST(Engine, NeuronThatStartsAboveThresholdFiresAtZero) {
  NetworkRun run(one_delta("V_m { constant: 12 }"));
  EXPECT_EQ(run.until(1).times(0, 0), std::vector<double>{0});
}

TEST(Engine, AutapseArrivesAfterItsDelay) {
  NetworkRun run(
      one_delta() + input("5", 11, 1) +
      "projection { source: 'n' target: 'n' all_to_all {} weight { constant: 11 } delay { constant: 3 } }");
  EXPECT_EQ(run.until(13).times(0, 0), (std::vector<double>{6, 9, 12}));
}

TEST(Engine, RowWithManyDelaysDeliversEachAtItsTime) {
  std::string text =
      "population { name: 'n' size: 4 " + kDelta + "} }\n" +
      "input { name: 'x' size: 1 spike_times { times: [1, 2] } }\nprojection { source: 'x' target: 'n'\n";
  const std::vector<double> delays{4.5, 0.25, 4.5, 100};
  for (std::size_t i = 0; i < 4; ++i)
    text += "synapses { target: " + std::to_string(i) + " weight: 11 delay: " + std::to_string(delays[i]) +
            " }\n";
  NetworkRun run(text + "}");
  run.until(200);
  for (std::uint32_t i = 0; i < 4; ++i) EXPECT_EQ(run.times(0, i).front(), 1 + delays[i]);
  EXPECT_EQ(run.engine().counts().deliveries, 6u);  // three distinct delays, two spikes
  EXPECT_EQ(run.engine().counts().synaptic_events, 8u);
}

TEST(Engine, DoubleCrossingBetweenArrivalsIsFound) {
  // An excitatory current and a slower, stronger inhibitory one: V passes threshold and would return below it
  // by itself.
  const std::string neuron =
      R"(population { name: 'n' size: 1 exp_psc_lif { tau_m { constant: 10 } C_m { constant: 100 }
    E_L { constant: 0 } V_th { constant: %V } V_reset { constant: -50 } t_ref { constant: 2 } tau_syn_ex { constant: 1 }
    tau_syn_in { constant: 50 } } }
    input { name: 'x' size: 1 spike_times { times: [1] } }
    projection { source: 'x' target: 'n' one_to_one {} weight { constant: 500 } delay { constant: 1 } }
    projection { source: 'x' target: 'n' one_to_one {} weight { constant: -60 } delay { constant: 1 } })";
  const auto V = [](double t) {  // the closed form, 0.1 mV/pA
    const auto k = [&](double s) { return s / (s - 10) * (std::exp(-t / s) - std::exp(-t / 10)); };
    return 0.1 * (500 * k(1) - 60 * k(50));
  };
  double peak = 0;
  for (double t = 0; t < 20; t += 1e-4) peak = std::max(peak, V(t));
  const auto spikes = [&](double threshold) {
    std::string text = neuron;
    text.replace(text.find("%V"), 2, std::to_string(threshold));
    return NetworkRun(text).until(500).spikes().size();
  };
  EXPECT_EQ(spikes(peak - 1e-5), 1u);
  EXPECT_EQ(spikes(peak + 1e-5), 0u);
}

const std::string kRandomNetwork = R"(seed: 3
  population { name: 'E' size: 60 exp_psc_lif { tau_m { gamma { mean: 20 cv: 0.3 } min: 5 } I_e { constant: 190 }
    V_m { uniform { low: -70 high: -55 } } } }
  population { name: 'I' size: 20 delta_lif { I_e { constant: 200 } V_m { uniform { low: -70 high: -55 } } } }
  input { name: 'noise' size: 10 poisson { rate { constant: 50 } } }
  projection { source: 'E' target: 'E' pairwise_bernoulli { p: 0.2 } weight { lognormal { mean: 30 cv: 0.3 } }
    delay { uniform { low: 1 high: 5 } } pair_stdp { tau_plus { gamma { mean: 20 cv: 0.5 } } } }
  projection { source: 'E' target: 'I' pairwise_bernoulli { p: 0.2 } weight { constant: 0.5 } }
  projection { source: 'I' target: 'E' pairwise_bernoulli { p: 0.2 } weight { constant: -40 } delay { constant: 0.7 } }
  projection { source: 'noise' target: 'E' pairwise_bernoulli { p: 0.3 } weight { constant: 60 } }
)";

TEST(Engine, RunningInPiecesAndReadingWeightsChangesNoBit) {
  NetworkRun whole(kRandomNetwork);
  whole.until(500);
  NetworkRun pieces(kRandomNetwork);
  for (int t = 1; t <= 500; ++t) {
    pieces.until(t);
    if (t % 50 == 0) pieces.weights(0);
  }
  ASSERT_GT(whole.spikes().size(), 500u);
  EXPECT_EQ(whole.spikes(), pieces.spikes());
  EXPECT_EQ(whole.weights(0), pieces.weights(0));
}

TEST(Engine, AnyNumberOfThreadsGivesTheSameBits) {
  NetworkRun alone(kRandomNetwork);
  alone.until(300);
  for (const unsigned threads : {2U, 4U, 7U}) {
    NetworkRun shared(kRandomNetwork, threads);
    shared.until(300);
    EXPECT_EQ(alone.spikes(), shared.spikes()) << threads;
    EXPECT_EQ(alone.weights(0), shared.weights(0)) << threads;
  }
}

/// Two driven populations. With `listener`, a silent neuron hears the inputs too, so that they are not
/// private and go through the queue.
std::string fast_drive(bool listener) {
  std::string text = R"(seed: 8
    population { name: 'd' size: 30 delta_lif { t_ref { constant: 1 } } }
    population { name: 'e' size: 20 exp_psc_lif { tau_m { gamma { mean: 20 cv: 0.3 } min: 5 } } }
    input { name: 'x' size: 30 poisson { rate { uniform { low: 1500 high: 4000 } } stop: 250.5 } }
    input { name: 'y' size: 20 poisson { rate { constant: 2000 } start: 7 } }
    projection { source: 'x' target: 'd' one_to_one {} weight { constant: 0.3 } delay { constant: 1.5 } }
    projection { source: 'y' target: 'e' one_to_one {} weight { uniform { low: 15 high: 40 } } delay { constant: 0.25 } }
    projection { source: 'd' target: 'e' pairwise_bernoulli { p: 0.2 } weight { constant: 20 } delay { constant: 0.5 } }
    projection { source: 'e' target: 'd' pairwise_bernoulli { p: 0.2 } weight { constant: -0.5 } delay { constant: 0.75 } }
  )";
  if (listener)
    text += R"(population { name: 'z' size: 1 delta_lif { } }
      projection { source: 'x' target: 'z' all_to_all {} weight { constant: 0 } delay { constant: 1.5 } }
      projection { source: 'y' target: 'z' all_to_all {} weight { constant: 0 } delay { constant: 0.25 } })";
  return text;
}

/// The same for other drives: inhibitory ones of neurons that fire by themselves, one that begins after so
/// long a silence that the origin has moved hundreds of times, arrivals that are kept in the refractory
/// period, a window in which dozens arrive, neurons that learn.
std::string odd_drives(bool listener) {
  std::string text = R"(seed: 9
    population { name: 'd' size: 20 delta_lif { tau_m { gamma { mean: 15 cv: 0.3 } min: 5 } I_e { constant: 300 } t_ref { constant: 5 } } }
    population { name: 'e' size: 20 exp_psc_lif { I_e { constant: 260 } } }
    population { name: 'k' size: 20 delta_lif { t_ref { constant: 4 } refractory_input: KEEP } }
    input { name: 'x' size: 20 poisson { rate { constant: 1000 } } }
    input { name: 'y' size: 20 poisson { rate { constant: 2000 } stop: 20300 } }
    input { name: 'z' size: 20 poisson { rate { constant: 20000 } start: 20000 stop: 20400 } }
    projection { source: 'x' target: 'd' one_to_one {} weight { constant: -0.2 } delay { constant: 1 } }
    projection { source: 'y' target: 'e' one_to_one {} weight { constant: -6 } delay { constant: 1 } }
    projection { source: 'z' target: 'k' one_to_one {} weight { constant: 0.045 } delay { constant: 3 } }
    projection { source: 'd' target: 'e' pairwise_bernoulli { p: 0.2 } weight { constant: 20 } delay { constant: 2.5 } }
    projection { source: 'e' target: 'k' pairwise_bernoulli { p: 0.3 } weight { constant: 1 } delay { constant: 2 }
      pair_stdp { w_max: 2 } }
    projection { source: 'k' target: 'd' pairwise_bernoulli { p: 0.2 } weight { constant: -0.5 } delay { constant: 2 } }
  )";
  if (listener)
    text += R"(population { name: 'l' size: 1 delta_lif { } }
      projection { source: 'x' target: 'l' all_to_all {} weight { constant: 0 } delay { constant: 1 } }
      projection { source: 'y' target: 'l' all_to_all {} weight { constant: 0 } delay { constant: 1 } }
      projection { source: 'z' target: 'l' all_to_all {} weight { constant: 0 } delay { constant: 3 } })";
  return text;
}

/// The same for delays of their own, rates over three octaves, trains that begin and end within slots, and time
/// constants of membranes on both sides of those of synapses.
std::string own_delays(bool listener) {
  std::string text = R"(seed: 11
    population { name: 'd' size: 30 delta_lif { t_ref { constant: 1 } } }
    population { name: 'e' size: 30 exp_psc_lif { tau_m { uniform { low: 4 high: 11 } } tau_syn_ex { constant: 5 } tau_syn_in { constant: 10 } } }
    input { name: 'x' size: 30 poisson { rate { uniform { low: 500 high: 4000 } } start: 3.3 stop: 250.55 } }
    input { name: 'y' size: 30 poisson { rate { constant: 7000 } start: 0.7 } }
    projection { source: 'x' target: 'd' one_to_one {} weight { uniform { low: -0.1 high: 1 } } delay { uniform { low: 0.3 high: 4 } } }
    projection { source: 'y' target: 'e' one_to_one {} weight { uniform { low: 10 high: 25 } } delay { uniform { low: 0.3 high: 4 } } }
    projection { source: 'd' target: 'e' pairwise_bernoulli { p: 0.2 } weight { constant: 20 } delay { uniform { low: 0.5 high: 2 } } }
    projection { source: 'e' target: 'd' pairwise_bernoulli { p: 0.2 } weight { constant: -0.5 } delay { constant: 0.75 } }
  )";
  if (listener)
    text += R"(population { name: 'z' size: 1 delta_lif { } }
      projection { source: 'x' target: 'z' all_to_all {} weight { constant: 0 } delay { constant: 1.5 } }
      projection { source: 'y' target: 'z' all_to_all {} weight { constant: 0 } delay { constant: 1.5 } })";
  return text;
}

/// The same for several inputs of one population, excitatory and inhibitory, with slots of 1/4 to 1 ms and lives of
/// their own, by one delay or many; one of them reaches two populations, and one of these twice.
std::string several_inputs(bool listener) {
  std::string text = R"(seed: 12
    population { name: 'd' size: 25 delta_lif { t_ref { constant: 2 } } }
    population { name: 'e' size: 25 exp_psc_lif { tau_m { uniform { low: 4 high: 11 } } tau_syn_in { constant: 10 } } }
    input { name: 'x' size: 25 poisson { rate { uniform { low: 500 high: 4000 } } } }
    input { name: 'y' size: 25 poisson { rate { constant: 15000 } start: 20.7 } }
    input { name: 'z' size: 25 poisson { rate { constant: 900 } stop: 350.55 } }
    projection { source: 'x' target: 'd' one_to_one {} weight { constant: 0.4 } delay { constant: 0.3 } }
    projection { source: 'x' target: 'd' one_to_one {} weight { uniform { low: -0.1 high: 0.1 } } delay { uniform { low: 0.1 high: 4 } } }
    projection { source: 'x' target: 'e' one_to_one {} weight { constant: 30 } delay { constant: 1.6 } }
    projection { source: 'y' target: 'e' one_to_one {} weight { uniform { low: 5 high: 9 } } delay { constant: 1.1 } }
    projection { source: 'z' target: 'e' one_to_one {} weight { constant: -10 } delay { uniform { low: 0.3 high: 4 } } }
    projection { source: 'z' target: 'd' one_to_one {} weight { constant: -0.2 } delay { constant: 1.1 } }
    projection { source: 'd' target: 'e' pairwise_bernoulli { p: 0.2 } weight { constant: 20 } delay { uniform { low: 0.5 high: 2 } } }
    projection { source: 'e' target: 'd' pairwise_bernoulli { p: 0.2 } weight { constant: -0.5 } delay { constant: 0.75 } }
  )";
  if (listener)
    text += R"(population { name: 'l' size: 1 delta_lif { } }
      projection { source: 'x' target: 'l' all_to_all {} weight { constant: 0 } delay { constant: 1 } }
      projection { source: 'y' target: 'l' all_to_all {} weight { constant: 0 } delay { constant: 1 } }
      projection { source: 'z' target: 'l' all_to_all {} weight { constant: 0 } delay { constant: 1 } })";
  return text;
}

/// By neuron, then time.
std::vector<RecordedSpike> sorted(std::vector<RecordedSpike> spikes) {
  std::sort(spikes.begin(), spikes.end());
  return spikes;
}

/// A neuron sums its private train apart from the rest, so crossings are those of the queue up to rounding.
void expect_same_up_to_rounding(const NetworkRun& run, const NetworkRun& other) {
  const std::vector<RecordedSpike> spikes = sorted(run.spikes()), others = sorted(other.spikes());
  ASSERT_EQ(spikes.size(), others.size());
  for (std::size_t k = 0; k < spikes.size(); ++k) {
    ASSERT_EQ(spikes[k].population, others[k].population);
    ASSERT_EQ(spikes[k].neuron, others[k].neuron);
    ASSERT_NEAR((spikes[k].time - others[k].time).ms(), 0, 1e-9) << k;
  }
}

void expect_same_potentials(NetworkRun& run, NetworkRun& other) {
  for (std::uint32_t p = 0; p < run.engine().network().populations.size(); ++p)
    EXPECT_EQ(run.engine().potentials(p), other.engine().potentials(p)) << p;
}

TEST(Engine, PrivateTrainsArriveAsTheyWouldFromTheQueue) {
  NetworkRun drawn(fast_drive(false));
  NetworkRun queued(fast_drive(true));
  drawn.until(400);
  queued.until(400);
  ASSERT_GT(drawn.times(0, 1).size(), 2u);
  ASSERT_GT(drawn.spikes().size(), 400u);
  expect_same_up_to_rounding(drawn, queued);
}

TEST(Engine, PrivateTrainsWithOwnDelaysArriveAsTheyWouldFromTheQueue) {
  NetworkRun drawn(own_delays(false));
  NetworkRun queued(own_delays(true));
  drawn.until(400);
  queued.until(400);
  ASSERT_GT(drawn.spikes().size(), 400u);
  expect_same_up_to_rounding(drawn, queued);
}

TEST(Engine, SeveralPrivateTrainsOfANeuronArriveAsTheyWouldFromTheQueue) {
  NetworkRun drawn(several_inputs(false));
  NetworkRun queued(several_inputs(true));
  drawn.until(400);
  queued.until(400);
  for (std::uint32_t input = 0; input < 3; ++input) {
    EXPECT_TRUE(drawn.engine().has_private_trains(input));
    EXPECT_FALSE(queued.engine().has_private_trains(input));
  }
  ASSERT_GT(drawn.times(0, 1).size(), 2u);
  ASSERT_GT(drawn.times(1, 1).size(), 2u);
  expect_same_up_to_rounding(drawn, queued);
}

TEST(Engine, SpikesOfPrivateTrainsAreCountedOnceHoweverOftenTheyArrive) {
  const std::string network = R"(seed: 3
    population { name: 'd' size: 10 delta_lif { } }
    population { name: 'e' size: 10 delta_lif { } }
    input { name: 'x' size: 10 poisson { rate { constant: 2000 } stop: 100 } }
    projection { source: 'x' target: 'd' one_to_one {} weight { constant: 0.01 } delay { constant: 1 } })";
  NetworkRun once(network);
  NetworkRun thrice(network + R"(
    projection { source: 'x' target: 'd' one_to_one {} weight { constant: 0.01 } delay { constant: 2.3 } }
    projection { source: 'x' target: 'e' one_to_one {} weight { constant: 0.01 } delay { constant: 1.7 } })");
  const auto alone = once.until(110).engine().counts(), all = thrice.until(110).engine().counts();
  EXPECT_NEAR(static_cast<double>(alone.emissions), 2000, 6 * std::sqrt(2000));
  EXPECT_EQ(alone.synaptic_events, alone.emissions);
  EXPECT_EQ(all.emissions, alone.emissions);
  EXPECT_EQ(all.synaptic_events, 3 * alone.emissions);
}

TEST(Engine, OddPrivateTrainsArriveAsTheyWouldFromTheQueue) {
  NetworkRun drawn(odd_drives(false));
  NetworkRun queued(odd_drives(true));
  for (const double until : {20000.0, 20500.0}) {
    const std::size_t before = drawn.spikes().size();
    drawn.until(until);
    queued.until(until);
    EXPECT_GT(drawn.spikes().size(), before + 400);
    expect_same_up_to_rounding(drawn, queued);
  }
  EXPECT_GT(drawn.times(2, 0).size(), 2u);
}

/// A membrane so slow that its origin moves in the longest steps, and delays that no double holds.
const std::string kSlowDriven = R"(seed: 10
  population { name: 'd' size: 30 delta_lif { tau_m { constant: 50 } } }
  input { name: 'x' size: 30 poisson { rate { constant: 1700 } start: 3.3 } }
  projection { source: 'x' target: 'd' one_to_one {} weight { constant: 0.2 } delay { constant: 1.1 } }
  projection { source: 'd' target: 'd' pairwise_bernoulli { p: 0.3 } weight { constant: -0.3 } delay { constant: 0.7 } }
)";

TEST(Engine, PrivateTrainsChangeNoBitInPiecesOrOnThreads) {
  struct Case {
    std::string network;
    double from;
    double until;
  };
  for (const Case& c : {Case{fast_drive(false), 0, 400}, Case{own_delays(false), 0, 400},
                        Case{odd_drives(false), 19995, 20410}, Case{kSlowDriven, 0, 2100},
                        Case{several_inputs(false), 0, 400}}) {
    NetworkRun whole(c.network);
    whole.until(c.until);
    NetworkRun pieces(c.network, 3);
    for (double t = c.from; t < c.until; t += 0.37) pieces.until(t);
    pieces.until(c.until);
    EXPECT_GT(whole.spikes().size(), 400u);
    EXPECT_EQ(whole.spikes(), pieces.spikes());
    expect_same_potentials(whole, pieces);
    EXPECT_EQ(whole.engine().counts().synaptic_events, pieces.engine().counts().synaptic_events);
  }
}

TEST(Engine, WithinASlotPotentialsAndCountsAreThoseOfARunThatNeverStopped) {
  for (const std::string& network : {own_delays(false), several_inputs(false)}) {
    NetworkRun pieces(network);
    for (const double t : {3.45, 3.9, 4.21, 50.3, 250.7, 255.1}) {
      pieces.until(t - 0.1).until(t);
      NetworkRun whole(network, 2);
      whole.until(t);
      expect_same_potentials(whole, pieces);
      EXPECT_EQ(whole.engine().counts().synaptic_events, pieces.engine().counts().synaptic_events) << t;
      EXPECT_EQ(whole.engine().counts().emissions, pieces.engine().counts().emissions) << t;
    }
  }
}

TEST(Engine, ADrivenNeuronFiresWhenItsRefractoryPeriodEndsIfWhatItKeptLiftsIt) {
  const std::string network = R"(seed: 10
    population { name: 'k' size: 20 delta_lif { t_ref { constant: 5 } refractory_input: KEEP } }
    input { name: 'x' size: 20 poisson { rate { constant: 3000 } } }
    projection { source: 'x' target: 'k' one_to_one {} weight { constant: 1.3 } delay { constant: 1 } }
    projection { source: 'k' target: 'k' pairwise_bernoulli { p: 0.2 } weight { constant: 0.1 } delay { constant: 2 } })";
  const std::string listener = R"(population { name: 'l' size: 1 delta_lif { } }
    projection { source: 'x' target: 'l' all_to_all {} weight { constant: 0 } delay { constant: 1 } })";
  NetworkRun driven(network);
  NetworkRun queued(network + listener);
  driven.until(500);
  queued.until(500);
  expect_same_up_to_rounding(driven, queued);
  const std::vector<RecordedSpike> spikes = sorted(driven.spikes());
  const auto at_once = [](const RecordedSpike& spike, const RecordedSpike& next) {
    return next.neuron == spike.neuron && next.time == spike.time + stated_duration(5);
  };
  std::size_t count = 0;
  for (std::size_t k = 1; k < spikes.size(); ++k) count += at_once(spikes[k - 1], spikes[k]) ? 1 : 0;
  EXPECT_GT(count, 100u);
  EXPECT_LT(count, spikes.size() - 100);
  EXPECT_LT(driven.engine().exactness().largest_residual_mV, 1e-11);
}

TEST(Engine, AnotherPopulationsDelayChangesNoBitOfADrivenOne) {
  NetworkRun alone(fast_drive(false));
  NetworkRun accompanied(fast_drive(false) + R"(population { name: 'z' size: 2 delta_lif { } }
    projection { source: 'z' target: 'z' all_to_all {} weight { constant: 1 } delay { constant: 0.015625 } })");
  alone.until(300);
  accompanied.until(300);
  EXPECT_EQ(alone.spikes(), accompanied.spikes());
  EXPECT_EQ(alone.engine().potentials(0), accompanied.engine().potentials(0));
  EXPECT_EQ(alone.engine().potentials(1), accompanied.engine().potentials(1));
}

TEST(Engine, AnUnconnectedPopulationChangesNoBit) {
  NetworkRun alone(kRandomNetwork);
  NetworkRun accompanied(kRandomNetwork +
                         "population { name: 'z' size: 3 delta_lif { I_e { constant: 300 } } }");
  alone.until(300);
  accompanied.until(300);
  std::vector<RecordedSpike> rest;
  for (const RecordedSpike& spike : accompanied.spikes())
    if (spike.population < 2) rest.push_back(spike);
  EXPECT_EQ(alone.spikes(), rest);
}

TEST(Engine, TheCertificateCountsEverySmoothCrossing) {
  NetworkRun run(kRandomNetwork);
  run.until(300);
  EXPECT_LE(run.engine().exactness().roots_polished, run.spikes().size());
  EXPECT_GT(run.engine().exactness().roots_polished, 0u);
  EXPECT_LT(run.engine().exactness().largest_residual_mV, 1e-11);
  EXPECT_EQ(run.engine().counts().spikes, run.spikes().size());
}

TEST(Engine, AnInputWhoseProjectionGotNoSynapsesIsHeardByNobody) {
  NetworkRun run(
      one_delta() +
      "input { name: 'x' size: 4 poisson { rate { constant: 10 } } }\n"
      "projection { source: 'x' target: 'n' pairwise_bernoulli { p: 0 } weight { constant: 20 } }\n");
  EXPECT_TRUE(run.until(1e6).spikes().empty());
  EXPECT_EQ(run.engine().counts().emissions, 0U);
}

TEST(Engine, SilentNetworkCostsNothing) {
  NetworkRun run(one_delta() + input("1", 1, 1));
  run.until(3.15e10);
  EXPECT_EQ(run.engine().counts().wake_ups, 1u);  // the one at the start
}

TEST(Engine, AYearLaterTheOffsetsAreTheSame) {
  const auto spikes_after = [](std::int64_t epochs) {
    const double shift = static_cast<double>(epochs) * kEpochMs;
    NetworkRun run(one_delta() +
                   input(std::to_string(shift + 1.5) + ", " + std::to_string(shift + 3.25), 7, 1.1));
    return run.until(shift + 100).spikes().at(0).time;
  };
  const Time now = spikes_after(0);
  const Time later = spikes_after(30796875);
  EXPECT_EQ(now.ticks(), later.ticks());
  EXPECT_EQ(later.epoch(), 30796875);
}

/// Ten recurrent neurons with exponential currents that a burst sets going; its first spike is at `start`.
std::string burst_network(double start) {
  std::string times;
  for (int k = 0; k < 40; ++k)
    times += (k ? ", " : "") + to_text(stated_time(start) + stated_duration(k * 1.375));
  return "seed: 3 population { name: 'n' size: 10 exp_psc_lif { R_m { constant: 100 } "
         "tau_m { gamma { mean: 20 cv: 0.5 } min: 2 } I_e { constant: 90 } } }\n" +
         std::string("input { name: 'x' size: 1 spike_times { neuron: 0 times: [") + times + "] } }\n" +
         "projection { source: 'x' target: 'n' all_to_all {} weight { constant: 160 } delay { uniform { low: "
         "0.5 high: 4 } } }\n"
         "projection { source: 'n' target: 'n' pairwise_bernoulli { p: 0.4 } weight { normal { mean: 0 sd: "
         "90 } } delay { uniform { low: 0.5 high: 4 } } }\n";
}

TEST(Engine, AYearLaterANetworkFiresAtTheSameOffsets) {
  constexpr double kYear = 30796875 * kEpochMs;
  // Silence lasts until the start, so the neurons have come to rest in both.
  constexpr double kRest = 8 * kEpochMs;
  NetworkRun now(burst_network(kRest));
  NetworkRun later(burst_network(kYear + kRest));
  const auto early = now.until(kRest + 200).spikes();
  const auto late = later.until(kYear + kRest + 200).spikes();
  ASSERT_EQ(early.size(), late.size());
  ASSERT_GT(early.size(), 50u);
  for (std::size_t k = 0; k < early.size(); ++k) {
    EXPECT_EQ(early[k].neuron, late[k].neuron);
    EXPECT_EQ(late[k].time.ticks(), early[k].time.ticks()) << k;
    EXPECT_EQ(late[k].time.epoch() - early[k].time.epoch(), 30796875);
  }
}

}  // namespace
}  // namespace chronotope::tests
