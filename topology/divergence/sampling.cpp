// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/sampling.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

namespace chronotope::topology {

namespace {

std::vector<std::size_t> identity(std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

}  // namespace

double NumpyRandom::uniform() {
  const std::uint32_t high = static_cast<std::uint32_t>(bits_()) >> 5;
  const std::uint32_t low = static_cast<std::uint32_t>(bits_()) >> 6;
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

std::uint32_t NumpyRandom::up_to(std::uint32_t largest) {
  if (largest == 0) return 0;
  const std::uint32_t mask = ~std::uint32_t{0} >> std::countl_zero(largest);
  while (true)
    if (const auto draw = static_cast<std::uint32_t>(bits_()) & mask; draw <= largest) return draw;
}

std::vector<std::size_t> NumpyRandom::permutation(std::size_t n) {
  std::vector<std::size_t> order = identity(n);
  for (std::size_t i = n; i-- > 1;) std::swap(order[i], order[up_to(static_cast<std::uint32_t>(i))]);
  return order;
}

std::vector<std::size_t> draw_rows(std::size_t n, std::size_t batch, NumpyRandom& random) {
  std::vector<std::size_t> rows = random.permutation(n);
  rows.resize(std::min(batch, n));
  return rows;
}

std::vector<std::vector<std::size_t>> draw_batches(std::size_t n, std::size_t batch, std::size_t trials,
                                                   NumpyRandom& random) {
  if (batch >= n) return {identity(n)};
  std::vector<std::vector<std::size_t>> batches;
  for (std::size_t t = 0; t < trials; ++t) batches.push_back(draw_rows(n, batch, random));
  return batches;
}

}  // namespace chronotope::topology
