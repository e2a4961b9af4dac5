// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/homology/barcode.hpp"
#include "chronotope/topology/homology/coned_distances.hpp"
#include "chronotope/topology/homology/vietoris_rips.hpp"

namespace chronotope::topology {

struct PersistenceOptions {
  std::size_t degree = 1;                                      ///< the highest, 0 .. 2
  double threshold = std::numeric_limits<double>::infinity();  ///< simplices of larger diameter are left out
  std::uint32_t modulus = 2;                                   ///< of the coefficients, a prime < 65536
};

/// The barcodes of the Vietoris-Rips filtration in degrees 0 .. options.degree. Bars still alive at the
/// threshold are infinite. Exact in double precision, ties and infinite entries included.
///
/// Persistent cohomology with implicit coboundaries, clearing, emergent and apparent pairs (Bauer, "Ripser",
/// 2021), cut at the enclosing radius: of full matrices and cones on ranks (ranked_complex.hpp), of some
/// distances on their values. Degree 1 of a full matrix over Z/2 takes the reduction of cross_barcode.hpp,
/// whose windows of bits replace the heap.
/// Throws InputError for degrees above 2, a modulus that is not such a prime, a threshold that is NaN, and
/// too many points for 64-bit indices.
std::vector<Barcode> persistence(const DistanceMatrix& distances, const PersistenceOptions& options = {});
std::vector<Barcode> persistence(const SparseDistances& distances, const PersistenceOptions& options = {});

/// The same of a complex and a cone over it, see coned_distances.hpp.
std::vector<Barcode> persistence(const ConedDistances& distances, const PersistenceOptions& options = {});

}  // namespace chronotope::topology
