// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace chronotope::apps {

/// Outcome of the within-seed relabelling test.
struct RelabellingTest {
  double mean = 0;        ///< of D over the seeds, as labelled
  double p = 1;           ///< one-sided: large D
  double smallest_p = 1;  ///< what p can reach: 1 / relabellings
  std::uint64_t relabellings = 1;
  bool exact = true;  ///< all relabellings were looked at
};

/// Is the mean over seeds of D (see log_ratio.hpp) larger than chance gives? Within a seed any of the K + 1
/// networks may bear the label hom, so there are (K + 1)^S relabellings:
///     p = share of them, the given one included, whose mean D is at least the given one.
/// When hom is one more draw of what the others are draws of, the networks of a seed are exchangeable and
/// P(p <= a) <= a, whatever the distribution of r and however it differs between seeds. (A sign-flip test is
/// not exact here: D of three exchangeable networks is not symmetric about 0.)
///
/// `ratios` holds for each seed D with each of its networks as hom, element 0 as labelled. Up to 100,000
/// relabellings are all looked at, otherwise the given one and 9,999 drawn by `seed`. Means that agree to
/// 1e-12 of the mean |D| count as equal, for sums in another order differ by roundings.
/// Requires: at least one seed, each with at least one network; all finite. O(relabellings * S).
RelabellingTest relabelling_test(std::span<const std::vector<double>> ratios, std::uint64_t seed);

}  // namespace chronotope::apps
