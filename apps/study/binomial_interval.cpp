// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/binomial_interval.hpp"

#include <boost/math/distributions/binomial.hpp>
#include <cassert>

namespace chronotope::apps {

topology::Interval binomial_interval(std::size_t hits, std::size_t trials, double level) {
  assert(hits <= trials && trials >= 1 && level > 0 && level < 1);
  using boost::math::binomial;
  const auto n = static_cast<double>(trials);
  const auto k = static_cast<double>(hits);
  const double tail = (1 - level) / 2;
  return {binomial::find_lower_bound_on_p(n, k, tail), binomial::find_upper_bound_on_p(n, k, tail)};
}

}  // namespace chronotope::apps
