// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <type_traits>
#include <vector>

#include "chronotope/core/parallel.hpp"

namespace chronotope::topology {

/// Told after each trial how many of how many are done; calls come one at a time, from the threads that do the
/// trials, of which the caller's is one. What it throws ends the work: no further trial is begun.
using RtdProgress = std::function<void(std::size_t done, std::size_t total)>;

/// What trial(t) gives, for t = 0 .. trials - 1, on `threads` threads, 0 for one per core; result t is that
/// of trial t, whoever ran it. The trial is called from several threads at once. When trials throw, the
/// others run to their end, and the first error in the order of trials is thrown.
template <class Trial>
auto run_trials(const Trial& trial, std::size_t trials, std::size_t threads, const RtdProgress& progress) {
  std::vector<std::invoke_result_t<const Trial&, std::size_t>> results(trials);
  std::vector<std::exception_ptr> errors(trials);
  std::mutex reporting;
  std::size_t done = 0;
  in_parallel(trials, threads, [&](std::size_t t) {
    try {
      results[t] = trial(t);
    } catch (...) {
      errors[t] = std::current_exception();
      return;
    }
    const std::lock_guard lock(reporting);
    ++done;
    if (progress) progress(done, trials);
  });
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
  return results;
}

}  // namespace chronotope::topology
