// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace chronotope::apps {

/// RTD of two networks, or why there is none.
struct PairScore {
  double rtd = 0;
  std::string missing = {};  ///< empty: rtd stands
};

/// RTD of every two of the K + 1 networks that share one wiring, initial weights, delays and stimuli: network
/// 0 is the one in question ("hom"), 1 .. K are what it is compared with ("het": K draws of the constants).
class SeedTable {
 public:
  /// All pairs are missing at first. Requires: at least one network.
  SeedTable(std::uint64_t seed, std::vector<std::string> networks);

  std::uint64_t seed() const { return seed_; }
  std::size_t networks() const { return names_.size(); }
  const std::string& name(std::size_t network) const { return names_[network]; }

  /// Requires: i != j, both < networks().
  void set(std::size_t i, std::size_t j, PairScore score) { pairs_[place(i, j)] = std::move(score); }
  const PairScore& pair(std::size_t i, std::size_t j) const { return pairs_[place(i, j)]; }

  /// Why these networks give no log ratio, empty when they do: fewer than two draws, a pair without a score,
  /// or a score that has no logarithm (0, infinite, NaN). It says the same whichever network is called hom,
  /// so leaving such seeds out keeps the relabelling test exact.
  std::string unusable() const;

 private:
  std::size_t place(std::size_t i, std::size_t j) const;

  std::uint64_t seed_;
  std::vector<std::string> names_;
  std::vector<PairScore> pairs_;  // of i < j, by j, then i
};

}  // namespace chronotope::apps
