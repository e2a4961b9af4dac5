// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/search/parameter_search.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>
#include <utility>

#include "chronotope/core/distribution.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/core/shuffle.hpp"
#include "chronotope/models/search/expected_improvement.hpp"

namespace chronotope::models {
namespace {

using Point = std::vector<double>;

constexpr std::size_t kEvenCandidates = 1000;
constexpr std::size_t kNearCandidates = 500;
constexpr std::size_t kClimbers = 3;

/// A point and the improvement that is expected there.
struct Candidate {
  Point point;
  double improvement;
};

/// What a Gaussian process expects of points.
class Expectation {
 public:
  Expectation(const SearchSpace& space, const std::vector<Point>& points, const std::vector<double>& values)
      : space_(space),
        places_(places_of(space, points)),
        process_(places_, space.group_of, values, likely_scales(places_, space.group_of, values)),
        best_(*std::max_element(values.begin(), values.end())) {}

  Candidate at(Point point) const {
    const double improvement = expected_improvement(process_.at(space_.place(point)), best_);
    return {std::move(point), improvement};
  }

  /// The best candidate that steps of single coordinates lead to, halved when none helps.
  Candidate climb(Candidate from) const {
    for (double step = 0.05; step > 0.001; step /= 2)
      while (improve(from, step)) continue;
    return from;
  }

 private:
  static FeatureTable places_of(const SearchSpace& space, const std::vector<Point>& points) {
    std::vector<double> all;
    for (const Point& point : points) {
      const std::vector<double> place = space.place(point);
      all.insert(all.end(), place.begin(), place.end());
    }
    return {points.size(), space.group_of.size(), std::move(all)};
  }
  bool improve(Candidate& from, double step) const {
    bool is_better = false;
    for (std::size_t d = 0; d < from.point.size(); ++d)
      for (const double by : {step, -step}) {
        Point other = from.point;
        other[d] = std::clamp(other[d] + by, 0.0, 1.0);
        Candidate there = at(std::move(other));
        if (!(there.improvement > from.improvement * (1 + 1e-6))) continue;
        from = std::move(there);
        is_better = true;
        break;
      }
    return is_better;
  }

  const SearchSpace& space_;
  FeatureTable places_;
  GaussianProcess process_;
  double best_;
};

Point even(RandomStream& stream, std::size_t dimension) {
  Point point(dimension);
  for (double& x : point) x = stream.uniform();
  return point;
}

/// Around a point, at a distance of its own.
Point near(RandomStream& stream, const Point& centre) {
  const double reach = 0.2 * exp(-4 * stream.uniform());
  Point point = centre;
  for (double& x : point) x = std::clamp(x + reach * standard_normal(stream), 0.0, 1.0);
  return point;
}

}  // namespace

SearchSpace SearchSpace::cube(std::size_t dimension) {
  std::vector<std::size_t> groups(dimension);
  std::iota(groups.begin(), groups.end(), std::size_t{0});
  return {dimension, std::move(groups), [](std::span<const double> x) { return Point(x.begin(), x.end()); }};
}

ParameterSearch::ParameterSearch(SearchMethod method, SearchSpace space, std::uint64_t seed)
    : method_(method), space_(std::move(space)), seed_(seed) {
  assert(space_.dimension > 0);
}

std::size_t ParameterSearch::designed() const {
  return method_ == SearchMethod::kRandom ? std::numeric_limits<std::size_t>::max()
                                          : 2 * (space_.dimension + 1);
}

Point ParameterSearch::point(std::size_t number) const {
  assert(number <= told() || number < designed());
  if (number < told()) return points_[number];
  if (method_ == SearchMethod::kRandom) return drawn(number);
  return number < designed() ? dealt(number) : promising();
}

void ParameterSearch::tell(Point point, std::optional<double> value) {
  points_.push_back(std::move(point));
  values_.push_back(value);
}

std::optional<std::size_t> ParameterSearch::best() const {
  std::optional<std::size_t> best;
  for (std::size_t k = 0; k < values_.size(); ++k)
    if (values_[k] && (!best || *values_[k] > *values_[*best])) best = k;
  return best;
}

Point ParameterSearch::drawn(std::size_t number) const {
  RandomStream stream(seed_, Purpose("search.point"), number);
  return even(stream, space_.dimension);
}

/// A Latin hypercube (McKay, Beckman and Conover 1979): every coordinate has one point in each of equal parts.
Point ParameterSearch::dealt(std::size_t number) const {
  const std::size_t parts = designed();
  RandomStream inside(seed_, Purpose("search.place_in_part"), number);
  Point point;
  for (std::size_t d = 0; d < space_.dimension; ++d) {
    std::vector<std::size_t> part(parts);
    std::iota(part.begin(), part.end(), std::size_t{0});
    shuffle(part, RandomStream(seed_, Purpose("search.parts"), d));
    point.push_back((static_cast<double>(part[number]) + inside.uniform()) / static_cast<double>(parts));
  }
  return point;
}

/// Undefined values are the least of the others, 0 when there are none.
std::vector<double> ParameterSearch::known_values() const {
  double least = std::numeric_limits<double>::infinity();
  for (const auto& value : values_)
    if (value) least = std::min(least, *value);
  std::vector<double> values;
  for (const auto& value : values_) values.push_back(value ? *value : best() ? least : 0);
  return values;
}

Point ParameterSearch::promising() const {
  const Expectation expectation(space_, points_, known_values());
  RandomStream stream(seed_, Purpose("search.candidates"), told());
  std::vector<Candidate> candidates;
  for (std::size_t k = 0; k < kEvenCandidates; ++k)
    candidates.push_back(expectation.at(even(stream, space_.dimension)));
  if (const auto centre = best())
    for (std::size_t k = 0; k < kNearCandidates; ++k)
      candidates.push_back(expectation.at(near(stream, points_[*centre])));
  const auto more = [](const Candidate& a, const Candidate& b) { return a.improvement > b.improvement; };
  std::stable_sort(candidates.begin(), candidates.end(), more);
  candidates.resize(kClimbers);
  for (Candidate& candidate : candidates) candidate = expectation.climb(std::move(candidate));
  return std::min_element(candidates.begin(), candidates.end(), more)->point;
}

}  // namespace chronotope::models
