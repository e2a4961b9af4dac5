// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/deciding_seeds.hpp"

#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>

namespace chronotope::apps {

namespace {

constexpr std::size_t kMost = 100'000;
constexpr double kLargeOffset = 30;  // beyond any quantile asked for, where Boost's series grow long

/// P(T > t), T noncentral.
double exceeds(double degrees, double offset, double t) {
  if (offset > kLargeOffset) return 1;
  if (offset < -kLargeOffset) return 0;
  return cdf(complement(boost::math::non_central_t(degrees, offset), t));
}

class Power {
 public:
  Power(double mean, double sd, std::size_t seeds, const PowerDemand& demand)
      : mean_(mean),
        per_deviation_(std::sqrt(static_cast<double>(seeds)) / sd),
        degrees_(static_cast<double>(seeds - 1)),
        demand_(demand) {}

  double distinct() const { return exceeds(degrees_, mean_ * per_deviation_, t(1 - demand_.level)); }
  double same() const {
    const double bound = t((1 + demand_.inside) / 2);
    return exceeds(degrees_, (mean_ - demand_.margin.low) * per_deviation_, bound) +
           exceeds(degrees_, (demand_.margin.high - mean_) * per_deviation_, bound) - 1;
  }
  bool decides() const { return distinct() >= demand_.power || same() >= demand_.power; }

 private:
  double t(double probability) const { return quantile(boost::math::students_t(degrees_), probability); }

  double mean_;
  double per_deviation_;
  double degrees_;
  const PowerDemand& demand_;
};

}  // namespace

std::optional<std::size_t> deciding_seeds(double mean, double sd, const PowerDemand& demand) {
  assert(sd >= 0 && demand.fewest >= 3);
  const auto decides = [&](std::size_t seeds) {
    if (sd > 0) return Power(mean, sd, seeds, demand).decides();
    return mean > 0 || (mean > demand.margin.low && mean < demand.margin.high);
  };
  std::size_t enough = demand.fewest;
  while (!decides(enough))
    if ((enough *= 2) > kMost) return std::nullopt;
  std::size_t too_few = enough / 2;  // power grows with the seeds
  if (enough == demand.fewest) return enough;
  while (enough - too_few > 1) {
    const std::size_t middle = (enough + too_few) / 2;
    (decides(middle) ? enough : too_few) = middle;
  }
  return enough;
}

}  // namespace chronotope::apps
