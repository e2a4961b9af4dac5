// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/training/training_setup.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <exception>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/listed.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/training/matched_trains.hpp"
#include "chronotope/apps/training/training_file.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/distribution.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/events/clock/flush_denormals.hpp"
#include "chronotope/events/team.hpp"
#include "chronotope/models/learning/event_method.hpp"
#include "chronotope/models/learning/surrogate_gradient.hpp"

namespace chronotope::apps {
namespace {

using Kind = models::GridLoss::Kind;

/// Workers that take numbers below 2.2e-308 for 0: adjoints decay for a long time.
models::Workers make_workers(unsigned size) {
  const auto team = std::make_shared<events::Team>(size);
  const auto run = [team](const models::Workers::Work& work) {
    std::vector<std::exception_ptr> failures(team->size());
    team->run([&](unsigned member) {
      const events::FlushDenormals flushed;
      try {
        work(member);
      } catch (...) {
        failures[member] = std::current_exception();
      }
    });
    for (const std::exception_ptr& failure : failures)
      if (failure) std::rethrow_exception(failure);
  };
  return {size, run, Interrupt::check};
}

Kind default_loss(const TrainingRequest& request) {
  if (!request.match.empty()) return Kind::kVanRossum;
  if (request.readout == "leaky") return Kind::kMax;
  return request.is_event ? Kind::kFirstSpike : Kind::kCount;
}

/// Whether the method and the read-out have it.
void require_loss(const TrainingRequest& request, const models::GridLoss& loss) {
  const bool leaky = request.readout == "leaky";
  require((loss.kind == Kind::kVanRossum) == !request.match.empty(), "loss", loss_name(loss.kind),
          request.match.empty() ? "needs trains to --match" : "must be van_rossum with --match");
  if (loss.kind == Kind::kVanRossum) {
    require(leaky, "readout", request.readout, "has no use with --match");
    require(!request.is_event, "method", "eventprop", "must be surrogate with --match");
    return;
  }
  require(loss.is_leaky() == leaky, "loss", loss_name(loss.kind),
          leaky ? "must be max, mean or last for the leaky read-out"
                : "must be count, discounted_count or first_spike for a population");
  require(!request.is_event || loss.kind == Kind::kMax || loss.kind == Kind::kMean ||
              loss.kind == Kind::kFirstSpike,
          "loss", loss_name(loss.kind),
          leaky
              ? "must be max or mean with --method eventprop"
              : "must be first_spike with --method eventprop: a count of spikes has an exact gradient of 0; "
                "--method surrogate, or --readout leaky, learns rates");
}

/// Normal, with standard deviation 1/sqrt(N).
std::vector<double> draw_read_out(std::uint64_t seed, std::uint32_t classes, std::uint32_t neurons) {
  std::vector<double> weights;
  for (std::size_t k = 0; k < std::size_t{classes} * neurons; ++k) {
    RandomStream stream(seed, Purpose("read-out.weight"), k);
    weights.push_back(standard_normal(stream) / std::sqrt(neurons));
  }
  return weights;
}

std::vector<std::uint32_t> output_neurons(const std::string& name, const NetworkDescription& network,
                                          std::uint32_t classes, const TrainedWiring& wiring) {
  std::size_t p = 0;
  while (p < network.populations.size() && network.populations[p].name != name) ++p;
  require(p < network.populations.size(), "readout", name, "must be leaky or the name of a population");
  require(network.populations[p].size >= classes, "readout", name,
          "has " + std::to_string(network.populations[p].size) + " neurons for " + std::to_string(classes) +
              " classes; it needs one for each");
  std::vector<std::uint32_t> neurons;
  for (std::uint32_t k = 0; k < classes; ++k) neurons.push_back(wiring.first_neuron[p] + k);
  return neurons;
}

/// By projection, whether it learns.
std::vector<bool> learning_projections(const TrainingRequest& request, const TrainedWiring& wiring) {
  std::vector<bool> learns;
  for (const auto& projection : wiring.projections)
    learns.push_back(request.synapses == "all" || (request.synapses == "plastic" && projection.plastic));
  if (request.synapses == "all" || request.synapses == "plastic") return learns;
  for (const std::string& name : listed("synapses", request.synapses)) {
    bool found = false;
    for (std::size_t p = 0; p < learns.size(); ++p) {
      if (wiring.projections[p].name != name) continue;
      learns[p] = found = true;
    }
    require(found, "synapses", in_quotes(name), "the network has no such projection; all trains all of them");
  }
  return learns;
}

/// The mean magnitude of its weights, or the mean current that holds its targets at their threshold [pA].
double weight_unit(const TrainingRequest& request, const TrainedWiring& wiring,
                   const TrainedWiring::Projection& projection) {
  const models::NetworkParameters& p = wiring.network.parameters;
  double sum = 0;
  for (std::size_t k = projection.first; k < projection.last; ++k) {
    const std::uint32_t i = wiring.network.target[k];
    sum += request.threshold_unit ? std::abs(p.V_th[i] - p.E_L[i]) * p.C_m[i] / p.tau_m[i]
                                  : std::abs(p.weight[k]);
  }
  return sum / static_cast<double>(std::max<std::size_t>(1, projection.last - projection.first));
}

/// Lets one projection learn.
void free_projection(const TrainingRequest& request, const TrainedWiring& wiring,
                     const TrainedWiring::Projection& projection, models::OptimiserOptions& options) {
  constexpr double kLargest = 1e12;
  constexpr double kLeastInputDelay = 1e-3;  // [ms]: the engine takes none of 0
  const double unit = weight_unit(request, wiring, projection);
  for (std::size_t k = projection.first; k < projection.last; ++k) {
    const double weight = wiring.network.parameters.weight[k];
    const bool positive = wiring.by_sign[k] ? wiring.network.receptor[k] == 0 : weight > 0;
    require(!request.free_signs || !wiring.by_sign[k], "signs", "free",
            "the target of " + projection.name +
                " is an exp_psc_lif, whose tau_syn jumps where a weight crosses 0; multi_receptor_lif can");
    options.unit[k] = unit;
    options.low[k] = request.free_signs || !positive ? -kLargest : 0;
    options.high[k] = request.free_signs || positive ? kLargest : 0;
    if (options.least_delay.empty()) continue;
    const double least = wiring.network.from_channel(k) ? kLeastInputDelay : request.least_delay.ms();
    options.least_delay[k] = std::min(least, wiring.network.parameters.delay[k]);
  }
}

models::SurrogateOptions surrogate_options(const models::SpikeReadOut& read_out) {
  models::SurrogateOptions options;
  options.dt = read_out.dt;
  options.loss = read_out.loss;
  options.read_out = read_out.leaky;
  options.outputs = read_out.outputs;
  return options;
}

models::EventMethodOptions event_options(const models::SpikeReadOut& read_out) {
  models::EventMethodOptions options;
  options.logits = read_out.loss.kind == Kind::kMax    ? models::EventLogits::kMaximum
                   : read_out.loss.kind == Kind::kMean ? models::EventLogits::kIntegral
                                                       : models::EventLogits::kFirstSpikes;
  options.outputs = read_out.outputs;
  options.tau_l = read_out.loss.tau_l;
  return options;
}

}  // namespace

models::SpikeReadOut choose_read_out(const TrainingRequest& request, const NetworkDescription& network,
                                     std::uint32_t classes, TrainedWiring& wiring) {
  models::SpikeReadOut read_out;
  read_out.dt = request.dt;
  read_out.on_grid = !request.is_event;
  read_out.loss = {request.loss.value_or(default_loss(request)), request.scale, request.tau_l};
  read_out.classes = classes;
  read_out.neurons = wiring.network.neurons;
  require_loss(request, read_out.loss);
  if (read_out.loss.is_leaky())
    wiring.network.parameters.W_o = draw_read_out(request.plan.seed, classes, read_out.neurons);
  else if (read_out.loss.kind == Kind::kVanRossum)
    read_out.outputs = matched_neurons(request.matched, network, wiring);
  else
    read_out.outputs = output_neurons(request.readout, network, classes, wiring);
  return read_out;
}

models::OptimiserOptions optimiser_options(const TrainingRequest& request, const TrainedWiring& wiring) {
  constexpr double kLeastTau = 0.5;  // [ms], without a grid
  models::OptimiserOptions options;
  const std::size_t synapses = wiring.network.source.size();
  options.unit.assign(synapses, 0);
  options.low.assign(synapses, 0);
  options.high.assign(synapses, 0);
  if (request.learns("delays")) options.least_delay.assign(synapses, -1);
  const std::vector<bool> learns = learning_projections(request, wiring);
  for (std::size_t p = 0; p < learns.size(); ++p)
    if (learns[p]) free_projection(request, wiring, wiring.projections[p], options);
  require(std::find(learns.begin(), learns.end(), true) != learns.end(), "synapses", request.synapses,
          "the network has no such projection; all trains all of them");
  options.least_tau = request.is_event ? kLeastTau : 3 * request.dt.ms();
  options.clip = request.clip;
  options.tau_m = request.learns("tau_m");
  options.tau_syn = request.learns("tau_syn");
  options.V_th = request.learns("V_th");
  options.I_e = request.learns("I_e");
  return options;
}

std::unique_ptr<models::GradientMethod> training_method(const TrainingRequest& request,
                                                        const models::TrainedNetwork& network,
                                                        const models::SpikeReadOut& read_out,
                                                        const models::OptimiserOptions& optimiser) {
  if (request.is_event) {
    models::EventMethodOptions options = event_options(read_out);
    options.early_weight = request.early_weight;
    options.early_tau = request.early_tau;
    options.slope_floor = request.slope_floor;
    options.c1 = request.regulariser.c1;
    options.n_hi = request.regulariser.n_hi;
    options.constants = request.learns_constants();
    for (std::size_t k = 0; k < optimiser.unit.size(); ++k)
      options.push.moves.push_back(optimiser.unit[k] > 0 && optimiser.high[k] > 0);
    return std::make_unique<models::EventMethod>(network, options, make_workers(request.threads));
  }
  models::SurrogateOptions options = surrogate_options(read_out);
  options.beta = request.beta;
  options.regulariser = request.regulariser;
  options.constants = request.learns_constants();
  if (request.in_float)
    return std::make_unique<models::SurrogateGradient<float>>(network, options,
                                                              make_workers(request.threads));
  return std::make_unique<models::SurrogateGradient<double>>(network, options, make_workers(request.threads));
}

double bytes_per_step(const TrainingRequest& request, const TrainedWiring& wiring) {
  if (request.is_event) return 0;
  const double kept = 1 + (request.learns_constants() ? wiring.network.receptors : 0);
  return kept * wiring.network.neurons * (request.in_float ? sizeof(float) : sizeof(double));
}

void require_lengths(const models::SpikeReadOut& read_out, const TrainedWiring& wiring,
                     const std::vector<const models::Item*>& items, std::uint32_t batch,
                     double bytes_per_step) {
  constexpr double kMostSteps = 4e9;
  constexpr double kListBytes = 8;  // of a step without spikes
  Duration longest;
  for (const models::Item* item : items) {
    if (item->duration <= Duration())
      throw InputError("a stimulus of 0 ms holds no activity; --tail makes it longer");
    longest = std::max(longest, item->duration);
  }
  const std::string length = "a stimulus of " + to_text(longest) + " ms with its --tail";
  if (!read_out.on_grid) {
    if (longest > stated_duration(models::EventPass::kLongestMs))
      throw InputError(length +
                       " is too long for --method eventprop, which takes 9007 ms; --longest cuts it");
    return;
  }
  double longest_delay = 0;
  for (const double delay : wiring.network.parameters.delay) longest_delay = std::max(longest_delay, delay);
  const double steps = std::max(longest.ms(), longest_delay) / read_out.dt.ms();
  if (steps > kMostSteps)
    throw InputError(length + ", or a delay of " + to_string(longest_delay) +
                     " ms, is more than 4e9 steps of --dt");
  const auto together = static_cast<double>(std::min<std::size_t>(batch, items.size()));
  require_memory(
      together * (steps * kListBytes + longest.ms() / read_out.dt.ms() * bytes_per_step +
                  2 * longest_delay / read_out.dt.ms() * bytes_per_step),
      fmt::format("{} in a --batch of {:.0f} on a grid of {} ms", length, together, read_out.dt.ms()));
}

std::unique_ptr<models::GradientMethod> reading_method(const models::TrainedNetwork& network,
                                                       const models::SpikeReadOut& read_out,
                                                       unsigned threads) {
  if (!read_out.on_grid)
    return std::make_unique<models::EventMethod>(network, event_options(read_out), make_workers(threads));
  return std::make_unique<models::SurrogateGradient<double>>(network, surrogate_options(read_out),
                                                             make_workers(threads));
}

}  // namespace chronotope::apps
