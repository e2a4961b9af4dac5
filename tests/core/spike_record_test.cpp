// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/spike_record.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/random_stream.hpp"

namespace chronotope {
namespace {

struct Entry {
  Time at;
  int value = 0;
};

/// Against a vector that keeps all.
TEST(SpikeRecord, NumbersAndKeepsWhatAVectorWould) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    RandomStream random(seed, Purpose("spike record"), 0);
    SpikeRecord<Entry> record(true);
    std::vector<Entry> all;
    std::uint32_t first = 0;
    for (int step = 0; step < 3000; ++step) {
      if (record.empty() || random.below(2) == 0) {
        all.push_back({stated_time(step), step});
        record.push(all.back());
      } else {
        first += static_cast<std::uint32_t>(random.below(all.size() - first));
        record.drop_before(first);
      }
      ASSERT_EQ(record.begin(), first);
      ASSERT_EQ(record.end(), all.size());
      ASSERT_EQ(record.back().value, all.back().value);
      ASSERT_EQ(record.times().size(), all.size() - first);
      for (std::uint32_t n = first; n < all.size(); ++n) {
        ASSERT_EQ(record[n].value, all[n].value);
        ASSERT_EQ(record[n].at, all[n].at);
        ASSERT_EQ(record.times()[n - first], all[n].at);
      }
    }
  }
}

TEST(SpikeRecord, IsEmptyAtFirstAndKeepsTheNewest) {
  SpikeRecord<Entry> record(false);
  EXPECT_TRUE(record.empty());
  record.push({stated_time(1), 1});
  record.push({stated_time(2), 2});
  record.drop_before(1);
  EXPECT_FALSE(record.empty());
  EXPECT_EQ(record.begin(), 1U);
  EXPECT_EQ(record[1].value, 2);
}

}  // namespace
}  // namespace chronotope
