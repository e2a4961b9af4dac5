// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/core/network_description.hpp"

namespace chronotope {

/// Bytes a process can have: the machine's memory, or less where a limit on address space or data, or a
/// control group, says so.
double machine_memory();

/// Throws InputError "WHAT need about 320 GB of memory; this machine has 24 GB" when `bytes` are more than it
/// has. To be asked before they are taken; what fits is not kept from filling the machine.
void require_memory(double bytes, const std::string& what);

/// Throws InputError when `copies` of a network that live at once take more than the machine has by what they
/// take at least: neurons, channels of inputs, lattices, the synapses that its rules fix or expect, and the
/// part of every population that each of `threads` of an event-driven run has (0: a run on a clock). Rules
/// that learn and own parameters take more.
void require_memory(const NetworkDescription& network, unsigned copies = 1, unsigned threads = 0);

/// What a network takes at least, as above [bytes].
double least_memory(const NetworkDescription& network, unsigned threads);

/// From here on memory that the machine does not have is refused (std::bad_alloc) instead of being promised
/// and paid for with the life of some process: for what grows with an input whose length nobody knows.
void limit_memory_to_machine();

}  // namespace chronotope
