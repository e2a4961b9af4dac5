// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/bench/topology/families.hpp"

#include <cmath>
#include <numbers>
#include <utility>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"

namespace chronotope::bench {

namespace {

topology::PointCloud noisy_copy(const topology::PointCloud& cloud, double sd,
                                topology::RandomDissimilarities& random) {
  std::vector<double> values;
  for (std::size_t i = 0; i < cloud.size(); ++i)
    for (const double x : cloud.row(i)) values.push_back(x + sd * random.normal());
  return {cloud.size(), cloud.dimension(), std::move(values)};
}

topology::PointCloud moved_to_centres(const topology::PointCloud& cloud, std::size_t k) {
  std::vector<double> values;
  for (std::size_t i = 0; i < cloud.size(); ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i / 5 % k) / static_cast<double>(k);
    values.push_back(cloud(i, 0) + 10 * std::cos(angle));
    values.push_back(cloud(i, 1) + 10 * std::sin(angle));
  }
  return {cloud.size(), 2, std::move(values)};
}

double poisson(double mean, topology::RandomDissimilarities& random) {
  const double bound = std::exp(-mean);
  double count = 0;
  for (double product = random.uniform(); product > bound; product *= random.uniform()) ++count;
  return count;
}

topology::PointCloud counts(std::size_t n, const std::vector<double>& means,
                            topology::RandomDissimilarities& random) {
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i)
    for (const double mean : means) values.push_back(poisson(mean, random));
  return {n, means.size(), std::move(values)};
}

std::vector<double> exponential_means(std::size_t neurons, double mean,
                                      topology::RandomDissimilarities& random) {
  std::vector<double> means(neurons);
  for (double& m : means) m = -mean * std::log(1 - random.uniform());
  return means;
}

std::pair<topology::PointCloud, topology::PointCloud> make_clouds(const std::string& family, std::size_t n) {
  topology::RandomDissimilarities random(1);
  const auto uniform = [&] { return random.uniform(); };
  const auto normal = [&] { return random.normal(); };
  if (family == "uniform") {
    topology::PointCloud a = random.cloud(n, 2, uniform);
    return {std::move(a), random.cloud(n, 2, uniform)};
  }
  if (family == "gaussian" || family == "noisy") {
    topology::PointCloud a = random.cloud(n, 50, normal);
    topology::PointCloud b = family == "noisy" ? noisy_copy(a, 0.5, random) : random.cloud(n, 50, normal);
    return {std::move(a), std::move(b)};
  }
  if (family == "clusters") {
    topology::PointCloud a = random.cloud(n, 2, normal);
    topology::PointCloud b = moved_to_centres(a, 12);
    return {std::move(a), std::move(b)};
  }
  if (family == "counts") {
    topology::PointCloud a = counts(n, exponential_means(40, 0.2, random), random);
    return {std::move(a), counts(n, exponential_means(60, 0.2, random), random)};
  }
  if (family == "silent") {
    topology::PointCloud a = counts(n, std::vector<double>(30, 0.03), random);
    return {std::move(a), counts(n, std::vector<double>(30, 0.05), random)};
  }
  throw InputError("family: " + family + " is not known");
}

}  // namespace

const std::vector<std::string>& families() {
  static const std::vector<std::string> names = {"uniform",  "gaussian", "noisy",
                                                 "clusters", "counts",   "silent"};
  return names;
}

Pair make_pair(const std::string& family, std::size_t n) {
  const auto [a, b] = make_clouds(family, n);
  return {topology::normalised(topology::euclidean_distances(a), topology::Normalisation::kQuantile),
          topology::normalised(topology::euclidean_distances(b), topology::Normalisation::kQuantile)};
}

topology::PointCloud gaussian_cloud(std::size_t n, std::size_t d, std::uint32_t seed) {
  topology::RandomDissimilarities random(seed);
  return random.cloud(n, d, [&] { return random.normal(); });
}

topology::PointCloud uniform_cloud(std::size_t n, std::size_t d, std::uint32_t seed) {
  topology::RandomDissimilarities random(seed);
  return random.cloud(n, d, [&] { return random.uniform(); });
}

topology::PointCloud sphere_cloud(std::size_t n, std::uint32_t seed) {
  const topology::PointCloud points = gaussian_cloud(n, 3, seed);
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i)
    for (const double x : points.row(i))
      values.push_back(x / std::hypot(points(i, 0), points(i, 1), points(i, 2)));
  return {n, 3, std::move(values)};
}

topology::PointCloud loop_cloud(std::size_t n, std::size_t d, std::uint32_t seed) {
  topology::RandomDissimilarities random(seed);
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) {
    const double angle = 2 * std::numbers::pi * random.uniform();
    for (std::size_t c = 0; c < d; ++c)
      values.push_back(0.15 * random.normal() + (c == 0   ? 3 * std::cos(angle)
                                                 : c == 1 ? 3 * std::sin(angle)
                                                          : 0));
  }
  return {n, d, std::move(values)};
}

}  // namespace chronotope::bench
