// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace chronotope::events {

/// A fixed number of threads that do one thing together, again and again: run(work) calls work(0) .. work(n -
/// 1), one call per thread (the caller is thread 0), and returns when all are done. A team of one has no
/// other thread. Waiting spins first, because a look-ahead window lasts microseconds, and then sleeps: where
/// others want the processors, too, who is waited for gets one at once. Throws std::system_error when the system has
/// no more threads; those that had begun end first.
class Team {
 public:
  explicit Team(unsigned size) : shared_(std::make_unique<Shared>()), size_(size) {
    try {
      for (unsigned member = 1; member < size; ++member)
        threads_.emplace_back([shared = shared_.get(), member] { serve(*shared, member); });
    } catch (...) {
      dismiss();
      throw;
    }
  }
  ~Team() { dismiss(); }
  Team(Team&&) = default;
  Team& operator=(Team&&) = delete;

  unsigned size() const { return size_; }

  /// Requires: work does not throw.
  void run(const std::function<void(unsigned)>& work) {
    if (threads_.empty()) return work(0);
    shared_->work = &work;
    shared_->busy.store(size_ - 1, std::memory_order_relaxed);
    begin_round(*shared_);
    work(0);
    while (const unsigned busy = shared_->busy.load(std::memory_order_acquire))
      wait_for_change(shared_->busy, busy);
  }

 private:
  struct Shared {
    alignas(64) std::atomic<unsigned> round = 0;  // each increase starts one run
    alignas(64) std::atomic<unsigned> busy = 0;
    const std::function<void(unsigned)>* work = nullptr;
    bool stop = false;
  };

  /// The others end when they next look.
  void dismiss() {
    if (threads_.empty()) return;
    shared_->stop = true;
    begin_round(*shared_);
  }

  static void begin_round(Shared& shared) {
    shared.round.fetch_add(1, std::memory_order_release);
    shared.round.notify_all();
  }

  static void serve(Shared& shared, unsigned member) {
    for (unsigned seen = 0;; ++seen) {
      wait_for_change(shared.round, seen);
      if (shared.stop) return;
      (*shared.work)(member);
      if (shared.busy.fetch_sub(1, std::memory_order_release) == 1) shared.busy.notify_one();
    }
  }

  static void wait_for_change(const std::atomic<unsigned>& number, unsigned value) {
    constexpr int kSpins = 20'000;
    for (int spins = 0; spins < kSpins; ++spins)
      if (number.load(std::memory_order_acquire) != value) return;
    number.wait(value, std::memory_order_acquire);
  }

  std::unique_ptr<Shared> shared_;
  unsigned size_;
  std::vector<std::jthread> threads_;  // joined before `shared_` goes
};

}  // namespace chronotope::events
