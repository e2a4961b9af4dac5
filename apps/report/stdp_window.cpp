// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/report/stdp_window.hpp"

#include <algorithm>
#include <cmath>

#include "chronotope/apps/runs/heterogeneity.hpp"
#include "chronotope/core/exponential.hpp"

namespace chronotope::apps {
namespace {

constexpr double kReach = 100;  // [ms]
constexpr int kPoints = 50;     // on either side

/// A constant so many standard deviations from its mean.
double constant(bool given, const Distribution& distribution, double fallback, double deviations) {
  if (!given) return fallback;
  const double mean = mean_of(distribution);
  return std::max(0.0, mean + deviations * cv_of(distribution) * std::abs(mean));
}

double decayed(double amplitude, double dt, double tau) {
  return tau > 0 ? amplitude * chronotope::exp(-dt / tau) : 0;
}

std::vector<PlotPoint> curve(const PairStdp& rule, double deviations) {
  const double A_plus = constant(rule.has_a_plus(), rule.a_plus(), 0.01, deviations);
  const double A_minus = constant(rule.has_a_minus(), rule.a_minus(), 0.0105, deviations);
  const double tau_plus = constant(rule.has_tau_plus(), rule.tau_plus(), 20, deviations);
  const double tau_minus = constant(rule.has_tau_minus(), rule.tau_minus(), 20, deviations);
  std::vector<PlotPoint> points;
  for (int k = -kPoints; k <= 0; ++k)
    points.push_back({kReach * k / kPoints, -decayed(A_minus, -kReach * k / kPoints, tau_minus)});
  for (int k = 0; k <= kPoints; ++k)
    points.push_back({kReach * k / kPoints, decayed(A_plus, kReach * k / kPoints, tau_plus)});
  return points;
}

}  // namespace

std::optional<StdpWindow> stdp_window(const Projection& projection) {
  if (!projection.has_pair_stdp()) return {};
  const PairStdp& rule = projection.pair_stdp();
  StdpWindow window{curve(rule, 0), {}, {}};
  const auto spread = [](bool given, const Distribution& d) { return given && cv_of(d) > 0; };
  if (spread(rule.has_a_plus(), rule.a_plus()) || spread(rule.has_a_minus(), rule.a_minus()) ||
      spread(rule.has_tau_plus(), rule.tau_plus()) || spread(rule.has_tau_minus(), rule.tau_minus())) {
    window.less = curve(rule, -1);
    window.more = curve(rule, 1);
  }
  return window;
}

}  // namespace chronotope::apps
