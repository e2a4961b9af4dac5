// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chronotope::topology {

/// How far apart two rows u, v are:
///   euclidean    |u - v|
///   cosine       1 - u.v / (|u| |v|)
///   correlation  cosine of the rows minus their means
///   hamming      share of the coordinates in which they differ
/// A row without direction (all zeros; for correlation, constant) is at 0 from other such rows and at 1 from
/// all others.
enum class Metric { kEuclidean, kCosine, kCorrelation, kHamming };

std::string to_string(Metric metric);
/// Throws InputError that lists the names for any other.
Metric metric_of(const std::string& name);

}  // namespace chronotope::topology
