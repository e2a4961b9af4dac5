// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace chronotope {

/// Does work(i) for i in [0, count), begun in this order, on several threads of which the caller is one; 0
/// threads: as many as the machine has. Fewer do it where the system has no more threads. After a failure no
/// more is begun, and that of the lowest i is thrown here: the same for any number of threads, because all
/// before it had been begun.
template <class Work>
void in_parallel(std::size_t count, std::size_t threads, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  std::size_t failed = count;
  const auto worker = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (i < failed) failure = std::current_exception();
        failed = std::min(failed, i);
        next = count;
      }
    }
  };
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  {
    std::vector<std::jthread> others;
    try {
      for (std::size_t t = 1; t < std::min(threads, count); ++t) others.emplace_back(worker);
    } catch (const std::system_error&) {
    }
    worker();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace chronotope
