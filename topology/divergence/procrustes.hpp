// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

/// Procrustes distance of two representations of the same objects (Schoenemann 1966): with columns centred,
/// clouds scaled to Frobenius norm 1 and the narrower one padded with zeros,
///     min over orthogonal Q of |X Q - Y| = sqrt(2 - 2 |X'Y|_*),   |.|_* the sum of singular values.
/// A metric on shapes (Williams et al. 2021) in [0, sqrt 2]: 0 for equal up to shift, scale, rotation and
/// reflection; NaN, undefined, when the rows of one are all equal. Computed as the length of X Q - Y, so that
/// small distances keep their digits. Requires: equal numbers of rows, at least one.
/// O(n d^2 + d^3), d the larger width or n if that is less.
double procrustes_distance(const PointCloud& x, const PointCloud& y);

}  // namespace chronotope::topology
