// SPDX-License-Identifier: Apache-2.0
// States of a run that were changed on purpose, under right checksums: each is refused in a line, or goes on
// to its end. None crashes, hangs, or tells what is no number. CHRONOTOPE_MUTATIONS sets how many
// (CONTRIBUTING.md).
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// Every kind of column: plastic with shared and own constants, short-term, rewarded, scaled, with dendritic
/// delays; a private drive, slow trains, regular ones and a list.
constexpr const char* kNetwork = R"(
population { name: 'E' size: 12 exp_psc_lif { I_e: 300 tau_m { uniform { low: 8 high: 12 } } } }
population { name: 'I' size: 6 delta_lif { E_L: 0 V_th: 20 V_reset: 0 } }
population { name: 'A' size: 4 alpha_psc_lif { I_e: 300 } }
input { name: 'drive' size: 12 poisson { rate: 2000 } }
input { name: 'slow' size: 6 poisson { rate: 80 } }
input { name: 'beat' size: 4 regular { interval { uniform { low: 3 high: 7 } } } }
input { name: 'list' size: 2 spike_times { times: [3, 3, 40, 155] } }
reward { name: 'r' population: 'A' amount: 0.1 delay: 3 }
projection { source: 'E' target: 'E' fixed_indegree { indegree: 4 } weight: 60 delay { uniform { low: 0.6 high: 4 } }
  pair_stdp { w_max: 120 tau_plus { gamma { mean: 20 cv: 0.5 } min: 1 } tau_minus { gamma { mean: 20 cv: 0.5 } min: 1 } } }
projection { source: 'E' target: 'I' fixed_indegree { indegree: 4 } weight: 2 delay: 1.5
  short_term { U { uniform { low: 0.2 high: 0.6 } } } pair_stdp { w_max: 4 } modulation { reward: 'r' } }
projection { source: 'I' target: 'E' fixed_indegree { indegree: 3 } weight: -80 delay: 0.8 vogels_stdp { w_max: 300 } }
projection { source: 'E' target: 'A' fixed_indegree { indegree: 4 } weight: 60 delay: 2 dendritic_delay: 0.5
  triplet_stdp { w_max: 200 } scaling { interval: 7 target_sum: 500 } }
projection { source: 'drive' target: 'E' one_to_one {} weight: 30 delay { uniform { low: 1 high: 2 } } }
projection { source: 'slow' target: 'I' one_to_one {} weight: 9 delay: 1 }
projection { source: 'beat' target: 'A' one_to_one {} weight: 200 delay: 1 }
projection { source: 'list' target: 'E' all_to_all {} weight: 200 delay: 1 }
)";

class MutatedStates : public ProgramTest {
 protected:
  using Random = std::mt19937_64;

  void SetUp() override {
    ProgramTest::SetUp();
    save("net.textproto", kNetwork);
    ASSERT_EQ(
        run("simulate net.textproto --until 130 --snapshot-every 100 --out r.pb --spikes r.csv --weights w.csv "
            "--record-inputs --quiet")
            .code,
        0);
    proto::FrameReader reader(path("r.pb"));
    header_ = reader.header();
    while (auto envelope = reader.next()) frames_.push_back(std::move(*envelope));
  }

  /// Another number, bit or length somewhere in a column; returns where.
  static std::string mutate(StateColumn& column, Random& random) {
    static const std::vector<double> kNumbers{0,   -1,   1e300, -1e300, 1e15,  -1e15, HUGE_VAL, -HUGE_VAL,
                                              1e9, -1e9, 1e30,  -1e30,  1e150, 3,     1e-310,   std::nan("")};
    static const std::vector<std::uint64_t> kWhole{0,        1,          2,          3072, 1U << 20,
                                                   1U << 31, 1ULL << 40, 1ULL << 62, ~0ULL};
    std::string& bytes = *column.mutable_bytes();
    const std::size_t at =
        random() % (bytes.size() + 1) / (random() % 2 == 0 ? 8 : 1) * 8 % (bytes.size() + 1);
    const auto put = [&](auto value) {
      if (at + sizeof value <= bytes.size()) std::memcpy(bytes.data() + at, &value, sizeof value);
    };
    switch (random() % 6) {
      case 0:
        if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ 1 << random() % 8);
        break;
      case 1:
        put(kWhole[random() % kWhole.size()]);
        break;
      case 2:
        put(static_cast<std::uint32_t>(kWhole[random() % kWhole.size()]));
        break;
      case 3:
      case 4:
        put(kNumbers[random() % kNumbers.size()]);
        break;
      default:
        bytes.resize(random() % 2 == 0 ? at : bytes.size() + 8);
        column.set_size(bytes.size());
    }
    return column.path() + " at " + std::to_string(at);
  }

  std::string save_mutated(Random& random) const {
    std::vector<Envelope> frames = frames_;
    std::vector<Envelope*> columns;
    for (Envelope& frame : frames) {
      if (frame.has_state_end()) break;  // what follows is the state at the end, which is not gone on from
      if (frame.has_state_column()) columns.push_back(&frame);
    }
    std::string where;
    for (std::size_t k = 0; k <= random() % 2; ++k)
      where += mutate(*columns[random() % columns.size()]->mutable_state_column(), random) + "; ";
    proto::FrameWriter writer(path("m.pb"), header_);
    for (const Envelope& frame : frames) writer.write(frame);
    writer.close();
    return where;
  }

  Header header_;
  std::vector<Envelope> frames_;
};

TEST_F(MutatedStates, AreRefusedInALineOrGoOnToTheirEnd) {
  const char* asked = std::getenv("CHRONOTOPE_MUTATIONS");
  const int count = asked == nullptr ? 300 : std::atoi(asked);
  Random random(1);
  int refused = 0;
  for (int k = 0; k < count; ++k) {
    const std::string where = save_mutated(random);
    const Outcome outcome =
        shell("timeout 20 " + kProgram +
              " simulate --resume m.pb --out f.pb --spikes f.csv --weights g.csv --until 250 --quiet");
    if (outcome.code == 0) {
      EXPECT_EQ(read_file(path("g.csv")).find("nan"), std::string::npos) << where;
      EXPECT_EQ(read_file(path("g.csv")).find("inf"), std::string::npos) << where;
      continue;
    }
    ++refused;
    expect_one_line(outcome, 2, where, "chronotope simulate: ");
  }
  EXPECT_GT(refused, count / 3);
}

}  // namespace
}  // namespace chronotope
