// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/wiring.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "chronotope/core/ascending_draws.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"
#include "chronotope/core/large_pages.hpp"
#include "chronotope/core/multinomial.hpp"

namespace chronotope {
namespace {

/// Draws `degree` partners of `self` out of 0 .. n-1 and appends those in `kept` to `row`, ascending, numbered from its
/// first. `draws`, of n numbers, is empty before and after.
void draw_partners(const WiringContext& context, std::uint32_t self, std::uint32_t n, const NeuronRange& kept,
                   std::uint64_t degree, AscendingDraws& draws, std::vector<std::uint32_t>& row) {
  const bool skip_self = context.recurrent && !context.autapses;
  const std::uint32_t candidates = n - (skip_self ? 1 : 0);
  if (degree > candidates && (candidates == 0 || !context.multapses))
    throw InputError("a degree of " + std::to_string(degree) + " is not allowed (at most " +
                     std::to_string(candidates) + " different partners)");
  RandomStream stream(context.seed, context.purpose, self);
  if (context.multapses) {
    for (std::uint64_t k = 0; k < degree; ++k)
      draws.add(static_cast<std::uint32_t>(stream.below(candidates)));
  } else {  // Floyd's sampling without replacement
    for (std::uint32_t top = candidates - static_cast<std::uint32_t>(degree); top < candidates; ++top) {
      const auto partner = static_cast<std::uint32_t>(stream.below(std::uint64_t{top} + 1));
      draws.add(draws.contains(partner) ? top : partner);
    }
  }
  draws.take_all([&](std::uint32_t partner) {
    const std::uint32_t number = partner + (skip_self && partner >= self ? 1 : 0) - kept.first;
    if (number < kept.size()) row.push_back(number);
  });
}

/// Rows by target become rows by source; targets stay ascending inside a row.
Adjacency transpose(const Adjacency& columns, std::uint32_t sources) {
  Adjacency rows;
  rows.row_begin.assign(sources + std::size_t{1}, 0);
  for (const auto source : columns.target) ++rows.row_begin[source + std::size_t{1}];
  std::partial_sum(rows.row_begin.begin(), rows.row_begin.end(), rows.row_begin.begin());
  rows.target = column_in_large_pages<std::uint32_t>(columns.target.size());
  std::vector<std::uint64_t> next(rows.row_begin.begin(), rows.row_begin.end() - 1);
  for (std::uint32_t target = 0; target < columns.sources(); ++target)
    for (const auto source : columns.row(target)) rows.target[next[source]++] = target;
  return rows;
}

/// Whether a pair that a rule has connected has a synapse onto an own target, be it the mirrored one.
bool is_kept(const WiringContext& context, std::uint32_t source, std::uint32_t target) {
  return context.own().holds(target) || (context.symmetric && context.own().holds(source));
}

/// Rows whose targets are not before their source, and the same synapses the other way round. Targets are those of the
/// whole population before and own ones after.
Adjacency with_mirror_image(const Adjacency& upper, const NeuronRange& own) {
  const Adjacency lower = transpose(upper, static_cast<std::uint32_t>(upper.sources()));
  Adjacency rows;
  reserve_in_large_pages(rows.target, 2 * upper.target.size());
  const auto keep = [&](std::uint32_t j) {
    if (own.holds(j)) rows.target.push_back(j - own.first);
  };
  for (std::uint32_t i = 0; i < upper.sources(); ++i) {
    for (const auto j : lower.row(i))
      if (j != i) keep(j);
    for (const auto j : upper.row(i)) keep(j);
    rows.end_row();
  }
  return rows;
}

/// What a rule that decides pair by pair has found.
Adjacency finished(const WiringContext& context, Adjacency rows) {
  if (context.symmetric) return with_mirror_image(rows, context.own());
  if (context.own().first > 0)
    for (std::uint32_t& target : rows.target) target -= context.own().first;
  return rows;
}

double own_share(const WiringContext& context) {
  return context.targets == 0 ? 0 : static_cast<double>(context.own().size()) / context.targets;
}

/// Hardly ever are there more, where `mean` are expected. Memory that is reserved and not used costs nothing.
std::size_t likely_most(double mean) { return static_cast<std::size_t>(mean + 6 * std::sqrt(mean)); }

/// The targets that may be reached, ascending.
std::vector<std::uint32_t> eligible_targets(const WiringContext& context, std::optional<double> fraction) {
  const double share = fraction.value_or(1.0);
  const auto count = static_cast<std::uint32_t>(std::lround(share * context.targets));
  auto chosen =
      random_subset(context.targets, count, RandomStream(context.seed, context.purpose, ~std::uint64_t{0}));
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace

std::vector<std::uint32_t> random_subset(std::uint32_t n, std::uint32_t count, RandomStream stream) {
  std::vector<std::uint32_t> items(n);
  std::iota(items.begin(), items.end(), 0);
  for (std::uint32_t i = 0; i < count; ++i) std::swap(items[i], items[i + stream.below(n - i)]);
  items.resize(count);
  return items;
}

Adjacency all_to_all(const WiringContext& context) {
  Adjacency rows;
  reserve_in_large_pages(rows.target, std::size_t{context.sources} * context.own().size());
  for (std::uint32_t i = 0; i < context.sources; ++i) {
    for (std::uint32_t j = context.own().first; j < context.own().last; ++j)
      if (!context.excluded(i, j)) rows.target.push_back(j - context.own().first);
    rows.end_row();
    context.checkpoint();
  }
  return rows;
}

Adjacency one_to_one(const WiringContext& context) {
  Adjacency rows;
  for (std::uint32_t i = 0; i < context.sources; ++i) {
    if (context.own().holds(i) && !context.excluded(i, i)) rows.target.push_back(i - context.own().first);
    rows.end_row();
    context.checkpoint();
  }
  return rows;
}

Adjacency pairwise_bernoulli(const WiringContext& context, double p, std::optional<double> target_fraction) {
  const auto eligible = eligible_targets(context, target_fraction);
  const auto count = static_cast<double>(eligible.size());
  const double log_miss = log1p(-p);  // -inf at p = 1: every jump is 0
  Adjacency rows;
  reserve_in_large_pages(rows.target, likely_most(p * context.sources * count * own_share(context)));
  for (std::uint32_t i = 0; i < context.sources; ++i) {
    RandomStream stream(context.seed, context.purpose, i);
    const auto jump = [&] { return p > 0 ? std::floor(log(stream.uniform()) / log_miss) : count; };
    for (double k = (context.symmetric ? i : 0) + jump(); k < count; k += 1 + jump()) {
      const std::uint32_t j = eligible[static_cast<std::size_t>(k)];
      if (is_kept(context, i, j) && !context.excluded(i, j)) rows.target.push_back(j);
    }
    rows.end_row();
    context.checkpoint();
  }
  return finished(context, std::move(rows));
}

Adjacency fixed_outdegree(const WiringContext& context, std::uint32_t outdegree) {
  Adjacency rows;
  if (context.own().size() == context.targets)
    reserve_in_large_pages(rows.target, std::size_t{context.sources} * outdegree);
  AscendingDraws draws(context.targets);
  for (std::uint32_t i = 0; i < context.sources; ++i) {
    draw_partners(context, i, context.targets, context.own(), outdegree, draws, rows.target);
    rows.end_row();
    context.checkpoint();
  }
  return rows;
}

Adjacency fixed_indegree(const WiringContext& context, std::uint32_t indegree) {
  Adjacency columns;
  reserve_in_large_pages(columns.target, std::size_t{context.own().size()} * indegree);
  AscendingDraws draws(context.sources);
  for (std::uint32_t j = context.own().first; j < context.own().last; ++j) {
    draw_partners(context, j, context.sources, {0, context.sources}, indegree, draws, columns.target);
    columns.end_row();
    context.checkpoint();
  }
  return transpose(columns, context.sources);
}

Adjacency fixed_total(const WiringContext& context, std::uint64_t total) {
  constexpr std::uint64_t kHalvings = 1;  // a part of the targets' streams that no synapse draws from
  const auto stream_of = [&](std::uint64_t halving) {
    return RandomStream(context.seed, context.purpose, halving, kHalvings);
  };
  const auto indegrees = draw_multinomial(total, context.targets, stream_of);
  const auto own = std::span(indegrees).subspan(context.own().first, context.own().size());
  Adjacency columns;
  reserve_in_large_pages(columns.target, std::accumulate(own.begin(), own.end(), std::uint64_t{0}));
  AscendingDraws draws(context.sources);
  for (std::uint32_t j = context.own().first; j < context.own().last; ++j) {
    draw_partners(context, j, context.sources, {0, context.sources}, indegrees[j], draws, columns.target);
    columns.end_row();
    context.checkpoint();
  }
  return transpose(columns, context.sources);
}

Adjacency distance_dependent(const WiringContext& context, const DistanceKernel& kernel, const Torus& torus,
                             std::span<const Position> sources, std::span<const Position> targets) {
  Adjacency rows;
  for (std::uint32_t i = 0; i < context.sources; ++i) {
    RandomStream stream(context.seed, context.purpose, i);
    for (std::uint32_t j = context.symmetric ? i : 0; j < context.targets; ++j) {
      const double p = kernel.at_squared(squared_distance(sources[i], targets[j], torus));
      if (stream.uniform() < p && is_kept(context, i, j) && !context.excluded(i, j)) rows.target.push_back(j);
    }
    rows.end_row();
    context.checkpoint();
  }
  return finished(context, std::move(rows));
}

}  // namespace chronotope
