// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>

#include "chronotope/core/error.hpp"
#include "chronotope/events/neuron_lane.hpp"
#include "chronotope/tests/suites/run_network.hpp"

namespace chronotope::tests {
namespace {

std::string breakdown_of(const std::string& spec, double until) {
  try {
    NetworkRun(spec).until(until);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Breakdown, ANeuronThatFiresAgainWithinATickEndsTheRun) {
  // 1e9 pA on 1e-3 pF lift V by 1 mV a tick of 1e-12 ms; the threshold is 0.5 mV above the reset.
  const std::string neuron =
      "C_m { constant: 0.001 } I_e { constant: 1e9 } E_L { constant: 0 } V_reset { constant: 0 } "
      "V_th { constant: 0.5 } t_ref { constant: 0 }";
  for (const std::string model : {"delta_lif", "exp_psc_lif", "alpha_psc_lif", "linear_leak_lif"})
    EXPECT_THAT(breakdown_of("population { name: 'calm' size: 3 delta_lif { } }\n"
                             "population { name: 'wild' size: 2 " +
                                 model + " { " + neuron + " } }",
                             10),
                testing::MatchesRegex("population wild: neuron 0, 0.0[0-9]* ms: fires again within 1e-12 ms"))
        << model;
}

TEST(Breakdown, TheFirstInTimeIsNamed) {
  const auto wild = [](const std::string& name, const std::string& V_m) {
    return "population { name: '" + name +
           "' size: 1 delta_lif { C_m { constant: 0.001 } I_e { constant: 1e9 } E_L { constant: 0 } V_reset "
           "{ constant: 0 } V_th { constant: 0.5 } t_ref { constant: 0 } V_m { constant: " +
           V_m + " } } }\n";
  };
  EXPECT_THAT(breakdown_of(wild("late", "-1000") + wild("early", "-1"), 10),
              testing::StartsWith("population early: neuron 0, "));
}

TEST(Breakdown, ArrivalsAtNeighbouringTicksAreNone) {
  // Two arrivals a tick apart, each enough for a spike.
  NetworkRun run(
      "population { name: 'n' size: 1 delta_lif { E_L { constant: 0 } V_reset { constant: 0 } V_th { "
      "constant: 10 } t_ref { constant: 0 } } }\n"
      "input { name: 'x' size: 1 spike_times { neuron: 0 times: [1, 1.000000000001] } }\n"
      "projection { source: 'x' target: 'n' all_to_all { } weight { constant: 20 } delay { constant: 1 } }");
  EXPECT_EQ(run.until(5).spikes().size(), 2U);
}

TEST(Breakdown, HugeArrivalsFireOnceEachAndEnd) {
  for (const std::string model : {"delta_lif", "exp_psc_lif", "quadratic_lif", "linear_leak_lif"})
    for (const std::string weight : {"1e9", "-1e9"}) {
      NetworkRun run("population { name: 'n' size: 2 " + model +
                     " { } }\n"
                     "input { name: 'x' size: 2 poisson { rate { constant: 100 } } }\n"
                     "projection { source: 'x' target: 'n' all_to_all { } weight { constant: " +
                     weight +
                     " } delay { constant: 1 } }\n"
                     "projection { source: 'n' target: 'n' all_to_all { } weight { constant: " +
                     weight + " } delay { constant: 0.5 } }");
      const std::size_t spikes = run.until(100).spikes().size();
      EXPECT_LE(spikes, 200U) << model << weight;
      EXPECT_EQ(spikes > 0, weight == "1e9") << model << weight;
    }
}

/// A neuron that can not fire before 1e6 ms, but says so only for two ticks from every time on.
struct Creeping {
  struct Parameters {};
  struct State {
    double V = 0;
  };
  static constexpr std::string_view kName = "creeping";

  static Parameters parameters(const ParameterSource&) { return {}; }
  static State initial_state(const Parameters&, const ParameterSource&) { return {}; }
  static void receive(const Parameters&, State&, Time, double) {}
  static CrossingTime crossing_bound(const Parameters&, const State&, Time now) {
    return {now + 2 * Duration::from_ticks(1)};
  }
  static void fire(const Parameters&, State&, Time) {}
  static double potential(const Parameters&, const State&, Time) { return 0; }
  static double threshold(const Parameters&, const State&, Time) { return 1; }
};

TEST(Breakdown, ANeuronWhoseNextSpikeIsNotFoundEndsTheRun) {
  NetworkDescription description;
  description.populations.push_back({"n", 3, {}, {"creeping", {}, {}, {}}, {}});
  const NeuronKind kind{Creeping::kName, populate<Creeping>};
  const events::EventForm form{Creeping::kName, events::make_lanes<Creeping>};
  events::Engine engine(build_network(description, std::span(&kind, 1), {}), std::span(&form, 1), {},
                        [](std::uint32_t, NeuronId, Time) {});
  try {
    engine.run_until(stated_time(10));
    FAIL() << "no end";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(),
                testing::MatchesRegex("population n: neuron 0, .* ms: when it fires next was not "
                                      "found in 10000 steps, .*"));
  }
}

}  // namespace
}  // namespace chronotope::tests
