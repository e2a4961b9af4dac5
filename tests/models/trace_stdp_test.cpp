// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/plasticity/trace_stdp.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/models/plasticity/pair_stdp.hpp"
#include "chronotope/models/plasticity/triplet_stdp.hpp"
#include "chronotope/models/plasticity/vogels_stdp.hpp"
#include "chronotope/tests/reference/plasticity_reference.hpp"
#include "chronotope/tests/suites/rule_run.hpp"
#include "chronotope/tests/suites/spike_trains.hpp"

namespace chronotope::tests {
namespace {

using models::PairStdp;
using models::TripletStdp;
using models::VogelsStdp;
using reference::Law;
using reference::Partners;
using reference::Real;

const std::vector<std::pair<std::string, Partners>> kPairings{
    {"ALL_TO_ALL", Partners::kAllToAll},
    {"NEAREST_SYMMETRIC", Partners::kNearestSymmetric},
    {"PRESYNAPTIC_CENTRED", Partners::kPresynapticCentred},
    {"REDUCED_SYMMETRIC", Partners::kReducedSymmetric}};

Real clamped(const Real& w, double low, double high) { return std::clamp(w, Real(low), Real(high)); }
Real power(const Real& base, double mu) { return mu == 0 ? Real(1) : Real(pow(base, Real(mu))); }

/// Constants of a pair rule in [0.25, 2]; amplitudes large enough to meet both bounds.
struct PairCase {
  double mu_plus = 0;
  double mu_minus = 0;
  double w_ref = 0;
  double A_plus = 0.05;
  double A_minus = 0.06;
  double tau_plus = 17;
  double tau_minus = 34;
};

Law law_of(const PairCase& c) {
  Law law;
  law.tau_plus = c.tau_plus;
  law.tau_minus = c.tau_minus;
  const Real s = Real(2) - Real(0.25);
  law.spike = [=](const Real& w, const Real& r1, const Real&) {
    const Real size =
        c.w_ref > 0 ? Real(c.w_ref) * power(w / Real(c.w_ref), c.mu_plus) : s * power((2 - w) / s, c.mu_plus);
    return clamped(w + Real(c.A_plus) * size * r1, 0.25, 2);
  };
  law.arrival = [=](const Real& w, const Real& o1, const Real&) {
    const Real size = c.w_ref > 0 ? w : s * power((w - Real(0.25)) / s, c.mu_minus);
    return clamped(w - Real(c.A_minus) * size * o1, 0.25, 2);
  };
  return law;
}

/// The rule as textproto; `private_constants` gives the one synapse constants of its own.
std::string text_of(const PairCase& c, const std::string& pairing, bool private_constants) {
  const auto parameter = [&](const std::string& name, double v) {
    return name + (private_constants ? " { values { value: " + to_string(v) + " } } "
                                     : " { constant: " + to_string(v) + " } ");
  };
  return "pair_stdp { " + parameter("tau_plus", c.tau_plus) + parameter("tau_minus", c.tau_minus) +
         parameter("A_plus", c.A_plus) + parameter("A_minus", c.A_minus) +
         parameter("mu_plus_distribution", c.mu_plus) + parameter("mu_minus_distribution", c.mu_minus) +
         parameter("w_min_distribution", 0.25) + parameter("w_max_distribution", 2) +
         "w_ref: " + to_string(c.w_ref) + " pairing: " + pairing + " } ";
}

/// The difference to the brute force, relative to the weight, whose bounds have been met.
double relative_error(double w, const Real& truth) { return static_cast<double>(abs(w - truth) / truth); }

struct Delays {
  double delay = 1.5;
  double dendritic = 0;
  std::string text;
};
const std::vector<Delays> kDelays{{1.5, 0, ""},
                                  {1.5, 1.5, "dendritic_fraction { constant: 1 }"},
                                  {1.5, 0.5, "dendritic_delay { constant: 0.5 }"}};

const std::vector<PairCase> kPairCases{{},                        // additive
                                       {1, 1},                    // multiplicative
                                       {0.4, 0.02},               // Guetig
                                       {0.4, 1, 1, 0.02, 0.02}};  // power law

TEST(TraceStdp, EveryPairRuleEqualsTheSumOverItsPairs) {
  std::uint64_t number = 0;
  for (const auto& [pairing, partners] : kPairings)
    for (const PairCase& c : kPairCases)
      for (const Delays& d : kDelays)
        for (const bool own : {false, true}) {
          const TrainPair trains = random_trains(number++, 300, d.delay - 2 * d.dendritic);
          RuleRun<PairStdp> run(text_of(c, pairing, own) + d.text, 1, d.delay);
          const Real truth =
              brute_force_weight(reference::at_synapse(trains.emitted, trains.spikes, d.delay, d.dendritic),
                                 partners, law_of(c), 1);
          EXPECT_LT(relative_error(run.run(trains.emitted, trains.spikes), truth), 1e-12)
              << pairing << " mu " << c.mu_plus << " w_ref " << c.w_ref << " dendritic " << d.dendritic
              << (own ? " private" : " shared");
        }
}

/// Spikes every tenth of a millisecond, whose delays make a quarter of them coincide in decimal.
TEST(TraceStdp, DecimalCoincidencesEqualTheSumOverTheirPairs) {
  const std::vector<Delays> delays{{0.3, 0, ""},
                                   {0.3, 0.3, "dendritic_fraction { constant: 1 }"},
                                   {0.3, 0.1, "dendritic_delay { constant: 0.1 }"},
                                   {0.6, 0.2, "dendritic_delay { constant: 0.2 }"}};
  std::uint64_t number = 3000;
  for (const auto& [pairing, partners] : kPairings)
    for (const Delays& d : delays)
      for (const bool own : {false, true}) {
        const TrainPair trains = random_trains(number++, 300, d.delay - 2 * d.dendritic, 10);
        RuleRun<PairStdp> run(text_of({0.4, 0.02}, pairing, own) + d.text, 1, d.delay);
        const Real truth =
            brute_force_weight(reference::at_synapse(trains.emitted, trains.spikes, d.delay, d.dendritic),
                               partners, law_of({0.4, 0.02}), 1);
        EXPECT_LT(relative_error(run.run(trains.emitted, trains.spikes), truth), 1e-12)
            << pairing << " delay " << d.delay << " dendritic " << d.dendritic
            << (own ? " private" : " shared");
      }
}

TEST(TraceStdp, TenThousandSpikesEqualTheSumOverAllPairs) {
  for (const bool own : {false, true}) {
    const TrainPair trains = random_trains(1000, 5000, 1.5);
    ASSERT_GE(trains.emitted.size() + trains.spikes.size(), 10000u);
    RuleRun<PairStdp> run(text_of({}, "ALL_TO_ALL", own), 1, 1.5);
    const Real truth = brute_force_weight(reference::at_synapse(trains.emitted, trains.spikes, 1.5, 0),
                                          Partners::kAllToAll, law_of({}), 1);
    EXPECT_LT(relative_error(run.run(trains.emitted, trains.spikes), truth), 1e-12);
  }
}

/// A synapse without bounds in reach: what was learnt, without a bound to forget errors at.
TEST(TraceStdp, TenThousandSpikesWithoutMeetingABoundEqualTheSumOverAllPairs) {
  PairCase c;
  c.A_plus = 3e-5;
  c.A_minus = 1e-5;
  for (const auto& [pairing, partners] : kPairings) {
    const TrainPair trains = random_trains(1001, 5000, 1.5);
    RuleRun<PairStdp> run(text_of(c, pairing, false), 1, 1.5);
    const Real truth = brute_force_weight(reference::at_synapse(trains.emitted, trains.spikes, 1.5, 0),
                                          partners, law_of(c), 1);
    const double w = run.run(trains.emitted, trains.spikes);
    EXPECT_LT(static_cast<double>(abs((w - truth) / (truth - 1))), 1e-12) << pairing;
  }
}

TEST(TraceStdp, SettlingAfterEveryEventChangesNoBit) {
  for (const auto& [pairing, partners] : kPairings)
    for (const Delays& d : kDelays)
      for (const bool own : {false, true}) {
        const TrainPair trains = random_trains(2000, 1000, d.delay - 2 * d.dendritic);
        const std::string rule = text_of({0.4, 0.4}, pairing, own) + d.text;
        const double lazy = RuleRun<PairStdp>(rule, 1, d.delay).run(trains.emitted, trains.spikes);
        for (const std::size_t every : {1u, 7u})
          EXPECT_EQ(RuleRun<PairStdp>(rule, 1, d.delay).run(trains.emitted, trains.spikes, every), lazy)
              << pairing << " dendritic " << d.dendritic << (own ? " private" : " shared");
      }
}

TEST(TraceStdp, WindowOfAPairFollowsTheFormulaForEveryPairing) {
  PairCase c;
  c.mu_plus = c.mu_minus = 0;
  c.A_plus = 0.01;
  c.A_minus = 0.012;
  for (const auto& [pairing, partners] : kPairings)
    for (const double dt : {0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0}) {
      const auto change = [&](double offset) {
        return RuleRun<PairStdp>(text_of(c, pairing, false), 1, 1).run({200}, {201 + offset}) - 1;
      };
      EXPECT_NEAR(change(dt), 0.01 * 1.75 * std::exp(-dt / 17), 1e-14) << pairing << dt;
      EXPECT_NEAR(change(-dt), -0.012 * 1.75 * std::exp(-dt / 34), 1e-14) << pairing << -dt;
    }
}

TEST(TraceStdp, DendriticDelayShiftsTheWindowByTwiceItself) {
  PairCase c;
  c.A_plus = 0.01;
  const std::string rule = text_of(c, "ALL_TO_ALL", false);
  const double axonal = RuleRun<PairStdp>(rule, 1, 2).run({100}, {106});  // arrival 102, spike 106
  const double dendritic = RuleRun<PairStdp>(rule + "dendritic_fraction { constant: 1 }", 1, 2)
                               .run({100}, {102});  // arrival 100, spike 104
  EXPECT_EQ(axonal, dendritic);
}

Law triplet_law(double A2_plus, double A3_plus, double A2_minus, double A3_minus) {
  Law law{16.8, 33.7, 101, 125, {}, {}};
  law.spike = [=](const Real& w, const Real& r1, const Real& o2) {
    return clamped(w + 3 * r1 * (Real(A2_plus) + Real(A3_plus) * o2), 0, 3);
  };
  law.arrival = [=](const Real& w, const Real& o1, const Real& r2) {
    return clamped(w - 3 * o1 * (Real(A2_minus) + Real(A3_minus) * r2), 0, 3);
  };
  return law;
}

std::string triplet_text(const std::string& pairing, bool own, double A2_plus, double A3_plus,
                         double A2_minus, double A3_minus) {
  const auto parameter = [&](const std::string& name, double v) {
    return name +
           (own ? " { values { value: " + to_string(v) + " } } " : " { constant: " + to_string(v) + " } ");
  };
  return "triplet_stdp { " + parameter("tau_plus", 16.8) + parameter("tau_minus", 33.7) +
         parameter("tau_x", 101) + parameter("tau_y", 125) + parameter("A2_plus", A2_plus) +
         parameter("A3_plus", A3_plus) + parameter("A2_minus", A2_minus) + parameter("A3_minus", A3_minus) +
         "w_max: 3 pairing: " + pairing + " } ";
}

TEST(TripletStdp, FullAndMinimalModelsEqualTheSumOverAllTriplets) {
  const std::vector<std::vector<double>> models{{5e-4, 6.2e-3, 7e-3, 2.3e-4}, {0, 6.5e-3, 7.1e-3, 0}};
  std::uint64_t number = 3000;
  for (const std::string pairing : {"ALL_TO_ALL", "NEAREST_SYMMETRIC"})
    for (const auto& A : models)
      for (const Delays& d : kDelays)
        for (const bool own : {false, true}) {
          const TrainPair trains = random_trains(number++, 500, d.delay - 2 * d.dendritic);
          RuleRun<TripletStdp> run(triplet_text(pairing, own, A[0], A[1], A[2], A[3]) + d.text, 1, d.delay);
          const Real truth =
              brute_force_weight(reference::at_synapse(trains.emitted, trains.spikes, d.delay, d.dendritic),
                                 pairing == "ALL_TO_ALL" ? Partners::kAllToAll : Partners::kNearestSymmetric,
                                 triplet_law(A[0], A[1], A[2], A[3]), 1);
          EXPECT_LT(relative_error(run.run(trains.emitted, trains.spikes), truth), 1e-12)
              << pairing << " A3_minus " << A[3] << " dendritic " << d.dendritic << (own ? " private" : "");
        }
}

TEST(TripletStdp, TenThousandSpikesEqualTheSumOverAllTriplets) {
  const TrainPair trains = random_trains(3100, 5000, 1);
  RuleRun<TripletStdp> run(triplet_text("ALL_TO_ALL", false, 5e-4, 6.2e-3, 7e-3, 2.3e-4));
  const Real truth = brute_force_weight(reference::at_synapse(trains.emitted, trains.spikes, 1, 0),
                                        Partners::kAllToAll, triplet_law(5e-4, 6.2e-3, 7e-3, 2.3e-4), 1);
  EXPECT_LT(relative_error(run.run(trains.emitted, trains.spikes), truth), 1e-12);
}

TEST(TripletStdp, SettlingAfterEveryEventChangesNoBit) {
  for (const bool own : {false, true}) {
    const TrainPair trains = random_trains(3200, 1000, 1);
    const std::string rule = triplet_text("ALL_TO_ALL", own, 5e-4, 6.2e-3, 7e-3, 2.3e-4);
    const double lazy = RuleRun<TripletStdp>(rule).run(trains.emitted, trains.spikes);
    EXPECT_EQ(RuleRun<TripletStdp>(rule).run(trains.emitted, trains.spikes, 1), lazy);
  }
}

TEST(TripletStdp, PairingsItDoesNotHaveAreRefused) {
  EXPECT_THROW(RuleRun<TripletStdp>("triplet_stdp { pairing: REDUCED_SYMMETRIC }"), FieldError);
}

/// The amplitudes and slow time constants of a model of Pfister & Gerstner 2006, table 4 (visual cortex;
/// tau_plus 16.8 ms and tau_minus 33.7 ms for all).
struct VisualCortexModel {
  std::string name;
  std::string pairing;
  double A2_plus;
  double A3_plus;
  double A2_minus;
  double A3_minus;
  double tau_x;
  double tau_y;
};
const std::vector<VisualCortexModel> kVisualCortexModels{
    {"all-to-all, full", "ALL_TO_ALL", 5e-10, 6.2e-3, 7e-3, 2.3e-4, 101, 125},
    {"all-to-all, minimal", "ALL_TO_ALL", 0, 6.5e-3, 7.1e-3, 0, 101, 114},
    {"nearest-spike, full", "NEAREST_SYMMETRIC", 8.8e-11, 5.3e-2, 6.6e-3, 3.1e-3, 714, 40}};

/// Sixty pairs with dt = +-10 ms at a frequency, on a weight of 1 without bounds in reach.
double after_sixty_pairs(const VisualCortexModel& model, double frequency, double dt) {
  std::vector<double> emitted, spikes;
  for (int k = 0; k < 60; ++k) {
    const double pre = 1000 + 1000 / frequency * k;
    emitted.push_back(pre - 1);  // the delay of 1 ms
    spikes.push_back(pre + dt);
  }
  // s = w_max - w_min = 10: amplitudes in units of the initial weight are a tenth.
  const auto parameter = [](const std::string& name, double v) {
    return name + " { constant: " + to_string(v) + " } ";
  };
  RuleRun<TripletStdp> run(
      "triplet_stdp { w_max: 10 pairing: " + model.pairing + " " + parameter("tau_x", model.tau_x) +
      parameter("tau_y", model.tau_y) + parameter("A2_plus", model.A2_plus / 10) +
      parameter("A3_plus", model.A3_plus / 10) + parameter("A2_minus", model.A2_minus / 10) +
      parameter("A3_minus", model.A3_minus / 10) + "}");
  return run.run(emitted, spikes) - 1;
}

/// Sjoestroem, Turrigiano & Nelson 2001, figures 1 and 7, as used by Pfister & Gerstner 2006: change of the
/// weight after sixty pairs of spikes dt apart, pre before post for dt > 0, and its standard error.
struct Measured {
  double frequency;  // [Hz]
  double dt;         // [ms]
  double change;
  double error;
};
const std::vector<Measured> kVisualCortex{
    {0.1, 10, -0.04, 0.05}, {10, 10, 0.14, 0.10},    {20, 10, 0.29, 0.14},   {40, 10, 0.53, 0.11},
    {50, 10, 0.56, 0.26},   {0.1, -10, -0.29, 0.08}, {10, -10, -0.41, 0.11}, {20, -10, -0.34, 0.10},
    {40, -10, 0.56, 0.32},  {50, -10, 0.75, 0.19}};

TEST(TripletStdp, VisualCortexModelsFollowSjoestroemsFrequencyDependence) {
  for (const VisualCortexModel& model : kVisualCortexModels) {
    double E = 0;  // the normalised error that the models minimise (their equation 5)
    for (const Measured& m : kVisualCortex) {
      const double deviation = (after_sixty_pairs(model, m.frequency, m.dt) - m.change) / m.error;
      E += deviation * deviation / static_cast<double>(kVisualCortex.size());
      EXPECT_LT(std::abs(deviation), 1.5) << model.name << ", " << m.frequency << " Hz, " << m.dt << " ms";
    }
    EXPECT_LT(E, 0.4) << model.name;
  }
}

TEST(TripletStdp, DefaultsAreTheMinimalAllToAllModel) {
  const TrainPair trains = random_trains(3300, 500, 1);
  RuleRun<TripletStdp> given(
      "triplet_stdp { tau_plus { constant: 16.8 } tau_minus { constant: 33.7 } tau_y { constant: 114 } "
      "A2_plus { constant: 0 } A3_plus { constant: 6.5e-3 } A2_minus { constant: 7.1e-3 } "
      "A3_minus { constant: 0 } }");
  EXPECT_EQ(RuleRun<TripletStdp>("triplet_stdp { }").run(trains.emitted, trains.spikes),
            given.run(trains.emitted, trains.spikes));
}

TEST(VogelsStdp, TenThousandSpikesEqualTheSumOverAllPairs) {
  std::uint64_t number = 4000;
  for (const bool own : {false, true})
    for (const Delays& d : kDelays) {
      const std::string values = own ? "values { value: 15 }" : "constant: 15";
      const TrainPair trains = random_trains(number++, 5000, d.delay - 2 * d.dendritic);
      ASSERT_GE(trains.emitted.size() + trains.spikes.size(), 10000u);
      RuleRun<VogelsStdp> run("vogels_stdp { tau { " + values +
                                  " } eta { constant: 0.05 } target_rate { constant: 8 } w_max: 2 } " +
                                  d.text,
                              -1, d.delay);
      Law law{15, 15, 0, 0, {}, {}};
      law.spike = [](const Real& w, const Real& r1, const Real&) {
        return clamped(w + Real(0.05) * r1, 0, 2);
      };
      law.arrival = [](const Real& w, const Real& o1, const Real&) {
        return clamped(w + Real(0.05) * (o1 - 2 * Real(8) * 15 / 1000), 0, 2);
      };
      const Real truth =
          brute_force_weight(reference::at_synapse(trains.emitted, trains.spikes, d.delay, d.dendritic),
                             Partners::kAllToAll, law, 1);
      EXPECT_LT(relative_error(-run.run(trains.emitted, trains.spikes), truth), 1e-12);
    }
}

TEST(VogelsStdp, SettlingAfterEveryEventChangesNoBit) {
  const std::string rule = "vogels_stdp { eta { constant: 0.05 } target_rate { constant: 8 } w_max: 2 } ";
  for (const Delays& d : kDelays) {
    const TrainPair trains = random_trains(4100, 1000, d.delay - 2 * d.dendritic);
    const double lazy = RuleRun<VogelsStdp>(rule + d.text, -1, d.delay).run(trains.emitted, trains.spikes);
    EXPECT_EQ(RuleRun<VogelsStdp>(rule + d.text, -1, d.delay).run(trains.emitted, trains.spikes, 1), lazy);
  }
}

/// Trains in which every fifth presynaptic spike comes two or three times at once.
TrainPair with_simultaneous(TrainPair trains) {
  std::vector<double> emitted;
  for (std::size_t i = 0; i < trains.emitted.size(); ++i)
    emitted.insert(emitted.end(), i % 5 == 0 ? 2 + i % 2 : 1, trains.emitted[i]);
  trains.emitted = emitted;
  return trains;
}

TEST(TraceStdp, SimultaneousSpikesOfOneSourceDoNotSeeEachOther) {
  for (const auto& [pairing, partners] : kPairings)
    for (const Delays& d : kDelays)
      for (const bool own : {false, true}) {
        const TrainPair trains = with_simultaneous(random_trains(5000, 500, d.delay - 2 * d.dendritic));
        RuleRun<PairStdp> run(text_of({0.4, 0.02}, pairing, own) + d.text, 1, d.delay);
        const Real truth =
            brute_force_weight(reference::at_synapse(trains.emitted, trains.spikes, d.delay, d.dendritic),
                               partners, law_of({0.4, 0.02}), 1);
        EXPECT_LT(relative_error(run.run(trains.emitted, trains.spikes), truth), 1e-12)
            << pairing << " dendritic " << d.dendritic << (own ? " private" : " shared");
      }
}

TEST(TripletStdp, SimultaneousSpikesOfOneSourceDoNotSeeEachOther) {
  for (const std::string pairing : {"ALL_TO_ALL", "NEAREST_SYMMETRIC"})
    for (const bool own : {false, true}) {
      const TrainPair trains = with_simultaneous(random_trains(5001, 500, 1));
      RuleRun<TripletStdp> run(triplet_text(pairing, own, 5e-4, 6.2e-3, 7e-3, 2.3e-4));
      const Real truth =
          brute_force_weight(reference::at_synapse(trains.emitted, trains.spikes, 1, 0),
                             pairing == "ALL_TO_ALL" ? Partners::kAllToAll : Partners::kNearestSymmetric,
                             triplet_law(5e-4, 6.2e-3, 7e-3, 2.3e-4), 1);
      EXPECT_LT(relative_error(run.run(trains.emitted, trains.spikes), truth), 1e-12) << pairing << own;
    }
}

}  // namespace
}  // namespace chronotope::tests
