// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sleef.h>

namespace chronotope {

// Functions whose bits are promised, as those of exponential.hpp are: SLEEF's deterministic implementations.

/// 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x, to 1 ulp.
inline double erf(double x) { return Sleef_cinz_erfd1_u10purec(x); }
/// 1 - erf(x), to 1.5 ulp where it is small, too.
inline double erfc(double x) { return Sleef_cinz_erfcd1_u15purec(x); }
/// The angle in [-pi/2, pi/2] whose sine is x, to 1 ulp.
inline double asin(double x) { return Sleef_cinz_asind1_u10purec(x); }

}  // namespace chronotope
