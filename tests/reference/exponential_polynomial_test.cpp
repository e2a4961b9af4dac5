// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/exponential_polynomial.hpp"

#include <gtest/gtest.h>

namespace chronotope::reference {
namespace {

const Real kTiny("1e-34");

/// (e^-s - a)(e^-s - b)(e^-s - c): zeros at -log of a, b, c.
ExponentialPolynomial cubic(const Real& a, const Real& b, const Real& c) {
  ExponentialPolynomial f;
  f.add(0, -a * b * c);
  f.add(1, a * b + a * c + b * c);
  f.add(2, -(a + b + c));
  f.add(3, 1);
  return f;
}

TEST(ExponentialPolynomial, HasTheZerosOfACubicInTheExponential) {
  const auto found = zeros(cubic(Real("0.9"), Real("0.5"), Real("0.1")), 10);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_LT(abs(found[0] + log(Real("0.9"))), kTiny);
  EXPECT_LT(abs(found[1] + log(Real("0.5"))), kTiny);
  EXPECT_LT(abs(found[2] + log(Real("0.1"))), kTiny);
}

TEST(ExponentialPolynomial, SeparatesZerosThatNearlyTouch) {
  const auto found = zeros(cubic(Real("0.5"), Real("0.5") - Real("1e-12"), Real("0.1")), 10);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_LT(abs(found[0] + log(Real("0.5"))), Real("1e-30"));
  EXPECT_LT(abs(found[1] + log(Real("0.5") - Real("1e-12"))), Real("1e-30"));
}

TEST(ExponentialPolynomial, LeavesOutZerosAfterTheEnd) {
  EXPECT_EQ(zeros(cubic(Real("0.9"), Real("0.5"), Real("0.1")), 1).size(), 2u);
}

TEST(ExponentialPolynomial, FindsZerosOfPolynomialTimesExponential) {
  ExponentialPolynomial f;  // s e^-s = 1/4: two zeros, the principal and the lower branch of Lambert's W
  f.add(0, Real(-1) / 4);
  f.add(1, 0, 1);
  const auto found = zeros(f, 20);
  ASSERT_EQ(found.size(), 2u);
  for (const Real& s : found) EXPECT_LT(abs(s * exp(-s) - Real(1) / 4), kTiny);
  EXPECT_LT(found[0], 1);
  EXPECT_GT(found[1], 1);
}

TEST(ExponentialPolynomial, FindsAFarZeroOfFastExponentials) {
  ExponentialPolynomial f;  // e^-10s = 1e-40 + e^-20s, next to s = 4 log(10)
  f.add(0, -Real("1e-40"));
  f.add(10, 1);
  f.add(20, -1);
  const auto found = zeros(f, 1000);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_LT(abs(found[1] - 4 * log(Real(10))), kTiny);
}

TEST(ExponentialPolynomial, FirstReachIsTheFirstOfThreeCrossings) {
  const auto f = cubic(Real("0.5"), Real("0.3"), Real("0.1"));  // positive at 0
  ExponentialPolynomial negated;
  for (const auto& term : f.terms()) negated.add(term.rate, -term.constant);
  EXPECT_LT(abs(*first_reach(negated, 100) + log(Real("0.5"))), kTiny);
  EXPECT_FALSE(first_reach(negated, Real("0.69")));
}

TEST(ExponentialPolynomial, ApproachingZeroFromBelowForeverIsNotReachingIt) {
  ExponentialPolynomial f;
  f.add(Real("0.05"), -15);
  EXPECT_FALSE(first_reach(f, 100000));
}

TEST(ExponentialPolynomial, DerivativeIsTheLimitOfDifferences) {
  ExponentialPolynomial f;
  f.add(0, 2);
  f.add(Real("0.3"), -1, 4);
  const Real h("1e-20");
  const Real difference = (f(1 + h) - f(1 - h)) / (2 * h);
  EXPECT_LT(abs(f.derivative()(1) - difference), Real("1e-28"));
}

}  // namespace
}  // namespace chronotope::reference
