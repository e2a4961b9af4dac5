// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "chronotope/tests/suites/run_network.hpp"

namespace chronotope::tests {
namespace {

/// One plastic synapse of weight 0.4 in [0, 1] from `pre` onto a neuron that a strong teacher makes fire one
/// ms after its own spikes; the plastic synapse has the same delay of 1 ms.
std::string pairing(const std::string& pre, const std::string& teacher, const std::string& rule,
                    const std::string& weight = "0.4") {
  return R"(population { name: 'n' size: 1 delta_lif { E_L { constant: 0 } V_th { constant: 50 } V_reset { constant: 0 }
      t_ref { constant: 0.01 } tau_m { constant: 5 } } }
    input { name: 'pre' size: 1 spike_times { times: [)" +
         pre + R"(] } }
    input { name: 'teacher' size: 1 spike_times { times: [)" +
         teacher + R"(] } }
    projection { source: 'teacher' target: 'n' one_to_one {} weight { constant: 200 } delay { constant: 1 } }
    projection { source: 'pre' target: 'n' one_to_one {} weight { constant: )" +
         weight + R"( } delay { constant: 1 } pair_stdp { w_max: 1 )" + rule + " } }";
}

double change(double dt_ms, const std::string& rule) {
  const double pre = 200;
  NetworkRun run(pairing(std::to_string(pre), std::to_string(pre + dt_ms), rule));
  return run.until(1000).weights(1)[0] - 0.4;
}

const std::string kAdditive =
    "tau_plus { constant: 17 } tau_minus { constant: 34 } A_plus { constant: 0.01 } A_minus { constant: "
    "0.012 } mu_plus: 0 mu_minus: 0";

TEST(PairStdp, WindowMeasuredFromTheEngineEqualsTheFormula) {
  for (const double dt : {0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0}) {
    EXPECT_NEAR(change(dt, kAdditive), 0.01 * std::exp(-dt / 17), 1e-15) << dt;
    EXPECT_NEAR(change(-dt, kAdditive), -0.012 * std::exp(-dt / 34), 1e-15) << -dt;
  }
}

TEST(PairStdp, CoincidentPairPotentiates) { EXPECT_NEAR(change(0, kAdditive), 0.01, 1e-15); }

TEST(PairStdp, AmplitudesFollowThePowerOfTheDistanceToTheBound) {
  const std::string times =
      "tau_plus { constant: 20 } tau_minus { constant: 20 } A_plus { constant: 0.1 } A_minus { constant: 0.1 "
      "} ";
  for (const double mu : {0.0, 0.4, 0.5, 1.0}) {
    const std::string rule = times + "mu_plus: " + std::to_string(mu) + " mu_minus: " + std::to_string(mu);
    EXPECT_NEAR(change(10, rule), 0.1 * std::pow(0.6, mu) * std::exp(-0.5), 1e-15) << mu;
    EXPECT_NEAR(change(-10, rule), -0.1 * std::pow(0.4, mu) * std::exp(-0.5), 1e-15) << mu;
  }
}

TEST(PairStdp, BoundsScaleTheAmplitude) {
  NetworkRun run(pairing("200", "210", "w_min: 0.2 A_plus { constant: 0.1 } mu_plus: 1"));
  // s = 0.8: A_plus s ((1 - 0.4)/0.8) exp(-10/20)
  EXPECT_NEAR(run.until(1000).weights(1)[0] - 0.4, 0.1 * 0.8 * 0.75 * std::exp(-0.5), 1e-15);
}

TEST(PairStdp, WeightsStopAtTheirBounds) {
  const std::string strong = kAdditive + " A_plus { constant: 5 }";
  EXPECT_THROW(change(1, strong), InputError);  // a field given twice
  NetworkRun up(pairing("200", "201", "A_plus { constant: 5 } mu_plus: 0"));
  EXPECT_EQ(up.until(1000).weights(1)[0], 1.0);
  NetworkRun down(pairing("201", "200", "A_minus { constant: 5 } mu_minus: 0"));
  EXPECT_EQ(down.until(1000).weights(1)[0], 0.0);
}

TEST(PairStdp, InhibitoryWeightKeepsItsSign) {
  NetworkRun run(pairing("200", "210", "A_plus { constant: 0.1 } mu_plus: 0", "-0.4"));
  EXPECT_NEAR(run.until(1000).weights(1)[0], -0.4 - 0.1 * std::exp(-0.5), 1e-15);
}

TEST(PairStdp, NothingChangesAfterLearnUntil) {
  NetworkRun frozen(pairing("100, 300", "101, 301", kAdditive + " learn_until: 200"));
  NetworkRun one_pair(pairing("100", "101", kAdditive));
  EXPECT_EQ(frozen.until(1000).weights(1), one_pair.until(1000).weights(1));
}

TEST(PairStdp, TransmitsTheWeightAfterOrBeforeItsDepression) {
  // The second arrival depresses by 0.012 exp(-9/34) before or after it is transmitted: V jumps by the
  // difference.
  const auto jump = [](const std::string& transmit) {
    NetworkRun run(pairing("10, 20", "11", kAdditive + transmit));
    run.until(21.0 + 1e-9);
    return run.engine().potentials(0)[0];
  };
  const double potentiation = 0.01 * std::exp(-1.0 / 17);
  const double depression = 0.012 * std::exp(-9.0 / 34);
  EXPECT_NEAR(jump(""), 0.4 + potentiation - depression, 1e-9);
  EXPECT_NEAR(jump(" transmit: BEFORE_UPDATE"), 0.4 + potentiation, 1e-9);
}

TEST(PairStdp, DistributionWithoutSpreadGivesTheSharedConstantsBits) {
  const std::string pre = "10, 11.5, 13, 40, 77.7, 78, 120";
  const std::string teacher = "9, 12, 14.25, 39, 80, 119.5";
  NetworkRun shared(pairing(pre, teacher, "tau_plus { constant: 18 } A_plus { constant: 0.02 }"));
  NetworkRun spread(pairing(
      pre, teacher, "tau_plus { gamma { mean: 18 cv: 0 } } A_plus { lognormal { mean: 0.02 cv: 0 } }"));
  EXPECT_EQ(shared.until(500).weights(1), spread.until(500).weights(1));
}

TEST(PairStdp, ExplicitEqualValuesAgreeWithTheSharedConstant) {
  const std::string pre = "10, 11.5, 13, 40, 77.7, 78, 120";
  const std::string teacher = "9, 12, 14.25, 39, 80, 119.5";
  NetworkRun shared(pairing(pre, teacher, "tau_plus { constant: 18 }"));
  NetworkRun each(pairing(pre, teacher, "tau_plus { values { value: 18 } }"));
  EXPECT_NEAR(shared.until(500).weights(1)[0], each.until(500).weights(1)[0], 1e-15);
}

TEST(PairStdp, HistoryIsBoundedWhenTheSourceIsSilent) {
  NetworkRun run(
      R"(population { name: 'n' size: 1 delta_lif { I_e { constant: 1000 } t_ref { constant: 0 } } }
    input { name: 'pre' size: 1 spike_times { times: [1] } }
    projection { source: 'pre' target: 'n' one_to_one {} weight { constant: 0.1 } pair_stdp { } })");
  run.until(60000);
  EXPECT_GT(run.spikes().size(), 8192u);  // twice what a history may hold
  const double w = run.weights(0)[0];
  EXPECT_TRUE(w > 0.1 && w <= 0.3) << w;
}

}  // namespace
}  // namespace chronotope::tests
