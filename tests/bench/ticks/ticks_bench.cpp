// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "chronotope/core/random_stream.hpp"

// Counts of ticks as int64 or as doubles that hold whole numbers, in the three things an engine does with
// them most: compare them, turn the difference of two into the argument of an exponential, and round a
// computed time to one. Reported: time per element of 1,000.

namespace chronotope {
namespace {

constexpr std::size_t kCount = 1000;

template <class Ticks>
std::vector<Ticks> random_ticks() {
  RandomStream random(1, Purpose("ticks"), 0);
  std::vector<Ticks> ticks(kCount);
  for (Ticks& t : ticks) t = static_cast<Ticks>(random.below(1'024'000'000'000'000));
  return ticks;
}

void report(benchmark::State& state) {
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kCount));
}

/// How many are not later than a limit: checks that are due.
template <class Ticks>
void compare(benchmark::State& state) {
  const auto ticks = random_ticks<Ticks>();
  Ticks limit = 512'000'000'000'000;
  for (auto _ : state) {
    benchmark::DoNotOptimize(limit);
    std::uint32_t due = 0;
    for (const Ticks t : ticks) due += t <= limit ? 1 : 0;
    benchmark::DoNotOptimize(due);
  }
  report(state);
}

/// -(t - origin)/tau of every neuron.
template <class Ticks>
void exponents(benchmark::State& state) {
  const auto ticks = random_ticks<Ticks>();
  std::vector<double> exponent(kCount);
  Ticks origin = 1'000'000'000'000;
  for (auto _ : state) {
    benchmark::DoNotOptimize(origin);
    for (std::size_t i = 0; i < kCount; ++i)
      exponent[i] = static_cast<double>(ticks[i] - origin) * (-1e-12 / 20);
    benchmark::DoNotOptimize(exponent.data());
    benchmark::ClobberMemory();
  }
  report(state);
}

/// A computed number of milliseconds to the nearest tick, from a time on.
template <class Ticks>
void round_to(benchmark::State& state) {
  const auto since = random_ticks<Ticks>();
  std::vector<double> ms(kCount);
  RandomStream random(2, Purpose("ticks"), 0);
  for (double& x : ms) x = 1000 * random.uniform();
  std::vector<Ticks> result(kCount);
  for (auto _ : state) {
    for (std::size_t i = 0; i < kCount; ++i) {
      constexpr double kShift = 0x1.8p52;
      result[i] = since[i] + static_cast<Ticks>((ms[i] * 1e12 + kShift) - kShift);
    }
    benchmark::DoNotOptimize(result.data());
    benchmark::ClobberMemory();
  }
  report(state);
}

BENCHMARK(compare<std::int64_t>);
BENCHMARK(compare<double>);
BENCHMARK(exponents<std::int64_t>);
BENCHMARK(exponents<double>);
BENCHMARK(round_to<std::int64_t>);
BENCHMARK(round_to<double>);

}  // namespace
}  // namespace chronotope

BENCHMARK_MAIN();
