// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/run_trials.hpp"

#include <exception>
#include <mutex>

#include "chronotope/core/parallel.hpp"

namespace chronotope::topology {

std::vector<CrossBarcodes> run_trials(const Trial& trial, std::size_t trials, std::size_t threads,
                                      const RtdProgress& progress) {
  std::vector<CrossBarcodes> barcodes(trials);
  std::vector<std::exception_ptr> errors(trials);
  std::mutex reporting;
  std::size_t done = 0;
  in_parallel(trials, threads, [&](std::size_t t) {
    try {
      barcodes[t] = trial(t);
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
  return barcodes;
}

}  // namespace chronotope::topology
