// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace chronotope::apps {

/// RTD between networks of different seeds under two conditions A and B: S networks of either, network s of
/// both on the same wiring.
class CrossSeedScores {
 public:
  explicit CrossSeedScores(std::size_t seeds) : seeds_(seeds), scores_(4 * seeds * seeds, 0) {}

  std::size_t seeds() const { return seeds_; }

  enum class Condition : std::uint8_t { kA, kB };

  /// Both orders at once. Requires: s != t, both < seeds(); the score is finite.
  void set(Condition a, std::size_t s, Condition b, std::size_t t, double rtd);
  double score(Condition a, std::size_t s, Condition b, std::size_t t) const {
    return scores_[row(a, s) * 2 * seeds_ + row(b, t)];
  }

 private:
  std::size_t row(Condition c, std::size_t s) const { return 2 * s + static_cast<std::size_t>(c); }

  std::size_t seeds_;
  std::vector<double> scores_;
};

struct CrossSeedTest {
  double T = 0;
  double p = 1;
  double smallest_p = 1;
  bool exact = true;  ///< all relabellings were looked at
};

/// Do the conditions differ more than the networks of one condition do, beyond wiring? Over pairs of
/// different seeds only,
///     T = mean r(A_s, B_t) - (mean r(A_s, A_t) + mean r(B_s, B_t)) / 2,
///     p = share of the 2^S relabellings, the given one included, whose T is at least the given one,
/// where a relabelling swaps the labels A and B within seeds: what shares a wiring stays together, as it must
/// (relabelling freely over seeds hides the effect behind the differences of wirings). With s_i = -1 where
/// labels are swapped,
///     T(s) = sum_{i<j} s_i s_j (r(A_i, B_j) + r(B_i, A_j) - r(A_i, A_j) - r(B_i, B_j)) / (S (S - 1)).
/// All are looked at up to S = 16, otherwise the given one and 9,999 drawn by `seed`; T that agree to 1e-12
/// of the mean |term| count as equal. A labelling and its mirror image have the same T: p >= 2^(1-S).
/// Requires: at least 2 seeds. O(relabellings * S^2).
CrossSeedTest cross_seed_test(const CrossSeedScores& scores, std::uint64_t seed);

}  // namespace chronotope::apps
