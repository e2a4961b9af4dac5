// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/spec_codec.hpp"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

const std::string kNetwork = R"(seed: 3
population { name: "E" size: 80
  grid { x: 5 y: 4 z: 5 lattice: "cube" }
  exp_psc_lif { tau_m { gamma { mean: 20 cv: 0.5 } min: 2 } V_th { constant: -55 } } }
population { name: "I" size: 20 grid { x: 5 y: 4 z: 5 lattice: "cube" } delta_lif { } }
input { name: "x" size: 2 spike_times { neuron: 1 times: [3, 1.5] } spike_times { neuron: 0 times: [2] } }
projection { source: "E" target: "E" distance { C: 0.3 lambda: 2 } weight { constant: 20 }
  delay { uniform { low: 1 high: 5 } }
  pair_stdp { w_max: 60 transmit: BEFORE_UPDATE } }
projection { source: "x" target: "I" all_to_all { } weight { constant: 0.5 } }
)";

NetworkDescription decode_text(const std::string& bytes, const std::string& name = "net.textproto") {
  SpecText text;
  parse_spec(bytes, name, text);
  return decode(text).network;
}

/// kNetwork with one piece replaced, and what is said of it.
std::string refusal(const std::string& piece, const std::string& replacement) {
  std::string text = kNetwork;
  const auto place = text.find(piece);
  EXPECT_NE(place, std::string::npos) << piece;
  try {
    decode_text(text.replace(place, piece.size(), replacement));
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(SpecCodec, ReadsPopulationsInputsAndProjections) {
  const NetworkDescription network = decode_text(kNetwork);
  EXPECT_EQ(network.seed, 3u);
  ASSERT_EQ(network.populations.size(), 2u);
  EXPECT_EQ(network.populations[0].model.kind, "exp_psc_lif");
  EXPECT_EQ(network.populations[0].model.parameters.at("tau_m").value.min(), 2);
  const auto& spikes = std::get<SpikeListSpec>(network.inputs[0].source).spikes;
  ASSERT_EQ(spikes.size(), 3u);
  EXPECT_EQ(spikes[1].time, stated_time(2));  // in time order whatever the order in the file
  EXPECT_EQ(network.projections[0].rule.kind, "pair_stdp");
  EXPECT_EQ(network.projections[0].rule.options.at("transmit"), "BEFORE_UPDATE");
  EXPECT_FALSE(network.projections[0].autapses);
  EXPECT_EQ(network.projections[1].source, 2u);  // inputs count after the populations
  EXPECT_EQ(network.projections[1].delay.value.constant(), 1);
}

TEST(SpecCodec, AFixedTotalDrawsWithRepetitionAmongPairsThatExist) {
  const std::string rule = "distance { C: 0.3 lambda: 2 }";
  const NetworkDescription network = decode_text(
      "population { name: 'E' size: 2 delta_lif { } } projection { source: 'E' target: 'E' weight: 1 "
      "fixed_total { N: 5000000000 } }");
  EXPECT_EQ(std::get<FixedTotalSpec>(network.projections[0].wiring).total, 5'000'000'000u);
  EXPECT_TRUE(network.projections[0].autapses);
  EXPECT_EQ(refusal(rule, "fixed_total { N: 9 } allow_multapses: false"),
            "net.textproto:7: projection E->E.allow_multapses: false is not allowed (must be true for "
            "fixed_total, which draws pairs with repetition)");
  EXPECT_EQ(refusal("size: 20 grid { x: 5 y: 4 z: 5 lattice: \"cube\" } delta_lif { } }",
                    "size: 1 delta_lif { } } projection { source: \"I\" target: \"I\" weight: 1 "
                    "allow_autapses: false fixed_total { N: 4 } }"),
            "net.textproto:5: projection I->I.fixed_total.N: 4 is not allowed (must be 0: without autapses "
            "a population of 1 neuron has no pair to connect)");
}

const std::string kRule = "distance { C: 0.3 lambda: 2 }";

TEST(SpecCodec, DistanceHasKernelsAndABorderOrNone) {
  std::string text = kNetwork;
  text.replace(text.find(kRule), kRule.size(),
               "distance { C: 0.3 lambda: 2 kernel: EXPONENTIAL periodic: true } symmetric: true");
  const ProjectionSpec projection = decode_text(text).projections[0];
  const auto& rule = std::get<DistanceSpec>(projection.wiring);
  EXPECT_EQ(rule.kernel.shape, KernelShape::kExponential);
  EXPECT_TRUE(rule.periodic);
  EXPECT_TRUE(projection.symmetric);
  EXPECT_EQ(std::get<DistanceSpec>(decode_text(kNetwork).projections[0].wiring).kernel.shape,
            KernelShape::kMaass);
}

TEST(SpecCodec, SymmetryIsOfPairsOfOnePopulation) {
  const std::string where = "net.textproto:7: projection E->E.symmetric: 'true' is not allowed (";
  EXPECT_EQ(refusal(kRule, "fixed_indegree { indegree: 3 } symmetric: true"),
            where + "goes with all_to_all, pairwise_bernoulli and distance)");
  EXPECT_EQ(refusal(kRule, "pairwise_bernoulli { p: 0.1 target_fraction: 0.5 } symmetric: true"),
            where + "cannot stand beside target_fraction: each neuron of a pair is a target)");
  EXPECT_EQ(refusal("all_to_all { }", "all_to_all { } symmetric: true"),
            "net.textproto:10: projection x->I.symmetric: 'true' is not allowed (needs source and target to "
            "be one population)");
}

/// kNetwork's population E somewhere else than on its lattice.
std::string placed(const std::string& positions, const std::string& rule = kRule) {
  std::string text = kNetwork;
  const std::string grid = "grid { x: 5 y: 4 z: 5 lattice: \"cube\" }", size = "size: 80";
  text.replace(text.find(grid), grid.size(), "positions { " + positions + " }");
  text.replace(text.find(size), size.size(), "size: 2");
  text.replace(text.find(kRule), kRule.size(), rule);
  try {
    const NetworkDescription network = decode_text(text);
    const Position last = network.populations[0].placement->positions.at(1);
    return std::to_string(last.x) + " " + std::to_string(last.y) + " " + std::to_string(last.z);
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(SpecCodec, PopulationsStandWhereTheirPositionsSay) {
  const std::string file = testing::TempDir() + "chronotope_positions.csv";
  std::ofstream(file) << "name,x,y,z\n0,1,2,3\n1,0.5,-2,7\n";
  const std::string periodic = "distance { C: 0.3 lambda: 2 periodic: true }";
  EXPECT_EQ(placed("x: [1, 2] y: [3, 4]"), "2.000000 4.000000 0.000000");
  EXPECT_EQ(placed("path: '" + file + "'"), "0.500000 -2.000000 7.000000");
  EXPECT_EQ(placed("x: [1, 2] y: [3, 4] z: [5, 6] extent: [10, 10]", periodic), "2.000000 4.000000 6.000000");
  const std::string here = "net.textproto:3: population E.positions";
  EXPECT_EQ(placed("x: [1, 2] y: [3]"), here + ".y: 1 is not allowed (needs as many as x, 2)");
  EXPECT_EQ(placed("x: [1] y: [3]"), here + ": 1 positions is not allowed (the population has 2 neurons)");
  EXPECT_EQ(placed("x: [1, 2] y: [3, nan]"),
            here + ": nan is not allowed (coordinates must be from -1e9 to 1e9)");
  EXPECT_EQ(placed("x: [1, 2] y: [3, 4] extent: [1, 0]"),
            here + ".extent: 0 is not allowed (sides must be > 0 and at most 1e9)");
  EXPECT_EQ(
      placed("x: [1, 2] y: [3, 4]", periodic),
      "net.textproto:7: projection E->E.distance.periodic: 'true' is not allowed (population E needs an "
      "extent beside its positions)");
  std::ofstream(file) << "x\n1\n2\n";
  EXPECT_EQ(placed("path: '" + file + "'"), file + ": must have the columns x, y and maybe z");
  std::filesystem::remove(file);
  EXPECT_EQ(placed("path: '" + file + "'"), file + ": cannot read: No such file or directory");
}

/// A projection whose synapses stand in a file of three columns and more.
class SynapseFiles : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(file_); }

  NetworkDescription decode(const std::string& table, const std::string& rest) const {
    std::ofstream(file_) << table;
    return decode_text(
        "population { name: 'A' size: 3 exp_psc_lif { } } population { name: 'B' size: 4 "
        "exp_psc_lif { } }\nprojection { source: 'A' target: 'B' synapse_file { path: '" +
        file_ + "' } " + rest + " }");
  }
  std::string refusal(const std::string& table, const std::string& rest) const {
    try {
      decode(table, rest);
    } catch (const InputError& error) {
      std::string text = error.what();
      if (const auto at = text.find(file_); at != std::string::npos) text.replace(at, file_.size(), "FILE");
      return text;
    }
    return "accepted";
  }

 private:
  const std::string file_ = testing::TempDir() + "chronotope_synapses_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
};

std::vector<double> values(const ParameterSpec& parameter) {
  return std::get<Values>(parameter.value.kind()).value;
}

TEST_F(SynapseFiles, ColumnsBecomeValuesOfTheSynapses) {
  const std::string table =
      "target,source,weight,delay,tau_plus,w_max,U\n3,2,5,1.5,10,40,0.5\n0,0,-1,0.1,20,50,0.25\n";
  const ProjectionSpec projection =
      decode(table, "pair_stdp { tau_minus: 7 } short_term { tau_rec: 100 }").projections[0];
  const auto& pairs = std::get<SynapsePairsSpec>(projection.wiring);
  EXPECT_EQ(pairs.source, (std::vector<std::uint32_t>{2, 0}));
  EXPECT_EQ(pairs.target, (std::vector<std::uint32_t>{3, 0}));
  EXPECT_EQ(values(projection.weight), (std::vector<double>{5, -1}));
  EXPECT_EQ(values(projection.delay), (std::vector<double>{1.5, 0.1}));
  EXPECT_EQ(values(projection.rule.parameters.at("tau_plus")), (std::vector<double>{10, 20}));
  EXPECT_EQ(values(projection.rule.parameters.at("w_max")), (std::vector<double>{40, 50}));
  EXPECT_EQ(values(projection.rule.parameters.at("U")), (std::vector<double>{0.5, 0.25}));
  EXPECT_EQ(projection.rule.parameters.at("tau_minus").value.constant(), 7);
}

TEST_F(SynapseFiles, WhatTheSpecificationGivesStandsInsteadOfColumns) {
  const ProjectionSpec projection =
      decode("source,target,weight,delay,tau_plus\n1,1,5,1.5,10\n",
             "weight: 7 delay { uniform { low: 1 high: 2 } } pair_stdp { tau_plus: 30 }")
          .projections[0];
  EXPECT_EQ(projection.weight.value.constant(), 7);
  EXPECT_TRUE(std::holds_alternative<Uniform>(projection.delay.value.kind()));
  EXPECT_EQ(projection.rule.parameters.at("tau_plus").value.constant(), 30);
}

TEST_F(SynapseFiles, AFileWithoutRowsConnectsNothing) {
  const ProjectionSpec projection = decode("source,target,weight\n", "pair_stdp { }").projections[0];
  EXPECT_TRUE(std::get<SynapsePairsSpec>(projection.wiring).source.empty());
}

TEST_F(SynapseFiles, ErrorsNameTheRowOrTheColumn) {
  EXPECT_EQ(refusal("source,target,weight\n2,0,1\n3,0,1\n", ""),
            "FILE: row 1 (from 0): source: 3 is not allowed (must be below the size of the source, 3)");
  EXPECT_EQ(refusal("source,target,weight\n2,4,1\n", ""),
            "FILE: row 0 (from 0): target: 4 is not allowed (must be below the size of the target, 4)");
  EXPECT_EQ(refusal("source,target,weight,delay\n2,3,1,0\n", ""),
            "FILE: row 0 (from 0): delay: 0 is not allowed (must be > 0 ms, from 1e-12 to 1e12; instead of "
            "none take a short one, 0.1 ms)");
  EXPECT_EQ(refusal("source,target,weight,tau_pluss\n2,3,1,9\n", "pair_stdp { }"),
            "FILE: column 'tau_pluss' is none of a synapse: did you mean tau_plus?");
  EXPECT_EQ(refusal("source,target,weight,tau_plus\n2,3,1,9\n", ""),
            "FILE: column 'tau_plus' is none of a synapse: must be one of weight delay dendritic_delay "
            "dendritic_fraction");
  EXPECT_EQ(refusal("source,target\n2,3\n", ""),
            "net.textproto:2: projection A->B.weight: nothing is not allowed (must be given [pA or mV]; FILE "
            "has no column weight)");
}

TEST(SpecCodec, ASparseMatrixIsOfSourcesByTargetsOrTransposed) {
  const auto decode_sizes = [](int sources, int targets, const std::string& more) {
    return decode_text("population { name: 'A' size: " + std::to_string(sources) +
                       " delta_lif { } } population { name: 'B' size: " + std::to_string(targets) +
                       " delta_lif { } } projection { source: 'A' target: 'B' synapse_file { path: "
                       "'" CHRONOTOPE_TEST_DATA "/scipy/csr.npz' " +
                       more + " } }");
  };
  const auto plain = std::get<SynapsePairsSpec>(decode_sizes(3, 4, "").projections[0].wiring);
  const auto turned =
      std::get<SynapsePairsSpec>(decode_sizes(4, 3, "transposed: true").projections[0].wiring);
  EXPECT_EQ(plain.source, turned.target);
  EXPECT_EQ(plain.target, turned.source);
  EXPECT_THROW(decode_sizes(4, 3, ""), InputError);
  EXPECT_THROW(decode_sizes(3, 4, "transposed: true"), InputError);
}

TEST(SpecCodec, JsonAndBinaryMeanTheSame) {
  SpecText text;
  parse_spec(kNetwork, "net.textproto", text);
  std::string json;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  ASSERT_TRUE(google::protobuf::util::MessageToJsonString(text.message, &json, options).ok());
  for (const auto& [bytes, name] : {std::pair(json, std::string("-")),
                                    {text.message.SerializeAsString(), "net.pb"},
                                    {text.message.SerializeAsString(), "no_extension"}}) {
    SpecText again;
    parse_spec(bytes, name, again);
    EXPECT_EQ(again.message.SerializeAsString(), text.message.SerializeAsString()) << name;
  }
}

TEST(SpecCodec, ErrorsNameFileLineFieldValueAndRange) {
  EXPECT_EQ(refusal("size: 80", ""),
            "net.textproto:2: population E.size: nothing is not allowed (must be given; 0 is allowed)");
  EXPECT_EQ(
      refusal("constant: 0.5", "constant: nan"),
      "net.textproto:10: projection x->I.weight.constant: nan is not allowed (must be a finite number)");
  EXPECT_EQ(refusal("times: [2]", "times: [-2]"),
            "net.textproto:6: input x.spike_times[1].times: -2 is not allowed (must be from 0 to 1e12 ms)");
  EXPECT_EQ(refusal("cv: 0.5", "cv: -1"),
            "net.textproto:4: population E.exp_psc_lif.tau_m.gamma.cv: -1 is not allowed (must be >= 0)");
  EXPECT_EQ(refusal("lambda: 2", "lambda: 0"),
            "net.textproto:7: projection E->E.distance.lambda: 0 is not allowed (must be > 0)");
  EXPECT_EQ(refusal("weight { constant: 0.5 } }", "weight { constant: 0.5 }"),
            "net.textproto:11:1: projection[1]: expected a field or '}', found the end");
}

TEST(SpecCodec, NamesCanStandInTables) {
  for (const char* name : {"I,J", "I\\nJ", "I\\\"J", "I\\302\\233J"})
    EXPECT_TRUE(refusal("name: \"I\"", std::string("name: \"") + name + "\"")
                    .starts_with("net.textproto:5: population[1].name: 'I"))
        << name;
  EXPECT_EQ(refusal("name: \"I\"", "name: \"I,J\""),
            "net.textproto:5: population[1].name: 'I,J' is not allowed (must hold no comma, quote or control "
            "character)");
}

TEST(SpecCodec, TextIsUtf8InEveryFieldAndNotation) {
  const std::string refused = ": a string that is not UTF-8";
  EXPECT_EQ(refusal("name: \"I\"", "name: \"K\xF6rner\""),
            "net.textproto:5:20: population[1].name" + refused);
  EXPECT_EQ(refusal("name: \"I\"", "name: \"K\\366rner\""),  // an escape in a file of plain ASCII
            "net.textproto:5:20: population[1].name" + refused);
  EXPECT_EQ(refusal("\"cube\" }\n", "\"c\xC3\" }\n"),
            "net.textproto:3:34: population[0].grid.lattice" + refused);
  EXPECT_EQ(refusal("spike_times { neuron: 1 times: [3, 1.5] } spike_times { neuron: 0 times: [2] }",
                    "\n spike_stream { path: \"\xFF.pb\" }"),
            "net.textproto:7:23: input[0].spike_stream.path" + refused);
  EXPECT_EQ(refusal("name: \"I\"", "name: \"K\xC3\xB6rner\" # K\xF6rner\n").find("UTF-8"), std::string::npos);
  SpecText text;
  EXPECT_THROW(parse_spec("{\"population\": [{\"name\": \"K\xF6rner\", \"size\": 1}]}", "net.json", text),
               InputError);
  EXPECT_THROW(parse_spec("\x1a\x06\x0a\x02K\xF6\x10\x01", "net.pb", text), InputError);
}

TEST(SpecCodec, UnknownFieldsAreErrorsWithLineAndColumn) {
  EXPECT_EQ(refusal("V_th {", "V_thresh {"),
            "net.textproto:4:61: population[0].exp_psc_lif: unknown field 'V_thresh' (did you mean V_th?)");
}

TEST(SpecCodec, AnInputOrRewardWithoutASourceSendsNothing) {
  const NetworkDescription network = decode_text(
      "population { name: 'E' size: 1 delta_lif { } } input { name: 'x' size: 3 } reward { name: 'r' }");
  EXPECT_TRUE(std::get<SpikeListSpec>(network.inputs.at(0).source).spikes.empty());
  EXPECT_TRUE(network.rewards.at(0).events.empty());
}

TEST(SpecCodec, ReferencesMustExist) {
  EXPECT_NE(refusal("source: \"x\"", "source: \"y\"").find("'y' is not allowed (must be one of E I x)"),
            std::string::npos);
  EXPECT_NE(refusal("target: \"I\"", "target: \"x\"").find("'x' is not allowed (must be one of E I)"),
            std::string::npos);
  EXPECT_NE(refusal("neuron: 1", "neuron: 2").find("must be below the input's size, 2"), std::string::npos);
  EXPECT_NE(refusal("name: \"I\"", "name: \"E\"").find("names must be unique"), std::string::npos);
}

TEST(SpecCodec, WhatDoesNotFitTogetherIsRefused) {
  EXPECT_NE(refusal("all_to_all { }", "one_to_one { }").find("needs equal sizes"), std::string::npos);
  EXPECT_NE(refusal("all_to_all { }", "").find("must be one of all_to_all one_to_one"), std::string::npos);
  EXPECT_NE(refusal("all_to_all { }", "distance { C: 1 lambda: 1 }").find("needs a population with a grid"),
            std::string::npos);
  EXPECT_NE(refusal("size: 20", "size: 21").find("holds 101 neurons"), std::string::npos);
  EXPECT_NE(refusal("weight { constant: 0.5 }", "").find("must be given"), std::string::npos);
  EXPECT_NE(refusal("delta_lif { }", "").find("must be one of exp_psc_lif delta_lif"), std::string::npos);
  EXPECT_NE(refusal("all_to_all { }", "all_to_all { } scaling { interval: 1 target_sum: 3 }")
                .find("scaling: scaling is not allowed (needs a rule: pair_stdp triplet_stdp vogels_stdp)"),
            std::string::npos);
  EXPECT_NE(refusal("delta_lif { }", "delta_lif { C_m { constant: 250 } R_m { constant: 80 } }")
                .find("R_m: R_m is not allowed (cannot stand beside C_m)"),
            std::string::npos);
}

TEST(SpecCodec, ExplicitValuesOfAnInputAreAsManyAsItsChannels) {
  const std::string listed = "spike_times { neuron: 1 times: [3, 1.5] } spike_times { neuron: 0 times: [2] }";
  const auto said = [&](const std::string& source) { return refusal(listed, source); };
  EXPECT_EQ(said("poisson { rate: [1, 2] }"), "accepted");
  EXPECT_EQ(said("regular { interval: [5, 6] start { values { value: [5, 3] } } }"), "accepted");
  EXPECT_EQ(said("poisson { rate: [1, 2, 3] }"),
            "net.textproto:6: input x.poisson.rate: 3 values is not allowed (the input has 2 channels)");
  EXPECT_EQ(said("regular { interval: [5] }"),
            "net.textproto:6: input x.regular.interval: 1 values is not allowed (the input has 2 channels)");
  EXPECT_EQ(said("regular { interval: 5 start { values { value: [5] } } }"),
            "net.textproto:6: input x.regular.start: 1 values is not allowed (the input has 2 channels)");
}

TEST(SpecCodec, ReadsWhatSurroundsARule) {
  std::string text = kNetwork;
  text.replace(text.find("pair_stdp {"), 11,
               "dendritic_fraction { constant: 1 } short_term { U { constant: 0.2 } } pair_stdp { pairing: "
               "REDUCED_SYMMETRIC mu_plus_distribution { uniform { low: 0 high: 1 } }");
  const ProjectionSpec projection = decode_text(text).projections[0];
  EXPECT_EQ(projection.rule.kind, "short_term pair_stdp");
  EXPECT_EQ(projection.rule.options.at("pairing"), "REDUCED_SYMMETRIC");
  EXPECT_EQ(projection.rule.parameters.at("U").value.constant(), 0.2);
  EXPECT_FALSE(projection.rule.parameters.at("mu_plus").value.constant());
  EXPECT_EQ(projection.dendritic_fraction->value.constant(), 1);
}

TEST(SpecCodec, RefusesCorrelationsThatCannotBeDrawn) {
  const auto said = [](const std::string& rule) { return refusal("pair_stdp {", "pair_stdp { " + rule); };
  const std::string drawn = "tau_plus { gamma { mean: 20 cv: 1 } } tau_minus { gamma { mean: 20 cv: 1 } } ";
  const std::string pair = "correlation { first: 'tau_plus' second: 'tau_minus' rho: 0.5 } ";
  EXPECT_EQ(said(drawn + pair), "accepted");
  EXPECT_NE(
      said(pair).find("correlation[0].first: 'tau_plus' is not allowed (must be a parameter that is given"),
      std::string::npos);
  EXPECT_NE(said(drawn + pair + pair).find("may stand in one correlation"), std::string::npos);
  EXPECT_NE(said(drawn + "correlation { first: 'tau_plus' second: 'tau_minus' rho: 2 }")
                .find("must lie in [-1, 1]"),
            std::string::npos);
  EXPECT_NE(said("w_max_distribution { constant: 60 }").find("cannot stand beside w_max"), std::string::npos);
  EXPECT_NE(
      refusal("pair_stdp {", "dendritic_delay { constant: 1 } dendritic_fraction { constant: 1 } pair_stdp {")
          .find("cannot stand beside dendritic_delay"),
      std::string::npos);
}

}  // namespace
}  // namespace chronotope::proto
