// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

/// Linear centred kernel alignment of two representations of the same objects (Kornblith et al. 2019):
///     |Yc' Xc|^2 / (|Xc' Xc| |Yc' Yc|),   columns centred, Frobenius norms.
/// In [0, 1], 1 for equal up to rotation and scale; NaN, undefined, when the rows of one are all equal. Free
/// of scale: either cloud multiplied by 2^k gives the same bits. Requires: equal numbers of rows, at least
/// one. O(n d^2).
double linear_cka(const PointCloud& x, const PointCloud& y);

}  // namespace chronotope::topology
