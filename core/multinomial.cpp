// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/multinomial.hpp"

#include <bit>
#include <cassert>

namespace chronotope {
namespace {

/// How many of n coins show heads: the ones among n bits.
std::uint64_t count_heads(std::uint64_t n, RandomStream& stream) {
  std::uint64_t heads = 0;
  for (; n >= 64; n -= 64) heads += static_cast<std::uint64_t>(std::popcount(stream()));
  if (n > 0) heads += static_cast<std::uint64_t>(std::popcount(stream() >> (64 - n)));
  return heads;
}

/// The balls of cells [first, first + size), counts.size() cells from `counts` on.
struct Halving {
  const std::function<RandomStream(std::uint64_t)>& stream_of;
  std::vector<std::uint64_t>& counts;

  void share(std::uint64_t node, std::uint64_t balls, std::uint64_t first, std::uint64_t size) {
    if (size == 1) {
      counts[first] = balls;
      return;
    }
    if (balls == 0) return;
    const std::uint64_t left = size / 2;
    const std::uint64_t to_left = draw_binomial(balls, left, size, stream_of(node));
    share(2 * node, to_left, first, left);
    share(2 * node + 1, balls - to_left, first + left, size - left);
  }
};

}  // namespace

std::uint64_t draw_binomial(std::uint64_t n, std::uint64_t a, std::uint64_t b, RandomStream stream) {
  assert(a <= b && b > 0 && b < std::uint64_t{1} << 63);
  if (a == b) return n;
  std::uint64_t below = 0;  // numbers that are known to be less than a/b
  while (n > 0 && a > 0) {  // a/b is what the places so far have left of it; 0 is below nothing
    const std::uint64_t ones = count_heads(n, stream);
    a *= 2;
    if (a >= b) {
      a -= b;
      below += n - ones;
      n = ones;
    } else {
      n -= ones;
    }
  }
  return below;
}

std::vector<std::uint64_t> draw_multinomial(std::uint64_t total, std::uint32_t cells,
                                            const std::function<RandomStream(std::uint64_t)>& stream_of) {
  assert(cells > 0);
  std::vector<std::uint64_t> counts(cells, 0);
  Halving{stream_of, counts}.share(1, total, 0, cells);
  return counts;
}

}  // namespace chronotope
