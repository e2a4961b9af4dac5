// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/optimiser.hpp"

#include <gtest/gtest.h>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/tests/models/learning/surrogate_case.hpp"
#include "chronotope/tests/topology/homology/stored_json.hpp"

namespace chronotope {
namespace {

using models::NetworkParameters;

std::vector<double> numbers(const google::protobuf::Value& list) {
  std::vector<double> all;
  for (const auto& v : list.list_value().values()) all.push_back(v.number_value());
  return all;
}
std::vector<double> flat(const google::protobuf::Value& rows) {
  std::vector<double> all;
  for (const auto& row : rows.list_value().values())
    for (const double v : numbers(row)) all.push_back(v);
  return all;
}

TEST(Adam, TakesTheStepsThatAreStored) {
  const auto json = topology::read_json(std::string(CHRONOTOPE_TEST_DATA) + "/gradient_golden/adam.json");
  std::vector<double> theta = numbers(json.fields().at("start"));
  std::vector<double> m(theta.size()), v(theta.size());
  const models::Adam adam;
  const auto& gradients = json.fields().at("gradients").list_value();
  for (int n = 0; n < gradients.values_size(); ++n) {
    const std::vector<double> gradient = numbers(gradients.values(n));
    const auto correction = adam.correction(static_cast<std::uint64_t>(n) + 1);
    const auto expected = numbers(json.fields().at("after_each_step").list_value().values(n));
    for (std::size_t k = 0; k < theta.size(); ++k) {
      theta[k] -= golden_number(json, "learning_rate") * adam.fall(correction, gradient[k], m[k], v[k]);
      EXPECT_NEAR(theta[k], expected[k], 1e-14);
    }
  }
}

models::OptimiserOptions moving_weights(const models::TrainedNetwork& network, double unit) {
  models::OptimiserOptions options;
  for (const double w : network.parameters.weight) {
    options.unit.push_back(unit);
    options.low.push_back(w > 0 ? 0 : -1e9);
    options.high.push_back(w > 0 ? 1e9 : 0);
  }
  return options;
}

TEST(Optimiser, TrainsTheHeterogeneousGoldenNetworkAsStored) {
  const GoldenCase golden = golden_case("grid_05_heterogeneous");
  const auto& training = golden.json.fields().at("training").struct_value();
  models::TrainedNetwork network = trained_network(golden.network);
  const auto batch = items(golden.network);
  models::OptimiserOptions options = moving_weights(network, golden_number(training, "weight_unit"));
  options.tau_m = options.tau_syn = true;
  options.least_tau = 3;
  models::SurrogateGradient<double> method(network, surrogate_options(golden.network));
  models::Optimiser optimiser(network, options);
  NetworkParameters gradient = network.parameters.zeros();
  const std::vector<double> losses = numbers(training.fields().at("losses"));
  for (std::size_t n = 0; n + 1 < losses.size(); ++n) {
    EXPECT_NEAR(method.learn(network, pointers(batch), gradient).loss, losses[n], 1e-9);
    optimiser.step(golden_number(training, "learning_rate"), gradient, network.parameters);
  }
  EXPECT_NEAR(method.evaluate(network, pointers(batch)).loss, losses.back(), 1e-9);
  const auto& final = training.fields().at("final").struct_value().fields();
  std::vector<double> tau_syn = numbers(final.at("tau_syn_ex"));
  for (const double tau : numbers(final.at("tau_syn_in"))) tau_syn.push_back(tau);
  const NetworkParameters& p = network.parameters;
  expect_near({{"weight", p.weight}, {"W_o", p.W_o}, {"tau_m", p.tau_m}, {"tau_syn", p.tau_syn}},
              {{"weight", numbers(final.at("weight"))},
               {"W_o", flat(final.at("W_o"))},
               {"tau_m", numbers(final.at("tau_m"))},
               {"tau_syn", tau_syn}},
              1e-9);
}

TEST(Optimiser, KeepsSignsAndBoundsAndWhatIsNotTrained) {
  const auto net = random_case(2, {});
  models::TrainedNetwork network = trained_network(net);
  const NetworkParameters start = network.parameters;
  models::OptimiserOptions options = moving_weights(network, 100);
  for (std::size_t k = 0; k < options.unit.size(); k += 3) options.unit[k] = 0;
  options.tau_m = options.V_th = options.I_e = true;
  options.least_tau = 10;
  options.largest_tau = 20;
  models::Optimiser optimiser(network, options);
  NetworkParameters gradient = start.zeros();
  RandomStream stream(1, Purpose("gradients"), 0);
  bool stopped_at_zero = false, stopped_at_reset = false;
  for (int n = 0; n < 1000; ++n) {
    gradient.for_each([&](std::vector<double>& column) {
      for (double& g : column) g = stream.uniform() - (stream.below(2) == 0 ? 0.3 : 0.7);
    });
    optimiser.step(0.1, gradient, network.parameters);
    const NetworkParameters& p = network.parameters;
    for (std::size_t k = 0; k < p.weight.size(); ++k) {
      ASSERT_GE(p.weight[k] * start.weight[k], 0);
      stopped_at_zero = stopped_at_zero || p.weight[k] == 0;
      const bool stays = k % 3 == 0;
      ASSERT_TRUE(!stays || p.weight[k] == start.weight[k]);
    }
    for (std::size_t i = 0; i < p.tau_m.size(); ++i) {
      ASSERT_GE(p.tau_m[i], 10);
      ASSERT_LE(p.tau_m[i], 20);
      ASSERT_NEAR(p.tau_m[i] / p.C_m[i], start.tau_m[i] / start.C_m[i], 1e-12);
      ASSERT_GT(p.V_th[i], start.V_reset[i]);
      stopped_at_reset =
          stopped_at_reset || p.V_th[i] - start.V_reset[i] < 0.02 * (start.V_th[i] - start.E_L[i]);
    }
    ASSERT_EQ(p.tau_syn, start.tau_syn);
    ASSERT_EQ(p.delay, start.delay);
  }
  EXPECT_TRUE(stopped_at_zero);
  EXPECT_TRUE(stopped_at_reset);
}

TEST(Optimiser, ShortensALongGradientAsAWhole) {
  models::TrainedNetwork network = trained_network(random_case(2, {}));
  models::OptimiserOptions options = moving_weights(network, 2);
  options.clip = 1;
  NetworkParameters gradient = network.parameters.zeros();
  gradient.weight[0] = 1.5;  // in the unit: 3
  gradient.W_o[0] = 4;
  models::Optimiser optimiser(network, options);
  EXPECT_TRUE(optimiser.step(0.1, gradient, network.parameters));
  EXPECT_NEAR(optimiser.memory().m.weight[0], 0.1 * 3 / 5, 1e-15);
  EXPECT_NEAR(optimiser.memory().m.W_o[0], 0.1 * 4 / 5, 1e-15);
  gradient.W_o[0] = gradient.weight[0] = 0.1;
  EXPECT_FALSE(optimiser.step(0.1, gradient, network.parameters));
}

}  // namespace
}  // namespace chronotope
