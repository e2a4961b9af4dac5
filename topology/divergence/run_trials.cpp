// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/run_trials.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace chronotope::topology {

std::vector<CrossBarcodes> run_trials(const Trial& trial, std::size_t trials, std::size_t threads,
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

}  // namespace chronotope::topology
