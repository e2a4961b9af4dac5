// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include "chronotope/core/error.hpp"

namespace chronotope {

/// What the ranks of one run tell each other: processes of which each holds a part of its network (core/part.hpp). All
/// ranks make the same calls in the same order. A rank that can not go on says so in the place of its next call, and
/// the call throws at all others: nobody waits for a rank that has failed.
///
/// Invariants:
/// 1. What a call returns does not depend on who was first.
/// 2. After a failure no call is made any more.
class Exchange {
 public:
  virtual ~Exchange() = default;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// This rank's number among so many.
  virtual unsigned rank() const = 0;
  virtual unsigned ranks() const = 0;
  bool is_root() const { return rank() == 0; }

  /// What every rank said, by rank. Throws what a rank failed with: InputError or Failure.
  std::vector<std::string> all(const std::string& own);
  /// The same at rank 0; nothing elsewhere.
  std::vector<std::string> at_root(const std::string& own);

  /// What the calls so far have cost this rank.
  struct Spent {
    std::uint64_t calls = 0;
    double cpu_seconds = 0;  // waiting, too
  };
  const Spent& spent() const { return spent_; }

  /// In the place of the next call: this rank can not go on because of `error`. Throws what the lowest of the ranks
  /// that failed did with, this one or another.
  [[noreturn]] void fail(const std::exception& error);

 protected:
  Exchange() = default;

  struct Said {
    bool failed = false;
    std::string bytes;
  };
  enum class Receiver { kAll, kRoot };
  /// What every rank said, by rank. When one failed all get at least what the failed ones said, whoever the receiver
  /// is; else only the receiver gets anything. Whether a rank asks for all or for the root is the same at all ranks
  /// but those that failed.
  virtual std::vector<Said> gather(const Said& own, Receiver receiver) = 0;

 private:
  std::vector<Said> timed_gather(const Said& own, Receiver receiver);
  std::vector<std::string> checked(std::vector<Said> said);

  Spent spent_;
  bool has_failed_ = false;
};

}  // namespace chronotope
