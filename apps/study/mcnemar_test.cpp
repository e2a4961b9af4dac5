// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/mcnemar_test.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>

namespace chronotope::apps {

double mcnemar_test(std::size_t only_first, std::size_t only_second) {
  const auto all = static_cast<double>(only_first + only_second);
  const auto fewer = static_cast<double>(std::min(only_first, only_second));
  return std::min(1.0, 2 * cdf(boost::math::binomial(all, 0.5), fewer));
}

}  // namespace chronotope::apps
