// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/stdp_reference.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace chronotope::reference {
namespace {

const Real kTiny("1e-45");

StdpParameters additive() {
  StdpParameters p;
  p.mu_plus = p.mu_minus = 0;
  return p;
}

TEST(StdpReference, OnePairPotentiatesByTheWindow) {
  for (const double dt : {0.0, 1.0, 5.0, 10.0, 20.0}) {
    const Real expected = 20 + Real(0.01) * 60 * exp(-Real(dt) / 20);
    EXPECT_LT(abs(all_pairs_weight(additive(), 20, {7.0}, {7.0 + dt}) - expected), kTiny) << dt;
  }
}

TEST(StdpReference, OnePairDepressesByTheWindow) {
  for (const double dt : {1.0, 5.0, 10.0, 20.0}) {
    const Real expected = 20 - Real(0.0105) * 60 * exp(-Real(dt) / 20);
    EXPECT_LT(abs(all_pairs_weight(additive(), 20, {7.0 + dt}, {7.0}) - expected), kTiny) << dt;
  }
}

TEST(StdpReference, AmplitudesFollowThePowerLaw) {
  StdpParameters p;
  p.w_min = 10;
  p.mu_plus = 0.5;
  p.mu_minus = 2;
  EXPECT_LT(abs(potentiation(p, 35) - Real(0.01) * 50 * sqrt(Real(1) / 2)), kTiny);
  EXPECT_LT(abs(depression(p, 35) - Real(0.0105) * 50 / 4), kTiny);
  EXPECT_EQ(potentiation(p, 60), 0);
  EXPECT_EQ(depression(p, 10), 0);
  p.mu_plus = 0;
  EXPECT_LT(abs(potentiation(p, 60) - Real(0.01) * 50), kTiny);
}

TEST(StdpReference, WeightStaysInsideItsBounds) {
  StdpParameters p = additive();
  p.A_plus = p.A_minus = 2;
  EXPECT_EQ(all_pairs_weight(p, 20, {1.0}, {2.0}), 60);
  EXPECT_EQ(all_pairs_weight(p, 20, {2.0}, {1.0}), 0);
}

/// Both forms on the same two trains; equal times are arrivals first.
void expect_forms_agree(const StdpParameters& p, const std::vector<double>& arrivals,
                        const std::vector<double>& post_spikes) {
  std::vector<std::pair<double, bool>> events;  // (time, is a postsynaptic spike)
  for (const double t : arrivals) events.emplace_back(t, false);
  for (const double t : post_spikes) events.emplace_back(t, true);
  std::sort(events.begin(), events.end());
  StdpSynapse synapse(p, 20);
  for (const auto& [t, is_post] : events)
    is_post ? synapse.post_spike(decimal(t)) : synapse.arrival(decimal(t));
  EXPECT_LT(
      abs(synapse.magnitude() - all_pairs_weight(p, 20, stated_times(arrivals), stated_times(post_spikes))),
      kTiny);
  EXPECT_NE(synapse.magnitude(), 20);
}

TEST(StdpReference, TracesEqualTheSumOverAllPairs) {
  const std::vector<double> arrivals{0, 1.5, 1.5, 3, 12.25, 14, 30, 31, 55.5, 80};
  const std::vector<double> post_spikes{1.5, 2, 13, 14, 14.5, 29, 29, 60, 79, 81};
  for (const double mu : {0.0, 0.4, 1.0}) {
    StdpParameters p;
    p.tau_minus = 33;
    p.A_plus = 0.1;
    p.A_minus = 0.12;
    p.mu_plus = p.mu_minus = mu;
    expect_forms_agree(p, arrivals, post_spikes);
  }
}

TEST(StdpReference, DecimalSumsThatAreEqualCoincide) {
  const Rational arrival = decimal(0.1) + decimal(0.2), spike = decimal(0.15) + decimal(0.15);
  EXPECT_LT(abs(all_pairs_weight(additive(), 20, {arrival}, {spike}) - (20 + Real(0.01) * 60)), kTiny);
}

}  // namespace
}  // namespace chronotope::reference
