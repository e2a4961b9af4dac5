// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/step_currents.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/random_stream.hpp"

namespace chronotope {
namespace {

constexpr std::uint32_t kSize = 9;

/// Currents into all, some or none of nine neurons, that change at some of eleven times, often at the same.
std::vector<StepCurrentSpec> random_currents(std::uint64_t number) {
  RandomStream draw(3, Purpose("step_currents_test"), number);
  std::vector<StepCurrentSpec> currents(static_cast<std::size_t>(1 + 4 * draw.uniform()));
  for (StepCurrentSpec& current : currents) {
    if (draw.uniform() < 0.8) {
      current.neurons.emplace();
      for (std::uint32_t n = 0; n < kSize; ++n)
        if (draw.uniform() < 0.4) current.neurons->push_back(n);
    }
    for (int ms = 0; ms <= 10; ++ms)
      if (draw.uniform() < 0.3) current.changes.push_back({stated_time(ms), 10 * draw.uniform() - 5});
  }
  return currents;
}

bool goes_into(const StepCurrentSpec& current, std::uint32_t neuron) {
  return !current.neurons || std::ranges::count(*current.neurons, neuron) > 0;
}

/// By definition: the sum of the latest amplitudes before t, or at it.
double level(const std::vector<StepCurrentSpec>& currents, std::uint32_t neuron, Time t, bool with_t) {
  double sum = 0;
  for (const StepCurrentSpec& current : currents) {
    double amplitude = 0;
    for (const CurrentChange& change : current.changes)
      if (change.time < t || (with_t && change.time == t)) amplitude = change.amplitude;
    if (goes_into(current, neuron)) sum += amplitude;
  }
  return sum;
}

void expect_levels(const StepCurrents& currents, const std::vector<StepCurrentSpec>& specs,
                   const NeuronRange& own, Time t, bool with_t, const std::string& what) {
  const std::vector<double> levels = currents.levels(own.size());
  for (std::uint32_t i = 0; i < own.size(); ++i)
    EXPECT_EQ(levels[i], level(specs, own.first + i, t, with_t)) << what << ", neuron " << i;
}

TEST(StepCurrents, AreTheSumsOfTheLatestAmplitudes) {
  for (std::uint64_t number = 0; number < 200; ++number) {
    const std::vector<StepCurrentSpec> specs = random_currents(number);
    const NeuronRange own{static_cast<std::uint32_t>(number % 4),
                          kSize - static_cast<std::uint32_t>(number % 3)};
    StepCurrents currents(specs, kSize, own);
    const std::string what = "case " + std::to_string(number);
    expect_levels(currents, specs, own, Time(), false, what);
    for (Time last; !currents.due().is_never();) {
      const Time now = currents.due();
      EXPECT_TRUE(last < now || now == Time()) << what;
      const Time next = currents.due_after(now);
      expect_levels(currents, specs, own, now, false, what);
      currents.advance(now);
      EXPECT_EQ(currents.due(), next);
      expect_levels(currents, specs, own, now, true, what);
      currents.take();
      last = now;
    }
    for (const double ms : {4.0, 0.0, 7.5, 20.0}) {
      currents.go_to(stated_time(ms));
      expect_levels(currents, specs, own, stated_time(ms), false, what);
      EXPECT_EQ(currents.changed().size(), currents.pools().size());
      currents.take();
    }
  }
}

TEST(StepCurrents, TellWhatHasChanged) {
  const std::vector<StepCurrentSpec> specs{
      {std::vector<std::uint32_t>{0, 1}, {{stated_time(1), 5}, {stated_time(2), 5}, {stated_time(3), 7}}, {}},
      {std::vector<std::uint32_t>{1, 2}, {{stated_time(1), 0}, {stated_time(3), -2}}, {}}};
  StepCurrents currents(specs, 3, {0, 3});
  ASSERT_EQ(currents.pools().size(), 3u);
  const auto changed = [&] {
    std::vector<std::uint32_t> neurons;
    for (const std::uint32_t k : currents.changed())
      for (const std::uint32_t n : currents.pools()[k].neurons) neurons.push_back(n);
    std::ranges::sort(neurons);
    currents.take();
    return neurons;
  };
  currents.advance(stated_time(1));
  EXPECT_EQ(changed(), (std::vector<std::uint32_t>{0, 1}));
  currents.advance(stated_time(2));
  EXPECT_TRUE(changed().empty());  // 5 pA were there
  currents.advance(stated_time(3));
  EXPECT_EQ(changed(), (std::vector<std::uint32_t>{0, 2}));  // of 5 + 0 and 7 - 2 pA
  for (const StepCurrents::Pool& pool : currents.pools()) {
    const bool both = pool.neurons == std::vector<std::uint32_t>{1};
    EXPECT_EQ(pool.least, pool.neurons.front() == 2 ? -2 : 0);
    EXPECT_EQ(pool.largest, pool.neurons.front() == 2 ? 0 : both ? 5 : 7);
  }
}

TEST(StepCurrents, ReachSomeOrEverybody) {
  const std::vector<CurrentChange> changes{{stated_time(1), 5}};
  using Neurons = std::vector<std::uint32_t>;
  const auto reach = [](const std::vector<StepCurrentSpec>& currents, std::uint32_t size) {
    return reach_of(currents, size);
  };
  EXPECT_EQ(reach({}, 3), CurrentReach::kNobody);
  EXPECT_EQ(reach({{std::nullopt, {}, {}}}, 3), CurrentReach::kNobody);
  EXPECT_EQ(reach({{std::nullopt, changes, {}}}, 0), CurrentReach::kNobody);
  EXPECT_EQ(reach({{std::nullopt, changes, {}}}, 3), CurrentReach::kEverybody);
  EXPECT_EQ(reach({{Neurons{0, 1, 2}, changes, {}}, {Neurons{0}, {}, {}}}, 3), CurrentReach::kEverybody);
  EXPECT_EQ(reach({{std::nullopt, changes, {}}, {Neurons{0}, changes, {}}}, 3), CurrentReach::kSome);
}

}  // namespace
}  // namespace chronotope
