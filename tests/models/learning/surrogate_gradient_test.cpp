// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/surrogate_gradient.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "chronotope/core/decimal.hpp"
#include "chronotope/tests/models/learning/surrogate_case.hpp"

namespace chronotope {
namespace {

using google::protobuf::Struct;
using models::NetworkParameters;
using models::SurrogateGradient;
using reference::surrogate_reference;
using reference::SurrogateCase;
using reference::SurrogateOutcome;

constexpr double kLossTolerance = 1e-12;
constexpr double kGradientTolerance = 1e-9;  // of the largest entry of a kind

NamedColumns stored(const Struct& gradient) {
  NamedColumns columns;
  for (const char* name :
       {"weight", "tau_m", "C_m", "E_L", "V_th", "V_reset", "I_e", "tau_syn_ex", "tau_syn_in"}) {
    auto& column = columns.emplace_back(name, std::vector<double>{}).second;
    for (const auto& v : gradient.fields().at(name).list_value().values()) column.push_back(v.number_value());
  }
  auto& W_o = columns.emplace_back("W_o", std::vector<double>{}).second;
  if (const auto rows = gradient.fields().find("W_o"); rows != gradient.fields().end())
    for (const auto& row : rows->second.list_value().values())
      for (const auto& v : row.list_value().values()) W_o.push_back(v.number_value());
  return columns;
}

using Spikes = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
Spikes stored_spikes(const Struct& expected, int item) {
  Spikes spikes;
  for (const auto& v : expected.fields().at("spikes").list_value().values(item).list_value().values())
    spikes.emplace_back(static_cast<std::uint32_t>(v.list_value().values(0).number_value()),
                        static_cast<std::uint32_t>(v.list_value().values(1).number_value()));
  return spikes;
}

class GoldenGrid : public testing::TestWithParam<const char*> {};

TEST_P(GoldenGrid, IsMetByTheProduct) {
  const GoldenCase golden = golden_case(GetParam());
  const Struct& expected = golden.json.fields().at("expected").struct_value();
  const auto network = trained_network(golden.network);
  const auto batch = items(golden.network);
  SurrogateGradient<double> method(network, surrogate_options(golden.network));
  NetworkParameters gradient = network.parameters.zeros();
  const auto result = method.learn(network, pointers(batch), gradient);
  EXPECT_NEAR(result.loss, golden_number(expected, "loss"), kLossTolerance);
  for (std::size_t b = 0; b < batch.size(); ++b)
    EXPECT_EQ(method.spikes(b), stored_spikes(expected, static_cast<int>(b)));
  expect_near(named(gradient, network.neurons), stored(expected.fields().at("gradient").struct_value()),
              kGradientTolerance);
  EXPECT_EQ(method.evaluate(network, pointers(batch)).loss, result.loss);
}

TEST_P(GoldenGrid, IsMetByTheReferenceAndItsSmoothTwin) {
  const GoldenCase golden = golden_case(GetParam());
  const Struct& expected = golden.json.fields().at("expected").struct_value();
  const SurrogateOutcome hard = surrogate_reference(golden.network);
  EXPECT_NEAR(static_cast<double>(hard.loss), golden_number(expected, "loss"), kLossTolerance);
  expect_near(named(hard.gradient), stored(expected.fields().at("gradient").struct_value()),
              kGradientTolerance);
  if (!golden.json.fields().at("smooth_twin").has_struct_value()) return;
  const Struct& twin = golden.json.fields().at("smooth_twin").struct_value();
  const SurrogateOutcome smooth = surrogate_reference(golden.network, true);
  EXPECT_NEAR(static_cast<double>(smooth.loss), golden_number(twin, "loss"), kLossTolerance);
  expect_near(named(smooth.gradient), stored(twin.fields().at("gradient").struct_value()),
              kGradientTolerance);
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenGrid,
                         testing::Values("grid_01_feed_forward", "grid_02_recurrent", "grid_03_delays",
                                         "grid_04_refractory", "grid_05_heterogeneous",
                                         "grid_06_regularisers", "grid_07_spike_counts",
                                         "grid_08_first_spikes", "grid_09_discounted_counts",
                                         "grid_10_all_together"));

/// By central differences with two steps and Richardson's extrapolation.
template <class Loss>
double difference(long double& value, Loss loss) {
  const long double start = value;
  const auto slope = [&](long double step) {
    value = start + step;
    const long double above = loss();
    value = start - step;
    const long double below = loss();
    value = start;
    return (above - below) / (2 * step);
  };
  const long double step = 1e-8L * std::max(1.0L, std::abs(start));  // a spike's curvature jumps at u = 0
  return static_cast<double>((4 * slope(step / 2) - slope(step)) / 3);
}

TEST(SurrogateReference, SmoothTwinsGradientIsThatOfCentralDifferences) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    const char* const losses[] = {"max", "mean", "last", "count", "discounted_count", "van_rossum"};
    const RandomCase shape{4, 2, 2, 20, 0.6, 3, 10, losses[seed % 6]};
    SurrogateCase net = random_case(seed, shape);
    for (const auto& n : net.neurons) net.delta.push_back(std::abs(n.V_th - n.E_L));
    const auto masks = surrogate_reference(net).masks;
    const NamedColumns gradient = named(surrogate_reference(net, true, &masks).gradient);
    const auto loss = [&] { return surrogate_reference(net, true, &masks).loss; };
    NamedColumns differences = gradient;
    const auto vary = [&](std::size_t column, std::size_t k, long double& value) {
      differences[column].second[k] = difference(value, loss);
    };
    for (std::size_t k = 0; k < net.synapses.size(); ++k) vary(0, k, net.synapses[k].weight);
    for (std::size_t i = 0; i < net.neurons.size(); ++i) {
      auto& n = net.neurons[i];
      long double* const constants[] = {&n.tau_m,   &n.C_m, &n.E_L,        &n.V_th,
                                        &n.V_reset, &n.I_e, &n.tau_syn[0], &n.tau_syn[1]};
      for (std::size_t c = 0; c < 8; ++c) vary(c + 1, i, *constants[c]);
    }
    for (std::size_t o = 0; o < net.W_o.size(); ++o)
      for (std::size_t i = 0; i < net.neurons.size(); ++i) vary(9, o * net.neurons.size() + i, net.W_o[o][i]);
    expect_near(gradient, differences, 1e-6);
  }
}

template <class Real>
void expect_reference(const SurrogateCase& net, double tolerance) {
  const SurrogateOutcome expected = surrogate_reference(net);
  const auto network = trained_network(net);
  const auto batch = items(net);
  SurrogateGradient<Real> method(network, surrogate_options(net));
  NetworkParameters gradient = network.parameters.zeros();
  for (int again = 0; again < 2; ++again) {  // buffers that were used leave no trace
    const auto result = method.learn(network, pointers(batch), gradient);
    EXPECT_NEAR(result.loss, static_cast<double>(expected.loss), tolerance);
    for (std::size_t b = 0; b < batch.size(); ++b)
      EXPECT_EQ(method.spikes(b), Spikes(expected.spikes[b].begin(), expected.spikes[b].end()));
    expect_near(named(gradient, network.neurons), named(expected.gradient), tolerance);
  }
}

TEST(SurrogateGradientOf, RandomNetworksIsThatOfTheReference) {
  const char* const losses[] = {"max",         "mean",      "last", "count", "discounted_count",
                                "first_spike", "van_rossum"};
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE(seed);
    const RandomCase shape{20 + 7 * seed,   5, 11, 40, seed % 3 == 0 ? 0.08 : 0.6, seed % 4 == 0 ? 1. : 4, 20,
                           losses[seed % 7]};
    expect_reference<double>(random_case(seed, shape), kGradientTolerance);
  }
}

TEST(SurrogateGradientOf, SinglePrecisionIsNearTheReference) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    SCOPED_TRACE(seed);
    expect_reference<float>(random_case(seed, {40, 5, 9, 40, 0.5, 1, 10, "max"}), 1e-4);
  }
}

TEST(SurrogateGradientOf, ItemsOfSeveralLengthsAreThoseOfEachAlone) {
  const SurrogateCase net = random_case(3, {20, 5, 3, 40, 0.5, 3, 20, "max"});
  const auto network = trained_network(net);
  auto batch = items(net);
  batch[0].duration = batch[0].duration - stated_duration(7);
  batch[2].duration = batch[2].duration - stated_duration(12);
  auto options = surrogate_options(net);
  options.regulariser = {};  // its mean is over the batch
  SurrogateGradient<double> method(network, options);
  NetworkParameters together = network.parameters.zeros(), one = together, sum = together;
  const double loss = method.learn(network, pointers(batch), together).loss;
  double losses = 0;
  for (const auto& item : batch) {
    const models::Item* alone[] = {&item};
    losses += method.learn(network, alone, one).loss / 3;
    for (std::size_t k = 0; k < one.weight.size(); ++k) sum.weight[k] += one.weight[k] / 3;
  }
  EXPECT_NEAR(loss, losses, 1e-13);
  expect_near({{"weight", together.weight}}, {{"weight", sum.weight}}, 1e-12);
}

models::Workers threads(unsigned size) {
  return {size, [size](const models::Workers::Work& work) {
            std::vector<std::jthread> all;
            for (unsigned k = 0; k < size; ++k) all.emplace_back(work, k);
          }};
}

template <class Real>
void expect_same_bits(const RandomCase& shape) {
  const SurrogateCase net = random_case(5, shape);
  const auto network = trained_network(net);
  const auto batch = items(net);
  std::vector<NetworkParameters> gradients;
  for (const auto width :
       {models::KernelWidth::kBaseline, models::KernelWidth::kAvx2, models::KernelWidth::kAvx512})
    for (const unsigned size : {1U, 2U, 4U}) {
      if (models::kernels_of<Real>(width) == nullptr) continue;
      auto options = surrogate_options(net);
      options.vectors = width;
      SurrogateGradient<Real> method(network, options, threads(size));
      method.learn(network, pointers(batch), gradients.emplace_back(network.parameters.zeros()));
      EXPECT_EQ(named(gradients.back(), network.neurons), named(gradients.front(), network.neurons))
          << static_cast<int>(width) << " " << size;
    }
}

TEST(SurrogateGradientOf, AllWidthsAndThreadsHasTheSameBits) {
  expect_same_bits<float>({35, 5, 30, 30, 0.5, 3, 20, "max"});
  expect_same_bits<double>({35, 5, 30, 30, 0.5, 1, 20, "max"});
  expect_same_bits<float>({90, 5, 30, 30, 0.05, 3, 20, "max"});
  expect_same_bits<double>({90, 5, 30, 30, 0.05, 3, 20, "count"});
}

}  // namespace
}  // namespace chronotope
