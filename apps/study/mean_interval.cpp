// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/mean_interval.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>

namespace chronotope::apps {

namespace {

constexpr std::size_t kFewest = 3;  // values that have an interval

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double x : values) sum += x;
  return sum / static_cast<double>(values.size());
}

double deviation(std::span<const double> values, double mean) {
  double squares = 0;
  for (const double x : values) squares += (x - mean) * (x - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

}  // namespace

MeanInterval mean_interval(std::span<const double> values, double level) {
  assert(!values.empty() && level > 0 && level < 1);
  MeanInterval result;
  result.count = values.size();
  result.mean = mean_of(values);
  if (values.size() < 2) return result;
  result.sd = deviation(values, result.mean);
  if (values.size() < kFewest) return result;
  const auto n = static_cast<double>(values.size());
  const double t = quantile(boost::math::students_t(n - 1), (1 + level) / 2);
  const double half = t * *result.sd / std::sqrt(n);
  result.interval = {result.mean - half, result.mean + half};
  return result;
}

}  // namespace chronotope::apps
