// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/rtd.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/topology/divergence/rtd_trial.hpp"
#include "chronotope/topology/homology/unmatched_cross_barcode.hpp"

namespace chronotope::topology {

namespace {

void check_degree(const RtdOptions& options) {
  const bool only_one = !has_cross_barcode(options.variant);
  if (options.degree < 1 || options.degree > (only_one ? 1 : 2))
    throw InputError("degree: " + std::to_string(options.degree) + " is not allowed (must be " +
                     (only_one ? "1 in this variant)" : "1 or 2)"));
}

void check(std::size_t rows_of_a, std::size_t rows_of_b, const RtdOptions& options) {
  check_degree(options);
  if (rows_of_a != rows_of_b && options.variant != RtdVariant::kMTopDiv)
    throw InputError("A has " + std::to_string(rows_of_a) + " rows and B has " + std::to_string(rows_of_b) +
                     " rows: both must represent the same objects");
  if (rows_of_a == 0 || rows_of_b == 0)
    throw InputError(rows_of_a > 0   ? "B has no rows"
                     : rows_of_b > 0 ? "A has no rows"
                                     : "A and B have no rows");
  if (options.batch == 0) throw InputError("batch: 0 is not allowed (must be >= 1)");
  if (options.reference_batch == 0) throw InputError("reference batch: 0 is not allowed (must be >= 1)");
  if (options.trials == 0) throw InputError("trials: 0 is not allowed (must be >= 1)");
  if (!(options.quantile > 0 && options.quantile <= 1))
    throw InputError("quantile: " + chronotope::to_string(options.quantile) +
                     " is not allowed (must be in (0, 1])");
}

/// The points a trial of MTop-Div looks at.
struct UnmatchedRows {
  std::vector<std::size_t> cloud;
  std::vector<std::size_t> reference;
};

/// The rows of all trials are drawn before the first of them, and all their bars kept.
void require_trials(const RtdOptions& options, std::size_t rows_per_trial) {
  const double bytes = static_cast<double>(sizeof(CrossBarcodes) + rows_per_trial * sizeof(std::size_t));
  require_memory(bytes * static_cast<double>(options.trials),
                 std::to_string(options.trials) + " trials of " + std::to_string(rows_per_trial) + " rows");
}

std::vector<UnmatchedRows> draw_unmatched_rows(std::size_t cloud, std::size_t reference,
                                               const RtdOptions& options, NumpyRandom& random) {
  std::vector<UnmatchedRows> draws(options.trials);
  for (UnmatchedRows& rows : draws) {
    rows.reference = draw_rows(reference, options.reference_batch, random);
    rows.cloud = draw_rows(cloud, options.batch, random);
  }
  return draws;
}

RtdResult rtd_of_unmatched(const PointCloud& a, const PointCloud& b, const RtdOptions& options,
                           NumpyRandom& random, const RtdProgress& progress) {
  check(a.size(), b.size(), options);
  require_trials(options,
                 2 * (std::min(options.reference_batch, b.size()) + std::min(options.batch, a.size())));
  const auto ab = draw_unmatched_rows(a.size(), b.size(), options, random);
  const auto ba = draw_unmatched_rows(b.size(), a.size(), options, random);
  const auto barcode = [&](const PointCloud& cloud, const PointCloud& reference, const UnmatchedRows& rows) {
    return unmatched_cross_barcode(restricted(cloud, rows.cloud), restricted(reference, rows.reference),
                                   options.metric)[1];
  };
  const auto trial = [&](std::size_t t) { return CrossBarcodes{barcode(a, b, ab[t]), barcode(b, a, ba[t])}; };
  RtdResult result =
      summarise_trials(a.size(), options.batch, run_trials(trial, options.trials, options.threads, progress));
  for (const UnmatchedRows& rows : ab) result.batches.push_back(rows.cloud);
  return result;
}

/// A and B are clouds or distance matrices.
template <class Objects>
RtdResult rtd_of_matched(const Objects& a, const Objects& b, const RtdOptions& options, NumpyRandom& random,
                         const RtdProgress& progress) {
  check(a.size(), b.size(), options);
  if (options.batch < a.size()) require_trials(options, options.batch);
  auto batches = draw_batches(a.size(), options.batch, options.trials, random);
  const bool concurrently = batches.size() == 1 && options.threads != 1;
  const auto run = [&](const auto& trial) {
    return summarise_trials(a.size(), options.batch,
                            run_trials(trial, batches.size(), options.threads, progress));
  };
  RtdResult result =
      is_similarity(options.variant)
          ? run([&](std::size_t t) { return run_similarity_trial(a, b, batches[t], options); })
          : run([&](std::size_t t) { return run_trial(a, b, batches[t], options, concurrently); });
  result.batches = std::move(batches);
  return result;
}

}  // namespace

RtdResult rtd(const PointCloud& a, const PointCloud& b, const RtdOptions& options, NumpyRandom& random,
              const RtdProgress& progress) {
  return options.variant == RtdVariant::kMTopDiv ? rtd_of_unmatched(a, b, options, random, progress)
                                                 : rtd_of_matched(a, b, options, random, progress);
}

RtdResult rtd(const PointCloud& a, const PointCloud& b, const RtdOptions& options,
              const RtdProgress& progress) {
  NumpyRandom random(options.seed);
  return rtd(a, b, options, random, progress);
}

RtdResult rtd(const DistanceMatrix& a, const DistanceMatrix& b, const RtdOptions& options,
              const RtdProgress& progress) {
  NumpyRandom random(options.seed);
  return rtd_of_matched(a, b, options, random, progress);
}

}  // namespace chronotope::topology
