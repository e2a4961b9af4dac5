// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/exponential_polynomial.hpp"

#include <algorithm>
#include <cmath>

namespace chronotope::reference {
namespace {

const Real kBracketWidth("1e-35");

struct Bracket {
  Real low;
  Real high;
};

/// The zero of f in the bracket to some 18 digits, in long double: only a starting point, never a decision.
/// Rates count from the slowest, so that at least one exponential does not vanish.
Real rough_zero(const ExponentialPolynomial& f, const Bracket& bracket) {
  Real slowest = f.terms().front().rate;
  for (const auto& term : f.terms()) slowest = std::min(slowest, term.rate);
  const auto value = [&](long double s) {
    long double sum = 0;
    for (const auto& term : f.terms()) {
      const Real rate = term.rate - slowest;
      sum += static_cast<long double>(term.factor(Real(s))) * std::exp(-static_cast<long double>(rate) * s);
    }
    return sum;
  };
  auto low = static_cast<long double>(bracket.low);
  auto high = static_cast<long double>(bracket.high);
  const bool rising = value(high) > value(low);
  for (int i = 0; i < 80; ++i) {
    const long double middle = low + (high - low) / 2;
    ((value(middle) > 0) == rising ? high : low) = middle;
  }
  return Real(low);
}

/// A few Newton steps from x, kept inside the bracket.
Real polish(const ExponentialPolynomial& f, const Bracket& bracket, Real x) {
  const ExponentialPolynomial slope = f.derivative();
  for (int i = 0; i < 8; ++i) {
    x = std::clamp(x, bracket.low, bracket.high);
    const Real denominator = slope(x);
    if (denominator == 0) break;
    const Real step = f(x) / denominator;
    x -= step;
    if (abs(step) < kBracketWidth / 1000) break;
  }
  return std::clamp(x, bracket.low, bracket.high);
}

Real bisect(const ExponentialPolynomial& f, Bracket bracket, bool rising) {
  while (bracket.high - bracket.low > kBracketWidth) {
    const Real middle = bracket.low + (bracket.high - bracket.low) / 2;
    if (middle == bracket.low || middle == bracket.high) break;
    ((f(middle) >= 0) == rising ? bracket.high : bracket.low) = middle;
  }
  return bracket.high;
}

/// The only zero of f in a bracket whose ends differ in sign. The fast guess counts only when f changes its
/// sign within kBracketWidth of it; otherwise plain bisection decides.
Real only_zero(const ExponentialPolynomial& f, const Bracket& bracket, bool rising) {
  const Real guess = polish(f, bracket, rough_zero(f, bracket));
  const Real left = guess - kBracketWidth / 2;
  const Real right = guess + kBracketWidth / 2;
  const bool left_agrees = left <= bracket.low || (f(left) < 0) == rising;
  const bool right_agrees = right >= bracket.high || (f(right) >= 0) == rising;
  return left_agrees && right_agrees ? guess : bisect(f, bracket, rising);
}

/// 0, the points between which exp(rate s) f(s) is monotone, end.
std::vector<Real> breakpoints(const ExponentialPolynomial& f, const Real& end) {
  std::vector<Real> points = zeros(f.shifted_derivative(f.terms().front().rate), end);
  points.insert(points.begin(), Real(0));
  points.push_back(end);
  return points;
}

bool has_no_zero(const ExponentialPolynomial& f) {
  return f.terms().empty() ||
         (f.terms().size() == 1 && f.terms().front().linear == 0 && f.terms().front().quadratic == 0);
}

}  // namespace

void ExponentialPolynomial::add(const Real& rate, const Real& constant, const Real& linear,
                                const Real& quadratic) {
  auto term = std::find_if(terms_.begin(), terms_.end(), [&](const Term& t) { return t.rate == rate; });
  if (term == terms_.end()) term = terms_.insert(terms_.end(), Term{rate, 0, 0, 0});
  term->constant += constant;
  term->linear += linear;
  term->quadratic += quadratic;
  if (term->is_empty()) terms_.erase(term);
}

Real ExponentialPolynomial::operator()(const Real& s) const {
  Real sum = 0;
  for (const Term& term : terms_)
    sum += term.rate == 0 || s == 0 ? term.factor(s) : term.factor(s) * exp(-term.rate * s);
  return sum;
}

ExponentialPolynomial ExponentialPolynomial::shifted_derivative(const Real& rate) const {
  ExponentialPolynomial result;
  for (const Term& term : terms_) {
    const Real gap = rate - term.rate;
    result.add(term.rate, term.linear + gap * term.constant, 2 * term.quadratic + gap * term.linear,
               gap * term.quadratic);
  }
  return result;
}

std::vector<Real> zeros(const ExponentialPolynomial& f, const Real& end) {
  if (has_no_zero(f)) return {};
  const std::vector<Real> points = breakpoints(f, end);
  std::vector<Real> found;
  bool positive = f(points.front()) >= 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const bool was_positive = std::exchange(positive, f(points[i]) >= 0);
    if (positive != was_positive) found.push_back(only_zero(f, {points[i - 1], points[i]}, positive));
  }
  return found;
}

std::optional<Real> first_reach(const ExponentialPolynomial& f, const Real& end) {
  if (has_no_zero(f)) return std::nullopt;
  const std::vector<Real> points = breakpoints(f, end);
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (f(points[i]) < 0) continue;
    const Real zero = only_zero(f, {points[i - 1], points[i]}, true);
    return zero < end ? std::optional(zero) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace chronotope::reference
