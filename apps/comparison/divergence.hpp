// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <string>

#include "chronotope/proto/stream.pb.h"
#include "chronotope/topology/distances/spike_trains/spike_train_metric.hpp"
#include "chronotope/topology/divergence/rtd.hpp"
#include "chronotope/topology/representation/representation.hpp"

namespace chronotope::apps {

/// What is computed of two representations, and how.
struct DivergenceOptions {
  topology::RtdOptions rtd;
  topology::SpikeTrainMetric trains;  // of rows that are spike trains
  std::size_t explain = 0;            // longest bars of either direction to be traced to pairs of objects
  std::size_t permutations = 0;       // random orders of B's rows
  std::size_t resamples = 1000;       // of the bootstrap interval
  double level = 0.95;                // of the intervals
};

/// Name of object i, empty for none.
using ObjectNames = std::function<std::string(std::size_t)>;

struct Divergence {
  RtdReport report;
  topology::CrossBarcodes bars;  // of the first trial
};

/// RTD of two clouds (with linear CKA) or two distance matrices, with its intervals and explanations.
Divergence divergence(const topology::PointCloud& a, const topology::PointCloud& b,
                      const DivergenceOptions& options, const ObjectNames& names = {},
                      const topology::RtdProgress& progress = {});
Divergence divergence(const topology::DistanceMatrix& a, const topology::DistanceMatrix& b,
                      const DivergenceOptions& options, const ObjectNames& names = {},
                      const topology::RtdProgress& progress = {});

/// RTD of two matrices of activity; of rows that correspond they are the same stimuli, unless the variant is
/// MTop-Div's. Throws DegenerateRepresentation, InputError.
Divergence activity_divergence(const topology::Activations& a, const topology::Activations& b,
                               const DivergenceOptions& options);

/// RTD between layer i of A and layer j of B, counted from 0. A silent or constant layer is a missing value
/// with its reason. Throws InputError when the two were not shown the same stimuli in the same order.
Divergence layer_divergence(const topology::Representation& a, std::size_t i,
                            const topology::Representation& b, std::size_t j,
                            const DivergenceOptions& options);

/// The same layer of both, L1 .. L5.
std::array<RtdReport, topology::kLayers> layer_divergence(const topology::Representation& a,
                                                          const topology::Representation& b,
                                                          const DivergenceOptions& options);

}  // namespace chronotope::apps
