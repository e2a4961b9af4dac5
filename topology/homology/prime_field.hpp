// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/core/error.hpp"

namespace chronotope::topology {

/// Arithmetic modulo a prime p < 2^16; elements are 0 .. p-1.
class PrimeField {
 public:
  using Element = std::uint32_t;

  /// Throws InputError when the modulus is not a prime below 65536. O(p).
  explicit PrimeField(std::uint32_t modulus) : p_(modulus) {
    if (!is_prime(modulus) || modulus >= 65536)
      throw InputError("modulus: " + std::to_string(modulus) +
                       " is not allowed (must be a prime below 65536)");
    inverse_.assign(modulus, 0);
    inverse_[1] = 1;
    // p = (p / a) a + p % a, so 1/a = -(p / a) / (p % a).
    for (Element a = 2; a < p_; ++a) inverse_[a] = times(p_ - p_ / a, inverse_[p_ % a]);
  }

  Element one() const { return 1; }
  Element plus(Element a, Element b) const { return (a + b) % p_; }
  Element minus(Element a) const { return a == 0 ? 0 : p_ - a; }
  Element times(Element a, Element b) const { return static_cast<Element>(std::uint64_t{a} * b % p_); }
  /// Requires: a != 0.
  Element inverse(Element a) const { return inverse_[a]; }
  Element sign(bool negative) const { return negative ? p_ - 1 : 1; }

 private:
  static bool is_prime(std::uint32_t n) {
    if (n < 2) return false;
    for (std::uint32_t f = 2; f * f <= n; ++f)
      if (n % f == 0) return false;
    return true;
  }

  Element p_;
  std::vector<Element> inverse_;
};

}  // namespace chronotope::topology
