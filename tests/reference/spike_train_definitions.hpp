// SPDX-License-Identifier: Apache-2.0
// Distances between spike trains straight from their definitions: sums over all pairs, all matchings, values
// of a profile at one instant. They share no code with the product.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "chronotope/tests/reference/real.hpp"

namespace chronotope::reference {

using Train = std::vector<double>;

/// Squared van Rossum distance as the double sum over all pairs of spikes.
inline Real squared_van_rossum(const Train& a, const Train& b, double tau) {
  const auto kernel = [&](const Train& s, const Train& t) {
    Real sum = 0;
    for (const double x : s)
      for (const double y : t) sum += exp(-abs(Real(x) - Real(y)) / Real(tau));
    return sum;
  };
  return kernel(a, a) / 2 + kernel(b, b) / 2 - kernel(a, b);
}

/// Victor-Purpura: the least cost over every way to match some spikes of a with some of b, crossing or not.
inline double victor_purpura(const Train& a, Train b, double q) {
  if (a.empty()) return static_cast<double>(b.size());
  const Train rest(a.begin() + 1, a.end());
  double least = 1 + victor_purpura(rest, b, q);
  for (std::size_t k = 0; k < b.size(); ++k) {
    Train others = b;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(k));
    least = std::min(least, q * std::abs(a.front() - b[k]) + victor_purpura(rest, others, q));
  }
  return least;
}

/// The spikes with the auxiliary ones before and after them (Mulansky et al. 2015).
inline Train with_edges(Train spikes, double begin, double end) {
  if (spikes.empty()) spikes = {begin, end};
  const std::size_t n = spikes.size();
  const double first = n > 1 ? std::min(begin, 2 * spikes[0] - spikes[1]) : begin;
  const double last = n > 1 ? std::max(end, 2 * spikes[n - 1] - spikes[n - 2]) : end;
  spikes.insert(spikes.begin(), first);
  spikes.push_back(last);
  return spikes;
}

/// Around time t: the spikes before and after it, and how far each is from the nearest of the other train.
struct Surroundings {
  double before, after, gap_before, gap_after;

  Surroundings(const Train& train, const Train& other, double t) {
    const auto next = std::upper_bound(train.begin(), train.end(), t);
    before = *(next - 1);
    after = *next;
    const auto gap = [&](double x) {
      double nearest = std::abs(other[0] - x);
      for (const double y : other) nearest = std::min(nearest, std::abs(y - x));
      return nearest;
    };
    gap_before = gap(next - 1 == train.begin() ? train[1] : before);
    gap_after = gap(next == train.end() - 1 ? train[train.size() - 2] : after);
  }
  double interval() const { return after - before; }
  double dissimilarity(double t) const {
    return (gap_before * (after - t) + gap_after * (t - before)) / interval();
  }
};

/// Mean over [begin, end] of a profile that is linear between spikes: the midpoint rule is exact there.
template <class Profile>
double mean_of_profile(const Train& a, const Train& b, double begin, double end, Profile profile) {
  Train at = {begin, end};
  at.insert(at.end(), a.begin(), a.end());
  at.insert(at.end(), b.begin(), b.end());
  std::sort(at.begin(), at.end());
  const Train x = with_edges(a, begin, end);
  const Train y = with_edges(b, begin, end);
  double sum = 0;
  for (std::size_t k = 0; k + 1 < at.size(); ++k) {
    if (at[k] == at[k + 1]) continue;
    const double t = (at[k] + at[k + 1]) / 2;
    sum += (at[k + 1] - at[k]) * profile(Surroundings(x, y, t), Surroundings(y, x, t), t);
  }
  return sum / (end - begin);
}

inline double isi(const Train& a, const Train& b, double begin, double end) {
  return mean_of_profile(a, b, begin, end, [](const Surroundings& x, const Surroundings& y, double) {
    return std::abs(x.interval() - y.interval()) / std::max(x.interval(), y.interval());
  });
}

inline double spike(const Train& a, const Train& b, double begin, double end) {
  return mean_of_profile(a, b, begin, end, [](const Surroundings& x, const Surroundings& y, double t) {
    const double mean = (x.interval() + y.interval()) / 2;
    return (x.dissimilarity(t) * y.interval() + y.dissimilarity(t) * x.interval()) / (2 * mean * mean);
  });
}

}  // namespace chronotope::reference
