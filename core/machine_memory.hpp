// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/core/network_description.hpp"

namespace chronotope {

/// Bytes a process can have: the machine's memory, or less where an address-space limit says so.
double machine_memory();

/// Throws InputError "WHAT need about 320 GB of memory; this machine has 24 GB" when `bytes` are more than it
/// has. To be asked before they are taken; what fits is not kept from filling the machine.
void require_memory(double bytes, const std::string& what);

/// Throws InputError when a network takes more than the machine has by what it takes at least: neurons,
/// channels of inputs and those synapses whose number its rules fix or expect (not those of `distance`).
/// Rules that learn and own parameters take more.
void require_memory(const NetworkDescription& network);

}  // namespace chronotope
