// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "chronotope/proto/network_spec.pb.h"

namespace chronotope::apps {

/// A part of a network whose constants differ between its neurons or synapses.
enum class Varied : std::uint8_t {
  kLearning,  ///< of plasticity rules, their modulation and scaling; not of short-term plasticity
  kNeurons,   ///< of neuron models
  kDelays,    ///< of synapses, with their dendritic parts
};

/// Whether a constant of this part is given by a distribution with a spread, or value by value.
bool has_spread(const NetworkSpec& spec, Varied part);

/// The mean of a distribution before its bounds, 0 of no listed values.
double mean_of(const Distribution& distribution);
/// Its coefficient of variation before its bounds; 0 of a constant, and around a mean of 0.
double cv_of(const Distribution& distribution);

/// Sets the coefficient of variation of every constant of this part that is drawn, and scales the distance
/// from the mean of those that are listed: gamma and lognormal have it as cv, normal as sd = cv |mean|,
/// uniform as high - low = cv |mean| sqrt(12). Means and bounds stay, and so do the random streams, so equal
/// seeds rank the same synapses in the same way. With 0 every constant is its mean and the network
/// homogeneous, bit for bit as if the means had been written. Throws InputError when a distribution around 0
/// is asked to have one, or for cv < 0.
void set_cv(NetworkSpec& spec, Varied part, double cv);

}  // namespace chronotope::apps
