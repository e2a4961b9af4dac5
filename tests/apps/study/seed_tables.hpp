// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "chronotope/apps/study/seed_table.hpp"

namespace chronotope::apps {

/// hom, het-1, het-2, ...
inline std::vector<std::string> network_names(std::size_t networks) {
  std::vector<std::string> names = {"hom"};
  for (std::size_t k = 1; k < networks; ++k) names.push_back("het-" + std::to_string(k));
  return names;
}

/// A table whose pair (i, j) has RTD exp(logarithm(i, j)), i < j.
template <class Logarithm>
SeedTable table_of_logarithms(std::uint64_t seed, std::size_t networks, Logarithm logarithm) {
  SeedTable table(seed, network_names(networks));
  for (std::size_t i = 0; i < networks; ++i)
    for (std::size_t j = i + 1; j < networks; ++j) table.set(i, j, {std::exp(logarithm(i, j)), {}});
  return table;
}

/// How ln r is spread around its seed's mean; all have standard deviation 1.
enum class Noise { kNormal, kExponential, kLogNormal };

/// Synthetic studies: on every seed ln r(i, j) = level of the seed + noise of the pair, and `effect` more for
/// the pairs of network 0. Without an effect network 0 is one more draw.
class SyntheticStudy {
 public:
  SyntheticStudy(std::uint32_t seed, Noise noise) : bits_(seed), noise_(noise) {}

  std::vector<SeedTable> tables(std::size_t seeds, std::size_t networks, double effect) {
    std::vector<SeedTable> tables;
    for (std::size_t s = 0; s < seeds; ++s) {
      const double level = 3 * normal();
      tables.push_back(table_of_logarithms(
          s, networks, [&](std::size_t i, std::size_t) { return level + noise() + (i == 0 ? effect : 0); }));
    }
    return tables;
  }

  double normal() { return normal_(bits_); }

 private:
  double noise() {
    switch (noise_) {
      case Noise::kNormal:
        return normal();
      case Noise::kExponential:
        return exponential_(bits_) - 1;
      case Noise::kLogNormal:  // of sigma 0.8: skewness 3.7
        break;
    }
    constexpr double kVariance = 0.8 * 0.8;
    return (std::exp(0.8 * normal()) - std::exp(kVariance / 2)) /
           std::sqrt(std::expm1(kVariance) * std::exp(kVariance));
  }

  std::mt19937 bits_;
  std::normal_distribution<double> normal_;
  std::exponential_distribution<double> exponential_;
  Noise noise_;
};

}  // namespace chronotope::apps
