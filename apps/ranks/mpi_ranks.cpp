// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "chronotope/apps/ranks/join_ranks.hpp"
#include "chronotope/apps/ranks/started_ranks.hpp"

namespace chronotope::apps {
namespace {

using Clock = std::chrono::steady_clock;

/// Ranks that are processes of MPI. What is said goes in one collective of equal blocks, which follow what is said
/// to all; what does not fit follows in others, at most a GiB at once. Cost: a collective per call, and a second one
/// when a block was too short.
class MpiRanks final : public Exchange {
 public:
  explicit MpiRanks(double patience) : patience_(patience) {
    MPI_Init(nullptr, nullptr);
    int number = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &number);
    rank_ = static_cast<unsigned>(number);
    MPI_Comm_size(MPI_COMM_WORLD, &number);
    ranks_ = static_cast<unsigned>(number);
  }
  /// Nobody leaves before the others: a rank that ends in failure would end them. From then on mpirun may do that, and
  /// nobody has more to say.
  ~MpiRanks() override {
    MPI_Request request{};
    MPI_Ibarrier(MPI_COMM_WORLD, &request);
    wait(request);
    std::signal(SIGTERM, SIG_DFL);
    MPI_Finalize();
  }

  unsigned rank() const override { return rank_; }
  unsigned ranks() const override { return ranks_; }

 protected:
  std::vector<Said> gather(const Said& own, Receiver receiver) override {
    std::vector<Head> heads;
    std::vector<Said> said = gather_blocks(own, heads);
    std::uint64_t longest = 0;
    for (const Head& head : heads) longest = std::max(longest, head.bytes);
    const bool failed = std::ranges::any_of(said, &Said::failed);
    gather_rest(own, heads, failed ? Receiver::kAll : receiver, said);
    if (receiver == Receiver::kAll && !failed) fit_blocks(longest);
    return said;
  }

 private:
  struct Head {
    std::uint64_t failed;
    std::uint64_t bytes;
  };

  /// Blocks grow while messages are too long for them, and shrink when all have been much shorter for a while: one
  /// long message does not make thousands of short ones dear.
  void fit_blocks(std::uint64_t longest) {
    constexpr int kPatience = 64;
    if (longest > room()) {
      calm_ = 0;
      block_ = std::min(2 * block_, most_block());
    } else if (longest >= block_ / 4) {
      calm_ = 0;
    } else if (++calm_ == kPatience) {
      calm_ = 0;
      block_ = std::max(block_ / 2, kLeastBlock);
    }
  }
  std::size_t room() const { return block_ - sizeof(Head); }
  /// All ranks' together are a few MB.
  std::size_t most_block() const { return std::max<std::size_t>(1024, (std::size_t{1} << 22) / ranks_); }

  std::vector<Said> gather_blocks(const Said& own, std::vector<Head>& heads) {
    std::string block(block_, '\0');
    const Head head{own.failed ? 1U : 0U, own.bytes.size()};
    std::memcpy(block.data(), &head, sizeof head);
    std::memcpy(block.data() + sizeof head, own.bytes.data(), std::min(room(), own.bytes.size()));
    std::string blocks(block_ * ranks_, '\0');
    MPI_Request request{};
    MPI_Iallgather(block.data(), static_cast<int>(block_), MPI_BYTE, blocks.data(), static_cast<int>(block_),
                   MPI_BYTE, MPI_COMM_WORLD, &request);
    wait(request);
    std::vector<Said> said(ranks_);
    heads.resize(ranks_);
    for (unsigned r = 0; r < ranks_; ++r) {
      std::memcpy(&heads[r], blocks.data() + r * block_, sizeof(Head));
      said[r].failed = heads[r].failed != 0;
      said[r].bytes.assign(blocks, r * block_ + sizeof(Head), std::min<std::size_t>(room(), heads[r].bytes));
    }
    return said;
  }

  /// What did not fit into the blocks, some of every rank's in a round.
  void gather_rest(const Said& own, const std::vector<Head>& heads, Receiver receiver,
                   std::vector<Said>& said) {
    const std::size_t most = (std::size_t{1} << 30) / ranks_;
    std::size_t done = room();
    const auto is_left = [&](const Head& head) { return head.bytes > done; };
    for (; std::ranges::any_of(heads, is_left); done += most) {
      std::vector<int> counts;
      for (const Head& head : heads)
        counts.push_back(is_left(head) ? static_cast<int>(std::min<std::uint64_t>(most, head.bytes - done))
                                       : 0);
      std::vector<int> places(ranks_, 0);
      std::partial_sum(counts.begin(), counts.end() - 1, places.begin() + 1);
      std::string all(static_cast<std::size_t>(places.back()) + static_cast<std::size_t>(counts.back()),
                      '\0');
      const char* from = own.bytes.data() + std::min(done, own.bytes.size());
      MPI_Request request{};
      if (receiver == Receiver::kAll)
        MPI_Iallgatherv(from, counts[rank_], MPI_BYTE, all.data(), counts.data(), places.data(), MPI_BYTE,
                        MPI_COMM_WORLD, &request);
      else
        MPI_Igatherv(from, counts[rank_], MPI_BYTE, all.data(), counts.data(), places.data(), MPI_BYTE, 0,
                     MPI_COMM_WORLD, &request);
      wait(request);
      for (unsigned r = 0; r < ranks_; ++r)
        said[r].bytes.append(all, static_cast<std::size_t>(places[r]), static_cast<std::size_t>(counts[r]));
    }
  }

  /// Waits for a collective, but not for ever: a rank may have been stopped, or its machine be gone.
  void wait(MPI_Request& request) const {
    constexpr int kTestsPerLook = 256;
    const auto begin = Clock::now();
    for (int tests = 1;; ++tests) {
      int done = 0;
      MPI_Test(&request, &done, MPI_STATUS_IGNORE);
      if (done != 0) return;
      if (tests % kTestsPerLook != 0) continue;
      std::this_thread::yield();
      // Rank 0 speaks first, unless it is the one that is missed; ending the others takes it a while.
      const double most = patience_ + (rank_ == 0 ? 0 : 3 + 0.5 * std::min(rank_, 8U));
      if (std::chrono::duration<double>(Clock::now() - begin).count() > most) give_up();
    }
  }

  [[noreturn]] void give_up() const {
    std::fputs(
        fmt::format(
            "chronotope simulate: a rank did not answer for {:g} s (CHRONOTOPE_RANK_PATIENCE); rank {} of "
            "{} ends the run\n",
            patience_, rank_, ranks_)
            .c_str(),
        stderr);
    std::fflush(stderr);
    MPI_Abort(MPI_COMM_WORLD, 1);
    std::abort();
  }

  double patience_;  // [s]
  unsigned rank_ = 0;
  unsigned ranks_ = 1;
  static constexpr std::size_t kLeastBlock = 256;
  std::size_t block_ = kLeastBlock;
  int calm_ = 0;  // messages of all since one filled a quarter of a block
};

double patience() {
  constexpr double kDefault = 600;
  const char* const text = std::getenv("CHRONOTOPE_RANK_PATIENCE");
  if (text == nullptr) return kDefault;
  char* end = nullptr;
  const double seconds = std::strtod(text, &end);
  if (end == text || *end != '\0' || !(seconds > 0))
    throw InputError(std::string("CHRONOTOPE_RANK_PATIENCE: ") + text + " is not allowed (must be > 0 s)");
  return seconds;
}

}  // namespace

std::unique_ptr<Exchange> join_ranks() {
  if (started_ranks() < 2) return nullptr;
  return std::make_unique<MpiRanks>(patience());
}

}  // namespace chronotope::apps
