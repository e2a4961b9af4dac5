// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/propagator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/tests/reference/real.hpp"

namespace chronotope::tests {
namespace {

using models::IntegratedResponse;
using models::MembranePropagator;
using models::SynapticPropagator;
using reference::Real;

/// e^x's Taylor series from its term x^first on, divided by x^first: psi_first(x) in 50 digits.
Real exact_psi(int first, double x) {
  if (std::abs(x) > 0.01) {
    const Real X = x;
    return first == 1 ? (exp(X) - 1) / X : (exp(X) - 1 - X) / (X * X);
  }
  Real term = first == 1 ? 1 : Real(1) / 2, sum = 0;
  for (int n = first; n < 40; ++n, term *= Real(x) / n) sum += term;
  return sum;
}

void expect_relative(double value, const Real& exact, double tolerance, const std::string& what) {
  EXPECT_LE(abs(value - exact), tolerance * abs(exact) + 1e-300)
      << what << ": " << value << ", exactly " << exact;
}

TEST(Propagator, PsiHasFifteenDigitsAtEveryArgument) {
  for (const double x : {-700., -40., -3., -0.3001, -0.2999, -0.1, -1e-3, -1e-9, 0., 1e-300, 1e-9, 1e-3, 0.1,
                         0.2999, 0.3, 0.3001, 3., 40., 700.}) {
    expect_relative(models::psi1(x), exact_psi(1, x), 2e-15, "psi1 " + std::to_string(x));
    expect_relative(models::psi2(x), exact_psi(2, x), 6e-15, "psi2 " + std::to_string(x));
  }
}

/// The quotients of the definition in 50 digits.
struct Exact {
  Real a, rho, phi, Phi;
  Exact(const Real& h, const Real& tau_m, const Real& tau_s) {
    const Real d = 1 / tau_m - 1 / tau_s;
    a = exp(-h / tau_m);
    rho = exp(-h / tau_s);
    phi = (rho - a) / d;
    Phi = (tau_s * (1 - rho) - tau_m * (1 - a)) / d;
  }
};

/// The quotients have no value at equal constants: their limit is taken 1e-18 beside it, less than a
/// double tells.
Real apart(double tau_m, double tau_s) { return tau_m == tau_s ? Real(tau_s) * (1 + Real("1e-18")) : tau_s; }

/// By a time constant: a central difference with Richardson's step in 50 digits, relative error about 1e-19.
template <class Function>
Real derivative(Function f, const Real& at, double h) {
  const Real step = at * Real("1e-5") / (1 + h / at);
  const auto difference = [&](const Real& h) { return Real((f(at + h) - f(at - h)) / (2 * h)); };
  return (4 * difference(step / 2) - difference(step)) / 3;
}

struct Interval {
  double h, tau_m, tau_s;
};

std::vector<Interval> intervals() {
  std::vector<Interval> all;
  RandomStream random(7, Purpose("intervals"), 0);
  const auto log_uniform = [&](double low, double high) {
    return low * std::pow(high / low, random.uniform());
  };
  for (int i = 0; i < 300; ++i) {
    const double tau_m = log_uniform(1, 100), h = log_uniform(1e-4, 300);
    const double far = log_uniform(0.5, 100), near = tau_m * (1 + log_uniform(1e-9, 0.3));
    all.push_back({h, tau_m, i % 3 == 0 ? far : i % 3 == 1 ? near : tau_m});
  }
  all.push_back({800, 1, 100});  // e^x would overflow
  all.push_back({800, 100, 1});
  return all;
}

std::string text(const Interval& i) {
  return "h " + std::to_string(i.h) + ", tau_m " + std::to_string(i.tau_m) + ", tau_s " +
         std::to_string(i.tau_s);
}

TEST(Propagator, IsThatOfFiftyDigitsForEqualNearAndFarConstants) {
  for (const Interval& i : intervals()) {
    SCOPED_TRACE(text(i));
    const Real tau_s = apart(i.tau_m, i.tau_s);
    const Exact e(i.h, i.tau_m, tau_s);
    const auto membrane = MembranePropagator::over(i.h, i.tau_m);
    const auto p = SynapticPropagator::over(i.h, i.tau_m, i.tau_s);
    const double rounding = 1e-14 + 3e-16 * i.h / std::min(i.tau_m, i.tau_s);  // of the exponents
    expect_relative(membrane.a, e.a, rounding, "a");
    expect_relative(membrane.one_minus_a, 1 - e.a, rounding, "1 - a");
    expect_relative(p.rho, e.rho, rounding, "rho");
    expect_relative(p.phi, e.phi, rounding, "phi");
    const auto phi = [&](const Real& m, const Real& s) { return Exact(i.h, m, s).phi; };
    const double tolerance = rounding + 3e-14;
    expect_relative(p.dphi_dtau_m, derivative([&](const Real& m) { return phi(m, tau_s); }, i.tau_m, i.h),
                    tolerance, "dphi/dtau_m");
    expect_relative(p.dphi_dtau_s, derivative([&](const Real& s) { return phi(i.tau_m, s); }, tau_s, i.h),
                    tolerance, "dphi/dtau_s");
  }
}

TEST(Propagator, IntegralIsThatOfFiftyDigitsForEqualNearAndFarConstants) {
  for (const Interval& i : intervals()) {
    SCOPED_TRACE(text(i));
    const Real tau_s = apart(i.tau_m, i.tau_s);
    const auto p = IntegratedResponse::over(i.h, i.tau_m, i.tau_s);
    const auto Phi = [&](const Real& m, const Real& s) { return Exact(i.h, m, s).Phi; };
    expect_relative(p.Phi, Phi(i.tau_m, tau_s), 1e-13, "Phi");
    expect_relative(p.dPhi_dtau_m, derivative([&](const Real& m) { return Phi(m, tau_s); }, i.tau_m, i.h),
                    1e-13, "dPhi/dtau_m");
    expect_relative(p.dPhi_dtau_s, derivative([&](const Real& s) { return Phi(i.tau_m, s); }, tau_s, i.h),
                    1e-13, "dPhi/dtau_s");
  }
}

}  // namespace
}  // namespace chronotope::tests
