// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/apps/training/trained_wiring.hpp"
#include "chronotope/core/network_description.hpp"
#include "chronotope/models/learning/event_loss.hpp"

namespace chronotope::apps {

/// A loss as the command line states it: a kind and its values, "ttfs_cross_entropy outputs=out label=1".
/// Neurons are POPULATION or POPULATION:NUMBER, several with commas. Throws FieldError that says what may
/// stand there.
models::EventLoss parse_loss(const std::string& text, const NetworkDescription& network,
                             const TrainedWiring& wiring);

}  // namespace chronotope::apps
