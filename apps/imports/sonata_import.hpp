// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/apps/imports/imported_network.hpp"

namespace chronotope::apps {

/// Adds a SONATA network of point neurons to a network: a population for each of nodes whose model_type is point_neuron
/// (or point_process), an input for each of virtual ones with the spikes that the simulation's inputs give them, a
/// projection for each population of edges. A node's number is its place in the file.
///
/// Models go by NEST's names and take NEST's defaults for what the files leave out: iaf_psc_exp, iaf_psc_alpha and
/// iaf_psc_delta (with _ps, too), iaf_cond_exp, aeif_psc_exp, izhikevich. A parameter is that of the node in HDF5
/// (dynamics_params/NAME), else of its type's dynamics_params, a JSON file. V begins at V_m, else at the simulation's
/// v_init, else where NEST's does. An edge has syn_weight, times nsyns where there is one, and delay, else NEST's 1 ms;
/// its synapses are static.
///
/// Errors: InputError that names the file and the node, edge, type or parameter, for what has no counterpart, is missing or
/// out of range.
void import_sonata(const std::string& config, ImportedNetwork& network);

}  // namespace chronotope::apps
