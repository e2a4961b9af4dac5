// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "chronotope/apps/imports/imported_network.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/proto/formats/nir_graph.hpp"

namespace chronotope::apps {

/// What a NIR file does not tell.
struct NirReading {
  std::optional<Duration> dt;     // step of the program that wrote it
  std::optional<Duration> delay;  // of connections without a Delay; default: dt
};

/// Adds a NIR graph to a network: inputs, a population for every LIF, CubaLIF and IF, and between them the product of
/// the Linear, Affine, Scale and Delay nodes on every way from one to the other. With times in ms, potentials in mV
/// and currents in pA for the file's seconds and its numbers without a unit:
///
///   CubaLIF   exp_psc_lif, tau_m = 1000 tau_mem, tau_syn = 1000 tau_syn, R_m = 1000 r; an arrival adds W w_in dt/tau_syn
///   LIF       delta_lif, tau_m = 1000 tau, R_m = 1000 r; an arrival adds W r dt/tau
///   IF        linear_leak_lif without leak and floor, C_m = 1000/r; an arrival adds W r dt
///
/// as a spike in NIR is a pulse of height 1 that lasts one step dt of the program that wrote the file. The bias of an
/// Affine is a constant current: it is there from the start, as V begins at v_leak. Weights of 0 are left out.
///
/// The step is that of `reading`, of the file's metadata, or the one that the constants of all CubaLIF agree on: trained
/// in discrete time they have w_in = tau_syn/dt and r = tau_mem/dt.
///
/// Errors: InputError that names the file, the node and its array, for what has no counterpart, values out of range,
/// sizes that do not fit, and a step that nothing tells. Memory: 32 bytes for each number of a weight matrix.
void import_nir(const proto::NirGraph& graph, const NirReading& reading, ImportedNetwork& network);

}  // namespace chronotope::apps
