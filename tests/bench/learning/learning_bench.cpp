// SPDX-License-Identifier: Apache-2.0
// CPU seconds of training steps: forward, backward and Adam on one batch of a recurrent network.
//   learning_bench NEURONS CHANNELS DENSITY float|double THREADS STEPS_OF_TRAINING
// Prints one JSON object: seconds of each step of training, the loss, spikes per neuron and item.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/models/learning/optimiser.hpp"
#include "chronotope/models/learning/surrogate_gradient.hpp"

namespace {

using namespace chronotope;
using namespace chronotope::models;

constexpr std::uint32_t kClasses = 10;
constexpr std::uint32_t kSteps = 500;
constexpr std::size_t kBatch = 32;
constexpr double kInputRate = 0.01;  // spikes per step and channel

double normal(RandomStream& stream) {
  return std::sqrt(-2 * std::log(stream.uniform())) * std::cos(6.283185307179586 * stream.uniform());
}

/// One receptor, free signs, tau_m 20 ms, tau_syn 5 ms, V_th 15 mV above rest, R 0.08 mV/pA, delays of one
/// step. The recurrence is one drive among many: firing at some 10 Hz comes from the inputs.
TrainedNetwork network(std::uint32_t neurons, std::uint32_t channels, double density) {
  TrainedNetwork made{neurons, channels, 1, {}, {}, {}, {}};
  NetworkParameters& p = made.parameters;
  p.tau_m.assign(neurons, 20);
  p.C_m.assign(neurons, 250);
  p.E_L.assign(neurons, -70);
  p.V_m = p.V_reset = p.E_L;
  p.V_th.assign(neurons, -55);
  p.t_ref.assign(neurons, 0);
  p.I_e.assign(neurons, 0);
  p.tau_syn.assign(neurons, 5);
  RandomStream stream(1, Purpose("learning bench"), 0);
  const double input = 9000 / std::sqrt(channels * 10.0);
  const auto connect = [&](std::uint32_t source, double share, double size) {
    for (std::uint32_t j = 0; j < neurons; ++j) {
      if (share < 1 && stream.uniform() > share) continue;
      made.source.push_back(source);
      made.target.push_back(j);
      made.receptor.push_back(0);
      p.weight.push_back(size * normal(stream));
      p.delay.push_back(1);
    }
  };
  for (std::uint32_t i = 0; i < neurons; ++i) connect(i, density, 300 / std::sqrt(density * neurons));
  for (std::uint32_t c = 0; c < channels; ++c) connect(neurons + c, 1, input);
  for (std::size_t k = 0; k < std::size_t{kClasses} * neurons; ++k)
    p.W_o.push_back(normal(stream) / std::sqrt(neurons));
  return made;
}

std::vector<Item> items(std::uint32_t channels) {
  std::vector<Item> made(kBatch);
  RandomStream stream(1, Purpose("learning bench items"), 0);
  for (Item& item : made) {
    item.duration = Duration::nearest(kSteps);
    item.label = static_cast<std::uint32_t>(stream.below(kClasses));
    for (std::uint32_t t = 0; t < kSteps; ++t)
      for (std::uint32_t c = 0; c < channels; ++c)
        if (stream.uniform() < kInputRate) item.spikes.push_back({Time() + Duration::nearest(t + 0.5), c});
  }
  return made;
}

Workers threads(unsigned size) {
  if (size == 1) return {};
  return {size, [size](const Workers::Work& work) {
            std::vector<std::jthread> others;
            for (unsigned k = 1; k < size; ++k) others.emplace_back(work, k);
            work(0);
          }};
}

template <class Real>
void run(TrainedNetwork net, double density, unsigned size, int repeats) {
  const std::vector<Item> all = items(net.channels);
  std::vector<const Item*> batch;
  for (const Item& item : all) batch.push_back(&item);
  SurrogateOptions options;
  options.dt = Duration::nearest(1);
  SurrogateGradient<Real> method(net, options, threads(size));
  OptimiserOptions moving;
  moving.unit.assign(net.source.size(), 100);
  moving.low.assign(net.source.size(), -1e9);
  moving.high.assign(net.source.size(), 1e9);
  Optimiser optimiser(net, moving);
  NetworkParameters gradient = net.parameters.zeros();
  std::printf(
      "{\"neurons\": %u, \"channels\": %u, \"density\": %g, \"real\": \"%s\", \"threads\": %u, \"seconds\": "
      "[",
      net.neurons, net.channels, density, sizeof(Real) == 4 ? "float" : "double", size);
  BatchResult result;
  for (int k = 0; k < repeats; ++k) {
    const auto start = std::chrono::steady_clock::now();
    result = method.learn(net, batch, gradient);
    optimiser.step(1e-3, gradient, net.parameters);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("%s%.6f", k == 0 ? "" : ", ", seconds.count());
  }
  std::printf("], \"loss\": %.9g, \"spikes\": %.4g}\n", result.loss,
              static_cast<double>(result.counters.spikes) / (kBatch * net.neurons));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr, "learning_bench NEURONS CHANNELS DENSITY float|double THREADS REPEATS\n");
    return 2;
  }
  const auto number = [&](int k) { return static_cast<unsigned>(std::atoi(argv[k])); };
  const double density = std::atof(argv[3]);
  const TrainedNetwork net = network(number(1), number(2), density);
  if (std::string(argv[4]) == "float")
    run<float>(net, density, number(5), std::atoi(argv[6]));
  else
    run<double>(net, density, number(5), std::atoi(argv[6]));
}
