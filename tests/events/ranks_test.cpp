// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chronotope/core/whole_rows.hpp"
#include "chronotope/events/drawn_lines.hpp"
#include "chronotope/events/joined_columns.hpp"
#include "chronotope/events/own_columns.hpp"
#include "chronotope/tests/suites/ranks_in_threads.hpp"
#include "chronotope/tests/suites/run_network.hpp"
#include "chronotope/tests/suites/small_networks.hpp"
#include "chronotope/tests/suites/state_columns.hpp"

namespace chronotope::tests {
namespace {

/// All that a run is: what happened, and what it would go on from.
struct Outcome {
  std::vector<RecordedSpike> spikes;
  std::vector<double> weights;
  std::vector<std::uint32_t> ends;
  std::vector<double> potentials;
  Columns state;
};

void look_at(NetworkRun& run, Outcome& outcome) {
  outcome.spikes = run.spikes();
  run.engine().settle_weights();
  const Network& network = run.engine().network();
  for (const auto& projection : network.projections)
    for_each_whole_synapse(*projection, network.part, [&](const WholeSynapse& s) {
      outcome.weights.insert(outcome.weights.end(), {s.weight, s.delay.ms()});
      outcome.ends.insert(outcome.ends.end(), {s.source, s.target});
    });
  for (std::uint32_t p = 0; p < network.populations.size(); ++p)
    for (const double V : run.engine().whole_potentials(p)) outcome.potentials.push_back(V);
  run.engine().save(outcome.state);
}

/// The columns of one part, and how they are joined.
struct PartColumns final : events::PartSink {
  struct Column {
    std::string path;
    std::string bytes;
    events::Join join;
  };
  std::vector<Column> columns;

  void write(const std::string& path, const std::string& bytes, events::Join join) override {
    columns.push_back({path, bytes, join});
  }
};

/// A few bytes at a time, as a file has them.
class Bytes final : public events::ColumnBytes {
 public:
  explicit Bytes(const std::string& bytes) : bytes_(&bytes) {}
  std::uint64_t size() const override { return bytes_->size(); }
  void take(std::uint64_t count, std::string& to) override {
    EXPECT_LE(taken_ + count, bytes_->size());
    to.append(*bytes_, taken_, count);
    taken_ += count;
  }

 private:
  const std::string* bytes_;
  std::uint64_t taken_ = 0;
};

std::vector<std::pair<std::string, std::string>> joined(
    const std::vector<PartColumns>& parts, const std::vector<std::vector<std::uint16_t>>& ranks) {
  std::vector<std::pair<std::string, std::string>> whole;
  std::vector<std::size_t> next(parts.size(), 0);
  for (const PartColumns::Column& first : parts[0].columns) {
    std::vector<std::unique_ptr<Bytes>> bytes;
    std::vector<events::ColumnBytes*> columns;
    for (std::size_t rank = 0; rank < parts.size(); ++rank) {
      if (rank > 0 && first.join == events::Join::kOfRank0) continue;
      const PartColumns::Column& column = parts[rank].columns.at(next[rank]++);
      EXPECT_EQ(column.path, first.path);
      columns.push_back(bytes.emplace_back(std::make_unique<Bytes>(column.bytes)).get());
    }
    std::span<const std::uint16_t> ranks_here;
    if (first.path.starts_with("projection ")) ranks_here = ranks[std::stoul(first.path.substr(11))];
    std::string joint;
    std::uint64_t announced = 0;
    events::join_column(
        first.join, columns, ranks_here,
        {[&](std::uint64_t size) { announced = size; }, [&](std::string_view piece) { joint += piece; }});
    EXPECT_EQ(announced, joint.size()) << first.path;
    whole.emplace_back(first.path, joint);
  }
  for (std::size_t rank = 0; rank < parts.size(); ++rank) EXPECT_EQ(next[rank], parts[rank].columns.size());
  return whole;
}

Outcome on_one(const std::string& text, double stop, double end) {
  Outcome outcome;
  NetworkRun run(text);
  Columns ignored;
  run.until(stop).engine().save(ignored);
  run.until(end);
  look_at(run, outcome);
  return outcome;
}

/// The same on many, and from `stop` on by other engines, on another number of ranks.
Outcome on_many(const std::string& text, double stop, double end, unsigned ranks, unsigned later_ranks) {
  std::vector<Outcome> outcomes(std::max(ranks, later_ranks));
  Columns state;
  const auto first = on_ranks(ranks, [&](Exchange& exchange) {
    NetworkRun run(text, 1 + exchange.rank() % 2, Part(exchange));
    run.until(stop);
    Columns own;
    run.engine().save(own);
    if (exchange.is_root()) {
      state = own;
      outcomes[0].spikes = run.spikes();
    }
  });
  const std::vector<RecordedSpike> before = outcomes[0].spikes;
  std::vector<PartColumns> parts(later_ranks);
  std::vector<std::vector<std::uint16_t>> ranks_of;
  const auto second = on_ranks(later_ranks, [&](Exchange& exchange) {
    NetworkRun run(text, 1, Part(exchange));
    Columns own = state;
    run.engine().load(own);
    run.until(end);
    Outcome& outcome = outcomes[exchange.rank()];
    look_at(run, outcome);
    run.engine().save_part(parts[exchange.rank()]);
    for (const auto& projection : run.engine().network().projections)
      if (auto order = events::ranks_of_synapses(*projection, Part(exchange), true); exchange.is_root())
        ranks_of.push_back(std::move(order));
    outcome.spikes.insert(outcome.spikes.begin(), before.begin(), before.end());
  });
  EXPECT_EQ(first, std::vector<std::string>(ranks)) << text;
  EXPECT_EQ(second, std::vector<std::string>(later_ranks)) << text;
  EXPECT_EQ(joined(parts, ranks_of), outcomes[0].state.columns) << text;
  for (unsigned rank = 1; rank < later_ranks; ++rank) {
    EXPECT_EQ(outcomes[rank].spikes, outcomes[0].spikes) << text;
    EXPECT_TRUE(outcomes[rank].weights.empty());
    EXPECT_TRUE(outcomes[rank].state.columns.empty());
  }
  return outcomes[0];
}

void expect_same(const std::string& text, double stop, unsigned ranks, unsigned later_ranks) {
  constexpr double kEnd = 80;
  const Outcome one = on_one(text, stop, kEnd);
  const Outcome many = on_many(text, stop, kEnd, ranks, later_ranks);
  ASSERT_FALSE(one.spikes.empty()) << text;
  EXPECT_EQ(many.spikes, one.spikes) << text;
  EXPECT_EQ(many.ends, one.ends) << text;
  EXPECT_EQ(many.weights, one.weights) << text;
  EXPECT_EQ(many.potentials, one.potentials) << text;
  ASSERT_EQ(many.state.columns.size(), one.state.columns.size()) << text;
  for (std::size_t k = 0; k < one.state.columns.size(); ++k)
    EXPECT_EQ(many.state.columns[k], one.state.columns[k]) << one.state.columns[k].first << '\n' << text;
}

TEST(Ranks, EveryModelHasTheSameBitsOnAnyNumberOfThem) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> time(1, 79);
  for (const std::string& model : kModels)
    for (const std::string& delay : kDelays)
      for (const std::string& input : kInputs)
        expect_same(network(model, kRules[random() % kRules.size()], delay, input), time(random),
                    2 + random() % 3, 1 + random() % 4);
}

TEST(Ranks, EveryRuleHasTheSameBitsOnAnyNumberOfThem) {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> time(1, 79);
  for (const std::string& rule : kRules)
    for (const std::string& delay : kDelays)
      for (unsigned k = 0; k < 4; ++k)
        expect_same(network(kModels[random() % 4], rule, delay, kInputs[k]), time(random), 1 + k,
                    1 + random() % 4);
}

std::string listed_synapses() {
  std::string list;
  for (int k = 0; k < 40; ++k)
    list += "synapses { source: " + std::to_string(k * 7 % 11) + " target: " + std::to_string(k * 5 % 9) +
            " weight: " + std::to_string(20 + k) + " delay: " + std::to_string(1 + k % 4) + " }\n";
  return list;
}

std::string values(int count, double first) {
  std::string text = "{ values {";
  for (int k = 0; k < count; ++k) text += " value: " + std::to_string(first + k);
  return text + " } }";
}

/// Rules of wiring, own constants of neurons, inputs whose trains are drawn by the slot, populations of fewer neurons
/// than there are ranks.
TEST(Ranks, EveryWiringHasTheSameBitsOnAnyNumberOfThem) {
  const std::string neurons =
      "seed: 7\n"
      "population { name: 'a' size: 11 exp_psc_lif { I_e: 350 V_m { uniform { low: -70 high: -55 } }"
      "  tau_m { uniform { low: 8 high: 12 } } tau_syn_ex { uniform { low: 1 high: 3 } } } }\n"
      "population { name: 'b' size: 9 delta_lif { E_L: 0 V_th: 20 V_reset: 0 V_m { uniform { low: 0 high: 20 } } } }\n"
      "population { name: 'c' size: 2 exp_psc_lif { I_e: 500 } }\n"
      "input { name: 'fast' size: 11 poisson { rate: 3000 } }\n"
      "input { name: 'pulses' size: 9 poisson { rate { uniform { low: 500 high: 2000 } } start: 3 stop: 70 } }\n"
      "projection { source: 'fast' target: 'a' one_to_one {} weight { uniform { low: 5 high: 20 } }"
      "  delay { uniform { low: 0.5 high: 2 } } }\n"
      "projection { source: 'pulses' target: 'b' one_to_one {} weight: 3 delay: 0.7 }\n";
  for (
      const std::string& projections : std::vector<std::string>{
          "projection { source: 'a' target: 'b' fixed_total { N: 70 } weight: 4 delay: 1.5 }\n"
          "projection { source: 'b' target: 'a' fixed_outdegree { outdegree: 4 } weight: 30 delay { uniform { low: 1 high: 2 } } }",
          "projection { source: 'a' target: 'a' pairwise_bernoulli { p: 0.5 } symmetric: true weight { uniform { low: 5 high: 30 } }"
          "  delay { uniform { low: 0.8 high: 3 } } }\n"
          "projection { source: 'a' target: 'c' all_to_all {} weight { normal { mean: 20 sd: 5 } } delay: 2 }",
          "projection { source: 'a' target: 'b' all_to_all {} weight " + values(99, 1) + " delay " +
              values(99, 1) +
              " }\n"
              "projection { source: 'c' target: 'a' fixed_indegree { indegree: 2 } weight: 50 delay: 1 }",
          "projection { source: 'a' target: 'b' " + listed_synapses() +
              " }\n"
              "projection { source: 'b' target: 'c' all_to_all {} weight: 40 delay: 1 pair_stdp { w_max: 90"
              "  A_plus { uniform { low: 0.005 high: 0.02 } } tau_plus { uniform { low: 10 high: 30 } } } }"}) {
    expect_same(neurons + projections, 33.3, 4, 3);
    expect_same(neurons + projections, 41, 2, 1);
    expect_same(neurons + projections, 5, 1, 4);
  }
}

/// Currents into neurons of some ranks only, at times that some ranks alone know of, and into all.
TEST(Ranks, CurrentsThatChangeHaveTheSameBitsOnAnyNumberOfThem) {
  const std::string currents =
      "current { name: 'a' population: 'n' times: [0, 20.5, 41] amplitudes: [60, -90, 120] }\n"
      "current { name: 'b' population: 'n' neurons: '0' times: [5.25, 33.3, 60] amplitudes: [80, 0, 40] }\n"
      "current { name: 'c' population: 'n' neurons: '7-11' times: [33.3, 50.125] amplitudes: [-60, 150] }\n";
  std::mt19937 random(3);
  std::uniform_real_distribution<double> time(1, 79);
  for (const std::string& model : kModels)
    for (const std::string& input : kInputs) {
      const std::string text =
          network(model, kRules[random() % kRules.size()], kDelays[random() % kDelays.size()], input);
      expect_same(text + currents, random() % 2 == 0 ? 33.3 : time(random), 2 + random() % 3,
                  1 + random() % 4);
      expect_same(text + currents.substr(0, currents.find('\n') + 1), time(random), 3, 2);
    }
}

/// Queued inputs of every kind: lines that one rank hears, several, all because learning remembers them, or nobody.
TEST(Ranks, EveryInputHasTheSameBitsOnAnyNumberOfThem) {
  const std::string neurons =
      "seed: 11\n"
      "population { name: 'a' size: 11 exp_psc_lif { I_e: 340 V_m { uniform { low: -70 high: -55 } } } }\n"
      "population { name: 'c' size: 2 exp_psc_lif { I_e: 300 } }\n"
      "projection { source: 'a' target: 'a' fixed_indegree { indegree: 3 } weight: 20 delay: 1.5 }\n";
  const auto onto = [](const std::string& target, const std::string& wiring, const std::string& rule) {
    return "projection { source: 'x' target: '" + target + "' " + wiring +
           " weight: 70 delay { uniform { low: 0.5 high: 2 } } " + rule + " }\n";
  };
  for (const std::string& input : std::vector<std::string>{
           "poisson { rate: 60 }", "poisson { rate: 400 start: 5 stop: 70 }",
           "regular { interval { uniform { low: 3 high: 7 } } }",
           "inhomogeneous_poisson { rate_times: [0, 40] rate_values: [20, 90] }",
           "correlated_poisson { rate: 200 p_copy: 0.4 jitter { uniform { low: 0 high: 3 } } }",
           "spike_times { times: [2, 2, 5, 11, 30, 61, 62] }"}) {
    const std::string text = neurons + "input { name: 'x' size: 11 " + input + " }\n";
    expect_same(text + onto("a", "pairwise_bernoulli { p: 0.1 }", ""), 33.3, 4, 3);
    expect_same(text + onto("a", "fixed_indegree { indegree: 3 }", "") + onto("c", "all_to_all {}", ""), 41,
                3, 1);
    expect_same(text + onto("c", "fixed_total { N: 3 }", ""), 17, 1, 4);
    expect_same(text + onto("a", "pairwise_bernoulli { p: 0.2 }", "pair_stdp { w_max: 200 }") +
                    onto("c", "fixed_total { N: 3 }", "short_term { U: 0.4 tau_fac: 50 }"),
                20, 2, 4);
  }
}

TEST(Ranks, DrawTheLinesThatTheyHear) {
  const std::vector<std::vector<bool>> hears{
      {true, false, false, true}, {true, true, false, true}, {false, true, false, false}};
  std::vector<std::string> drawn(3), told(3);
  on_ranks(3, [&](Exchange& exchange) {
    const unsigned rank = exchange.rank();
    const events::DrawnLines lines(Part(exchange), {0, 3, 1}, [&](std::uint32_t input, std::uint32_t line) {
      return hears[rank][input == 1 ? line : 3];
    });
    for (const auto& [input, line] :
         {std::pair(1U, 0U), std::pair(1U, 1U), std::pair(1U, 2U), std::pair(2U, 0U)}) {
      drawn[rank] += lines.is_drawn(input, line) ? 'x' : '.';
      told[rank] += lines.is_told(input, line) ? 'x' : '.';
    }
  });
  EXPECT_EQ(drawn,
            (std::vector<std::string>{"x.xx", "xx.x", ".x.."}));  // rank 0 has the line that nobody hears
  EXPECT_EQ(told, (std::vector<std::string>{"x.xx", ".x..", "...."}));
}

/// Ranks meet once in a look-ahead window at most: not for every spike, and not while nothing happens.
TEST(Ranks, MeetOncePerWindow) {
  const std::string text =
      "population { name: 'n' size: 40 exp_psc_lif { I_e: 400 V_m { uniform { low: -70 high: -55 } } } }\n"
      "projection { source: 'n' target: 'n' fixed_indegree { indegree: 8 } weight: 10 delay: 2 }";
  std::size_t spikes = 0;
  std::vector<std::uint64_t> meetings(2);
  on_ranks(2, [&](Exchange& exchange) {
    NetworkRun run(text, 1, Part(exchange));
    const std::uint64_t before = exchange.spent().calls;
    run.until(400);
    meetings[exchange.rank()] = exchange.spent().calls - before;
    if (exchange.is_root()) spikes = run.spikes().size();
  });
  EXPECT_EQ(meetings[0], meetings[1]);
  EXPECT_LE(meetings[0], 401u);  // windows of at most 1 ms
  EXPECT_GT(spikes, 2 * meetings[0] / 10);
}

TEST(Ranks, SilenceIsNoMeeting) {
  const std::string text =
      "population { name: 'n' size: 4 exp_psc_lif {} }\n"
      "projection { source: 'n' target: 'n' all_to_all {} weight: 10 delay: 2 }";
  on_ranks(2, [&](Exchange& exchange) {
    NetworkRun run(text, 1, Part(exchange));
    const std::uint64_t before = exchange.spent().calls;
    run.until(1e6);
    EXPECT_LE(exchange.spent().calls - before, 10u);
  });
}

/// A neuron of one rank that can not be followed ends all, with the line that one rank would tell.
TEST(Ranks, ABreakdownIsToldByAll) {
  const std::string text =
      "population { name: 'wild' size: 5 delta_lif { C_m: 0.001 I_e { values { value: [0, 0, 0, 0, 1e9] } } E_L: 0"
      "  V_reset: 0 V_th: 0.5 t_ref: 0 } }";
  std::string alone;
  try {
    NetworkRun(text).until(10);
  } catch (const InputError& error) {
    alone = error.what();
  }
  ASSERT_NE(alone.find("neuron 4"), std::string::npos) << alone;
  const auto told = on_ranks(3, [&](Exchange& exchange) { NetworkRun(text, 1, Part(exchange)).until(10); });
  EXPECT_EQ(told, std::vector<std::string>(3, alone));
}

TEST(Ranks, WhatOneRankCanNotBuildNobodyBuilds) {
  const std::string text =
      "population { name: 'n' size: 6 exp_psc_lif { V_m { values { value: [-70, -70, -70, -70, -70, 2e9] } } } }";
  const auto told = on_ranks(3, [&](Exchange& exchange) { NetworkRun(text, 1, Part(exchange)).until(10); });
  for (const std::string& line : told) EXPECT_NE(line.find("2e+09"), std::string::npos) << line;
}

}  // namespace
}  // namespace chronotope::tests
