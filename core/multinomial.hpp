// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "chronotope/core/random_stream.hpp"

namespace chronotope {

/// How many of n trials succeed when each does with probability a/b. The binary digits of n uniform numbers
/// are drawn together, one place at a time, and compared with those of a/b; numbers that differ from it are
/// decided. The draw is exact and its arithmetic whole, so that no function rounds.
/// Requires: a <= b, 0 < b < 2^63. Cost: about 2n bits of the stream, n/32 numbers.
std::uint64_t draw_binomial(std::uint64_t n, std::uint64_t a, std::uint64_t b, RandomStream stream);

/// How `total` balls fall into `cells` equally likely cells: Multinomial(total; 1/cells, ..., 1/cells).
///
/// The cells are halved again and again, and a binomial draw keyed by the place of the halving shares the
/// balls out, so that the count of one cell depends on the log2(cells) draws above it and on no other.
/// `stream_of` gives the stream of a halving: 1 is the root's, 2k and 2k + 1 are those below k.
/// Requires: cells > 0. Cost: total/32 numbers for each of log2(cells) levels.
std::vector<std::uint64_t> draw_multinomial(std::uint64_t total, std::uint32_t cells,
                                            const std::function<RandomStream(std::uint64_t)>& stream_of);

}  // namespace chronotope
