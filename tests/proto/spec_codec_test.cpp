// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/spec_codec.hpp"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

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
