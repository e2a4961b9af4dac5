// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/supervision.hpp"

#include <fmt/core.h>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/training/trained_wiring.hpp"
#include "chronotope/apps/training/training_items.hpp"
#include "chronotope/apps/training/training_setup.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::apps {
namespace {

/// Wiring, stimuli, read-out and optimiser of one training.
struct Setup {
  Setup(const proto::DecodedSpec& spec, const TrainingRequest& request)
      : wiring(build_wiring(spec)),
        items(cut_items(spec, item_options(request))),
        read_out(
            choose_read_out(request, spec.network, static_cast<std::uint32_t>(items.labels.size()), wiring)),
        optimiser(optimiser_options(request, wiring)),
        method(training_method(request, wiring.network, read_out, optimiser)) {
    std::vector<const models::Item*> all;
    for (const models::Item& item : items.items) all.push_back(&item);
    require_lengths(read_out, wiring, all, request.plan.batch_size, bytes_per_step(request, wiring));
  }

  static ItemOptions item_options(const TrainingRequest& request) {
    ItemOptions options;
    options.seed = request.plan.seed;
    return options;
  }

  TrainedWiring wiring;
  TrainingItems items;
  models::SpikeReadOut read_out;
  models::OptimiserOptions optimiser;
  std::unique_ptr<models::GradientMethod> method;
};

}  // namespace

TrainingRequest training_request(const SupervisionOptions& options, const Condition& condition,
                                 std::uint64_t seed) {
  TrainingRequest request;
  request.is_event = condition.learning == Learning::kEventExact;
  request.dt = Duration::nearest(1);
  request.plan.seed = seed;
  request.plan.epochs = options.epochs;
  request.plan.rate = options.rate;
  return request;
}

std::string identity(const TrainingRequest& request) {
  return fmt::format("{} epochs {} seed {}", describe(request), request.plan.epochs, request.plan.seed);
}

TaughtNetwork teach(const NetworkSpec& message, const Lessons& lessons,
                    const std::function<void(double share)>& progress) {
  Setup setup(lessons.spec, lessons.request);
  models::Training training(setup.wiring.network, setup.items.part(setup.items.training), {}, *setup.method,
                            setup.optimiser, lessons.request.plan);
  while (!training.done()) {
    const auto epoch = static_cast<double>(training.state().epoch);
    training.run_epoch([&](std::size_t batch, std::size_t batches, double) {
      Interrupt::check();
      progress((epoch + static_cast<double>(batch) / static_cast<double>(batches)) /
               lessons.request.plan.epochs);
    });
  }
  return {trained_spec(message, setup.wiring, setup.wiring.network.parameters, training.state().values),
          by_projection(setup.wiring, setup.wiring.network.parameters.weight),
          by_population(setup.wiring, setup.wiring.network.parameters.V_m)};
}

std::string why_not_taught(const proto::DecodedSpec& spec, const Condition& condition) {
  try {
    const Setup setup(spec, training_request({}, condition, 1));
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace chronotope::apps
