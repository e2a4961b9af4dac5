// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/rtd_result.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace chronotope::topology {

namespace {

/// Mean and spread over trials, summed in their order.
void add_mean_and_spread(RtdResult& result) {
  const auto count = static_cast<double>(result.trials);
  for (const RtdTrial& trial : result.trial_scores) {
    result.rtd += trial.symmetric() / count;
    result.rtd_ab += trial.ab / count;
    result.rtd_ba += trial.ba / count;
  }
  if (result.trials < 2) return;
  double squares = 0;
  for (const RtdTrial& trial : result.trial_scores)
    squares += (trial.symmetric() - result.rtd) * (trial.symmetric() - result.rtd);
  result.sd = std::sqrt(squares / (count - 1));
  result.se = result.sd / std::sqrt(count);
}

}  // namespace

RtdResult summarise_trials(std::size_t objects, std::size_t batch, std::vector<RtdTrial> scores) {
  RtdResult result;
  result.n = objects;
  result.batch = std::min(batch, objects);
  result.trials = scores.size();
  result.trial_scores = std::move(scores);
  add_mean_and_spread(result);
  return result;
}

RtdResult summarise_trials(std::size_t objects, std::size_t batch, std::vector<CrossBarcodes> barcodes) {
  std::vector<RtdTrial> scores;
  std::size_t infinite_bars = 0;
  for (const auto& [ab, ba] : barcodes) {
    scores.push_back({ab.total_finite_length(), ba.total_finite_length()});
    infinite_bars += ab.infinite_bars() + ba.infinite_bars();
  }
  RtdResult result = summarise_trials(objects, batch, std::move(scores));
  result.infinite_bars = infinite_bars;
  result.barcodes = std::move(barcodes);
  return result;
}

}  // namespace chronotope::topology
