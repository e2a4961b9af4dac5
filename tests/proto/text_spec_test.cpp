// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/text_spec.hpp"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <string>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::proto {
namespace {

namespace pb = google::protobuf;

const std::string kWritten = R"(seed: 3  # of every draw
population { name: "E\tx" "y" size: 3 exp_psc_lif < tau_m { gamma { mean: 20, cv: 0.5 } min: 2 } I_e: { constant: -1e2 } > };
input { name: 'x' size: 2 spike_times: [ { neuron: 1 times: [3, 1.5] }, { neuron: 0 times: 2 } ] }
projection { source: "x" target: "E" all_to_all { } allow_multapses: false weight { values { value: [1, .5, inf] } }
  pair_stdp { pairing: NEAREST_SYMMETRIC } }
)";

/// What protobuf itself reads.
NetworkSpec by_protobuf(const std::string& text) {
  NetworkSpec message;
  EXPECT_TRUE(pb::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

std::string said(const std::string& bytes, const std::string& name) {
  SpecText spec;
  try {
    parse_spec(bytes, name, spec);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted: " + spec.message.ShortDebugString();
}

std::string meaning(const NetworkSpec& message) { return "accepted: " + message.ShortDebugString(); }

std::string json_of(const NetworkSpec& message, bool preserve_names, bool all = false) {
  pb::util::JsonPrintOptions options;
  options.preserve_proto_field_names = preserve_names;
  options.always_print_primitive_fields = all;
  options.add_whitespace = !all;
  std::string json;
  EXPECT_TRUE(pb::util::MessageToJsonString(message, &json, options).ok());
  return json;
}

class Silent : public pb::io::ErrorCollector {
  void AddError(int, int, const std::string&) override {}
};

TEST(TextSpec, ReadsTextprotoAsProtobufDoes) {
  EXPECT_EQ(said(kWritten, "a.textproto"), meaning(by_protobuf(kWritten)));
  for (std::size_t i = 0; i < kWritten.size(); ++i)
    for (const std::string& text :
         {kWritten.substr(0, i), std::string(kWritten).erase(i, 1), std::string(kWritten).insert(i, " ")}) {
      NetworkSpec message;
      pb::TextFormat::Parser parser;
      Silent silent;
      parser.RecordErrorsTo(&silent);
      if (parser.ParseFromString(text, &message))
        EXPECT_EQ(said(text, "a.textproto"), meaning(message)) << text;
      else
        EXPECT_TRUE(said(text, "a.textproto").starts_with("a.textproto:")) << text;
    }
}

TEST(TextSpec, ReadsJsonAsProtobufDoes) {
  const NetworkSpec message = by_protobuf(kWritten);
  for (const auto& [names, all] : {std::pair(true, false), {false, false}, {true, true}, {false, true}}) {
    const std::string json = json_of(message, names, all);
    NetworkSpec again;
    ASSERT_TRUE(pb::util::JsonStringToMessage(json, &again).ok());
    EXPECT_EQ(said(json, "a.json"), meaning(again));
    for (std::size_t i = 0; i < json.size(); ++i) {
      const std::string cut = json.substr(0, i);
      EXPECT_EQ(said(cut, "a.json").starts_with("a.json:"), cut.find_last_of('}') != json.find_last_of('}'))
          << cut;
      const std::string less = std::string(json).erase(i, 1);
      const std::string what = said(less, "a.json");
      NetworkSpec other;
      if (!what.starts_with("accepted")) continue;
      EXPECT_TRUE(pb::util::JsonStringToMessage(less, &other).ok()) << less;
      EXPECT_EQ(what, meaning(other)) << less;
    }
  }
}

TEST(TextSpec, ReadsWhatJsonAllowsBesides) {
  EXPECT_EQ(
      said(
          R"({"seed": "18446744073709551615", "population": [{"name": "\u00e9\ud83d\ude00\n\"\\", "size": 8e1,
                  "expPscLif": {"tau_m": {"constant": "NaN"}, "VTh": {"constant": "-5.5"}}, "grid": null}]})",
          "a.json"),
      meaning(by_protobuf("seed: 18446744073709551615 population { name: '\xc3\xa9\xf0\x9f\x98\x80\\n\"\\\\' "
                          "size: 80 exp_psc_lif { tau_m { constant: nan } V_th { constant: -5.5 } } }")));
  EXPECT_EQ(
      said(R"({"projection": [{"vogels_stdp": {"pairing": 2, "transmit": "BEFORE_UPDATE"}}]})", "a.json"),
      meaning(
          by_protobuf("projection { vogels_stdp { pairing: NEAREST_SYMMETRIC transmit: BEFORE_UPDATE } }")));
}

TEST(TextSpec, APlainNumberIsAConstant) {
  const NetworkSpec message = by_protobuf(R"(
    population { exp_psc_lif { tau_m { constant: 20 } V_reset { constant: -70.5 } I_e { constant: inf } } }
    population { multi_receptor_lif { tau_syn { constant: 5 } tau_syn { uniform { low: 1 high: 2 } } tau_syn { constant: 2 } } }
    input { poisson { rate { constant: 10 } start: 3 } }
    projection { weight { constant: 20 } delay { constant: 1.5 } pair_stdp { tau_plus { constant: 17 } w_max: 60 }
      scaling { interval: 100 target_sum { values { value: [1, -2, 3e0] } } } })");
  EXPECT_EQ(said(R"(
    population { exp_psc_lif { tau_m: 20 V_reset: -70.5, I_e: inf } }
    population { multi_receptor_lif { tau_syn: [5, { uniform { low: 1 high: 2 } }] tau_syn: 2 } }
    input { poisson { rate: 10 start: 3 } }
    projection { weight: 20 delay: 1.5 pair_stdp { tau_plus: 17 w_max: 60 } scaling { interval: 100 target_sum: [1, -2, 3e0] } })",
                 "a.textproto"),
            meaning(message));
  EXPECT_EQ(said(R"({"population": [{"exp_psc_lif": {"tau_m": 20, "V_reset": -70.5, "IE": "Infinity"}},
      {"multi_receptor_lif": {"tau_syn": [5, {"uniform": {"low": 1, "high": 2}}, 2]}}],
    "input": [{"poisson": {"rate": 10, "start": 3}}],
    "projection": [{"weight": 20, "delay": 1.5, "pair_stdp": {"tau_plus": 17, "w_max": 60},
      "scaling": {"interval": 100, "target_sum": [1, -2, 3e0]}}]})",
                 "a.json"),
            meaning(message));
}

TEST(TextSpec, EveryDistributionOfTheSchemaMayBeANumber) {
  int distributions = 0;
  const auto* file = NetworkSpec::descriptor()->file();
  const auto visit = [&](const auto& self, const pb::Descriptor& type, const std::string& before,
                         const std::string& after) -> void {
    for (int i = 0; i < type.field_count(); ++i) {
      const auto* field = type.field(i);
      if (field->message_type() == nullptr) continue;
      if (field->message_type() == Distribution::descriptor()) {
        ++distributions;
        const std::string name = before + field->name();
        EXPECT_EQ(said(name + ": 2.5" + after, "a.textproto"),
                  meaning(by_protobuf(name + " { constant: 2.5 }" + after)));
        const std::string explicit_json =
            json_of(by_protobuf(name + " { constant: 2.5 }" + after), true, false);
        std::string plain = explicit_json;
        const auto begin = plain.find("\"constant\"");
        plain.replace(plain.rfind('{', begin), plain.find('}', begin) - plain.rfind('{', begin) + 1, "2.5");
        EXPECT_EQ(said(plain, "a.json"), said(explicit_json, "a.json"));
      } else {
        self(self, *field->message_type(), before + field->name() + " { ", " }" + after);
      }
    }
  };
  visit(visit, *NetworkSpec::descriptor(), "", "");
  int declared = 0;
  for (int m = 0; m < file->message_type_count(); ++m)
    for (int i = 0; i < file->message_type(m)->field_count(); ++i)
      declared += file->message_type(m)->field(i)->message_type() == Distribution::descriptor() ? 1 : 0;
  EXPECT_EQ(distributions, declared);
}

TEST(TextSpec, ErrorsStandWhereTheUserWroteThem) {
  const auto text = [](const std::string& bytes) { return said(bytes, "a.textproto"); };
  EXPECT_EQ(text("population { size: 2 delta_lif { tau_m: 20 E_L: 1 C_m: abc } }"),
            "a.textproto:1:56: population[0].delta_lif.C_m: Expected double, got: abc");
  EXPECT_EQ(text("population { }\npopulation {\n\tsize: 3 delta_lif { tau_m: [1, 2, \"3\"] } }"),
            "a.textproto:3:43: population[1].delta_lif.tau_m: Expected double, got: \"3\"");
  EXPECT_EQ(text("population { delta_lif { tau_m: 20 } exp_psc_lif: 3 }"),
            "a.textproto:1:51: population[0].exp_psc_lif: expected '{', found '3'");
  EXPECT_EQ(
      text("population { delta_lif { tau_m: 20 } exp_psc_lif {} }"),
      "a.textproto:1:50: population[0].exp_psc_lif: Field \"exp_psc_lif\" is specified along with field "
      "\"delta_lif\", another member of oneof \"model\".");
  EXPECT_EQ(text("population { size 3 }"), "a.textproto:1:19: population[0].size: expected ':', found '3'");
  EXPECT_EQ(text("population {\n  name: \"E"),
            "a.textproto:2:11: population[0].name: Unexpected end of string.");
  EXPECT_EQ(text("population { size: 20ms }"),
            "a.textproto:1:22: population[0].size: Need space between number and identifier.");
  EXPECT_EQ(text("population {\n delta_lif {"),
            "a.textproto:2:13: population[0].delta_lif: expected a field or '}', found the end");
  EXPECT_EQ(text("seed: 1 }"), "a.textproto:1:9: expected a field, found '}'");
}

TEST(TextSpec, ErrorsInJsonHavePlaceAndPath) {
  const auto json = [](const std::string& bytes) { return said(bytes, "a.json"); };
  EXPECT_EQ(
      json("{\"population\": [{},\n  {\"size\": \"many\"}]}"),
      "a.json:2:12: population[1].size: \"many\" is not allowed (must be a whole number from 0 to 4294967295)");
  EXPECT_EQ(
      json(R"({"population": [{"size": 2.5}]})"),
      "a.json:1:26: population[0].size: 2.5 is not allowed (must be a whole number from 0 to 4294967295)");
  EXPECT_EQ(json(R"({"population": [{"size": 5000000000}]})"),
            "a.json:1:26: population[0].size: 5000000000 is not allowed (must be a whole number from 0 to "
            "4294967295)");
  EXPECT_EQ(json(R"({"population": [{"delta_lif": {"tau_m": true}}]})"),
            "a.json:1:41: population[0].delta_lif.tau_m: expected a number, found true");
  EXPECT_EQ(json("{\"seed\": 1,\n}"), "a.json:2:1: a comma stands before '}'");
  EXPECT_EQ(json("{\"input\": [{\"spike_times\": [{\"times\": [1, 2,]}]}]}"),
            "a.json:1:45: input[0].spike_times[0]: a comma stands before ']'");
  EXPECT_EQ(json("{\"population\": [\n{\"name\": \"E\""),
            "a.json:2:13: population[0]: expected ',' or '}', found the end");
  EXPECT_EQ(json("{\"population\": [{\"name\": \"E"),
            "a.json:1:26: population[0].name: a string without an end");
  EXPECT_EQ(json("{\"population\": {}}"), "a.json:1:16: expected '[', found {");
  EXPECT_EQ(json("{'seed': 1}"), "a.json:1:2: expected a name in double quotes, found '");
  EXPECT_EQ(json("{\"seed\": 1} x"), "a.json:1:13: expected the end, found x");
  EXPECT_EQ(json("[]"), "a.json:1:1: expected '{', found [");
  EXPECT_EQ(json("{\"seed\": 01}"), "a.json:1:10: seed: a number must not begin with 0");
  EXPECT_EQ(json(R"({"population": [{"name": "\ud800"}]})"),
            "a.json:1:33: population[0].name: half a character");
}

TEST(TextSpec, WhatJsonMeansIsRefusedWithItsLine) {
  SpecText spec;
  parse_spec("{\"population\": [\n {\"name\": \"E\", \"size\": 1, \"delta_lif\": {\n  \"tau_m\": \"NaN\"}}]}",
             "a.json", spec);
  try {
    decode(spec);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(
        error.what(),
        "a.json:3: population E.delta_lif.tau_m.constant: nan is not allowed (must be a finite number)");
  }
}

TEST(TextSpec, UnknownNamesComeWithThoseThatAreNear) {
  EXPECT_EQ(said("population { size: 1 exp_psc_lfi { } }", "a.textproto"),
            "a.textproto:1:22: population[0]: unknown field 'exp_psc_lfi' (did you mean exp_psc_lif?)");
  EXPECT_EQ(said("population { exp_psc_lif { V_thresh { constant: 1 } } }", "a.textproto"),
            "a.textproto:1:28: population[0].exp_psc_lif: unknown field 'V_thresh' (did you mean V_th?)");
  EXPECT_EQ(said("projection { pair_stpd { } }", "a.textproto"),
            "a.textproto:1:14: projection[0]: unknown field 'pair_stpd' (did you mean pair_stdp?)");
  EXPECT_EQ(said("projection { pair_stdp { pairing: NEAREST } }", "a.textproto"),
            "a.textproto:1:35: projection[0].pair_stdp.pairing: 'NEAREST' is not allowed (did you mean "
            "NEAREST_SYMMETRIC?)");
  EXPECT_EQ(said("populations { }", "a.textproto"),
            "a.textproto:1:1: unknown field 'populations' (did you mean population?)");
  EXPECT_EQ(said("input { regular { quux: 1 } }", "a.textproto"),
            "a.textproto:1:19: input[0].regular: unknown field 'quux' (must be one of interval start stop)");
  EXPECT_EQ(
      said("population { exp_psc_lif { tau_m: 20\nprojection { } }", "a.textproto"),
      "a.textproto:2:1: population[0].exp_psc_lif: unknown field 'projection' (is a } missing before it?)");
  EXPECT_EQ(said("{\"population\": [{\"exp_psc_lfi\": {}}]}", "a.json"),
            "a.json:1:18: population[0]: unknown field 'exp_psc_lfi' (did you mean exp_psc_lif?)");
  EXPECT_EQ(
      said(R"({"projection": [{"pair_stdp": {"transmit": "BEFORE"}}]})", "a.json"),
      "a.json:1:44: projection[0].pair_stdp.transmit: 'BEFORE' is not allowed (did you mean BEFORE_UPDATE?)");
}

TEST(TextSpec, StringsThatNoStreamCouldHoldAreRefused) {
  EXPECT_EQ(said("population {\n  name: \"caf\xE9\" }", "a.textproto"),
            "a.textproto:2:9: population[0].name: a string that is not UTF-8");
  EXPECT_EQ(said("population { name: 'caf\\351' }", "a.textproto"),
            "a.textproto:1:20: population[0].name: a string that is not UTF-8");
  EXPECT_EQ(said("{\"population\": [{\"name\": \"caf\xE9\"}]}", "a.json"),
            "a.json:1:26: population[0].name: a string that is not UTF-8");
  EXPECT_EQ(said("population { name: 'caf\\303' '\\251' }", "a.textproto").substr(0, 16), "a.textproto:1:20");
  EXPECT_EQ(said("seed: 3  # caf\xE9", "a.textproto"), "accepted: seed: 3");
}

TEST(TextSpec, AByteOrderMarkIsSkipped) {
  const std::string mark = "\xEF\xBB\xBF";
  EXPECT_EQ(said(mark + "seed: 3", "a.textproto"), "accepted: seed: 3");
  EXPECT_EQ(said(mark + "seed: 3", "no_extension"), "accepted: seed: 3");
  EXPECT_EQ(said(mark + "{\"seed\": 3}", "a.json"), "accepted: seed: 3");
  EXPECT_EQ(said(mark + " {\"seed\": 3}", "-"), "accepted: seed: 3");
  EXPECT_EQ(said(mark + "sead: 3", "a.textproto"),
            "a.textproto:1:1: unknown field 'sead' (did you mean seed?)");
}

}  // namespace
}  // namespace chronotope::proto
