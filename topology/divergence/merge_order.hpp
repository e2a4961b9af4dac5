// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/core/error.hpp"
#include "chronotope/topology/distances/distance_matrix.hpp"

namespace chronotope::topology {

/// Merge heights or distances that have no order to compare.
class UndefinedMergeOrder : public InputError {
 public:
  using InputError::InputError;
};

enum class RankCorrelation { kSpearman, kKendall };

/// What of a pair is compared.
enum class MergeValue {
  kDistance,  ///< NTS-E: w(i, j)
  kHeight,    ///< NTS-M: the longest edge on the path between i and j in the minimum spanning tree of w
};

/// NTS: how alike two representations merge their objects, whatever the scale and the number of objects (idea
/// after arXiv 2606.06342, the formula is this project's). F = the pairs joined by the minimum spanning tree
/// of w or of w~ (spanning_tree.hpp chooses among equal lengths);
///     NTS = rank correlation over F of the pairs' values in w and in w~,
/// Spearman's with mid-ranks or Kendall's tau-b. In [-1, 1]; 1 for a matrix and any increasing transform of
/// it. Throws UndefinedMergeOrder when fewer than 3 objects, infinite or constant values leave it undefined.
/// O(n^2).
double merge_order_similarity(const DistanceMatrix& w, const DistanceMatrix& w_tilde,
                              RankCorrelation correlation = RankCorrelation::kSpearman,
                              MergeValue value = MergeValue::kHeight);

}  // namespace chronotope::topology
