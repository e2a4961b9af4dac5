// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/rtd.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <span>
#include <string>
#include <thread>

namespace chronotope {

namespace {

using Objects = std::span<const std::size_t>;
using Trial = std::function<CrossBarcodes(Objects)>;

void check(std::size_t rows_of_a, std::size_t rows_of_b, const RtdOptions& options) {
  if (rows_of_a != rows_of_b)
    throw InputError("A has " + std::to_string(rows_of_a) + " rows and B has " + std::to_string(rows_of_b) +
                     " rows: both must represent the same objects");
  if (rows_of_a == 0) throw InputError("A and B have no rows");
  if (options.batch == 0) throw InputError("batch: 0 is not allowed (must be >= 1)");
  if (options.trials == 0) throw InputError("trials: 0 is not allowed (must be >= 1)");
}

DistanceMatrix unit_distances(const DistanceMatrix& d, Normalisation normalisation, const char* whose) {
  try {
    return normalised(d, normalisation);
  } catch (const DegenerateRepresentation& error) {
    throw error.of(whose);
  }
}

CrossBarcodes compare(const DistanceMatrix& a, const DistanceMatrix& b, Normalisation normalisation) {
  return cross_barcodes(unit_distances(a, normalisation, "A"), unit_distances(b, normalisation, "B"));
}

/// Runs the trials on several threads; the first error, in the order of trials, is thrown when all have
/// ended.
std::vector<CrossBarcodes> run(const Trial& trial, const std::vector<std::vector<std::size_t>>& batches,
                               std::size_t threads, const RtdProgress& progress) {
  std::vector<CrossBarcodes> barcodes(batches.size());
  std::vector<std::exception_ptr> errors(batches.size());
  std::atomic<std::size_t> next = 0;
  std::mutex reporting;
  std::size_t done = 0;
  const auto attempt = [&](std::size_t t) {
    try {
      barcodes[t] = trial(batches[t]);
      const std::lock_guard lock(reporting);
      ++done;
      if (progress) progress(done, batches.size());
    } catch (...) {
      errors[t] = std::current_exception();
    }
  };
  const auto work = [&] {
    for (std::size_t t = next++; t < batches.size(); t = next++) attempt(t);
  };
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  {
    std::vector<std::jthread> workers;
    for (std::size_t t = 1; t < std::min(threads, batches.size()); ++t) workers.emplace_back(work);
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

RtdResult sampled(std::size_t n, const Trial& trial, const RtdOptions& options, NumpyRandom& random,
                  const RtdProgress& progress) {
  const auto batches = draw_batches(n, options.batch, options.trials, random);
  return score(n, run(trial, batches, options.threads, progress), options.batch);
}

}  // namespace

RtdResult rtd(const PointCloud& a, const PointCloud& b, const RtdOptions& options, NumpyRandom& random,
              const RtdProgress& progress) {
  check(a.size(), b.size(), options);
  const Trial trial = [&](Objects rows) {
    return compare(euclidean_distances(restricted(a, rows)), euclidean_distances(restricted(b, rows)),
                   options.normalisation);
  };
  return sampled(a.size(), trial, options, random, progress);
}

RtdResult rtd(const PointCloud& a, const PointCloud& b, const RtdOptions& options,
              const RtdProgress& progress) {
  NumpyRandom random(options.seed);
  return rtd(a, b, options, random, progress);
}

RtdResult rtd(const DistanceMatrix& a, const DistanceMatrix& b, const RtdOptions& options,
              const RtdProgress& progress) {
  check(a.size(), b.size(), options);
  const Trial trial = [&](Objects rows) {
    return compare(a.restricted(rows), b.restricted(rows), options.normalisation);
  };
  NumpyRandom random(options.seed);
  return sampled(a.size(), trial, options, random, progress);
}

}  // namespace chronotope
