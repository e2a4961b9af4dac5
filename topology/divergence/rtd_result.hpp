// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "chronotope/topology/homology/cross_barcode.hpp"

namespace chronotope::topology {

/// One trial: total length of the finite bars in either direction; of a similarity its value, twice.
struct RtdTrial {
  double ab = 0;
  double ba = 0;

  double symmetric() const { return (ab + ba) / 2; }
};

struct RtdResult {
  double rtd = 0;     ///< mean over trials of (ab + ba) / 2
  double rtd_ab = 0;  ///< mean RTD_1(A -> B): w = d(A), w~ = d(B)
  double rtd_ba = 0;
  double sd = 0;  ///< sample standard deviation of the trials' scores, 0 for one trial
  double se = 0;  ///< sd / sqrt(trials)
  std::size_t n = 0;
  std::size_t batch = 0;          ///< objects each trial saw
  std::size_t trials = 0;         ///< trials that were run
  std::size_t infinite_bars = 0;  ///< in all trials; they count in no score
  std::vector<RtdTrial> trial_scores;
  std::vector<std::vector<std::size_t>> batches;  ///< the rows each trial saw
  std::vector<CrossBarcodes> barcodes;            ///< of every trial, where the score is made of bars
};

/// What the barcodes of all trials say together: each trial's scores, their mean and spread, summed in the
/// order of trials. `objects` is n, each trial saw min(batch, n) of them; the rows of the batches are left to
/// the caller.
RtdResult summarise_trials(std::size_t objects, std::size_t batch, std::vector<CrossBarcodes> barcodes);
/// The same of scores without bars.
RtdResult summarise_trials(std::size_t objects, std::size_t batch, std::vector<RtdTrial> scores);

}  // namespace chronotope::topology
