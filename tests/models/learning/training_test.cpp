// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/training.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "chronotope/tests/models/learning/surrogate_case.hpp"

namespace chronotope {
namespace {

using models::Item;
using models::NetworkParameters;
using models::Training;

/// Notes what it is given; the loss falls with every weight, the class is the item's first channel.
class Recorded final : public models::GradientMethod {
 public:
  models::BatchResult learn(const models::TrainedNetwork& network, std::span<const Item* const> batch,
                            NetworkParameters& gradient) override {
    gradient.for_each([](std::vector<double>& column) { column.assign(column.size(), 1); });
    batches.emplace_back(batch.begin(), batch.end());
    if (gradient_fails && fails()) gradient.weight[1] = std::numeric_limits<double>::infinity();
    return result(network, batch);
  }
  models::BatchResult evaluate(const models::TrainedNetwork& network,
                               std::span<const Item* const> batch) override {
    return result(network, batch);
  }
  std::vector<std::vector<const Item*>> batches;
  double fails_at = -1;         // number of batches after which the loss is no number
  bool gradient_fails = false;  // it is the gradient instead

 private:
  models::BatchResult result(const models::TrainedNetwork& network, std::span<const Item* const> batch) {
    prediction.clear();
    for (const Item* item : batch) prediction.push_back(item->spikes.front().channel);
    const double loss =
        fails() && !gradient_fails ? std::numeric_limits<double>::quiet_NaN() : network.parameters.weight[0];
    return {loss, prediction, {}, {batch.size()}};
  }
  bool fails() const { return fails_at >= 0 && static_cast<double>(batches.size()) > fails_at; }
  std::vector<std::uint32_t> prediction;
};

struct Setting {
  models::TrainedNetwork network = trained_network(random_case(1, {}));
  std::vector<Item> all;
  models::OptimiserOptions optimiser;

  explicit Setting(std::size_t count) {
    for (std::size_t k = 0; k < count; ++k)
      all.push_back({{{Time(), static_cast<std::uint32_t>(k % 4)}},
                     static_cast<std::int64_t>(1 + k * 7 % 13) * kMillisecond,
                     static_cast<std::uint32_t>(k % 3)});
    optimiser.unit.assign(network.source.size(), 10);
    optimiser.low.assign(network.source.size(), -1e6);
    optimiser.high.assign(network.source.size(), 1e6);
  }
  static constexpr Duration kMillisecond = Duration::from_parts(0, 1e12);
};

TEST(Training, TeachesEveryItemOncePerEpochInAnOrderOfItsOwn) {
  const Setting setting(700);
  Recorded method;
  Training training(setting.network, pointers(setting.all), {}, method, setting.optimiser, {7, 2, 10});
  training.run_epoch();
  training.run_epoch();
  ASSERT_EQ(method.batches.size(), 140);
  EXPECT_NE(method.batches[0], method.batches[70]);
  for (const std::size_t first : {0, 70}) {
    std::set<const Item*> met;
    std::size_t one_length = 0;
    for (std::size_t k = first; k < first + 70; ++k) {
      met.insert(method.batches[k].begin(), method.batches[k].end());
      one_length += method.batches[k].front()->duration == method.batches[k].back()->duration ? 1 : 0;
    }
    EXPECT_EQ(met.size(), 700);
    EXPECT_GT(one_length, 10);
  }
  EXPECT_TRUE(training.done());
}

TEST(Training, KeepsTheBestEpochOfTheValidationPart) {
  const Setting setting(40);
  const auto all = pointers(setting.all);
  Recorded method;
  models::TrainingPlan plan{7, 4, 10};
  Training training(setting.network, all, {all.begin(), all.begin() + 12}, method, setting.optimiser, plan);
  while (!training.done()) training.run_epoch();
  EXPECT_EQ(training.state().best_epoch, 4);            // the loss falls
  EXPECT_EQ(training.state().best.accuracy, 3.0 / 12);  // channels of four, labels of three
  plan.rate = -1e-3;
  Training rising(setting.network, all, {all.begin(), all.begin() + 12}, method, setting.optimiser, plan);
  while (!rising.done()) rising.run_epoch();
  EXPECT_EQ(rising.state().best_epoch, 1);
  EXPECT_NEAR(rising.state().best_values.weight[0], setting.network.parameters.weight[0] + 4 * 1e-3 * 10,
              1e-6);  // four batches
}

TEST(Training, StopsAtWhatIsNoNumberWithTheLastGoodEpoch) {
  for (const bool gradient_fails : {false, true}) {
    const Setting setting(40);
    Recorded method;
    method.gradient_fails = gradient_fails;
    Training training(setting.network, pointers(setting.all), {}, method, setting.optimiser, {7, 4, 10});
    training.run_epoch();
    const NetworkParameters good = training.state().values;
    method.fails_at = 6;
    try {
      training.run_epoch();
      FAIL();
    } catch (const models::LossIsNoNumber& error) {
      EXPECT_STREQ(
          error.what(),
          "the loss of batch 3 of 4 in epoch 2, or its gradient, is no finite number; a smaller --rate "
          "may help");
    }
    EXPECT_EQ(training.state().epoch, 1);
    EXPECT_EQ(training.state().values.weight, good.weight);
  }
}

TEST(Training, GoingOnFromAStateGivesTheBitsOfGoingThrough) {
  const auto net = random_case(3, {20, 5, 24, 30, 0.5, 3, 20, "max"});
  const auto network = trained_network(net);
  const auto all = items(net);
  models::OptimiserOptions optimiser;
  optimiser.unit.assign(network.source.size(), 100);
  optimiser.low.assign(network.source.size(), -1e6);
  optimiser.high.assign(network.source.size(), 1e6);
  optimiser.tau_m = true;
  const models::TrainingPlan plan{1, 4, 7, 1e-2, 0.9};
  models::SurrogateGradient<double> method(network, surrogate_options(net));
  Training through(network, pointers(all), pointers(all), method, optimiser, plan);
  while (!through.done()) through.run_epoch();

  models::SurrogateGradient<double> first_method(network, surrogate_options(net));
  Training first(network, pointers(all), pointers(all), first_method, optimiser, plan);
  first.run_epoch();
  first.run_epoch();
  models::SurrogateGradient<double> second_method(network, surrogate_options(net));
  Training second(network, pointers(all), pointers(all), second_method, optimiser, plan);
  second.restore(first.state());
  while (!second.done()) second.run_epoch();
  EXPECT_EQ(named(second.state().values, network.neurons), named(through.state().values, network.neurons));
  EXPECT_EQ(second.state().best_epoch, through.state().best_epoch);
  ASSERT_EQ(second.state().history.size(), 4);
  for (int k = 0; k < 4; ++k)
    EXPECT_EQ(second.state().history[k].validation.loss, through.state().history[k].validation.loss);
  EXPECT_LT(through.state().history[3].training.loss, through.state().history[0].training.loss);
}

}  // namespace
}  // namespace chronotope
