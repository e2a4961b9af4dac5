// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/homology/cross_barcode.hpp"

namespace chronotope::topology {

/// Which of two matrices holds a value at a pair of objects.
enum class Attained { kA, kB, kBoth };

/// A bar of RTD with where its two ends come from.
struct ExplainedBar {
  Bar bar;
  Edge born{};
  Edge dies{};  ///< no meaning for a bar that never dies
  Attained born_in = Attained::kA;
  Attained dies_in = Attained::kA;
  /// A cycle that bears the bar, as trails (representative_cycles.hpp): one that does not end where it begins
  /// is closed through the complex of the filtration. Empty unless asked for.
  std::vector<std::vector<std::uint32_t>> cycle{};
};

/// The bars of cross_barcode(filtration, into), whose entries are those of a or of b, or the smaller or
/// larger of the two, longest first (among equals in the order of the barcode).
std::vector<ExplainedBar> explained_bars(const DistanceMatrix& filtration, const DistanceMatrix& into,
                                         const DistanceMatrix& a, const DistanceMatrix& b);

/// Gives the first `count` of them that die their cycles.
void add_cycles(std::vector<ExplainedBar>& bars, std::size_t count, const DistanceMatrix& filtration,
                const DistanceMatrix& into);

/// One nonzero entry of the derivative of a total bar length.
struct GradientEntry {
  Edge pair;
  double da = 0;  ///< by the distance of the pair in a
  double db = 0;
};

/// Derivative of the total length of the finite bars by the entries of a and b (RTD-AE, arXiv 2302.00136): +1
/// for every death and -1 for every birth attained there, half to either where both matrices attain it. Exact
/// away from ties. In ascending order of pairs.
std::vector<GradientEntry> length_gradient(const std::vector<ExplainedBar>& bars);

}  // namespace chronotope::topology
