// SPDX-License-Identifier: Apache-2.0
//
// Yin-Yang (Kriener, Goeltz & Petrovici 2022) by gradients through exact spike times: trains and tests one
// network per seed, and prints accuracy and CPU time. tests/bench/learning/run calls it.
#include <fmt/core.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "chronotope/apps/runs/resources.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/models/learning/adam.hpp"
#include "chronotope/models/learning/event_method.hpp"
#include "chronotope/proto/formats/number_table.hpp"

namespace chronotope::bench {
namespace {

namespace po = boost::program_options;
using models::EventMethod;
using models::Item;
using models::NetworkParameters;
using models::TrainedNetwork;

constexpr std::uint32_t kChannels = 5;  // x, y, 1 - x, 1 - y and a bias
constexpr std::uint32_t kClasses = 3;

struct Recipe {
  std::uint64_t seed = 0;
  int epochs = 40;
  std::uint32_t hidden = 200;
  std::size_t batch = 32;
  double rate = 5e-3;
  double decay = 0.95;  // of the rate, per epoch
  double clip = 1;      // norm of a batch's gradient
  double slope_floor = 0.01;
  double delays = 0;  // [ms], spread of the initial ones
  bool learns_delays = false;
};

proto::Matrix read(const std::string& folder, const std::string& name) {
  return proto::read_number_table(folder + "/" + name).matrix;
}

/// Channels fire once, at 10 + 30 v ms, the bias at 20 ms.
std::vector<Item> read_items(const std::string& folder, const std::string& part) {
  const auto samples = read(folder, part + "_samples.npy");
  const auto labels = read(folder, part + "_labels.npy");
  std::vector<Item> items(samples.rows);
  for (std::size_t i = 0; i < samples.rows; ++i) {
    for (std::uint32_t c = 0; c < 4; ++c)
      items[i].spikes.push_back({Time() + Duration::nearest(10 + 30 * samples(i, c)), c});
    items[i].spikes.push_back({Time() + stated_duration(20), 4});
    std::sort(items[i].spikes.begin(), items[i].spikes.end());
    items[i].duration = stated_duration(70);
    items[i].label = static_cast<std::uint32_t>(labels(i, 0));
  }
  return items;
}

/// A normal variable (Box & Muller 1958).
double normal(RandomStream& random, double mean, double sd) {
  const double u = random.uniform(), v = random.uniform();
  return mean + sd * std::sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

/// 5 -> hidden -> 3, all to all: V_th - E_L = 1 mV, R = 1 mV/pA, so that weights [pA] have no unit to speak
/// of.
TrainedNetwork make_network(const Recipe& recipe) {
  TrainedNetwork network;
  network.neurons = recipe.hidden + kClasses;
  network.channels = kChannels;
  network.receptors = 1;
  RandomStream random(recipe.seed, Purpose("yin_yang.weights"), 0);
  NetworkParameters& p = network.parameters;
  const auto connect = [&](std::uint32_t source, std::uint32_t target, double mean, double sd) {
    network.source.push_back(source);
    network.target.push_back(target);
    network.receptor.push_back(0);
    p.weight.push_back(normal(random, mean, sd));
    p.delay.push_back(recipe.delays * random.uniform());
  };
  for (std::uint32_t c = 0; c < kChannels; ++c)
    for (std::uint32_t h = 0; h < recipe.hidden; ++h) connect(network.neurons + c, h, 1.5, 0.78);
  for (std::uint32_t h = 0; h < recipe.hidden; ++h)
    for (std::uint32_t o = 0; o < kClasses; ++o)
      connect(h, recipe.hidden + o, 0.93 * 200 / recipe.hidden, 0.06 * 200 / recipe.hidden);
  const std::size_t n = network.neurons;
  p.tau_m.assign(n, 20);
  p.C_m.assign(n, 20);
  p.E_L.assign(n, 0);
  p.V_th.assign(n, 1);
  p.V_reset.assign(n, 0);
  p.t_ref.assign(n, 0);
  p.I_e.assign(n, 0);
  p.V_m.assign(n, 0);
  p.tau_syn.assign(n, 5);
  return network;
}

/// Adam on one column.
class Column {
 public:
  explicit Column(std::size_t size) : m_(size), v_(size) {}
  void step(std::vector<double>& values, const std::vector<double>& gradient, double shortened, double rate) {
    const models::Adam adam;
    const auto by = adam.correction(++steps_);
    for (std::size_t k = 0; k < values.size(); ++k)
      values[k] -= rate * adam.fall(by, shortened * gradient[k], m_[k], v_[k]);
  }

 private:
  std::vector<double> m_, v_;
  std::uint64_t steps_ = 0;
};

double norm(const std::vector<double>& v) {
  return std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0));
}

double accuracy(EventMethod& method, const TrainedNetwork& network, const std::vector<Item>& items) {
  std::size_t right = 0;
  std::vector<const Item*> batch;
  for (std::size_t first = 0; first < items.size(); first += 32) {
    batch.clear();
    for (std::size_t i = first; i < std::min(items.size(), first + 32); ++i) batch.push_back(&items[i]);
    const models::BatchResult result = method.evaluate(network, batch);
    for (std::size_t i = 0; i < batch.size(); ++i) right += result.prediction[i] == batch[i]->label ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(items.size());
}

struct Outcome {
  double validation = 0;
  double test = 0;
  int epoch = 0;
  double cpu_seconds = 0;
  models::LearningCounters counters;
};

Outcome train(const Recipe& recipe, const std::vector<Item>& items, const std::vector<Item>& validation,
              const std::vector<Item>& test, bool tells) {
  const double start = apps::cpu_seconds();
  TrainedNetwork network = make_network(recipe);
  models::EventMethodOptions options;
  for (std::uint32_t o = 0; o < kClasses; ++o) options.outputs.push_back(recipe.hidden + o);
  options.tau_l = 0.5;
  options.early_weight = 0.003;
  options.early_tau = 6.4;
  options.slope_floor = recipe.slope_floor;
  EventMethod method(network, options);
  NetworkParameters gradient = network.parameters.zeros();
  Column weights(network.parameters.weight.size()), delays(network.parameters.delay.size());
  std::vector<std::uint32_t> order(items.size());
  std::iota(order.begin(), order.end(), 0u);
  Outcome outcome;
  TrainedNetwork best = network;
  for (int epoch = 0; epoch < recipe.epochs; ++epoch) {
    RandomStream random(recipe.seed, Purpose("yin_yang.order"), static_cast<std::uint64_t>(epoch));
    for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[random.below(k)]);
    const double rate = recipe.rate * std::pow(recipe.decay, epoch);
    double loss = 0, right = 0;
    std::vector<const Item*> batch;
    for (std::size_t first = 0; first < order.size(); first += recipe.batch) {
      batch.clear();
      for (std::size_t k = first; k < std::min(order.size(), first + recipe.batch); ++k)
        batch.push_back(&items[order[k]]);
      const models::BatchResult result = method.learn(network, batch, gradient);
      outcome.counters += result.counters;
      loss += result.loss * static_cast<double>(batch.size());
      for (std::size_t i = 0; i < batch.size(); ++i) right += result.prediction[i] == batch[i]->label ? 1 : 0;
      const double length = recipe.learns_delays ? std::hypot(norm(gradient.weight), norm(gradient.delay) * 5)
                                                 : norm(gradient.weight);
      const double shortened = length > recipe.clip ? recipe.clip / length : 1;
      outcome.counters.clipped_batches += shortened < 1 ? 1 : 0;
      weights.step(network.parameters.weight, gradient.weight, shortened, rate);
      if (recipe.learns_delays) {
        delays.step(network.parameters.delay, gradient.delay, shortened, 5 * rate);
        for (double& d : network.parameters.delay) d = std::max(0.0, d);
      }
      outcome.counters.pushes += method.push(network);
    }
    const double reached = accuracy(method, network, validation);
    if (reached > outcome.validation) {
      outcome.validation = reached;
      outcome.epoch = epoch + 1;
      best = network;
    }
    if (tells)
      fmt::print("epoch {:3}: loss {:.4f}, accuracy {:.2f} %, validation {:.2f} %, {:.1f} CPU s\n", epoch + 1,
                 loss / static_cast<double>(items.size()), 100 * right / static_cast<double>(items.size()),
                 100 * reached, apps::cpu_seconds() - start);
  }
  outcome.test = accuracy(method, best, test);
  outcome.cpu_seconds = apps::cpu_seconds() - start;
  return outcome;
}

void run(const po::variables_map& values) {
  const auto folder = values["data"].as<std::string>();
  const auto items = read_items(folder, "train"), validation = read_items(folder, "validation"),
             test = read_items(folder, "test");
  std::vector<double> reached;
  for (std::uint64_t seed = values["first-seed"].as<std::uint64_t>(), k = 0;
       k < values["seeds"].as<std::uint64_t>(); ++seed, ++k) {
    Recipe recipe;
    recipe.seed = seed;
    recipe.epochs = values["epochs"].as<int>();
    recipe.hidden = values["hidden"].as<std::uint32_t>();
    recipe.decay = values["decay"].as<double>();
    recipe.slope_floor = values["slope-floor"].as<double>();
    recipe.delays = values["delays"].as<double>();
    recipe.learns_delays = values["learn-delays"].as<bool>();
    const Outcome o = train(recipe, items, validation, test, values["tell"].as<bool>());
    reached.push_back(o.test);
    fmt::print(
        "seed {}: test {:.2f} %, validation {:.2f} % at epoch {}, {:.1f} CPU s, {:.0f} spikes an item, {} "
        "floored, {} coincidences, {} pushes, {} clipped batches\n",
        seed, 100 * o.test, 100 * o.validation, o.epoch, o.cpu_seconds,
        static_cast<double>(o.counters.spikes) / static_cast<double>(o.counters.items), o.counters.floored,
        o.counters.coincidences, o.counters.pushes, o.counters.clipped_batches);
    std::fflush(stdout);
  }
  const double mean =
      std::accumulate(reached.begin(), reached.end(), 0.0) / static_cast<double>(reached.size());
  double square = 0;
  for (const double a : reached) square += (a - mean) * (a - mean);
  const double sd = reached.size() < 2 ? 0 : std::sqrt(square / static_cast<double>(reached.size() - 1));
  fmt::print("{} seeds: test {:.2f} +- {:.2f} %\n", reached.size(), 100 * mean, 100 * sd);
}

}  // namespace
}  // namespace chronotope::bench

int main(int argc, char** argv) {
  namespace po = boost::program_options;
  po::options_description options("yin_yang");
  options.add_options()("data", po::value<std::string>()->required(), "folder of the data set")(
      "epochs", po::value<int>()->default_value(40), "")("hidden",
                                                         po::value<std::uint32_t>()->default_value(200), "")(
      "seeds", po::value<std::uint64_t>()->default_value(5), "")(
      "first-seed", po::value<std::uint64_t>()->default_value(1), "")(
      "decay", po::value<double>()->default_value(0.95), "of the rate, per epoch")(
      "slope-floor", po::value<double>()->default_value(0.01),
      "a smaller dV/dt at a spike counts as this [mV/ms]")("delays", po::value<double>()->default_value(0),
                                                           "spread of the initial delays [ms]")(
      "learn-delays", po::bool_switch(), "")("tell", po::bool_switch(), "print every epoch");
  try {
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, options), values);
    po::notify(values);
    chronotope::bench::run(values);
  } catch (const std::exception& error) {
    fmt::print(stderr, "yin_yang: {}\n", error.what());
    return 2;
  }
  return 0;
}
