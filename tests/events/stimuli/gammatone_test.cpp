// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/stimuli/gammatone.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

namespace chronotope::events {
namespace {

using Complex = std::complex<double>;
constexpr double kRate = 8000;

/// The filter's pole by its definition, in the C library's arithmetic.
Complex pole(double centre) {
  const double b = 1.019 * 24.7 * (4.37 * centre / 1000 + 1);
  return std::polar(std::exp(-2 * std::numbers::pi * b / kRate), 2 * std::numbers::pi * centre / kRate);
}

/// The response of the four poles to e^(i omega n), in closed form.
Complex response(double centre, double frequency) {
  const Complex turn = std::polar(1.0, -2 * std::numbers::pi * frequency / kRate);
  return std::pow((1 - std::abs(pole(centre))) / (1.0 - pole(centre) * turn), 4);
}

TEST(Erb, HasTheBandwidthsOfGlasbergAndMoore) {
  EXPECT_NEAR(equivalent_rectangular_bandwidth(100), 35.5, 0.05);
  EXPECT_NEAR(equivalent_rectangular_bandwidth(1000), 132.6, 0.05);
  EXPECT_NEAR(equivalent_rectangular_bandwidth(4000), 456.5, 0.05);
}

TEST(Erb, SpacesFrequenciesEvenlyOnTheErbNumberScale) {
  const auto number = [](double f) { return 21.4 * std::log10(4.37 * f / 1000 + 1); };
  const auto f = erb_spaced(100, 3600, 64);
  ASSERT_EQ(f.size(), 64U);
  EXPECT_EQ(f.front(), 100);
  EXPECT_EQ(f.back(), 3600);
  const double step = (number(3600) - number(100)) / 63;
  for (std::size_t i = 1; i < f.size(); ++i) EXPECT_NEAR(number(f[i]) - number(f[i - 1]), step, 1e-12);
  EXPECT_EQ(erb_spaced(440, 880, 1), std::vector<double>{440});
}

TEST(Gammatone, ImpulseResponseIsTheClosedForm) {
  for (const double centre : {100.0, 1000.0, 3600.0}) {
    GammatoneFilter filter(centre, kRate);
    const double gain = 2 * std::pow(1 - std::abs(pole(centre)), 4);
    for (int n = 0; n < 400; ++n) {
      const double paths = (n + 1.0) * (n + 2.0) * (n + 3.0) / 6;  // C(n+3, 3)
      EXPECT_NEAR(filter(n == 0), gain * paths * std::pow(pole(centre), n).real(), 1e-14)
          << centre << " " << n;
    }
  }
}

TEST(Gammatone, ATonePassesWithTheClosedFormsGain) {
  for (const double centre : {200.0, 1000.0, 3000.0})
    for (const double frequency : {0.8 * centre, centre, 1.1 * centre}) {
      GammatoneFilter filter(centre, kRate);
      const double omega = 2 * std::numbers::pi * frequency / kRate;
      for (int n = 0; n < 2000; ++n) filter(std::cos(omega * n));
      for (int n = 2000; n < 4000; ++n) {
        const double y = filter(std::cos(omega * n));
        const Complex expected = response(centre, frequency) * std::polar(1.0, omega * n) +
                                 response(centre, -frequency) * std::polar(1.0, -omega * n);
        ASSERT_NEAR(y, expected.real(), 1e-11) << centre << " " << frequency << " " << n;
      }
    }
}

}  // namespace
}  // namespace chronotope::events
