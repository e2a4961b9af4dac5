// SPDX-License-Identifier: Apache-2.0
// Prints a hash of the bits of many draws of each distribution, for distribution_test.cpp to compare.
#include <bit>
#include <cstdint>
#include <cstdio>

#include "chronotope/core/distribution.hpp"

namespace chronotope {
namespace {

void print_hash(const ParameterDistribution& distribution, int draws) {
  RandomStream stream(1, Purpose("bits"), 0);
  std::uint64_t hash = 0;
  for (int i = 0; i < draws; ++i)
    hash = (hash ^ std::bit_cast<std::uint64_t>(distribution.sample(stream, 0))) * 1099511628211ULL;
  std::printf("%016llx\n", static_cast<unsigned long long>(hash));
}

void print_rank_hash(const ParameterDistribution& distribution, int ranks) {
  std::uint64_t hash = 0;
  for (int i = 0; i < ranks; ++i)
    hash = (hash ^ std::bit_cast<std::uint64_t>(distribution.at_normal_rank(8.0 * (2 * i - ranks) / ranks))) *
           1099511628211ULL;
  std::printf("%016llx\n", static_cast<unsigned long long>(hash));
}

}  // namespace
}  // namespace chronotope

int main() {
  using namespace chronotope;
  // Of the C library's functions some differ once in millions of draws.
  constexpr int kMany = 4'000'000;
  print_hash(ParameterDistribution(Normal{-55, 3}), kMany);
  print_hash(ParameterDistribution(Lognormal{20, 0.5}), kMany);
  print_hash(ParameterDistribution(Gamma{20, 0.5}), kMany);
  print_hash(ParameterDistribution(Gamma{20, 2}), kMany);
  for (const ParameterDistribution& d :
       {ParameterDistribution(Gamma{20, 0.5}), ParameterDistribution(Uniform{1, 5}),
        ParameterDistribution(Lognormal{1, 2})})
    print_rank_hash(d, 10'000);
}
