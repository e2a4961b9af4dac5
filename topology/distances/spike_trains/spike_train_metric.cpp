// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/spike_trains/spike_train_metric.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "chronotope/core/parallel.hpp"
#include "chronotope/topology/distances/spike_trains/isi_distance.hpp"
#include "chronotope/topology/distances/spike_trains/spike_distance.hpp"
#include "chronotope/topology/distances/spike_trains/van_rossum.hpp"
#include "chronotope/topology/distances/spike_trains/victor_purpura.hpp"

namespace chronotope::topology {

namespace {

using Kind = SpikeTrainMetric::Kind;

constexpr std::array<std::pair<Kind, const char*>, 4> kNames = {{{Kind::kVanRossum, "van-rossum"},
                                                                 {Kind::kVictorPurpura, "victor-purpura"},
                                                                 {Kind::kIsi, "isi"},
                                                                 {Kind::kSpike, "spike"}}};

void check(const SpikeTrainMetric& metric) {
  if (!(metric.tau > 0) || !std::isfinite(metric.tau))
    throw InputError("tau: " + chronotope::to_string(metric.tau) +
                     " ms is not allowed (must be > 0 and finite)");
  if (!(metric.q >= 0) || !std::isfinite(metric.q))
    throw InputError("q: " + chronotope::to_string(metric.q) +
                     " per ms is not allowed (must be >= 0 and finite)");
}

/// Sum over neurons of term(train of object i, train of object j).
template <class Term>
double sum_over_neurons(const SpikeResponses& responses, std::size_t i, std::size_t j, Term term) {
  double sum = 0;
  for (std::size_t c = 0; c < responses.neurons(); ++c)
    sum += term(responses.train(i, c), responses.train(j, c));
  return sum;
}

double distance(const SpikeResponses& responses, const SpikeTrainMetric& metric, std::size_t i,
                std::size_t j) {
  const Observation seen = responses.observation();
  const auto neurons = static_cast<double>(responses.neurons());
  switch (metric.kind) {
    case Kind::kVanRossum:
      return std::sqrt(sum_over_neurons(responses, i, j, [&](SpikeTrain a, SpikeTrain b) {
        return squared_van_rossum_distance(a, b, metric.tau);
      }));
    case Kind::kVictorPurpura:
      return sum_over_neurons(responses, i, j, [&](SpikeTrain a, SpikeTrain b) {
        return victor_purpura_distance(a, b, metric.q);
      });
    case Kind::kIsi:
      return sum_over_neurons(responses, i, j,
                              [&](SpikeTrain a, SpikeTrain b) { return isi_distance(a, b, seen); }) /
             neurons;
    case Kind::kSpike:
      return sum_over_neurons(responses, i, j,
                              [&](SpikeTrain a, SpikeTrain b) { return spike_distance(a, b, seen); }) /
             neurons;
  }
  return 0;
}

/// Distances of the pairs i < j, row after row.
std::vector<double> pair_distances(const SpikeResponses& responses, const SpikeTrainMetric& metric,
                                   std::size_t threads) {
  const std::size_t n = responses.size();
  std::vector<double> pairs(n * (n - (n > 0)) / 2);
  in_parallel(n, threads, [&](std::size_t i) {
    for (std::size_t j = i + 1; j < n; ++j)
      pairs[i * (2 * n - i - 1) / 2 + j - i - 1] = distance(responses, metric, i, j);
  });
  return pairs;
}

}  // namespace

std::string to_string(Kind kind) {
  for (const auto& [value, name] : kNames)
    if (value == kind) return name;
  return "";
}

Kind spike_train_metric_of(const std::string& name) {
  std::string all;
  for (const auto& [value, known] : kNames) {
    if (name == known) return value;
    all += (all.empty() ? "" : ", ") + std::string(known);
  }
  throw InputError("metric: " + name + " is not allowed (must be one of " + all + ")");
}

DistanceMatrix distances(const SpikeResponses& responses, const SpikeTrainMetric& metric,
                         std::size_t threads) {
  check(metric);
  const std::vector<double> pairs =
      pair_distances(metric.pooled ? responses.pooled() : responses, metric, threads);
  auto next = pairs.begin();
  return DistanceMatrix::of_pairs(responses.size(), [&](std::size_t, std::size_t) { return *next++; });
}

}  // namespace chronotope::topology
