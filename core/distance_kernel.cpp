// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/distance_kernel.hpp"

#include <algorithm>
#include <cmath>

#include "chronotope/core/exponential.hpp"

namespace chronotope {

double DistanceKernel::at_squared(double squared) const {
  switch (shape) {
    case KernelShape::kGaussian:
      return C * exp(-squared / (2 * lambda * lambda));
    case KernelShape::kExponential:
      return C * exp(-std::sqrt(squared) / lambda);
    case KernelShape::kLinear:
      return C * std::max(0.0, 1 - std::sqrt(squared) / lambda);
    case KernelShape::kMaass:
      break;
  }
  return C * exp(-squared / (lambda * lambda));
}

double DistanceKernel::reach() const {
  const double decays = 40 + std::max(0.0, std::log(C));
  switch (shape) {
    case KernelShape::kGaussian:
      return lambda * std::sqrt(2 * decays);
    case KernelShape::kExponential:
      return lambda * decays;
    case KernelShape::kLinear:
      return lambda;
    case KernelShape::kMaass:
      break;
  }
  return lambda * std::sqrt(decays);
}

}  // namespace chronotope
