// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "chronotope/proto/formats/stepped_table.hpp"
#include "chronotope/topology/distances/distance_matrix.hpp"

namespace chronotope::topology {

/// What was taken for a rounding in a table of distances.
struct TableRoundings {
  std::size_t averaged = 0;       ///< pairs whose two entries differ
  double largest_difference = 0;  ///< of these
  std::size_t set_to_zero = 0;    ///< entries of the diagonal that are not 0, negative entries
  double largest_magnitude = 0;   ///< of these

  bool any() const { return averaged > 0 || set_to_zero > 0; }
};

struct TableDistances {
  DistanceMatrix distances;
  TableRoundings roundings;
};

/// What counts as a rounding, relative to the largest finite entry: four units in the last place of single
/// precision, and more than the square root of some of double precision, which is what a diagonal of
/// sqrt(2 (1 - r)) holds.
constexpr double kTableRounding = 5e-7;

/// Distances from a table: square, or a lower or upper triangle with or without the diagonal, row by row. In
/// a square table two mirrored entries that differ by no more than a rounding become their mean; entries of
/// the diagonal and negative ones that are no more than a rounding from 0 become 0. A triangle holds the
/// diagonal when every entry at its place is 0 but for a rounding. Throws InputError as DistanceMatrix, whose
/// rows and columns are those of the square.
TableDistances distances_of_table(proto::SteppedTable table);

}  // namespace chronotope::topology
