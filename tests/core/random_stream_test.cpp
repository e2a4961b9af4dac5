// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/random_stream.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

namespace chronotope {
namespace {

/// Philox 4x64-10 by its definition (Salmon et al. 2011, section 3.3), in 128-bit numbers.
std::array<std::uint64_t, 4> philox(std::array<std::uint64_t, 4> x, std::uint64_t k0, std::uint64_t k1) {
  using Wide = boost::multiprecision::uint128_t;
  for (int round = 0; round < 10; ++round) {
    const Wide a = Wide(0xD2E7470EE14C6C93) * x[0];
    const Wide b = Wide(0xCA5A826395121157) * x[2];
    const auto high = [](const Wide& product) { return static_cast<std::uint64_t>(product >> 64); };
    const auto low = [](const Wide& product) {
      return static_cast<std::uint64_t>(product - (product >> 64 << 64));
    };
    x = {high(b) ^ x[1] ^ k0, low(b), high(a) ^ x[3] ^ k1, low(a)};
    k0 += 0x9E3779B97F4A7C15;
    k1 += 0xBB67AE8584CAA73B;
  }
  return x;
}

/// FNV-1a of "a" is known (Fowler, Noll & Vo); the hash of nothing is where this one starts.
TEST(Purpose, IsFowlersHashFromAnotherStart) {
  std::uint64_t hash = Purpose("").hash();
  hash = (hash ^ 'a') * 0x100000001B3;
  EXPECT_EQ(Purpose("a").hash(), hash);
  EXPECT_NE(Purpose("ab").hash(), Purpose("ba").hash());
}

TEST(RandomStream, IsPhiloxOfItsKeyAndCounter) {
  const std::uint64_t seed = 0x123456789abcdef, entity = 77, part = 5;
  RandomStream stream(seed, Purpose("E.tau_m"), entity, part);
  for (std::uint64_t block = 0; block < 50; ++block)
    for (const std::uint64_t expected : philox({block, entity, part, 0}, seed, Purpose("E.tau_m").hash()))
      ASSERT_EQ(stream(), expected);
}

TEST(RandomStream, EveryPartOfTheKeyChangesTheNumbers) {
  const RandomStream same(1, Purpose("a"), 2, 3);
  for (RandomStream other : {RandomStream(2, Purpose("a"), 2, 3), RandomStream(1, Purpose("b"), 2, 3),
                             RandomStream(1, Purpose("a"), 3, 3), RandomStream(1, Purpose("a"), 2, 4)}) {
    RandomStream one = same;
    EXPECT_NE(one(), other());
  }
  RandomStream a = same, b = StreamKey{1, Purpose("a"), 2}.part(3);
  for (int k = 0; k < 9; ++k) EXPECT_EQ(a(), b());
}

TEST(RandomStream, UniformsAreTheUpperBitsInTheMiddleOfTheirCells) {
  RandomStream bits(3, Purpose("u"), 0), uniforms = bits, fours = bits;
  for (int k = 0; k < 200; ++k) {
    const std::array<double, 4> four = fours.four_uniforms();
    for (const double together : four) {
      const double u = std::ldexp(static_cast<double>(bits() >> 12) + 0.5, -52);
      EXPECT_EQ(uniforms.uniform(), u);
      EXPECT_EQ(together, u);
      EXPECT_GT(u, 0);
      EXPECT_LT(u, 1);
    }
  }
}

TEST(RandomStream, SeekGoesOnWithTheBlock) {
  RandomStream whole(4, Purpose("s"), 1);
  std::vector<std::uint64_t> numbers(40);
  for (auto& number : numbers) number = whole();
  for (const std::uint64_t block : {7, 0, 3}) {
    RandomStream stream(4, Purpose("s"), 1);
    stream();  // in the middle of a block
    stream.seek(block);
    for (std::size_t k = 4 * block; k < 40; ++k) ASSERT_EQ(stream(), numbers[k]);
  }
}

/// Chi-square of 20 cells, 0.001 in the tail at 19 degrees of freedom: 43.8.
TEST(RandomStream, BelowIsEvenAndInItsRange) {
  constexpr std::uint64_t kCells = 20;
  constexpr double kDraws = 20'000;
  RandomStream stream(5, Purpose("below"), 0);
  std::array<double, kCells> count{};
  for (int k = 0; k < kDraws; ++k) {
    const std::uint64_t drawn = stream.below(kCells);
    ASSERT_LT(drawn, kCells);
    ++count[drawn];
  }
  double chi_square = 0;
  for (const double n : count)
    chi_square += (n - kDraws / kCells) * (n - kDraws / kCells) / (kDraws / kCells);
  EXPECT_LT(chi_square, 43.8);
  EXPECT_EQ(stream.below(1), 0U);
}

}  // namespace
}  // namespace chronotope
