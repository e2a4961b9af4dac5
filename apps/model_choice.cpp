// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/model_choice.hpp"

template class chronotope::events::Engine<
    chronotope::Network<chronotope::apps::Neurons, chronotope::apps::Rules>>;
template class chronotope::NetworkBuilder<
    chronotope::Network<chronotope::apps::Neurons, chronotope::apps::Rules>>;
