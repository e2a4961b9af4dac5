// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/divergence/rtd_options.hpp"
#include "chronotope/topology/divergence/rtd_result.hpp"
#include "chronotope/topology/divergence/run_trials.hpp"
#include "chronotope/topology/divergence/sampling.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

/// Representation topology divergence of two representations of the same objects, row i of A and of B being
/// object i (arXiv 2201.00058). Per trial, on one batch of rows: distances, each matrix divided by its own
/// unit,
///     score = (|cross_barcode(w, w~)| + |cross_barcode(w~, w)|) / 2,   |.| = total bar length in degree 1.
/// and likewise for the other variants. The dimensions of A and B may differ. n = 1 gives 0. Degree 2 goes
/// through the reduction of the mapping cone on ranks.
///
/// NTS-E and NTS-M are similarities of the order in which objects merge (merge_order.hpp): 1 for equal
/// representations, no bars, nothing is normalised.
///
/// MTop-Div (arXiv 2106.04024) instead: nothing is normalised, the sizes may differ, the dimensions may not.
/// ab is the mean over trials of the total length of unmatched_cross_barcode(rows of A, rows of B), of
/// min(batch, n) rows of A and min(reference_batch, n) rows of B. Of each trial the rows of B are drawn
/// before those of A, and all trials of ab before those of ba, as the reference code would. n is the rows of
/// A.
///
/// Departs from the reference code in two points, neither of which moves a published number by more than
/// 1e-7: values stay in double precision, and distances below 1e-6 of the mean are not set to 0. Throws
/// InputError when the sizes differ, there are no rows, batch or trials are 0, or the quantile is outside (0,
/// 1], the degree is not one of the variant's, MTop-Div is asked of distances; DegenerateRepresentation,
/// naming A or B, when the rows of a batch have no scale. Memory: per thread 5 matrices of batch^2 doubles.
RtdResult rtd(const PointCloud& a, const PointCloud& b, const RtdOptions& options,
              const RtdProgress& progress = {});

/// The same, with batches drawn from a stream that is already in use (options.seed is not read).
RtdResult rtd(const PointCloud& a, const PointCloud& b, const RtdOptions& options, NumpyRandom& random,
              const RtdProgress& progress = {});

/// The same on distances that are given, for any dissimilarity.
RtdResult rtd(const DistanceMatrix& a, const DistanceMatrix& b, const RtdOptions& options,
              const RtdProgress& progress = {});

}  // namespace chronotope::topology
