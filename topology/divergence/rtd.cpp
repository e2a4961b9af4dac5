// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/rtd.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <utility>

#include "chronotope/core/machine_memory.hpp"
#include "chronotope/topology/distances/point_distances.hpp"
#include "chronotope/topology/divergence/rtd_lite.hpp"
#include "chronotope/topology/homology/cohomology.hpp"
#include "chronotope/topology/homology/unmatched_cross_barcode.hpp"

namespace chronotope::topology {

namespace {

using Rows = std::span<const std::size_t>;
using Trial = std::function<CrossBarcodes(std::size_t)>;

void check_degree(const RtdOptions& options) {
  const bool only_one = options.variant == RtdVariant::kLite || options.variant == RtdVariant::kMTopDiv;
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

DistanceMatrix in_units(DistanceMatrix d, const RtdOptions& options, const char* whose) {
  try {
    return normalised(std::move(d), options.normalisation, options.quantile);
  } catch (const DegenerateRepresentation& error) {
    throw error.of(whose);
  }
}

CrossBarcodes lite_barcodes(const LiteTrees& trees) {
  return {lite_barcode(trees.a, trees.min), lite_barcode(trees.b, trees.min)};
}

/// One direction, w into min(w, w~), in any degree.
Barcode directed(const DistanceMatrix& w, const DistanceMatrix& w_tilde, std::size_t degree) {
  if (degree == 1) return cross_barcode(w, w_tilde);
  const DistanceMatrix m = minimum(w, w_tilde);
  return persistence(ConedDistances{m, w}, {.degree = degree})[degree];
}

CrossBarcodes compare(const UnitPair& pair, const RtdOptions& options, bool concurrently) {
  const auto& [w, v] = pair;
  switch (options.variant) {
    case RtdVariant::kMin:
      if (options.degree == 1) return cross_barcodes(w, v, rank_scans().back(), concurrently);
      return {directed(w, v, options.degree), directed(v, w, options.degree)};
    case RtdVariant::kMax: {
      const DistanceMatrix larger = maximum(w, v);
      return {directed(larger, v, options.degree), directed(larger, w, options.degree)};
    }
    case RtdVariant::kSymmetric: {
      const Barcode both = directed(maximum(w, v), minimum(w, v), options.degree);
      return {both, both};
    }
    case RtdVariant::kLite:
      return lite_barcodes(lite_trees(w, v));
    case RtdVariant::kMTopDiv:
      break;
  }
  throw InputError("MTop-Div needs point clouds: it looks at distances between the points of A and of B");
}

CrossBarcodes compare_rows(const PointCloud& a, const PointCloud& b, Rows rows, const RtdOptions& options,
                           bool concurrently) {
  if (options.variant == RtdVariant::kLite)  // needs no matrix
    return lite_barcodes(lite_trees(restricted(a, rows), restricted(b, rows), options.metric,
                                    options.normalisation, options.quantile, concurrently));
  return compare(unit_distances(a, b, rows, options), options, concurrently);
}

CrossBarcodes compare_rows(const DistanceMatrix& a, const DistanceMatrix& b, Rows rows,
                           const RtdOptions& options, bool concurrently) {
  return compare(unit_distances(a, b, rows, options), options, concurrently);
}

/// Runs the trials on several threads; the first error, in the order of trials, is thrown when all have
/// ended.
std::vector<CrossBarcodes> run(const Trial& trial, std::size_t trials, std::size_t threads,
                               const RtdProgress& progress) {
  std::vector<CrossBarcodes> barcodes(trials);
  std::vector<std::exception_ptr> errors(trials);
  std::atomic<std::size_t> next = 0;
  std::mutex reporting;
  std::size_t done = 0;
  const auto attempt = [&](std::size_t t) {
    try {
      barcodes[t] = trial(t);
      const std::lock_guard lock(reporting);
      ++done;
      if (progress) progress(done, trials);
    } catch (...) {
      errors[t] = std::current_exception();
    }
  };
  const auto work = [&] {
    for (std::size_t t = next++; t < trials; t = next++) attempt(t);
  };
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  {
    std::vector<std::jthread> workers;
    for (std::size_t t = 1; t < std::min(threads, trials); ++t) workers.emplace_back(work);
    work();
  }
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
  return barcodes;
}

/// Mean and spread over trials, summed in the order of trials.
void summarise(RtdResult& result) {
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

RtdResult score(std::size_t n, std::vector<CrossBarcodes> barcodes, std::size_t batch) {
  RtdResult result;
  result.n = n;
  result.batch = std::min(batch, n);
  result.trials = barcodes.size();
  for (const auto& [ab, ba] : barcodes) {
    result.trial_scores.push_back({ab.total_finite_length(), ba.total_finite_length()});
    result.infinite_bars += ab.infinite_bars() + ba.infinite_bars();
  }
  result.barcodes = std::move(barcodes);
  summarise(result);
  return result;
}

/// The points a trial of MTop-Div looks at.
struct UnmatchedRows {
  std::vector<std::size_t> cloud;
  std::vector<std::size_t> reference;
};

std::vector<std::size_t> draw(std::size_t n, std::size_t batch, NumpyRandom& random) {
  std::vector<std::size_t> rows = random.permutation(n);
  rows.resize(std::min(batch, n));
  return rows;
}

/// The rows of all trials are drawn before the first of them, and all their bars kept.
void require_trials(const RtdOptions& options, std::size_t rows_per_trial) {
  const double bytes = static_cast<double>(sizeof(CrossBarcodes) + rows_per_trial * sizeof(std::size_t));
  require_memory(bytes * static_cast<double>(options.trials),
                 std::to_string(options.trials) + " trials of " + std::to_string(rows_per_trial) + " rows");
}

std::vector<UnmatchedRows> draw_unmatched(std::size_t cloud, std::size_t reference, const RtdOptions& options,
                                          NumpyRandom& random) {
  std::vector<UnmatchedRows> draws(options.trials);
  for (UnmatchedRows& rows : draws) {
    rows.reference = draw(reference, options.reference_batch, random);
    rows.cloud = draw(cloud, options.batch, random);
  }
  return draws;
}

RtdResult unmatched(const PointCloud& a, const PointCloud& b, const RtdOptions& options, NumpyRandom& random,
                    const RtdProgress& progress) {
  check(a.size(), b.size(), options);
  require_trials(options,
                 2 * (std::min(options.reference_batch, b.size()) + std::min(options.batch, a.size())));
  const auto ab = draw_unmatched(a.size(), b.size(), options, random);
  const auto ba = draw_unmatched(b.size(), a.size(), options, random);
  const auto barcode = [&](const PointCloud& cloud, const PointCloud& reference, const UnmatchedRows& rows) {
    return unmatched_cross_barcode(restricted(cloud, rows.cloud), restricted(reference, rows.reference),
                                   options.metric)[1];
  };
  const Trial trial = [&](std::size_t t) {
    return CrossBarcodes{barcode(a, b, ab[t]), barcode(b, a, ba[t])};
  };
  RtdResult result = score(a.size(), run(trial, options.trials, options.threads, progress), options.batch);
  for (const UnmatchedRows& rows : ab) result.batches.push_back(rows.cloud);
  return result;
}

/// A and B are clouds or distance matrices.
template <class Objects>
RtdResult sampled(const Objects& a, const Objects& b, const RtdOptions& options, NumpyRandom& random,
                  const RtdProgress& progress) {
  check(a.size(), b.size(), options);
  if (options.batch < a.size()) require_trials(options, options.batch);
  auto batches = draw_batches(a.size(), options.batch, options.trials, random);
  const bool concurrently = batches.size() == 1 && options.threads != 1;
  const Trial trial = [&](std::size_t t) { return compare_rows(a, b, batches[t], options, concurrently); };
  RtdResult result = score(a.size(), run(trial, batches.size(), options.threads, progress), options.batch);
  result.batches = std::move(batches);
  return result;
}

template <class Objects, class Reorder>
std::vector<double> shuffled(const Objects& a, const Objects& b, const RtdOptions& options,
                             std::size_t permutations, Reorder reorder) {
  check(a.size(), b.size(), options);
  NumpyRandom random(options.seed + 1);
  std::vector<double> scores;
  for (std::size_t p = 0; p < permutations; ++p)
    scores.push_back(rtd(a, reorder(b, random.permutation(b.size())), options).rtd);
  return scores;
}

}  // namespace

RtdResult rtd(const PointCloud& a, const PointCloud& b, const RtdOptions& options, NumpyRandom& random,
              const RtdProgress& progress) {
  return options.variant == RtdVariant::kMTopDiv ? unmatched(a, b, options, random, progress)
                                                 : sampled(a, b, options, random, progress);
}

RtdResult rtd(const PointCloud& a, const PointCloud& b, const RtdOptions& options,
              const RtdProgress& progress) {
  NumpyRandom random(options.seed);
  return rtd(a, b, options, random, progress);
}

RtdResult rtd(const DistanceMatrix& a, const DistanceMatrix& b, const RtdOptions& options,
              const RtdProgress& progress) {
  NumpyRandom random(options.seed);
  return sampled(a, b, options, random, progress);
}

UnitPair unit_distances(const PointCloud& a, const PointCloud& b, Rows rows, const RtdOptions& options) {
  return {in_units(distances(restricted(a, rows), options.metric), options, "A"),
          in_units(distances(restricted(b, rows), options.metric), options, "B")};
}

UnitPair unit_distances(const DistanceMatrix& a, const DistanceMatrix& b, Rows rows,
                        const RtdOptions& options) {
  return {in_units(a.restricted(rows), options, "A"), in_units(b.restricted(rows), options, "B")};
}

std::vector<ExplainedBar> explained_bars(const UnitPair& pair, RtdVariant variant) {
  const auto& [w, v] = pair;
  switch (variant) {
    case RtdVariant::kMin:
      return explained_bars(w, v, w, v);
    case RtdVariant::kMax:
      return explained_bars(maximum(w, v), v, w, v);
    case RtdVariant::kSymmetric:
      return explained_bars(maximum(w, v), minimum(w, v), w, v);
    case RtdVariant::kLite:
    case RtdVariant::kMTopDiv:
      break;
  }
  throw InputError("the bars of this variant belong to no two pairs of rows and can not be explained");
}

std::vector<double> shuffled_scores(const PointCloud& a, const PointCloud& b, const RtdOptions& options,
                                    std::size_t permutations) {
  return shuffled(a, b, options, permutations,
                  [](const PointCloud& cloud, Rows order) { return restricted(cloud, order); });
}

std::vector<double> shuffled_scores(const DistanceMatrix& a, const DistanceMatrix& b,
                                    const RtdOptions& options, std::size_t permutations) {
  return shuffled(a, b, options, permutations,
                  [](const DistanceMatrix& d, Rows order) { return d.restricted(order); });
}

}  // namespace chronotope::topology
