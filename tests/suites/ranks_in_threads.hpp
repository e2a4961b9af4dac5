// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <barrier>
#include <exception>
#include <thread>
#include <vector>

#include "chronotope/core/exchange.hpp"

namespace chronotope::tests {

/// What ranks that are threads of one process say.
class SharedTable {
 public:
  explicit SharedTable(unsigned ranks) : said_(ranks), barrier_(ranks) {}

  unsigned ranks() const { return static_cast<unsigned>(said_.size()); }
  template <class Said>
  std::vector<Said> gather(unsigned rank, const Said& own) {
    said_[rank] = {own.failed, own.bytes};
    barrier_.arrive_and_wait();
    std::vector<Said> all;
    for (const One& one : said_) all.push_back({one.failed, one.bytes});
    barrier_.arrive_and_wait();
    return all;
  }

 private:
  struct One {
    bool failed = false;
    std::string bytes;
  };
  std::vector<One> said_;
  std::barrier<> barrier_;
};

class ThreadExchange final : public Exchange {
 public:
  ThreadExchange(SharedTable& table, unsigned rank) : table_(&table), rank_(rank) {}

  unsigned rank() const override { return rank_; }
  unsigned ranks() const override { return table_->ranks(); }

 protected:
  std::vector<Said> gather(const Said& own, Receiver) override { return table_->gather(rank_, own); }

 private:
  SharedTable* table_;
  unsigned rank_;
};

/// Calls work(exchange) on so many ranks, each in a thread. A rank that throws fails, and so do all. Returns what each
/// ended with; "" for nothing.
template <class Work>
std::vector<std::string> on_ranks(unsigned ranks, Work work) {
  SharedTable table(ranks);
  std::vector<std::string> errors(ranks);
  std::vector<std::thread> threads;
  for (unsigned rank = 0; rank < ranks; ++rank)
    threads.emplace_back([&, rank] {
      ThreadExchange exchange(table, rank);
      try {
        try {
          work(exchange);
        } catch (const std::exception& error) {
          exchange.fail(error);
        }
      } catch (const std::exception& error) {
        errors[rank] = error.what();
      }
    });
  for (std::thread& thread : threads) thread.join();
  return errors;
}

}  // namespace chronotope::tests
