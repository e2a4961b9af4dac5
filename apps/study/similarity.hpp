// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "chronotope/topology/representation/activations.hpp"

namespace chronotope::apps {

/// How alike two layers' answers to the same stimuli are by other measures than RTD; nothing where a measure
/// is not defined (constant rows, trains).
struct Similarity {
  std::optional<double> rsa;         ///< topology::representational_similarity of Euclidean distances
  std::optional<double> procrustes;  ///< topology::procrustes_distance
};

/// Requires: equally many rows.
Similarity similarity(const topology::Activations& a, const topology::Activations& b);

}  // namespace chronotope::apps
