// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "chronotope/tests/reference/real.hpp"

namespace chronotope::reference {

/// f(s) = sum over k of (constant_k + linear_k s + quadratic_k s^2) exp(-rate_k s), rates distinct.
class ExponentialPolynomial {
 public:
  struct Term {
    Real rate;
    Real constant;
    Real linear;
    Real quadratic;

    Real factor(const Real& s) const { return constant + (linear + quadratic * s) * s; }
    bool is_empty() const { return constant == 0 && linear == 0 && quadratic == 0; }
  };

  /// Adds (constant + linear s + quadratic s^2) exp(-rate s); terms of exactly equal rate are merged, empty
  /// ones dropped.
  void add(const Real& rate, const Real& constant, const Real& linear = 0, const Real& quadratic = 0);

  Real operator()(const Real& s) const;
  ExponentialPolynomial derivative() const { return shifted_derivative(0); }

  /// f' + rate f, that is exp(-rate s) times the derivative of exp(rate s) f: the term of this rate loses a
  /// degree.
  ExponentialPolynomial shifted_derivative(const Real& rate) const;

  const std::vector<Term>& terms() const { return terms_; }

 private:
  std::vector<Term> terms_;
};

/// Where f changes sign in (0, end), ascending; none can be missed.
///
/// Rolle's recursion: g = shifted_derivative(rate of f's first term) has one term (or one degree) fewer than
/// f, and between two neighbouring zeros of g the function exp(rate s) f(s) is monotone. So f has at most one
/// zero there, exactly when its signs at the two ends differ. The recursion ends at a single exponential,
/// which has no zero. A sign that rounding got wrong (|f| < 1e-48 of its terms) adds a breakpoint, or drops
/// one beside an existing one. Each zero is bracketed to 1e-35 by a sign change evaluated in 50 digits.
std::vector<Real> zeros(const ExponentialPolynomial& f, const Real& end);

/// The first s in (0, end) with f(s) >= 0, if any. Requires f(0) < 0.
std::optional<Real> first_reach(const ExponentialPolynomial& f, const Real& end);

}  // namespace chronotope::reference
