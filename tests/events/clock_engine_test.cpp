// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/clock/clock_engine.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/tests/reference/clock_reference.hpp"
#include "chronotope/tests/reference/plasticity_reference.hpp"
#include "chronotope/tests/suites/run_on_clock.hpp"

namespace chronotope::tests {
namespace {

using events::ClockOptions;
using events::GridConvention;
using events::Integrator;
using events::Interpolation;
using events::VectorSet;

constexpr ClockOptions kNest{0.1, Integrator::kExact, Interpolation::kNone, GridConvention::kNest};
constexpr ClockOptions kBrian2{0.1, Integrator::kExact, Interpolation::kNone, GridConvention::kBrian2};
constexpr ClockOptions kCubic{0.1, Integrator::kExact, Interpolation::kCubic, GridConvention::kNest};

/// A delta LIF resting at 0 mV with threshold 10 and reset 0, tau_m 20, t_ref 2.
std::string one_delta(const std::string& more = "") {
  return R"(population { name: 'n' size: 1 delta_lif { tau_m { constant: 20 } E_L { constant: 0 } V_th { constant: 10 }
  V_reset { constant: 0 } t_ref { constant: 2 } )" +
         more + " } }\n";
}
std::string input(const std::string& times, double weight, double delay) {
  return "input { name: 'x' size: 1 spike_times { neuron: 0 times: [" + times + "] } }\n" +
         "projection { source: 'x' target: 'n' one_to_one {} weight { constant: " + std::to_string(weight) +
         " } delay { constant: " + std::to_string(delay) + " } }\n";
}

TEST(ClockEngine, ConstantDriveFiresAtTheFirstStepAtOrAboveThreshold) {
  // V_inf = 12 mV: the crossing is 20 ln 6 = 35.835 ms after each reset, the refractory period 2 ms.
  ClockRun run(one_delta("C_m { constant: 200 } I_e { constant: 120 }"), kNest);
  EXPECT_EQ(run.until(115).times(0, 0), (std::vector<double>{35.9, 73.8, 111.7}));
}

TEST(ClockEngine, SimultaneousSpikesShareTheResourcesOfAShortTermSynapse) {
  // Three at U = 0.4 release 0.4 + 0.24 + 0.144 of the weight; the threshold is 10 mV.
  const auto spikes = [](double weight, const std::string& U) {
    return ClockRun(one_delta() +
                        "input { name: 'x' size: 1 spike_times { times: [5, 5, 5] } } projection { "
                        "source: 'x' target: 'n' one_to_one { } weight { constant: " +
                        std::to_string(weight) + " } delay { constant: 1 } short_term { U { " + U + " } } }",
                    kNest)
        .until(20)
        .times(0, 0);
  };
  for (const std::string U : {"constant: 0.4", "values { value: 0.4 }"}) {
    EXPECT_EQ(spikes(10.001 / 0.784, U), std::vector<double>{6}) << U;
    EXPECT_EQ(spikes(9.999 / 0.784, U), std::vector<double>{}) << U;
  }
}

TEST(ClockEngine, Brian2StampsAStepEarlierAndIsRefractoryForAStepLess) {
  ClockRun run(one_delta("C_m { constant: 200 } I_e { constant: 120 }"), kBrian2);
  EXPECT_EQ(run.until(115).times(0, 0), (std::vector<double>{35.8, 73.6, 111.4}));
}

TEST(ClockEngine, InputsMoveUpToTheGridAndDelaysToTheNearestStep) {
  EXPECT_EQ(ClockRun(one_delta() + input("5", 11, 1.5), kNest).until(20).times(0, 0),
            std::vector<double>{6.5});
  EXPECT_EQ(ClockRun(one_delta() + input("5.01", 11, 1.5), kNest).until(20).times(0, 0),
            std::vector<double>{6.6});
  EXPECT_EQ(ClockRun(one_delta() + input("5", 11, 1.54), kNest).until(20).times(0, 0),
            std::vector<double>{6.5});
  EXPECT_EQ(ClockRun(one_delta() + input("5", 11, 0.01), kNest).until(20).times(0, 0),
            std::vector<double>{5.1});
}

/// Half of a delay of 10 ms is dendritic: the spike of 1 ms is at the synapse at 6 ms, the neuron's of 2 ms
/// at 7 ms, and the weight is 1 + 0.1 10 exp(-1/20) from there on, whenever it is read, until an arrival at
/// 35 ms depresses it.
TEST(ClockEngine, WeightsReadBeforeASpikeHasArrivedKnowThatItWasAtTheSynapse) {
  const std::string spec =
      one_delta() +
      "input { name: 'x' size: 1 spike_times { neuron: 0 times: [1, 30] } }\n"
      "input { name: 'f' size: 1 spike_times { neuron: 0 times: [1.5] } }\n"
      "projection { source: 'x' target: 'n' all_to_all { } weight: 1 delay: 10 dendritic_delay: 5 pair_stdp { "
      "tau_plus: 20 tau_minus: 20 A_plus: 0.1 A_minus: 0.1 w_max: 10 mu_plus: 0 mu_minus: 0 } }\n"
      "projection { source: 'f' target: 'n' all_to_all { } weight: 100 delay: 0.5 }";
  const double learnt = 1 + std::exp(-0.05);
  const std::vector<std::pair<double, double>> readings{
      {5, 1}, {6.5, 1}, {7.5, learnt}, {10.5, learnt}, {34.5, learnt}, {45, learnt - std::exp(-1.4)}};
  for (const ClockOptions& options : {kNest, kCubic}) {
    ClockRun run(spec, options);
    for (const auto& [at, weight] : readings) EXPECT_NEAR(run.until(at).weights(0)[0], weight, 1e-12) << at;
    EXPECT_EQ(run.times(0, 0), std::vector<double>{2});
  }
}

TEST(ClockEngine, InterpolationKeepsExactTimesOfArrivals) {
  ClockRun run(one_delta() + input("5.0123, 9", 11, 1.5), kCubic);
  EXPECT_EQ(run.until(20).times(0, 0), (std::vector<double>{6.5123, 10.5}));
}

TEST(ClockEngine, InterpolatedCrossingIsTheClosedForm) {
  ClockRun run(one_delta("C_m { constant: 200 } I_e { constant: 120 }"), kCubic);
  const auto times = run.until(1000).times(0, 0);
  ASSERT_EQ(times.size(), 26U);
  for (std::size_t k = 0; k < times.size(); ++k)
    EXPECT_NEAR(times[k], 20 * std::log(6.0) + static_cast<double>(k) * (20 * std::log(6.0) + 2),
                1e-9 * static_cast<double>(k + 1));
}

TEST(ClockEngine, StepsAreMultiplesOfADecimalDtAndTheLastOneIsTaken) {
  ClockRun run(one_delta(), kNest);
  run.until(10000);
  EXPECT_EQ(run.engine().now(), stated_time(10000));
}

/// A random network of both kinds for engine and twin: 6 neurons, 3 external trains, times on no grid.
struct RandomNetwork {
  reference::Network network;
  std::string text;

  RandomNetwork(std::uint64_t number, bool delta) : draw(17, Purpose("clock_engine_test"), number) {
    const bool keep = delta && draw.uniform() < 0.5;
    std::string model =
        delta ? std::string("delta_lif { refractory_input: ") + (keep ? "KEEP" : "DISCARD") : "exp_psc_lif {";
    reference::LifParameters p;
    if (delta) p.model = reference::LifModel::kDelta;
    if (keep) p.refractory_input = reference::RefractoryInput::kKeep;
    const auto set = [&](const char* name, double& field, double value) {
      field = value;
      model += std::string(" ") + name + " { constant: " + to_string(value) + " }";
    };
    set("tau_m", p.tau_m, between(5, 25));
    set("C_m", p.C_m, 200);
    set("E_L", p.E_L, -60);
    set("V_th", p.V_th, -50);
    set("V_reset", p.V_reset, -61);
    set("t_ref", p.t_ref, draw.uniform() < 0.3 ? 0 : between(0, 4));
    set("I_e", p.I_e, between(0, 2400 / p.tau_m));
    set("V_m", p.V_initial, between(-60, -50));
    if (!delta) {
      set("tau_syn_ex", p.tau_syn_ex, draw.uniform() < 0.3 ? p.tau_m : between(1, 8));
      set("tau_syn_in", p.tau_syn_in, between(2, 12));
    }
    network.neurons.assign(6, p);
    text = "population { name: 'n' size: 6 " + model + " } }\ninput { name: 'x' size: 3\n";
    network.external.resize(3);
    for (std::size_t i = 0; i < 3; ++i) {
      std::vector<double> steps;
      for (double t = between(0, 20); t < 200; t += between(0.5, 20)) network.external[i].push_back(t);
      for (const double t : network.external[i])
        text += "spike_times { neuron: " + std::to_string(i) + " times: " + to_string(t) + " }\n";
    }
    text += "}\n";
    add_synapses(false, delta);
    add_synapses(true, delta);
  }

  std::vector<RecordedSpike> truth(double dt, reference::GridOrder order, std::int64_t steps) const {
    std::vector<RecordedSpike> spikes;
    const events::TimeGrid grid(dt);
    for (const auto& spike : reference::run_on_grid(network, dt, order, steps))
      spikes.push_back({0, static_cast<std::uint32_t>(spike.neuron), grid.at(spike.step)});
    return spikes;
  }

 private:
  double between(double low, double high) { return low + (high - low) * draw.uniform(); }
  void add_synapses(bool external, bool delta) {
    text += std::string("projection { source: '") + (external ? "x" : "n") + "' target: 'n'\n";
    for (int k = 0; k < 14; ++k) {
      reference::Synapse s;
      s.source = {external, static_cast<std::size_t>(draw.below(external ? 3 : 6))};
      s.target = static_cast<std::size_t>(draw.below(6));
      s.weight = between(-0.5, 1) * (delta ? 8 : 200);
      s.delay = between(0.01, 5);
      network.synapses.push_back(s);
      text += "synapses { source: " + std::to_string(s.source.index) +
              " target: " + std::to_string(s.target) + " weight: " + to_string(s.weight) +
              " delay: " + to_string(s.delay) + " }\n";
    }
    text += "}\n";
  }

  RandomStream draw;
};

TEST(ClockEngine, RandomNetworksFireAtTheStepsOfTheFiftyDigitTwin) {
  std::size_t spikes = 0;
  for (std::uint64_t number = 0; number < 24; ++number) {
    const RandomNetwork random(number, number % 2 == 0);
    const double dt = number % 3 == 0 ? 0.1 : number % 3 == 1 ? 0.25 : 0.7;
    const auto steps = static_cast<std::int64_t>(200 / dt);
    for (const bool nest : {true, false}) {
      ClockOptions options = nest ? kNest : kBrian2;
      options.dt = dt;
      ClockRun run(random.text, options);
      run.until(static_cast<double>(steps) * dt);
      const auto truth =
          random.truth(dt, nest ? reference::GridOrder::kNest : reference::GridOrder::kBrian2, steps);
      EXPECT_EQ(run.spikes(), truth) << "network " << number << (nest ? ", NEST" : ", Brian2");
      spikes += truth.size();
    }
  }
  EXPECT_GT(spikes, 1000U);
}

const std::string kHeterogeneous = R"(seed: 3
  population { name: 'E' size: 67 exp_psc_lif { tau_m { gamma { mean: 20 cv: 0.3 } min: 5 } I_e { constant: 190 }
    V_m { uniform { low: -70 high: -55 } } } }
  population { name: 'I' size: 20 delta_lif { I_e { constant: 200 } V_m { uniform { low: -70 high: -55 } } } }
  input { name: 'noise' size: 10 poisson { rate { constant: 50 } } }
  projection { source: 'E' target: 'E' pairwise_bernoulli { p: 0.2 } weight { lognormal { mean: 30 cv: 0.3 } }
    delay { uniform { low: 1 high: 5 } } pair_stdp { tau_plus { gamma { mean: 20 cv: 0.5 } } } }
  projection { source: 'E' target: 'I' pairwise_bernoulli { p: 0.2 } weight { constant: 0.5 } }
  projection { source: 'I' target: 'E' pairwise_bernoulli { p: 0.2 } weight { constant: -40 } delay { constant: 0.7 } }
  projection { source: 'noise' target: 'E' pairwise_bernoulli { p: 0.3 } weight { constant: 60 } }
)";

TEST(ClockEngine, EverySetOfVectorsGivesTheSameBits) {
  for (const Integrator integrator : {Integrator::kExact, Integrator::kEuler, Integrator::kRungeKutta4})
    for (const Interpolation interpolation : {Interpolation::kNone, Interpolation::kCubic}) {
      const ClockOptions options{0.1, integrator, interpolation, GridConvention::kNest};
      ClockRun widest(kHeterogeneous, options);
      ClockRun baseline(kHeterogeneous, options, {}, VectorSet::kBaseline);
      widest.until(100);
      baseline.until(100);
      ASSERT_GT(widest.spikes().size(), 100U);
      EXPECT_EQ(widest.spikes(), baseline.spikes());
      EXPECT_EQ(widest.weights(0), baseline.weights(0));
      for (std::uint32_t n = 0; n < 67; ++n)
        EXPECT_EQ(widest.engine().potential(0, NeuronId{n}), baseline.engine().potential(0, NeuronId{n}));
    }
}

TEST(ClockEngine, RunningInPiecesAndReadingWeightsChangesNoBit) {
  for (const ClockOptions& options : {kNest, kBrian2, kCubic}) {
    ClockRun whole(kHeterogeneous, options);
    ClockRun pieces(kHeterogeneous, options);
    whole.until(200);
    for (int t = 1; t <= 200; ++t) {
      pieces.until(t);
      if (t % 20 == 0) pieces.weights(0);
    }
    EXPECT_EQ(whole.spikes(), pieces.spikes());
    EXPECT_EQ(whole.weights(0), pieces.weights(0));
  }
}

TEST(ClockEngine, InterpolatedNetworkFiresLikeTheEventDrivenEngine) {
  // A step of 1/1024 ms: the errors of cubics are far below a microsecond, and 100 ms too short for chaos to
  // show.
  NetworkRun exact(kHeterogeneous);
  ClockRun clock(kHeterogeneous, {0x1p-10, Integrator::kExact, Interpolation::kCubic, GridConvention::kNest});
  exact.until(100);
  clock.until(100);
  ASSERT_EQ(exact.spikes().size(), clock.spikes().size());
  for (std::size_t k = 0; k < exact.spikes().size(); ++k) {
    EXPECT_EQ(exact.spikes()[k].neuron, clock.spikes()[k].neuron);
    EXPECT_NEAR((exact.spikes()[k].time - clock.spikes()[k].time).ms(), 0, 1e-8);
  }
  const auto w = exact.weights(0), on_clock = clock.weights(0);
  for (std::size_t s = 0; s < w.size(); ++s) EXPECT_NEAR(w[s], on_clock[s], 1e-9 * std::abs(w[s]));
}

/// A train of steps, and the same as a list of times for a step of 0.1 ms.
struct StepTrain {
  std::vector<double> steps;
  std::string text;

  StepTrain(std::uint64_t number, std::int64_t least_gap) {
    RandomStream draw(3, Purpose("grid_pairs"), number);
    for (std::int64_t k = 10; k < 4000; k += least_gap + static_cast<std::int64_t>(draw.below(100))) {
      steps.push_back(static_cast<double>(k));
      text += (text.empty() ? "" : ", ") + to_string(static_cast<double>(k) / 10);
    }
  }

  /// Those that come `later` steps after, before step 4000.
  std::vector<reference::Rational> delayed(double later) const {
    std::vector<reference::Rational> times;
    for (const double k : steps)
      if (k + later < 4000) times.push_back(reference::Rational(k + later) / 10);
    return times;
  }
};

TEST(ClockEngine, WeightsAreThoseOfAllPairsOfGridTimes) {
  const StepTrain pre(0, 5), post(1, 25);
  // A kick of 20 mV makes the neuron fire one step later, in Brian2's order two. 1.46 ms are 15 steps.
  const std::string text = R"(population { name: 'n' size: 1 delta_lif { t_ref { constant: 1 } } }
    input { name: 'kick' size: 1 spike_times { times: [)" +
                           post.text + R"(] } }
    input { name: 'pre' size: 1 spike_times { times: [)" +
                           pre.text + R"(] } }
    projection { source: 'kick' target: 'n' one_to_one {} weight { constant: 20 } delay { constant: 0.1 } }
    projection { source: 'pre' target: 'n' one_to_one {} weight { constant: 0.01 } delay { constant: 1.46 }
      pair_stdp { A_plus { constant: 0.01 } A_minus { constant: 0.012 } w_max: 0.1 mu_plus: 0 mu_minus: 0 } })";
  reference::Law law;
  const auto clip = [](const reference::Real& w) {
    return w < 0 ? reference::Real(0) : w > 0.1 ? reference::Real(0.1) : w;
  };
  law.spike = [&](const auto& w, const auto& r1, const auto&) {
    return clip(w + reference::Real(0.01) * 0.1 * r1);
  };
  law.arrival = [&](const auto& w, const auto& o1, const auto&) {
    return clip(w - reference::Real(0.012) * 0.1 * o1);
  };
  for (const bool nest : {true, false}) {
    ClockRun run(text, nest ? kNest : kBrian2);
    run.until(nest ? 399.9 : 400);
    const reference::SynapseTrains trains{pre.delayed(15), post.delayed(nest ? 1 : 2)};
    ASSERT_EQ(run.times(0, 0).size(), trains.spikes.size());
    const auto truth = reference::brute_force_weight(trains, reference::Partners::kAllToAll, law, 0.01);
    EXPECT_NEAR(run.weights(1)[0], static_cast<double>(truth), 1e-13) << (nest ? "NEST" : "Brian2");
  }
}

TEST(ClockEngine, OpenLoopNeuronsHearTheRecordedSpikes) {
  // n0 fires by itself and excites n1; in open loop n1 hears what was recorded instead, at 3 and 20.04 ms.
  const std::string text =
      R"(population { name: 'n' size: 2 delta_lif { E_L { constant: 0 } V_th { constant: 10 }
      V_reset { constant: 0 } V_m { values { value: [12, 0] } } } }
    projection { source: 'n' target: 'n' synapses { source: 0 target: 1 weight: 11 delay: 1 } })";
  EXPECT_EQ(ClockRun(text, kNest).until(50).times(0, 1), std::vector<double>{1.1});
  std::vector<events::SpikeList> recorded;
  recorded.push_back(events::SpikeList({{stated_time(3), 0}, {stated_time(20.04), 0}}));
  ClockRun open(text, kNest, recorded);
  EXPECT_EQ(open.until(50).times(0, 1), (std::vector<double>{4, 21.1}));
  EXPECT_EQ(open.times(0, 0), std::vector<double>{0.1});
  EXPECT_EQ(ClockRun(text, kCubic, recorded).until(50).times(0, 1), (std::vector<double>{4, 21.04}));
}

}  // namespace
}  // namespace chronotope::tests
