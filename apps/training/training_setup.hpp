// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "chronotope/apps/training/trained_wiring.hpp"
#include "chronotope/apps/training/training_request.hpp"
#include "chronotope/models/learning/gradient_method.hpp"
#include "chronotope/models/learning/optimiser.hpp"
#include "chronotope/models/learning/spike_read_out.hpp"

namespace chronotope::apps {

/// How classes are read; a leaky read-out's weights are drawn, normal with standard deviation 1/sqrt(N), and
/// join the wiring's parameters. Throws FieldError for a population that is none or too small, and for a loss
/// that the read-out or the method does not have.
models::SpikeReadOut choose_read_out(const TrainingRequest& request, const NetworkDescription& network,
                                     std::uint32_t classes, TrainedWiring& wiring);

/// Which numbers move, in which units and how far. Throws InputError when no synapse learns, FieldError for
/// free signs of exp_psc_lif.
models::OptimiserOptions optimiser_options(const TrainingRequest& request, const TrainedWiring& wiring);

/// The method that teaches. `optimiser` tells which synapses may be moved.
std::unique_ptr<models::GradientMethod> training_method(const TrainingRequest& request,
                                                        const models::TrainedNetwork& network,
                                                        const models::SpikeReadOut& read_out,
                                                        const models::OptimiserOptions& optimiser);

/// What a step of the grid leaves in memory until the way back, per item [bytes].
double bytes_per_step(const TrainingRequest& request, const TrainedWiring& wiring);

/// Throws InputError for an item of no length or one that is too long: from spike to spike longer than 9,007
/// ms, on the grid more than 2^32 steps, or more than there is memory for in a batch.
void require_lengths(const models::SpikeReadOut& read_out, const TrainedWiring& wiring,
                     const std::vector<const models::Item*>& items, std::uint32_t batch,
                     double bytes_per_step);

/// One that reads classes on the grid of the read-out, or from spike to spike if that is how it hears; it
/// learns nothing.
std::unique_ptr<models::GradientMethod> reading_method(const models::TrainedNetwork& network,
                                                       const models::SpikeReadOut& read_out,
                                                       unsigned threads);

}  // namespace chronotope::apps
