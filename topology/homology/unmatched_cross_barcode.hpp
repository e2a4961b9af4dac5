// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chronotope/topology/distances/metric.hpp"
#include "chronotope/topology/distances/point_scan.hpp"
#include "chronotope/topology/homology/barcode.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

/// The Cross-Barcode of two clouds in one space whose points do not correspond (Barannikov et al., arXiv
/// 2106.04024): the Vietoris-Rips barcodes, degrees 0 and 1, of all points with the distances inside Q set to
/// 0. It shows what P has that Q has not. MTop-Div is the total length in degree 1.
///
/// Computed on |P| + 1 vertices. Q is a simplex from 0 on, so it contracts to an apex: the edge p, q is the
/// apex's edge of p from the nearest q on (the triangles p, q, q' make later ones redundant), and the
/// triangles p, p', q become one triangle of the apex, which enters at
///     max(d(p, p'), min over q of max(d(p, q), d(p', q))).
/// In degrees 0 and 1 nothing else counts. O(|P|^2 |Q|) and a reduction on |P| + 1 vertices; memory 8 |P| |Q|
/// bytes.
///
/// Departs from the reference code in two points: values stay in double precision, and distances below 1e-6
/// of the mean are not set to 0. Throws InputError when the dimensions differ or a cloud is empty.
std::vector<Barcode> unmatched_cross_barcode(const PointCloud& P, const PointCloud& Q, Metric metric,
                                             const PointScan& scan = point_scans().back());

}  // namespace chronotope::topology
