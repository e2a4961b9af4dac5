// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/explanation.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <utility>

#include "chronotope/topology/homology/representative_cycles.hpp"

namespace chronotope::topology {

namespace {

Attained attained(double value, Edge pair, const DistanceMatrix& a, const DistanceMatrix& b) {
  const bool in_a = a(pair.i, pair.j) == value;
  const bool in_b = b(pair.i, pair.j) == value;
  assert(in_a || in_b);
  if (in_a && in_b) return Attained::kBoth;
  return in_a ? Attained::kA : Attained::kB;
}

void add(GradientEntry& entry, Attained where, double amount) {
  if (where != Attained::kB) entry.da += where == Attained::kA ? amount : amount / 2;
  if (where != Attained::kA) entry.db += where == Attained::kB ? amount : amount / 2;
}

}  // namespace

std::vector<ExplainedBar> explained_bars(const DistanceMatrix& filtration, const DistanceMatrix& into,
                                         const DistanceMatrix& a, const DistanceMatrix& b) {
  std::vector<ExplainedBar> bars;
  for (const PairedBar& p : paired_bars(filtration, into)) {
    ExplainedBar bar{p.bar, p.born, p.dies, attained(p.bar.birth, p.born, a, b), Attained::kA, {}};
    if (p.bar.is_finite()) bar.dies_in = attained(p.bar.death, p.dies, a, b);
    bars.push_back(bar);
  }
  std::stable_sort(bars.begin(), bars.end(), [](const ExplainedBar& x, const ExplainedBar& y) {
    return x.bar.length() > y.bar.length();
  });
  return bars;
}

void add_cycles(std::vector<ExplainedBar>& bars, std::size_t count, const DistanceMatrix& filtration,
                const DistanceMatrix& into) {
  RepresentativeCycles cycles(filtration, into);
  for (std::size_t k = 0; k < std::min(count, bars.size()); ++k)
    bars[k].cycle = trails(cycles.of(bars[k].born));
}

std::vector<GradientEntry> length_gradient(const std::vector<ExplainedBar>& bars) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, GradientEntry> entries;
  const auto at = [&](Edge pair) -> GradientEntry& {
    return entries.try_emplace({pair.i, pair.j}, GradientEntry{pair}).first->second;
  };
  for (const ExplainedBar& bar : bars) {
    if (!bar.bar.is_finite()) continue;
    add(at(bar.born), bar.born_in, -1);
    add(at(bar.dies), bar.dies_in, +1);
  }
  std::vector<GradientEntry> gradient;
  for (const auto& [pair, entry] : entries)
    if (entry.da != 0 || entry.db != 0) gradient.push_back(entry);
  return gradient;
}

}  // namespace chronotope::topology
