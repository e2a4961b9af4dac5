// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/exchange.hpp"

#include <gtest/gtest.h>

#include <new>
#include <string>
#include <vector>

#include "chronotope/core/part.hpp"
#include "chronotope/tests/suites/ranks_in_threads.hpp"

namespace chronotope::tests {
namespace {

using Strings = std::vector<std::string>;

TEST(Exchange, EveryRankHearsWhatAllSaidByRank) {
  std::vector<Strings> all(3);
  std::vector<Strings> at_root(3);
  const Strings errors = on_ranks(3, [&](Exchange& exchange) {
    const std::string own(exchange.rank(), 'a');
    all[exchange.rank()] = exchange.all(own);
    at_root[exchange.rank()] = exchange.at_root(own + "!");
  });
  EXPECT_EQ(errors, Strings(3));
  EXPECT_EQ(all, std::vector<Strings>(3, Strings{"", "a", "aa"}));
  EXPECT_EQ(at_root, (std::vector<Strings>{{"!", "a!", "aa!"}, {}, {}}));
}

TEST(Exchange, ARankThatFailsEndsAllWithItsLine) {
  const Strings errors = on_ranks(4, [](Exchange& exchange) {
    exchange.all("begin");
    if (exchange.rank() == 2) throw InputError("rank 2 can not");
    for (;;) exchange.at_root("");
  });
  EXPECT_EQ(errors, Strings(4, "rank 2 can not"));
}

TEST(Exchange, OfSeveralThatFailTheLowestSpeaks) {
  const Strings errors = on_ranks(3, [](Exchange& exchange) {
    if (exchange.rank() == 1) throw std::bad_alloc();
    if (exchange.rank() == 2) throw Failure("rank 2 can not");
    exchange.all("");
  });
  EXPECT_EQ(errors, Strings(3, "needs more memory than there is"));
}

TEST(Exchange, AFailureKeepsItsKind) {
  int inputs = 0;
  int failures = 0;
  for (const bool is_input : {true, false})
    on_ranks(2, [&](Exchange& exchange) {
      try {
        if (exchange.rank() == 1 && is_input) exchange.fail(InputError("x"));
        if (exchange.rank() == 1) exchange.fail(Failure("x"));
        exchange.all("");
      } catch (const InputError&) {
        if (exchange.is_root()) ++inputs;
        throw;
      } catch (const Failure&) {
        if (exchange.is_root()) ++failures;
        throw;
      }
    });
  EXPECT_EQ(inputs, 1);
  EXPECT_EQ(failures, 1);
}

TEST(Part, RangesOfAllRanksAreAllNeurons) {
  for (const std::uint32_t size : {0U, 1U, 2U, 5U, 4096U, ~0U})
    for (const unsigned ranks : {1U, 2U, 3U, 7U}) {
      std::vector<NeuronRange> own(ranks);
      on_ranks(ranks, [&](Exchange& exchange) { own[exchange.rank()] = Part(exchange).of(size); });
      std::uint32_t next = 0;
      for (const NeuronRange& range : own) {
        EXPECT_EQ(range.first, next);
        EXPECT_LE(range.size(), std::uint64_t{size} / ranks + 1);
        next = range.last;
      }
      EXPECT_EQ(next, size);
    }
  EXPECT_EQ(Part().of(7).size(), 7u);
}

TEST(Part, AllPartsAgree) {
  const Strings errors = on_ranks(3, [](Exchange& exchange) {
    const Part part(exchange);
    const unsigned rank = exchange.rank();
    EXPECT_EQ(part.least(5.0 - rank), 3.0);
    EXPECT_EQ(part.largest(Duration::from_ticks(rank)), Duration::from_ticks(2));
    EXPECT_EQ(part.least(rank == 1 ? Time() : Time::never()), Time());
    EXPECT_EQ(part.sum(rank), 3u);
    EXPECT_FALSE(part.all(rank != 2));
    EXPECT_TRUE(part.all(true));
  });
  EXPECT_EQ(errors, Strings(3));
}

}  // namespace
}  // namespace chronotope::tests
