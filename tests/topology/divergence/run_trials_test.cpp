// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/run_trials.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "chronotope/topology/homology/cross_barcode.hpp"

namespace chronotope::topology {
namespace {

/// Trial t has t bars.
CrossBarcodes numbered(std::size_t trial) {
  const std::vector<Bar> bars(trial, Bar{0, 1});
  return {Barcode(bars), Barcode(bars)};
}

TEST(RunTrials, PutsEveryBarcodeWhereItsTrialStands) {
  for (const std::size_t threads : {0u, 1u, 3u, 20u}) {
    const auto barcodes = run_trials(numbered, 9, threads, {});
    ASSERT_EQ(barcodes.size(), 9u);
    for (std::size_t t = 0; t < 9; ++t) EXPECT_EQ(barcodes[t].ab.size(), t);
  }
}

TEST(RunTrials, ThrowsTheFirstErrorInTheOrderOfTrialsOnceAllHaveRun) {
  for (const std::size_t threads : {1u, 4u}) {
    std::atomic<int> ran = 0;
    const auto failing = [&](std::size_t t) {
      ++ran;
      if (t % 3 == 2) throw std::runtime_error(std::to_string(t));
      return numbered(t);
    };
    try {
      run_trials(failing, 12, threads, {});
      FAIL();
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "2");
    }
    EXPECT_EQ(ran, 12);
  }
}

TEST(RunTrials, TellsEveryNumberOfTrialsThatAreDoneOnce) {
  for (const std::size_t threads : {1u, 4u}) {
    std::vector<std::size_t> told;
    run_trials(numbered, 7, threads, [&](std::size_t done, std::size_t total) {
      EXPECT_EQ(total, 7u);
      told.push_back(done);
    });
    EXPECT_EQ(told, (std::vector<std::size_t>{1, 2, 3, 4, 5, 6, 7}));
  }
}

TEST(RunTrials, BeginsNoTrialAfterProgressHasThrown) {
  std::atomic<int> ran = 0;
  const auto counted = [&](std::size_t t) {
    ++ran;
    return numbered(t);
  };
  const auto stop = [](std::size_t done, std::size_t) {
    if (done == 3) throw std::runtime_error("enough");
  };
  EXPECT_THROW(run_trials(counted, 1000, 1, stop), std::runtime_error);
  EXPECT_EQ(ran, 3);
  ran = 0;
  EXPECT_THROW(run_trials(counted, 1000, 4, stop), std::runtime_error);
  EXPECT_LT(ran, 1000);
}

}  // namespace
}  // namespace chronotope::topology
