// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/proto/accuracy.pb.h"

namespace chronotope::apps {

/// What trains are compared with.
struct TrainMeasures {
  Duration until;          // the trains lie in [0, until)
  Duration window;         // within which spikes are matched
  double tau = 10;         // of van Rossum [ms]
  double q = 0.1;          // of Victor-Purpura [1/ms]
  std::size_t bins = 100;  // of the representations
};

using Trains = std::vector<std::vector<Time>>;

/// How far the trains of `run` are from those of `reference`, neuron by neuron. Requires: as many neurons.
TrainErrors train_errors(const Trains& reference, const Trains& run, const TrainMeasures& measures);

/// How far the weights of `run` are from those of `reference`. Requires: as many, at least one.
WeightErrors weight_errors(std::vector<double> reference, std::vector<double> run);

/// The exponent k of the power law error = c dt^k that fits best in logarithms. Requires: positive values,
/// two different dt.
double fitted_order(const std::vector<double>& dt, const std::vector<double>& error);

}  // namespace chronotope::apps
