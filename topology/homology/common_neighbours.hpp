// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "chronotope/topology/homology/ranked_complex.hpp"

namespace chronotope::topology {

/// The triangles of the base of a RankedComplex from the last to the first, without those in an apparent
/// pair, as sets of bits: which objects each object is joined to by edges before the current one. Memory: n^2
/// / 8 bytes.
class CommonNeighbours {
 public:
  explicit CommonNeighbours(const RankedComplex& complex)
      : complex_(complex),
        words_((complex.objects() + 63) / 64),
        joined_(complex.objects() * words_, 0),
        common_(words_) {
    for (Rank r = 0; r < complex.ranks(); ++r)
      if (complex.kind(r) == RankedComplex::Kind::kEdge) toggle(complex.ends(r));
  }

  /// Calls visit(triangle) for every triangle of rank r, the last first, but not for the first one, which
  /// pairs with edge r, and not for those that pair with a tetrahedron of rank r. Requires: r is an edge, and
  /// the next lower one after the last that was asked for.
  template <class Visit>
  void for_each_unpaired(Rank r, Visit visit) {
    const auto ends = complex_.ends(r);
    toggle(ends);
    for (std::size_t w = 0; w < words_; ++w) common_[w] = row(ends.first)[w] & row(ends.second)[w];
    for (std::size_t w = words_; w-- > 0;)
      for (std::uint64_t left = common_[w]; left != 0;) {
        const auto bit = 63 - static_cast<std::size_t>(std::countl_zero(left));
        left ^= std::uint64_t{1} << bit;
        const std::size_t k = 64 * w + bit;
        if (is_first(k) || is_joined_to_an_earlier(k)) continue;
        visit(RankedComplex::cell(r, static_cast<RankedComplex::Object>(k)));
      }
  }

 private:
  const std::uint64_t* row(std::size_t i) const { return joined_.data() + i * words_; }

  void toggle(std::pair<RankedComplex::Object, RankedComplex::Object> ends) {
    const auto [i, j] = ends;
    joined_[i * words_ + j / 64] ^= std::uint64_t{1} << j % 64;
    joined_[j * words_ + i / 64] ^= std::uint64_t{1} << i % 64;
  }

  static std::uint64_t bits_below(std::size_t k) { return (std::uint64_t{1} << k % 64) - 1; }

  bool is_first(std::size_t k) const {
    for (std::size_t w = 0; w < k / 64; ++w)
      if (common_[w] != 0) return false;
    return (common_[k / 64] & bits_below(k)) == 0;
  }
  bool is_joined_to_an_earlier(std::size_t k) const {
    for (std::size_t w = 0; w < k / 64; ++w)
      if ((common_[w] & row(k)[w]) != 0) return true;
    return (common_[k / 64] & row(k)[k / 64] & bits_below(k)) != 0;
  }

  const RankedComplex& complex_;
  std::size_t words_;
  std::vector<std::uint64_t> joined_;  // n rows of bits
  std::vector<std::uint64_t> common_;  // of both ends of an edge
};

}  // namespace chronotope::topology
