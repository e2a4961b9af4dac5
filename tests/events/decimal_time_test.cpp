// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/tests/reference/lif_reference.hpp"
#include "chronotope/tests/suites/run_network.hpp"

namespace chronotope::tests {
namespace {

using Real = boost::multiprecision::cpp_bin_float_50;

const std::string kSharpNeuron =
    "population { name: 'n' size: 1 delta_lif { E_L { constant: 0 } V_reset { constant: 0 } V_th { constant: "
    "15 } ";

std::string list(const std::string& name, const std::string& times) {
  return "input { name: '" + name + "' size: 1 spike_times { neuron: 0 times: [" + times + "] } }\n";
}
std::string onto(const std::string& source, const std::string& weight, const std::string& delay,
                 const std::string& more = "") {
  return "projection { source: '" + source + "' target: 'n' all_to_all { } weight { constant: " + weight +
         " } delay { constant: " + delay + " } " + more + " }\n";
}
std::vector<std::string> texts(const std::vector<RecordedSpike>& spikes) {
  std::vector<std::string> result;
  for (const RecordedSpike& spike : spikes) result.push_back(to_text(spike.time));
  return result;
}

TEST(DecimalTime, SumsThatAreEqualInDecimalAreOneInstant) {
  const std::string inputs = list("e", "0.15") + list("i", "0.1");
  NetworkRun cancelled(kSharpNeuron + "} }\n" + inputs + onto("e", "20", "0.15") + onto("i", "-20", "0.2"));
  EXPECT_TRUE(cancelled.until(5).spikes().empty());
  NetworkRun summed(kSharpNeuron + "tau_m { constant: 0.001 } } }\n" + inputs + onto("e", "8", "0.15") +
                    onto("i", "8", "0.2"));
  EXPECT_EQ(texts(summed.until(5).spikes()), std::vector<std::string>{"0.3"});
}

/// Inputs every `step` from `begin` on, `count` of them, at a neuron that is refractory for `t_ref`: it fires
/// at every ceil(t_ref/step)-th.
void expect_every(const std::string& begin, const std::string& step, const std::string& t_ref, int every,
                  bool regular) {
  constexpr int kCount = 3000;
  const Time first = read_decimal(begin)->time() + read_decimal(step)->value;
  const Duration interval = read_decimal(step)->value;
  std::string times;
  for (int k = 0; k < kCount; ++k) times += (k ? "," : "") + to_text(first + k * interval);
  const std::string input = regular ? "input { name: 'x' size: 1 regular { interval { constant: " + step +
                                          " } start { constant: " + to_text(first) +
                                          " } stop: " + to_text(first + kCount * interval) + " } }\n"
                                    : list("x", times);
  NetworkRun run(kSharpNeuron + "t_ref { constant: " + t_ref + " } } }\n" + input + onto("x", "20", "0.1"));
  const auto& spikes = run.until(1e12).spikes();
  ASSERT_EQ(spikes.size(), (kCount + every - 1) / every) << begin << " " << step << " " << t_ref;
  for (std::size_t k = 0; k < spikes.size(); ++k)
    ASSERT_EQ(spikes[k].time, first + static_cast<int>(k) * every * interval + read_decimal("0.1")->value);
}

TEST(DecimalTime, RefractoryPeriodsEndWithTheirInputs) {
  for (const bool regular : {false, true})
    for (const char* begin : {"0", "0.7", "1023.9", "100000", "1000000000", "31535999000.1"}) {
      expect_every(begin, "0.1", "0.3", 3, regular);
      expect_every(begin, "0.1", "1", 10, regular);
      expect_every(begin, "0.05", "0.35", 7, regular);
      expect_every(begin, "0.025", "0.3", 12, regular);
      expect_every(begin, "0.01", "0.05", 5, regular);
      expect_every(begin, "0.01", "0.051", 6, regular);
    }
}

/// A neuron that climbs smoothly and crosses its threshold `early` ticks before 10 ms, where inhibition
/// arrives.
struct Climb {
  std::string model;  // without V_th
  Real V_th;

  static std::string exact(const Real& x) { return x.str(17, std::ios_base::scientific); }
  std::string network(const std::string& more = "") const {
    return "population { name: 'n' size: 1 " + model + " V_th { constant: " + exact(V_th) + " } } }\n" +
           list("i", "9") + onto("i", "-400", "1") + more;
  }
};

/// Half of a resting drive of 20 mV after 10 of 20 ms: V = 20 (1 - e^(-t/20)).
Climb leaky(const std::string& model, const std::string& current, double early) {
  const Real t = 10 - Real(early) / 1'000'000'000'000;
  return {model + " { tau_m { constant: 20 } E_L { constant: 0 } V_reset { constant: -1 } I_e { constant: " +
              current + " } ",
          20 * (1 - exp(-t / 20))};
}
std::vector<Climb> climbs(double early) {
  const Real t = 10 - Real(early) / 1'000'000'000'000;
  std::vector<Climb> all;
  for (const char* model :
       {"delta_lif", "exp_psc_lif", "alpha_psc_lif", "adaptive_current_lif", "adaptive_threshold_lif"})
    all.push_back(leaky(model, "250", early));
  all.push_back(
      {"linear_leak_lif { leak { constant: 0 } I_e { constant: 250 } E_L { constant: 0 } V_reset { "
       "constant: 0 } ",
       t});
  return all;
}

TEST(DecimalTime, ACrossingBeforeAnArrivalIsTakenBeforeItThoughBothFallOnOneTick) {
  for (int tenth = 1; tenth <= 9; ++tenth)
    for (const Climb& climb : climbs(0.1 * tenth)) {
      if (tenth == 5) continue;  // half a tick: either one is nearest
      const std::string at = tenth < 5 ? "10.0" : "9.999999999999";
      NetworkRun run(climb.network());
      EXPECT_EQ(texts(run.until(12).spikes()), std::vector<std::string>{at}) << climb.model << tenth;
    }
}

/// A neuron without refractory period crosses 0.3 ticks before 10 ms, where excitation lifts V above the
/// threshold again: what it fires a tick later is older than the inhibition that arrives then. The one at 9
/// ms is what it is without a crossing.
TEST(DecimalTime, ASpikeHeldBackForATickIsTakenBeforeTheArrivalsOfThatTick) {
  for (const Climb& climb : climbs(0.3)) {
    if (!climb.model.starts_with("delta") && !climb.model.starts_with("linear")) continue;
    const std::string free = climb.model.substr(0, climb.model.find('{') + 1) + " t_ref { constant: 0 } " +
                             climb.model.substr(climb.model.find('{') + 1);
    const auto spikes = [&](const std::string& more) {
      NetworkRun run("population { name: 'n' size: 1 " + free +
                     " V_th { constant: " + Climb::exact(climb.V_th) + " } } }\n" + more);
      return texts(run.until(12).spikes());
    };
    const std::string excitation = list("e", "9") + onto("e", "400", "1");
    const std::string inhibition = list("i", "9.000000000001") + onto("i", "-400", "1");
    const std::vector<std::string> both{"10.0", "10.000000000001"};
    EXPECT_EQ(spikes(excitation), both) << free;
    EXPECT_EQ(spikes(excitation + inhibition), both) << free;
    EXPECT_EQ(spikes(excitation + list("i", "9") + onto("i", "-400", "1")), std::vector<std::string>{"10.0"});
    EXPECT_EQ(spikes(list("e", "9.000000000001") + onto("e", "400", "1") + inhibition),
              std::vector<std::string>{"10.0"});
  }
}

/// The same against 50 digits: excitation and inhibition of random weights at a random crossing's tick and the
/// two after it.
TEST(DecimalTime, SpikesHeldBackForATickAreThoseOfFiftyDigits) {
  RandomStream draw(3, Purpose("held back"), 0);
  std::size_t held_back = 0;
  for (int n = 0; n < 200; ++n) {
    const double early = 0.05 + 0.4 * draw.uniform();
    const Climb climb = climbs(early).front();
    reference::LifParameters neuron;
    neuron.model = reference::LifModel::kDelta;
    neuron.tau_m = 20;
    neuron.C_m = 250;
    neuron.E_L = neuron.V_initial = 0;
    neuron.V_reset = -1;
    neuron.I_e = 250;
    neuron.t_ref = 0;
    neuron.V_th = std::stod(Climb::exact(climb.V_th));
    std::vector<reference::Arrival> arrivals;
    std::string network =
        "population { name: 'n' size: 1 delta_lif { t_ref { constant: 0 } tau_m { constant: 20 } "
        "C_m { constant: 250 } E_L { constant: 0 } V_reset { constant: -1 } I_e { constant: 250 } "
        "V_th { constant: " +
        Climb::exact(climb.V_th) + " } } }\n";
    for (const char* at : {"9", "9.000000000001", "9.000000000002"}) {
      const double weight = std::round(60 * draw.uniform() - 30);
      const std::string name = "x" + std::to_string(arrivals.size());
      network += list(name, at) + onto(name, to_string(weight), "1");
      arrivals.push_back({(read_decimal(at)->time() + read_decimal("1")->value).to_ms(), weight});
    }
    NetworkRun run(network);
    const auto& spikes = run.until(12).spikes();
    const auto truth = reference::run_lif(neuron, arrivals, 12).spikes;
    ASSERT_EQ(spikes.size(), truth.size()) << network;
    for (std::size_t k = 0; k < truth.size(); ++k)
      EXPECT_EQ(reference::stated_time(spikes[k].time.to_ms()), truth[k].time) << network;
    for (const reference::Spike& spike : truth)
      held_back +=
          spike.cause == reference::SpikeCause::kJump && reference::to_real(spike.time) > spike.reached ? 1
                                                                                                        : 0;
  }
  EXPECT_GT(held_back, 50U);
}

TEST(DecimalTime, ACrossingAtAnArrivalsTimeIsAfterIt) {
  NetworkRun run(climbs(0).back().network());
  EXPECT_TRUE(run.until(12).spikes().empty());
}

TEST(DecimalTime, ACrossingAfterAnArrivalIsPrevented) {
  for (int tenth = 1; tenth <= 9; ++tenth)
    for (const Climb& climb : climbs(-0.1 * tenth)) {
      if (climb.model.starts_with("alpha")) continue;  // its inhibition sets in too slowly
      NetworkRun run(climb.network());
      EXPECT_TRUE(run.until(12).spikes().empty()) << climb.model << tenth;
    }
}

/// The spike belongs to the instant at which one piece of the run ends and the next begins.
TEST(DecimalTime, ACrossingThatRoundsToTheEndOfAPieceIsTheFirstOfTheNext) {
  const std::string drive =
      "input { name: 'p' size: 1 poisson { rate { constant: 100000 } } }\n"
      "projection { source: 'p' target: 'n' one_to_one { } weight { constant: 0 } delay { constant: 1 } }\n";
  for (const Climb& climb : climbs(0.3))
    for (const bool driven : {false, true}) {
      NetworkRun run(climb.network(driven ? drive : ""));
      EXPECT_TRUE(run.until(10).spikes().empty()) << climb.model;
      EXPECT_EQ(texts(run.until(12).spikes()), std::vector<std::string>{"10.0"}) << climb.model << driven;
    }
}

/// What arrives at the tick of the spike meets a refractory neuron; without refractory period it may make it
/// fire again, one tick later.
TEST(DecimalTime, ArrivalsOfTheSpikesTickComeAfterIt) {
  const Climb climb = climbs(0.3).front();
  const auto with = [&](const std::string& t_ref) {
    Climb own = climb;
    own.model += "t_ref { constant: " + t_ref + " } ";
    return own.network(list("e", "8.5") + onto("e", "500", "1.5"));
  };
  EXPECT_EQ(texts(NetworkRun(with("2")).until(11).spikes()), std::vector<std::string>{"10.0"});
  EXPECT_EQ(texts(NetworkRun(with("0")).until(11).spikes()),
            (std::vector<std::string>{"10.0", "10.000000000001"}));
}

/// A spike that an arrival of its own tick came too late for is coincident with it: the pair has dt = 0.
TEST(DecimalTime, ASpikeBeforeAnArrivalOfItsTickPotentiatesIt) {
  const Climb climb = climbs(0.3).front();
  const std::string plastic =
      "pair_stdp { w_max: 1 mu_plus: 0 mu_minus: 0 A_plus { constant: 0.1 } A_minus { constant: 0.2 } }";
  for (const bool in_pieces : {false, true}) {
    NetworkRun run(climb.network(list("p", "8.5") + onto("p", "0.5", "1.5", plastic)));
    if (in_pieces) run.until(10);
    run.until(12).engine().settle_weights();
    EXPECT_NEAR(run.engine().network().projections[1]->weight(SynapseId{0}), 0.6, 1e-15);
  }
}

/// Every neuron of a chain crosses its threshold 50 digits exactly known after the one before it has fired;
/// errors would add up.
TEST(DecimalTime, ErrorsDoNotGrowAlongAChain) {
  // V = 20 (e^(-t/20) - e^(-t/5)) R w/(...) of exp_psc_lif with R = 80 MOhm: w tau_s/(tau_s - tau_m) R.
  const Real w = 2000, R = Real(80) / 1000, tau_m = 20, tau_s = 5, threshold = 15;
  const auto V = [&](const Real& t) -> Real {
    return R * w * tau_s / (tau_s - tau_m) * (exp(-t / tau_s) - exp(-t / tau_m));
  };
  Real low = 0, high = 5;
  for (int k = 0; k < 170; ++k) {
    const Real middle = (low + high) / 2;
    (V(middle) < threshold ? low : high) = middle;
  }
  const Real ticks = low * 1'000'000'000'000;
  ASSERT_LT(abs(ticks - round(ticks)), 0.4);  // else rounding decides
  const Duration latency = Duration::from_ticks(static_cast<double>(round(ticks)));

  constexpr int kLength = 1000;
  std::string links;
  for (int k = 0; k + 1 < kLength; ++k)
    links += "synapses { source: " + std::to_string(k) + " target: " + std::to_string(k + 1) +
             " weight: 2000 delay: 1.1 } ";
  NetworkRun run(
      "population { name: 'n' size: 1000 exp_psc_lif { R_m { constant: 80 } } }\n" + list("x", "0.1") +
      "projection { source: 'x' target: 'n' synapses { source: 0 target: 0 weight: 2000 delay: 1.1 } }\n"
      "projection { source: 'n' target: 'n' " +
      links + "}\n");
  const auto& spikes = run.until(5000).spikes();
  ASSERT_EQ(spikes.size(), kLength);
  Time at = read_decimal("0.1")->time();
  for (const RecordedSpike& spike : spikes) {
    at = at + read_decimal("1.1")->value + latency;
    ASSERT_EQ(to_text(spike.time), to_text(at)) << spike.neuron;
  }
}

}  // namespace
}  // namespace chronotope::tests
