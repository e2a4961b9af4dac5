// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/metric.hpp"

#include <array>
#include <utility>

#include "chronotope/core/error.hpp"

namespace chronotope::topology {

namespace {

constexpr std::array<std::pair<Metric, const char*>, 4> kNames = {{{Metric::kEuclidean, "euclidean"},
                                                                   {Metric::kCosine, "cosine"},
                                                                   {Metric::kCorrelation, "correlation"},
                                                                   {Metric::kHamming, "hamming"}}};

}  // namespace

std::string to_string(Metric metric) {
  for (const auto& [value, name] : kNames)
    if (value == metric) return name;
  return "";
}

Metric metric_of(const std::string& name) {
  std::string all;
  for (const auto& [value, known] : kNames) {
    if (name == known) return value;
    all += (all.empty() ? "" : ", ") + std::string(known);
  }
  throw InputError("metric: " + name + " is not allowed (must be one of " + all + ")");
}

}  // namespace chronotope::topology
