// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/representation/network_metrics.hpp"

#include <gtest/gtest.h>

namespace chronotope::topology {
namespace {

TEST(NetworkMetrics, AreSumsOverSynapsesAndMeansOverLayers) {
  RecurrentGraph graph;
  graph.neurons = 5;
  graph.edges = {{0, 2, 3}, {1, 2, -1}, {2, 3, 2}, {0, 3, 4}, {3, 4, 1}};
  Layering layering;
  layering.layer = {1, 1, 3, 3, 5};
  layering.centrality = {0, 0, 0.5, 0.25, 0};
  const auto metrics = layer_metrics(graph, layering, std::vector<double>{2, 1, 0.5, 0, 0});
  EXPECT_EQ(metrics[0].neurons, 2u);
  EXPECT_EQ(metrics[0].out.mean, 3);         // 7 and -1
  EXPECT_EQ(metrics[0].out.fluctuation, 4);  // both 4 from the mean
  EXPECT_EQ(metrics[0].out_absolute.mean, 4);
  EXPECT_EQ(metrics[0].rate.mean, 1.5);
  EXPECT_EQ(metrics[2].betweenness.mean, 0.375);
  EXPECT_EQ(metrics[2].in.mean, 4);  // 2 and 6
  EXPECT_EQ(metrics[2].in.fluctuation, 2);
  EXPECT_EQ(metrics[2].in_absolute.mean, 5);  // 4 and 6
  EXPECT_EQ(metrics[2].data.mean, 7);         // 3*2 - 1*1 and 2*0.5 + 4*2
  EXPECT_EQ(metrics[2].data_absolute.mean, 8);
  EXPECT_EQ(metrics[1].neurons, 0u);
  EXPECT_EQ(metrics[1].in.mean, 0);
  EXPECT_EQ(metrics[4].in.mean, 1);
}

TEST(NetworkMetrics, StrengthsAreSumsAndDifferencesUnderFourWeightings) {
  RecurrentGraph graph;
  graph.neurons = 5;
  graph.edges = {{0, 2, 3}, {1, 2, -1}, {2, 3, 2}, {0, 3, 4}, {3, 4, 1}};
  Layering layering;
  layering.layer = {1, 1, 3, 3, 5};
  const auto layers = layer_strengths(graph, layering, std::vector<double>{2, 1, 0.5, 0, 0});
  const auto& first = layers[0].spread;  // neurons 0 and 1 receive nothing
  EXPECT_EQ(layers[0].neurons, 2U);
  EXPECT_EQ(first[0][0].mean, 0);
  EXPECT_EQ(first[0][1].mean, 3);  // 7 and -1
  EXPECT_EQ(first[0][1].fluctuation, 4);
  EXPECT_EQ(first[1][1].mean, 4);    // 7 and 1
  EXPECT_EQ(first[2][1].mean, 6.5);  // 7*2 and -1*1
  EXPECT_EQ(first[3][1].mean, 7.5);
  EXPECT_EQ(first[0][3].mean, -3);
  const auto& third = layers[2].spread;  // neuron 2 receives 3 - 1, sends 2; 3 receives 2 + 4, sends 1
  EXPECT_EQ(third[0][2].mean, 5.5);      // 4 and 7
  EXPECT_EQ(third[0][2].fluctuation, 1.5);
  EXPECT_EQ(third[0][3].mean, 2.5);  // 0 and 5
  EXPECT_EQ(third[1][3].mean, 3.5);  // 4 - 2 and 6 - 1
  EXPECT_EQ(third[2][3].mean, 6.5);  // 5 - 1 and 9 - 0
  EXPECT_EQ(layers[1].spread[0][0].mean, 0);
}

}  // namespace
}  // namespace chronotope::topology
