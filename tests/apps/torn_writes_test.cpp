// SPDX-License-Identifier: Apache-2.0
// What a power loss can leave of a run's files: up to the last sync everything is there; behind it any page may be,
// may be in part, or may be zeros, in any order. Every such state goes on to the whole run's bytes, or is refused
// because there is no state in it.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

constexpr const char* kNetwork = R"(
population { name: 'E' size: 12 exp_psc_lif { I_e: 420 } }
input { name: 'x' size: 12 poisson { rate: 300 } }
projection { source: 'E' target: 'E' fixed_indegree { indegree: 4 } weight: 60 delay { uniform { low: 0.6 high: 4 } }
  pair_stdp { w_max: 120 } }
projection { source: 'x' target: 'E' one_to_one {} weight: 50 delay: 1 }
)";

/// The sizes of a run's files when they were on the disk: first nothing, then at every state.
struct Synced {
  std::size_t stream = 0;
  std::size_t table = 0;
  std::size_t snapshot = 0;  // where that of the state begins in the stream: before it the table is synced
};

class TornWrites : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("net.textproto", kNetwork);
    ASSERT_EQ(
        run("simulate net.textproto --until 400 --snapshot-every 20 --out r.pb --spikes r.csv --quiet").code,
        0);
    stream_ = read_file(path("r.pb"));
    table_ = read_file(path("r.csv"));
    shell("rm r.pb r.csv");
    find_syncs();
  }

  void find_syncs() {
    save("s.pb", stream_);
    proto::FrameReader frames(path("s.pb"));
    Time time;
    std::size_t before = 0, snapshot = 0;
    while (const auto envelope = frames.next()) {
      if (envelope->has_snapshot()) {
        time = proto::decode(envelope->snapshot().time());
        snapshot = before;
      }
      before = frames.place().bytes;
      if (envelope->has_state_end())
        syncs_.push_back({frames.place().bytes, rows_before(time.to_ms()), snapshot});
    }
    shell("rm s.pb");
  }
  std::size_t rows_before(double ms) const {
    std::size_t bytes = table_.find('\n') + 1;
    while (bytes < table_.size() && std::stod(table_.substr(bytes, 24)) < ms)
      bytes = table_.find('\n', bytes) + 1;
    return bytes;
  }
  /// A file of which the first `synced` bytes are on the disk and those up to `length` may be.
  std::string lost(const std::string& whole, std::size_t synced, std::size_t length) {
    constexpr std::size_t kPage = 4096;
    std::string left = whole.substr(0, length);
    for (std::size_t page = synced / kPage; page * kPage < length; ++page) {
      const std::size_t first = std::max(synced, page * kPage);
      const std::size_t last = std::min(length, (page + 1) * kPage);
      const std::size_t written = random_() % 3;  // all, none, or some sectors of it
      for (std::size_t k = first; k < last; ++k)
        if (written == 1 || (written == 2 && (k / 512 + random_() % 2) % 2 == 0)) left[k] = '\0';
    }
    return left;
  }
  std::size_t between(std::size_t low, std::size_t high) { return low + random_() % (high - low + 1); }

  std::string stream_;
  std::string table_;
  std::vector<Synced> syncs_{{}};
  std::mt19937 random_{11};
};

TEST_F(TornWrites, GoOnToTheWholeRunOrHoldNoState) {
  constexpr std::size_t kSummary = 400;
  int refused = 0;
  for (int k = 0; k < 500; ++k) {
    const std::size_t number = random_() % (syncs_.size() - 1);
    const Synced synced = syncs_[number];
    const Synced next = syncs_[number + 1];
    const bool is_late = random_() % 2 == 0;  // the table was synced, the next state is being written
    const std::size_t length = between(synced.stream, is_late ? next.stream : next.snapshot);
    save("r.pb.part999999", lost(stream_, synced.stream, length));
    save("r.csv.part999999", is_late ? table_.substr(0, next.table)
                                     : lost(table_, synced.table, between(synced.table, next.table)));
    const Outcome outcome = run("simulate --resume r.pb --quiet --threads " + std::to_string(1 + k % 2));
    if (outcome.code != 0) {
      ++refused;
      expect_one_line(outcome, 2, "simulate --resume", "r.pb");
      EXPECT_EQ(number, 0U) << outcome.err;  // nothing was on the disk
    } else {
      EXPECT_TRUE(read_file(path("r.csv")) == table_) << k;
      const std::string resumed = read_file(path("r.pb"));
      EXPECT_TRUE(resumed.substr(0, stream_.size() - kSummary) ==
                  stream_.substr(0, stream_.size() - kSummary))
          << k;
    }
    shell("rm -f r.pb* r.csv*");
  }
  EXPECT_LT(refused, 100);
}

}  // namespace
}  // namespace chronotope
