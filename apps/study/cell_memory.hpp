// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "chronotope/proto/study.pb.h"

namespace chronotope::apps {

/// How much of the memory signal a finished network's spike counts per step recall (models::memory_capacity,
/// corrected for chance), how often a neuron fired under it, and the quotient of the two. Nothing is set for
/// a stream without such a signal, no efficiency without spikes. Errors: InputError as SnapshotReader's.
void fill_memory(const std::filesystem::path& stream, StudyCellReport& report);

}  // namespace chronotope::apps
