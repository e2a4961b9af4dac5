// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/proto/accuracy.pb.h"

namespace chronotope::apps {

/// What trains are compared with.
struct TrainMeasures {
  Duration until;          // what lies in [0, until) is compared
  Duration window;         // within which spikes are matched
  double tau = 10;         // of van Rossum [ms]
  double q = 0.1;          // of Victor-Purpura [1/ms]
  std::size_t bins = 100;  // of the representations
};

using Trains = std::vector<std::vector<Time>>;

/// How long trains go on after `until`, so that a spike just before it finds its partner just after it.
Duration overhang(const TrainMeasures& measures);

/// How far the trains of `run` are from those of `reference`, neuron by neuron. Both trains lie in [0, until
/// + overhang): a pair belongs to the comparison when the reference's spike is before `until`, a spike
/// without partner when it is. So the run has spikes() = those of the reference - missed() + extra(),
/// whatever side of `until` a clock moved a spike to. Requires: as many neurons.
TrainErrors train_errors(const Trains& reference, const Trains& run, const TrainMeasures& measures);

/// How far the weights of `run` are from those of `reference`. Requires: as many, at least one.
WeightErrors weight_errors(std::vector<double> reference, std::vector<double> run);

/// The exponent k of the power law error = c dt^k that fits best in logarithms. Requires: positive values,
/// two different dt.
double fitted_order(const std::vector<double>& dt, const std::vector<double>& error);

}  // namespace chronotope::apps
