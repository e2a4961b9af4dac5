// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/grid_rows.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

namespace chronotope::models {
namespace {

constexpr double kDense = 0.25;  // share of connected pairs from where full rows are faster

std::uint32_t steps(double delay, Duration dt, std::uint32_t least) {
  const std::int64_t nearest = floor_ratio(2 * Duration::nearest(delay) + dt, 2 * dt);
  return std::max(least, static_cast<std::uint32_t>(nearest));
}

/// The synapses of each kind of rows, in order of the source and then of the synapse.
using Kind = std::tuple<bool, std::uint32_t, std::uint32_t>;  // from channels, receptor, delay
std::map<Kind, std::vector<std::uint32_t>> sorted_synapses(const TrainedNetwork& network, Duration dt) {
  std::map<Kind, std::vector<std::uint32_t>> kinds;
  for (std::uint32_t k = 0; k < network.source.size(); ++k) {
    const bool channel = network.from_channel(k);
    const std::uint32_t delay = steps(network.parameters.delay[k], dt, channel ? 0 : 1);
    kinds[{channel, network.receptor[k], delay}].push_back(k);
  }
  for (auto& [kind, synapses] : kinds)
    std::stable_sort(synapses.begin(), synapses.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::tie(network.source[a], network.target[a]) < std::tie(network.source[b], network.target[b]);
    });
  return kinds;
}

template <class Real>
void place_dense(GridRows<Real>& rows, const TrainedNetwork& network, std::uint32_t first) {
  rows.width = (network.neurons + kNeuronPad - 1) / kNeuronPad * kNeuronPad;
  rows.weight.assign(rows.sources * rows.width, 0);
  for (const std::uint32_t k : rows.synapse)
    rows.place.push_back(
        static_cast<std::uint32_t>((network.source[k] - first) * rows.width + network.target[k]));
}

template <class Real>
void place_sparse(GridRows<Real>& rows, const TrainedNetwork& network, std::uint32_t first) {
  rows.weight.assign(rows.synapse.size(), 0);
  rows.place.resize(rows.synapse.size());
  std::iota(rows.place.begin(), rows.place.end(), 0U);
  rows.begin.assign(rows.sources + 1, 0);
  for (const std::uint32_t k : rows.synapse) {
    rows.target.push_back(network.target[k]);
    ++rows.begin[network.source[k] - first + 1];
  }
  std::partial_sum(rows.begin.begin(), rows.begin.end(), rows.begin.begin());
}

}  // namespace

template <class Real>
void GridRows<Real>::refresh(const std::vector<double>& weights, std::size_t panel, std::size_t neurons) {
  std::fill(weight.begin(), weight.end(), Real{0});
  for (std::size_t k = 0; k < synapse.size(); ++k) weight[place[k]] += static_cast<Real>(weights[synapse[k]]);
  if (!dense || from_channels) return;
  panels.resize((sources + panel - 1) / panel * panel * neurons);
  for (std::size_t i = 0; i < sources; ++i)
    for (std::size_t j = 0; j < neurons; ++j)
      panels[(i / panel * neurons + j) * panel + i % panel] = weight[i * width + j];
}

template <class Real>
std::vector<GridRows<Real>> make_grid_rows(const TrainedNetwork& network, Duration dt) {
  std::vector<GridRows<Real>> all;
  for (auto& [kind, synapses] : sorted_synapses(network, dt)) {
    GridRows<Real>& rows = all.emplace_back();
    std::tie(rows.from_channels, rows.receptor, rows.delay) = kind;
    rows.synapse = std::move(synapses);
    const std::uint32_t first = network.source[rows.synapse.front()];
    rows.sources = network.source[rows.synapse.back()] - first + 1;
    rows.first_source = rows.from_channels ? first - network.neurons : first;
    const double pairs = static_cast<double>(rows.sources) * network.neurons;
    rows.dense = static_cast<double>(rows.synapse.size()) > kDense * pairs;
    rows.dense ? place_dense(rows, network, first) : place_sparse(rows, network, first);
  }
  return all;
}

template struct GridRows<float>;
template struct GridRows<double>;
template std::vector<GridRows<float>> make_grid_rows(const TrainedNetwork&, Duration);
template std::vector<GridRows<double>> make_grid_rows(const TrainedNetwork&, Duration);

}  // namespace chronotope::models
