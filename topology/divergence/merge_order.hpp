// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/topology/distances/distance_matrix.hpp"

namespace chronotope::topology {

enum class RankCorrelation { kSpearman, kKendall };

/// NTS: how alike two representations merge their objects, whatever the scale and the number of objects (idea
/// after arXiv 2606.06342, the formula is this project's). F = the pairs joined by the minimum spanning tree
/// of w or of w~; for each the merge heights h, h~, the longest edge on the path between the pair in either
/// tree;
///     NTS = rank correlation of h and h~ over F,
/// Spearman's with mid-ranks or Kendall's tau-b. In [-1, 1]; 1 for a matrix and any increasing transform of
/// it. Throws InputError when fewer than 3 objects, infinite distances, or constant heights leave it
/// undefined. O(n^2).
double merge_order_similarity(const DistanceMatrix& w, const DistanceMatrix& w_tilde,
                              RankCorrelation correlation = RankCorrelation::kSpearman);

}  // namespace chronotope::topology
