// SPDX-License-Identifier: Apache-2.0
// Against the incomplete gamma function in 50 digits.
#include "chronotope/events/slots/count_table.hpp"

#include <gtest/gtest.h>

#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

namespace chronotope::events {
namespace {

using Exact = boost::multiprecision::cpp_bin_float_50;

TEST(CountTable, HoldsTheDistributionToTwoToTheMinus64) {
  for (const double mean : {0.1, 0.125, 3.0, 7.5, 12.0, 13.0}) {
    const CountTable table(mean);
    const auto& last = table.last_words();
    ASSERT_EQ(last.back(), ~std::uint64_t{0});
    for (std::size_t n = 0; n + 1 < last.size(); ++n) {
      const Exact words = ldexp(boost::math::gamma_q(Exact(n + 1), Exact(mean)), 64);
      const Exact difference = words - Exact(last[n]) - 1;
      EXPECT_TRUE(difference >= 0 && difference < 1) << mean << " " << n << " " << difference;
    }
  }
}

TEST(CountTable, FindsEveryCountAtItsBorders) {
  for (const double mean : {0.1, 3.0, 12.0}) {
    const CountTable table(mean);
    const auto& last = table.last_words();
    for (std::size_t n = 0; n < last.size(); ++n) {
      if (n > 0 && last[n] == last[n - 1]) continue;
      EXPECT_EQ(table.count(last[n]), n);
      EXPECT_EQ(table.count(n == 0 ? 0 : last[n - 1] + 1), n);
    }
  }
}

}  // namespace
}  // namespace chronotope::events
