// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chronotope {

/// How a probability falls with the distance D, of which lambda is the scale; D and lambda have one unit.
enum class KernelShape {
  kMaass,        // exp(-(D/lambda)^2) (Maass, Natschlaeger & Markram 2002)
  kGaussian,     // exp(-(D/lambda)^2/2): lambda is the standard deviation (NEST: gaussian, std)
  kExponential,  // exp(-D/lambda) (NEST: exponential, beta)
  kLinear,       // 1 - D/lambda, nothing beyond lambda
};

/// The probability of a connection between two places: C times the shape, at most 1.
struct DistanceKernel {
  double C = 0;       // >= 0
  double lambda = 0;  // > 0
  KernelShape shape = KernelShape::kMaass;

  /// C times the shape, which may be more than 1, at the distance whose square is given.
  double at_squared(double squared) const;
  /// A distance from which on the probability is 0 or below e^-40.
  double reach() const;
};

}  // namespace chronotope
