// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "chronotope/apps/study/seed_table.hpp"

namespace chronotope::apps {

/// How much farther one network lies from the others than they from each other, on one seed: with r the RTD
/// of two of its K + 1 networks, for each network h that may bear the label hom,
///     D(h) = mean_{k != h} ln r(h, k) - mean_{k < k', both != h} ln r(k, k').
/// Element h is D(h), element 0 that of the network in question; exp D is a ratio of geometric means. The
/// elements add up to 0: every pair of networks stands K + 1 - 2 times behind the minus and twice before it,
/// at these weights. A network at the centre of the others has D < 0, so D > 0 is a strict demand.
/// Requires: the table is usable. O(K^2).
std::vector<double> log_ratios(const SeedTable& table);

/// mean ln a - mean ln b: by how much one kind of distance exceeds another, say het to hom against hom to
/// hom in another order. Requires: neither is empty, all are > 0 and finite.
double log_ratio(std::span<const double> a, std::span<const double> b);

}  // namespace chronotope::apps
