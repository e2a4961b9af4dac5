// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/core/network.hpp"
#include "chronotope/events/engine.hpp"
#include "chronotope/models/neurons/adaptive_current_lif.hpp"
#include "chronotope/models/neurons/adaptive_threshold_lif.hpp"
#include "chronotope/models/neurons/alpha_psc_lif.hpp"
#include "chronotope/models/neurons/delta_lif.hpp"
#include "chronotope/models/neurons/escape_noise_lif.hpp"
#include "chronotope/models/neurons/exp_psc_lif.hpp"
#include "chronotope/models/neurons/linear_leak_lif.hpp"
#include "chronotope/models/neurons/multi_receptor_lif.hpp"
#include "chronotope/models/neurons/quadratic_lif.hpp"
#include "chronotope/models/plasticity/pair_stdp.hpp"
#include "chronotope/models/plasticity/static_weight.hpp"
#include "chronotope/models/plasticity/triplet_stdp.hpp"
#include "chronotope/models/plasticity/vogels_stdp.hpp"
#include "chronotope/models/synapses/short_term.hpp"

namespace chronotope::apps {

// The models this program knows: the only place where names in a specification meet types. One line each.

using Neurons = TypeList<models::ExpPscLif,             //
                         models::DeltaLif,              //
                         models::AdaptiveCurrentLif,    //
                         models::AdaptiveThresholdLif,  //
                         models::AlphaPscLif,           //
                         models::QuadraticLif,          //
                         models::LinearLeakLif,         //
                         models::EscapeNoiseLif,        //
                         models::MultiReceptorLif>;

/// Every rule, and every rule under short-term plasticity.
template <class... Rule>
using WithShortTerm = TypeList<Rule..., models::ShortTerm<Rule>...>;

using Rules = WithShortTerm<models::StaticWeight,  //
                            models::PairStdp,      //
                            models::TripletStdp,   //
                            models::VogelsStdp>;

using Engine = events::Engine<Network<Neurons, Rules>>;

}  // namespace chronotope::apps

// Compiled once, in model_choice.cpp.
extern template class chronotope::events::Engine<
    chronotope::Network<chronotope::apps::Neurons, chronotope::apps::Rules>>;
extern template class chronotope::NetworkBuilder<
    chronotope::Network<chronotope::apps::Neurons, chronotope::apps::Rules>>;
