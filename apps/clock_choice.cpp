// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/clock_choice.hpp"

template class chronotope::events::ClockEngine<
    chronotope::Network<chronotope::apps::ClockNeurons, chronotope::apps::Rules>>;
template class chronotope::NetworkBuilder<
    chronotope::Network<chronotope::apps::ClockNeurons, chronotope::apps::Rules>>;
