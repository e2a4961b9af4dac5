// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/stimuli/gammatone.hpp"

#include <cmath>
#include <numbers>

#include "chronotope/core/exponential.hpp"

namespace chronotope::events {
namespace {

constexpr double kErbAtZero = 24.7;    // [Hz]
constexpr double kErbSlope = 0.00437;  // [1/Hz]
constexpr double kBandwidthPerErb =
    1.019;  // a fourth-order gammatone of this b has the rectangular bandwidth ERB
constexpr double kInaudible = 1e-100;

double without_subnormals(double x) { return std::abs(x) < kInaudible ? 0 : x; }

}  // namespace

double equivalent_rectangular_bandwidth(double frequency) { return kErbAtZero * (kErbSlope * frequency + 1); }

std::vector<double> erb_spaced(double low, double high, unsigned count) {
  const double first = log1p(kErbSlope * low);
  const double last = log1p(kErbSlope * high);
  std::vector<double> frequencies{low};
  for (unsigned i = 1; i + 1 < count; ++i)
    frequencies.push_back(expm1(first + (last - first) * i / (count - 1)) / kErbSlope);
  if (count > 1) frequencies.push_back(high);
  return frequencies;
}

GammatoneFilter::GammatoneFilter(double centre, double sample_rate) {
  const double bandwidth = kBandwidthPerErb * equivalent_rectangular_bandwidth(centre);
  const double radius = exp(-2 * std::numbers::pi * bandwidth / sample_rate);
  const double angle = 2 * std::numbers::pi * centre / sample_rate;
  pole_ = {radius * cos(angle), radius * sin(angle)};
  const double loss = 1 - radius;
  gain_ = 2 * loss * loss * loss * loss;
}

double GammatoneFilter::operator()(double sample) {
  Complex input{sample, 0};
  for (Complex& z : stages_) {
    const Complex turned{pole_.re * z.re - pole_.im * z.im, pole_.re * z.im + pole_.im * z.re};
    z = {without_subnormals(input.re + turned.re), without_subnormals(input.im + turned.im)};
    input = z;
  }
  return gain_ * input.re;
}

}  // namespace chronotope::events
