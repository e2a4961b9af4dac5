// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "chronotope/topology/homology/cross_barcode.hpp"

namespace chronotope::topology {

/// The barcodes of the trial with a number, counted from 0; called from several threads at once.
using Trial = std::function<CrossBarcodes(std::size_t trial)>;

/// Told after each trial how many of how many are done; calls come one at a time, from the threads that do the
/// trials, of which the caller's is one. What it throws ends the work: no further trial is begun.
using RtdProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Runs trials 0 .. trials - 1 on `threads` threads, 0 for one per core; barcode t is that of trial t,
/// whoever ran it. When trials throw, the others run to their end, and the first error in the order of trials
/// is thrown.
std::vector<CrossBarcodes> run_trials(const Trial& trial, std::size_t trials, std::size_t threads,
                                      const RtdProgress& progress);

}  // namespace chronotope::topology
