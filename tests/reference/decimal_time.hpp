// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include "chronotope/tests/reference/real.hpp"

namespace chronotope::reference {

/// A time or a length of time [ms], exact: times are added and compared, never rounded, but where a stated or
/// a computed one is put on its tick.
using Rational = boost::multiprecision::cpp_rational;

/// The resolution of time: 1e-12 ms.
const Rational& tick();

/// The number that was meant by a double: the shortest decimal that reads back as it. 0.1 is 1/10.
/// Requires: finite.
Rational decimal(double number);

/// The nearest whole number of ticks, of two equally near ones the even one.
Rational nearest_tick(const Rational& ms);
Rational nearest_tick(const Real& ms);

/// A time that somebody states [ms]: the decimal that was meant, on its nearest tick.
inline Rational stated_time(double ms) { return nearest_tick(decimal(ms)); }

/// The greatest whole number that is not above x.
boost::multiprecision::cpp_int whole_part(const Rational& x);

/// The same time in 50 digits, for the equations of a state.
inline Real to_real(const Rational& ms) { return static_cast<Real>(ms); }

/// The nearest double.
inline double to_double(const Rational& ms) { return static_cast<double>(ms); }

}  // namespace chronotope::reference
