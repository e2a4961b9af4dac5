// SPDX-License-Identifier: Apache-2.0
// An assignment does what writing the value into the text would have done.
#include "chronotope/proto/spec_assignment.hpp"

#include <gtest/gtest.h>

#include <string>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::proto {
namespace {

std::string network(const std::string& neuron = "I_e: 300", const std::string& weight = "weight: 20",
                    const std::string& rule = "w_max: 60") {
  return "seed: 3 population { name: 'E' size: 80 exp_psc_lif { " + neuron +
         " } } population { name: 'L2.3' size: 5 delta_lif { } } input { name: 'x' size: 1 spike_times { "
         "neuron: 0 times: [1, 2] } } projection { source: 'E' target: 'E' pairwise_bernoulli { p: 0.5 } " +
         weight + " pair_stdp { " + rule +
         " } } projection { source: 'E' target: 'E' one_to_one { } } "
         "projection { source: 'E' target: 'L2.3' pairwise_bernoulli { p: 0.5 } }";
}

NetworkSpec assigned(const std::string& assignment) {
  SpecText text;
  parse_spec(network(), "net.textproto", text);
  assign(text, assignment, "--set " + assignment);
  return text.message;
}

std::string written(const std::string& text) {
  SpecText spec;
  parse_spec(text, "net.textproto", spec);
  return spec.message.DebugString();
}

std::string refusal(const std::string& assignment) {
  SpecText text;
  parse_spec(network(), "net.textproto", text);
  try {
    assign(text, assignment, "--set");
    decode(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(SpecAssignment, IsAsIfTheValueHadBeenWritten) {
  for (const char* path :
       {"population.E.I_e=400", "population[0].I_e=400", "population.E.exp_psc_lif.I_e=400",
        "population.E.I_e={constant: 400}", "population.E={exp_psc_lif { I_e: 400 }}"})
    EXPECT_EQ(assigned(path).DebugString(), written(network("I_e: 400"))) << path;
  EXPECT_EQ(assigned("population.E.tau_m=[1, 2]").DebugString(), written(network("I_e: 300 tau_m: [1, 2]")));
  EXPECT_EQ(assigned("projection.E->E#1.weight={gamma {mean: 5 cv: 0.3}}").DebugString(),
            written(network("I_e: 300", "weight { gamma { mean: 5 cv: 0.3 } }")));
  EXPECT_EQ(assigned("projection.E->E#1.transmit=BEFORE_UPDATE").DebugString(),
            written(network("I_e: 300", "weight: 20", "w_max: 60 transmit: BEFORE_UPDATE")));
}

TEST(SpecAssignment, ReachesWhatIsRepeatedByNameAndNumber) {
  EXPECT_EQ(assigned("seed=0").seed(), 0U);
  EXPECT_EQ(assigned("population.L2.3.size=6").population(1).size(), 6U);
  EXPECT_EQ(assigned("projection.E->E#2.delay=3").projection(1).delay().constant(), 3);
  EXPECT_EQ(assigned("projection.E->L2.3.p=0").projection(2).pairwise_bernoulli().p(), 0);
  EXPECT_EQ(assigned("population.E.name=F").population(0).name(), "F");
  const auto times = assigned("input.x.spike_times[0].times=[7]").input(0).spike_times(0);
  ASSERT_EQ(times.times_size(), 1);  // a list takes the place of the list
  EXPECT_EQ(times.times(0), 7);
  EXPECT_TRUE(assigned("population.E.delta_lif={}").population(0).has_delta_lif());
}

TEST(SpecAssignment, SaysWhatLeadsNowhere) {
  EXPECT_EQ(refusal("population.E.I_e"), "--set: must be PATH=VALUE, as population.E.I_e=400");
  EXPECT_EQ(refusal("population.E.I_e="), "--set: has no value behind =");
  EXPECT_EQ(refusal("populaton.E.I_e=1")
                .rfind("--set: the specification has no field 'populaton' (did you mean "
                       "population?)",
                       0),
            0U);
  EXPECT_EQ(refusal("population.EE.I_e=1"), "--set: no population named 'EE' (did you mean E?)");
  EXPECT_EQ(refusal("population.E.I_f=1"), "--set: population.E has no field 'I_f' (did you mean I_e?)");
  EXPECT_EQ(refusal("population[2].I_e=1"), "--set: population has no element [2], but 2 elements");
  EXPECT_EQ(refusal("population.E.size.x=1"), "--set: population.E.size has no fields");
  EXPECT_EQ(refusal("reward.r.tau_n=1"), "--set: no reward named 'r'; there are none");
  EXPECT_EQ(refusal("population.E.I_e=4x").rfind("--set: I_e", 0), 0U) << refusal("population.E.I_e=4x");
  EXPECT_EQ(refusal("projection.E->E.p=0"),
            "--set: no projection named 'E->E' (did you mean E->E#1 or E->E#2?)");
  for (const char* value : {"-1", "1e3", "1.5", "4294967296", "99999999999999999999", "nan", "true"})
    EXPECT_EQ(refusal(std::string("population.E.size=") + value),
              std::string("--set: size: ") + value +
                  " is not allowed (must be a whole number from 0 to 4294967295)");
}

TEST(SpecAssignment, SetsNothingThatItsPathDoesNotName) {
  EXPECT_EQ(refusal("population.E.I_e=250 V_m: 3"), "--set: sets V_m, too; give each a --set of its own");
  EXPECT_EQ(refusal("population.E.size=4 name: 'F'"), "--set: sets name, too; give each a --set of its own");
  EXPECT_NE(refusal("seed=4 population { }"), "accepted");
  EXPECT_EQ(assigned("population.E={size: 4 exp_psc_lif { I_e: 400 }}").population(0).size(), 4U);
}

TEST(SpecAssignment, IsNamedWhereItsValueIsRefused) {
  EXPECT_EQ(refusal("projection.E->E#1.p=2"),
            "--set: projection E->E.pairwise_bernoulli.p: 2 is not allowed (must lie in [0, 1])");
  EXPECT_EQ(
      refusal("population.E.I_e={normal {mean: 1 sd: -1}}").rfind("--set: population E.exp_psc_lif.I_e", 0),
      0U)
      << refusal("population.E.I_e={normal {mean: 1 sd: -1}}");
}

}  // namespace
}  // namespace chronotope::proto
