// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/step_currents.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace chronotope {
namespace {

/// Calls take(neuron) for the neurons of a current.
template <class Take>
void for_each_neuron(const StepCurrentSpec& current, std::uint32_t size, Take take) {
  if (current.neurons)
    for (const std::uint32_t n : *current.neurons) take(n);
  else
    for (std::uint32_t n = 0; n < size; ++n) take(n);
}

}  // namespace

CurrentReach reach_of(std::span<const StepCurrentSpec> currents, std::uint32_t size) {
  CurrentReach reach = CurrentReach::kNobody;
  for (const StepCurrentSpec& current : currents) {
    const std::size_t neurons = current.neurons ? current.neurons->size() : size;
    if (current.changes.empty() || neurons == 0) continue;
    if (neurons < size) return CurrentReach::kSome;
    reach = CurrentReach::kEverybody;
  }
  return reach;
}

StepCurrents::StepCurrents(std::span<const StepCurrentSpec> currents, std::uint32_t size,
                           const NeuronRange& own)
    : pools_of_(currents.size()), amplitude_(currents.size(), 0) {
  find_pools(currents, size, own);
  sort_changes(currents);
  find_extremes();
}

/// Each current parts the neurons it goes into from the others of their pool.
void StepCurrents::find_pools(std::span<const StepCurrentSpec> currents, std::uint32_t size,
                              const NeuronRange& own) {
  std::vector<std::uint32_t> pool_of(own.size(), 0);
  std::vector<Pool> pools(1);  // the first is of those without currents
  for (std::uint32_t c = 0; c < currents.size(); ++c) {
    if (currents[c].changes.empty()) continue;
    std::unordered_map<std::uint32_t, std::uint32_t> parted;
    for_each_neuron(currents[c], size, [&](std::uint32_t n) {
      if (!own.holds(n)) return;
      std::uint32_t& pool = pool_of[n - own.first];
      const auto [at, is_new] = parted.try_emplace(pool, static_cast<std::uint32_t>(pools.size()));
      if (is_new) {
        Pool more{{}, pools[pool].currents};
        more.currents.push_back(c);
        pools.push_back(std::move(more));
      }
      pool = at->second;
    });
  }
  for (std::uint32_t i = 0; i < own.size(); ++i) pools[pool_of[i]].neurons.push_back(i);
  for (Pool& pool : pools) {
    if (pool.currents.empty() || pool.neurons.empty()) continue;
    for (const std::uint32_t c : pool.currents)
      pools_of_[c].push_back(static_cast<std::uint32_t>(pools_.size()));
    pools_.push_back(std::move(pool));
  }
}

void StepCurrents::sort_changes(std::span<const StepCurrentSpec> currents) {
  for (std::uint32_t c = 0; c < currents.size(); ++c)
    if (!pools_of_[c].empty())
      for (const CurrentChange& change : currents[c].changes)
        changes_.push_back({change.time, c, change.amplitude});
  std::ranges::sort(changes_, [](const Change& a, const Change& b) {
    return std::tie(a.time, a.current) < std::tie(b.time, b.current);
  });
}

void StepCurrents::find_extremes() {
  while (!due().is_never()) {
    advance(due());
    for (const std::uint32_t k : changed_) {
      Pool& pool = pools_[k];
      pool.least = std::min(pool.least, pool.level);
      pool.largest = std::max(pool.largest, pool.level);
    }
    take();
  }
  go_to(Time());
  take();
}

Time StepCurrents::due_after(Time t) const {
  std::size_t k = next_;
  while (k < changes_.size() && changes_[k].time <= t) ++k;
  return k < changes_.size() ? changes_[k].time : Time::never();
}

void StepCurrents::advance(Time t) {
  for (; next_ < changes_.size() && changes_[next_].time <= t; ++next_) change(changes_[next_]);
  sum_up();
  std::erase_if(changed_, [&](std::uint32_t k) {
    pools_[k].has_changed = pools_[k].level != pools_[k].taken;
    return !pools_[k].has_changed;
  });
}

void StepCurrents::go_to(Time t) {
  std::ranges::fill(amplitude_, 0);
  for (next_ = 0; next_ < changes_.size() && changes_[next_].time < t; ++next_) change(changes_[next_]);
  changed_.clear();
  for (std::uint32_t k = 0; k < pools_.size(); ++k) {
    pools_[k].has_changed = true;
    changed_.push_back(k);
  }
  sum_up();
}

void StepCurrents::change(const Change& change) {
  amplitude_[change.current] = change.amplitude;
  for (const std::uint32_t k : pools_of_[change.current]) {
    if (std::exchange(pools_[k].has_changed, true)) continue;
    changed_.push_back(k);
  }
}

void StepCurrents::sum_up() {
  for (const std::uint32_t k : changed_) {
    pools_[k].level = 0;
    for (const std::uint32_t c : pools_[k].currents) pools_[k].level += amplitude_[c];
  }
}

void StepCurrents::take() {
  for (const std::uint32_t k : changed_) {
    pools_[k].has_changed = false;
    pools_[k].taken = pools_[k].level;
  }
  changed_.clear();
}

std::vector<double> StepCurrents::levels(std::uint32_t size) const {
  std::vector<double> levels(size, 0);
  for (const Pool& pool : pools_)
    for (const std::uint32_t i : pool.neurons) levels[i] = pool.level;
  return levels;
}

}  // namespace chronotope
