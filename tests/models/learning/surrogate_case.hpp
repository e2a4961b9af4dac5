// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "chronotope/models/learning/surrogate_gradient.hpp"
#include "chronotope/tests/reference/surrogate_reference.hpp"

namespace chronotope {

/// A case of tests/data/gradient_golden as the reference takes it.
struct GoldenCase {
  google::protobuf::Struct json;
  reference::SurrogateCase network;
};
GoldenCase golden_case(const std::string& name);
double golden_number(const google::protobuf::Struct& json, const std::string& key);

/// The same for the product.
models::TrainedNetwork trained_network(const reference::SurrogateCase& network);
std::vector<models::Item> items(const reference::SurrogateCase& network);
std::vector<const models::Item*> pointers(const std::vector<models::Item>& items);
models::SurrogateOptions surrogate_options(const reference::SurrogateCase& network);

/// A network with every kind of heterogeneity, and stimuli that make it fire.
struct RandomCase {
  std::size_t neurons = 10;
  std::size_t channels = 5;
  std::size_t items = 3;
  std::size_t steps = 40;
  double density = 0.4;  // of synapses between neurons
  double longest = 3;    // delay [ms]
  double beta = 10;
  std::string loss = "max";
};
reference::SurrogateCase random_case(std::uint64_t seed, const RandomCase& shape);

/// All columns of a gradient by name, constants at constant C_m.
using NamedColumns = std::vector<std::pair<std::string, std::vector<double>>>;
NamedColumns named(const reference::SurrogateGradients& gradient);
NamedColumns named(const models::NetworkParameters& gradient, std::size_t neurons);

/// Every entry within `tolerance` of the largest of its column.
void expect_near(const NamedColumns& found, const NamedColumns& expected, double tolerance);

}  // namespace chronotope
