// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "chronotope/topology/homology/barcode.hpp"

namespace chronotope::topology {

// A barcode of one degree as numbers of a fixed count: what statistics and learning take.

/// `count` evenly spaced values from low to high, both included; low alone for one. Requires: count >= 1.
std::vector<double> even_grid(double low, double high, std::size_t count);

/// From the first birth to the last finite death; both 0 when no bar is finite.
struct BarRange {
  double low = 0;
  double high = 0;
  double longest = 0;  ///< the longest finite bar
};
BarRange range_of(const Barcode& barcode);

/// The Betti number at every x: how many bars have birth <= x < death, bars that never die included. GUDHI's
/// BettiCurve. O(grid + bars log bars). Requires: an ascending grid.
std::vector<double> betti_curve(const Barcode& barcode, std::span<const double> grid);

/// Persistence landscapes (Bubenik 2015) 1 .. count, one after the other, at every x: the k-th largest over
/// the finite bars of
///     sqrt 2 max(0, min(x - birth, death - x)),
/// heights being measured across the diagonal as in GUDHI's Landscape (Bubenik's are without the sqrt 2).
std::vector<std::vector<double>> persistence_landscapes(const Barcode& barcode, std::span<const double> grid,
                                                        std::size_t count);

/// What a bar counts in an image.
enum class ImageWeight { kOne, kPersistence };

/// The persistence image (Adams et al. 2017): at every (x, y) the sum over the finite bars of
///     weight exp(-((x - birth)^2 + (y - length)^2) / (2 s^2)) / (2 pi s^2),   s the bandwidth.
/// Row-major, a row for every y. GUDHI's PersistenceImage; with weights that vanish with the length (Adams
/// et al.'s) it is stable under small changes of the barcode. Requires: s > 0.
std::vector<double> persistence_image(const Barcode& barcode, std::span<const double> births,
                                      std::span<const double> lengths, double bandwidth, ImageWeight weight);

}  // namespace chronotope::topology
