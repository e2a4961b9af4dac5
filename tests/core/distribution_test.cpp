// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/distribution.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/uniform.hpp>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "chronotope/core/error.hpp"

namespace chronotope {
namespace {

std::vector<double> samples(const ParameterDistribution& distribution, std::size_t count) {
  std::vector<double> drawn;
  for (std::size_t i = 0; i < count; ++i) {
    RandomStream stream(7, Purpose("test"), i);
    drawn.push_back(distribution.sample(stream, i));
  }
  std::sort(drawn.begin(), drawn.end());
  return drawn;
}

/// The largest distance between the empirical and the given distribution function, in units of 1/sqrt(n).
template <class Law>
double kolmogorov_smirnov(const std::vector<double>& sorted, const Law& law) {
  const auto n = static_cast<double>(sorted.size());
  double worst = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double F = cdf(law, sorted[i]);
    worst = std::max({worst, F - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - F});
  }
  return worst * std::sqrt(n);
}

constexpr double kOnePerMille = 1.949;  // the 0.999 quantile of Kolmogorov's distribution
constexpr std::size_t kMany = 20000;

TEST(Distribution, UniformFollowsItsLaw) {
  const boost::math::uniform law(1.0, 5.0);
  EXPECT_LT(kolmogorov_smirnov(samples({Uniform{1, 5}}, kMany), law), kOnePerMille);
}

TEST(Distribution, NormalFollowsItsLaw) {
  const boost::math::normal law(-55.0, 3.0);
  EXPECT_LT(kolmogorov_smirnov(samples({Normal{-55, 3}}, kMany), law), kOnePerMille);
}

TEST(Distribution, GammaIsGivenByMeanAndCv) {
  for (const double cv : {0.2, 0.577350269189626, 1.5}) {
    const boost::math::gamma_distribution law(1 / (cv * cv), 20 * cv * cv);
    EXPECT_LT(kolmogorov_smirnov(samples({Gamma{20, cv}}, kMany), law), kOnePerMille) << cv;
  }
}

TEST(Distribution, LognormalIsGivenByMeanAndCv) {
  const double variance = std::log(1 + 0.25);
  const boost::math::lognormal law(std::log(20.0) - variance / 2, std::sqrt(variance));
  EXPECT_LT(kolmogorov_smirnov(samples({Lognormal{20, 0.5}}, kMany), law), kOnePerMille);
}

TEST(Distribution, BoundsRedrawInsteadOfClipping) {
  const auto drawn = samples(ParameterDistribution(Normal{0, 1}, -1, 0.5), kMany);
  EXPECT_GT(drawn.front(), -1);
  EXPECT_LT(drawn.back(), 0.5);
  EXPECT_EQ(std::adjacent_find(drawn.begin(), drawn.end()), drawn.end());  // no atom anywhere
  const boost::math::normal whole;
  const double mean = (pdf(whole, -1) - pdf(whole, 0.5)) / (cdf(whole, 0.5) - cdf(whole, -1));
  double sum = 0;
  for (const double v : drawn) sum += v;
  EXPECT_NEAR(sum / kMany, mean, 4 * 0.42 / std::sqrt(kMany));
}

TEST(Distribution, WithoutSpreadItIsExactlyItsMean) {
  for (const ParameterDistribution& d :
       {ParameterDistribution(Gamma{0.1, 0}), ParameterDistribution(Lognormal{0.1, 0}),
        ParameterDistribution(Normal{0.1, 0}), ParameterDistribution(Uniform{0.1, 0.1}),
        ParameterDistribution(Gamma{0.1, 3}).without_spread()}) {
    EXPECT_EQ(d.constant(), 0.1);
    EXPECT_EQ(samples(d, 1)[0], 0.1);
  }
}

TEST(Distribution, ExplicitValuesGoToTheirEntities) {
  RandomStream stream(1, Purpose("x"), 0);
  EXPECT_EQ(ParameterDistribution(Values{{3, 1, 2}}).sample(stream, 2), 2);
}

TEST(Distribution, BoundsThatCannotBeMetAreAnError) {
  RandomStream stream(1, Purpose("x"), 0);
  EXPECT_THROW(ParameterDistribution(Uniform{0, 1}, 2, 3).sample(stream, 0), InputError);
  EXPECT_THROW(ParameterDistribution(Constant{70}, 0, 60).sample(stream, 0), InputError);
}

/// What a command prints.
std::string output_of(const std::string& command) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  std::string output;
  for (int c = 0; pipe && (c = std::fgetc(pipe.get())) != EOF;) output += static_cast<char>(c);
  return output;
}

TEST(Distribution, BitsOfDrawsDoNotDependOnTheCLibrarysVariants) {
  const std::string bits = output_of("'" DRAWN_BITS "'");
  EXPECT_EQ(std::count(bits.begin(), bits.end(), '\n'), 7);
  // glibc then takes its functions without fused multiply-adds.
  EXPECT_EQ(output_of("GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-AVX2 '" DRAWN_BITS "'"), bits);
}

TEST(Distribution, AnEntitysDrawDependsOnNothingElse) {
  const ParameterDistribution gamma(Gamma{20, 0.5});
  RandomStream first(1, Purpose("E.tau_m"), 41);
  RandomStream again(1, Purpose("E.tau_m"), 41);
  RandomStream other(1, Purpose("E.V_th"), 41);
  const double value = gamma.sample(first, 41);
  EXPECT_EQ(value, gamma.sample(again, 41));
  EXPECT_NE(value, gamma.sample(other, 41));
}

}  // namespace
}  // namespace chronotope
