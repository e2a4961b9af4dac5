// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/log_ratio.hpp"

#include <cassert>

#include "chronotope/core/exponential.hpp"

namespace chronotope::apps {

namespace {

double mean_logarithm(std::span<const double> values) {
  assert(!values.empty());
  double sum = 0;
  for (const double x : values) sum += chronotope::log(x);
  return sum / static_cast<double>(values.size());
}

double log_ratio_of(const SeedTable& table, std::size_t hom) {
  std::vector<double> to_hom;
  std::vector<double> among_others;
  for (std::size_t i = 0; i < table.networks(); ++i)
    for (std::size_t j = i + 1; j < table.networks(); ++j)
      (i == hom || j == hom ? to_hom : among_others).push_back(table.pair(i, j).rtd);
  return log_ratio(to_hom, among_others);
}

}  // namespace

double log_ratio(std::span<const double> a, std::span<const double> b) {
  return mean_logarithm(a) - mean_logarithm(b);
}

std::vector<double> log_ratios(const SeedTable& table) {
  assert(table.unusable().empty());
  std::vector<double> ratios;
  for (std::size_t hom = 0; hom < table.networks(); ++hom) ratios.push_back(log_ratio_of(table, hom));
  return ratios;
}

}  // namespace chronotope::apps
