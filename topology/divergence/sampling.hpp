// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace chronotope::topology {

/// The stream of numpy.random.seed(seed) as RTD's reference code draws from it, so that published scores come
/// back from a seed alone. Mersenne Twister (its output is fixed by the C++ standard), 53-bit uniforms,
/// NumPy's shuffle.
class NumpyRandom {
 public:
  explicit NumpyRandom(std::uint32_t seed) : bits_(seed) {}

  /// rand(): uniform on [0, 1), a multiple of 2^-53.
  double uniform();

  /// shuffle of 0 .. n-1: for i = n-1 down to 1, swap entry i with one drawn from 0 .. i by masked rejection.
  /// Requires: n <= 2^32.
  std::vector<std::size_t> permutation(std::size_t n);

  /// Uniform on 0 .. largest, by masked rejection.
  std::uint32_t up_to(std::uint32_t largest);

 private:
  std::mt19937 bits_;
};

/// min(batch, n) of the rows 0 .. n-1: the head of a fresh permutation.
std::vector<std::size_t> draw_rows(std::size_t n, std::size_t batch, NumpyRandom& random);

/// Which objects each trial looks at: `trials` draws of rows. When the batch takes every object all trials
/// would be equal, so there is one, 0 .. n-1, and nothing is drawn.
std::vector<std::vector<std::size_t>> draw_batches(std::size_t n, std::size_t batch, std::size_t trials,
                                                   NumpyRandom& random);

}  // namespace chronotope::topology
