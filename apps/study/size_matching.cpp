// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/size_matching.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

#include "chronotope/core/random_stream.hpp"

namespace chronotope::apps {

namespace {

/// `size` of 0 .. n-1, ascending.
std::vector<std::size_t> sample(std::size_t n, std::size_t size, RandomStream draws) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = 0; i < size; ++i) std::swap(order[i], order[i + draws.below(n - i)]);
  order.resize(size);
  std::sort(order.begin(), order.end());
  return order;
}

template <class T>
std::vector<T> chosen(const std::vector<T>& all, const std::vector<std::size_t>& which) {
  std::vector<T> some;
  for (const std::size_t i : which) some.push_back(all[i]);
  return some;
}

/// The columns of the neurons `which`, each of which has `width` of them.
topology::PointCloud chosen_columns(const topology::PointCloud& cloud, const std::vector<std::size_t>& which,
                                    std::size_t width) {
  std::vector<double> values;
  values.reserve(cloud.size() * which.size() * width);
  for (std::size_t row = 0; row < cloud.size(); ++row)
    for (const std::size_t i : which) {
      const auto columns = cloud.row(row).subspan(i * width, width);
      values.insert(values.end(), columns.begin(), columns.end());
    }
  return {cloud.size(), which.size() * width, std::move(values)};
}

}  // namespace

topology::Activations size_matched(const topology::Activations& layer, std::size_t size, std::uint64_t seed,
                                   std::uint64_t draw) {
  const std::size_t neurons = layer.neurons.size();
  assert(size <= neurons);
  const auto which = sample(neurons, size, {seed, Purpose("study.size_matching"), draw, layer.layer});
  topology::Activations some;
  some.layer = layer.layer;
  some.code = layer.code;
  some.stimuli = layer.stimuli;
  some.neurons = chosen(layer.neurons, which);
  const std::size_t width = neurons == 0 ? 0 : layer.values.dimension() / neurons;
  some.values = chosen_columns(layer.values, which, width);
  for (const topology::TrainRow& row : layer.trains) some.trains.push_back(chosen(row, which));
  return some;
}

}  // namespace chronotope::apps
