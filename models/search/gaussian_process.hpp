// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "chronotope/models/readout/feature_table.hpp"

namespace chronotope::models {

/// What is known of a function at a place: a normal distribution.
struct Prediction {
  double mean = 0;
  double sd = 0;
};

/// How fast a function changes and how much of it is noise.
struct ProcessScales {
  std::vector<double> length;  ///< of every group of coordinates, > 0
  double noise = 0;            ///< variance of the noise over that of the function, >= 0
};

/// A function of which some values are known, as a Gaussian process (Rasmussen & Williams 2006) with a Matern
/// kernel of smoothness 5/2,
///     k(r) = s^2 (1 + sqrt(5) r + 5 r^2/3) exp(-sqrt(5) r),   r^2 = sum over groups g of d_g^2/l_g^2,
/// d_g the Euclidean distance in the coordinates of group g: of a distribution's ranks (distribution_ranks.hpp)
/// that is the Wasserstein distance. The mean is the values' own; the variance s^2 is the most likely one.
///
/// Fitting costs O(n^3) for n values, a prediction O(n^2). Deterministic: sums go in one order.
class GaussianProcess {
 public:
  /// Place i is row i of `places`; `group_of` has a group, 0 .. G - 1, for every column. Requires: as many values
  /// as places, at least one, all finite; G lengths.
  GaussianProcess(const FeatureTable& places, std::vector<std::size_t> group_of,
                  std::span<const double> values, ProcessScales scales);
  ~GaussianProcess();
  GaussianProcess(GaussianProcess&&) noexcept;
  GaussianProcess& operator=(GaussianProcess&&) noexcept;

  Prediction at(std::span<const double> place) const;
  /// ln p(values), less what the scales do not change: -n/2 ln s^2 - 1/2 ln |K/s^2|, K the values' covariance.
  double log_likelihood() const;
  const ProcessScales& scales() const;

 private:
  struct Solved;
  std::unique_ptr<Solved> solved_;
};

/// The scales at which likelihood times prior is largest, by a pattern search from the prior's centre: lengths
/// lognormal around 0.5 with a deviation of 1 of the logarithm, so groups are to have a range of about 1; noise
/// lognormal around 1e-4 with one of 2. Same requirements.
ProcessScales likely_scales(const FeatureTable& places, const std::vector<std::size_t>& group_of,
                            std::span<const double> values);

}  // namespace chronotope::models
