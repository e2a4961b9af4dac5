// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

using google::protobuf::Struct;

/// Four neurons with escape noise, driven by three channels, two neurons hidden behind them.
class LikelihoodTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("n.textproto", R"(seed: 5
      population { name: "A" size: 4 escape_noise_lif { I_e: 100 delta_u: 3 } }
      population { name: "B" size: 2 escape_noise_lif { I_e: 100 delta_u: 3 t_ref: 1 } }
      input { name: "x" size: 3 poisson { rate: 30 } }
      projection { source: "x" target: "A" all_to_all { } weight { uniform { low: 100 high: 300 } } }
      projection { source: "A" target: "B" all_to_all { } weight { uniform { low: 100 high: 300 } } delay: 1.5 }
      projection { source: "B" target: "A" all_to_all { } weight { uniform { low: -300 high: -100 } } delay: 2 })");
    ASSERT_EQ(run("simulate n.textproto --until 4000 --out r.pb --spikes r.csv --quiet").code, 0);
  }
  Struct answer(const std::string& words) const {
    const Outcome outcome = run("likelihood " + words + " --json --quiet");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    Struct json;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(outcome.out, &json).ok()) << outcome.out;
    return json;
  }
  static double number(const Struct& json, const std::string& key) {
    return json.fields().at(key).number_value();
  }
  /// A column of the first projection.
  static std::vector<double> column(const Struct& json, const std::string& name) {
    std::vector<double> values;
    const auto& projection = json.fields().at("projections").list_value().values(0).struct_value();
    for (const auto& v : projection.fields().at(name).list_value().values())
      values.push_back(v.number_value());
    return values;
  }
};

TEST_F(LikelihoodTest, GradientIsThatOfOtherWeightsLikelihoods) {
  const Struct json = answer("n.textproto r.pb --gradient");
  const auto gradient = column(json, "d_weight"), weight = column(json, "weight");
  ASSERT_EQ(gradient.size(), 12U);
  for (const std::size_t k : {0U, 5U, 11U}) {
    double likelihood[2] = {};
    for (const int side : {0, 1}) {
      std::string values;
      for (std::size_t j = 0; j < weight.size(); ++j)
        values += " value: " + std::to_string(weight[j] + (j == k ? (side == 0 ? -0.5 : 0.5) : 0));
      likelihood[side] =
          number(answer("n.textproto r.pb --set 'projection.x->A.weight={values {" + values + "}}'"),
                 "log_likelihood");
    }
    EXPECT_NEAR(likelihood[1] - likelihood[0], gradient[k], 1e-3 * std::abs(gradient[k]) + 1e-5) << k;
  }
}

TEST_F(LikelihoodTest, StreamsTablesThreadsAndRecordedInputsSayTheSame) {
  const std::string expected = run("likelihood n.textproto r.pb --json --quiet").out;
  EXPECT_EQ(run("likelihood n.textproto r.pb --json --threads 3 --quiet").out, expected);
  const double likelihood = number(answer("n.textproto r.pb"), "log_likelihood");
  // The table's times have six decimals at least; spikes lie elsewhere by less than a millionth of delta_u.
  EXPECT_NEAR(number(answer("n.textproto r.csv --until 4000"), "log_likelihood"), likelihood, 1e-3);
  ASSERT_EQ(run("simulate n.textproto --until 4000 --record-inputs --out all.pb --quiet").code, 0);
  EXPECT_NEAR(number(answer("n.textproto all.pb"), "log_likelihood"), likelihood, 1e-9);
  EXPECT_NEAR(number(answer("n.textproto all.pb --set input.x.poisson.rate=1"), "log_likelihood"), likelihood,
              1e-9);
}

TEST_F(LikelihoodTest, AFitIsLikelierSavesItselfAndIsFoundAgain) {
  const Struct json = answer("n.textproto r.pb --fit --save f.pb --csv w.csv");
  EXPECT_GT(number(json, "log_likelihood_found"), number(json, "log_likelihood"));
  EXPECT_EQ(number(json, "unfinished"), 0);
  EXPECT_NEAR(number(answer("f.pb r.pb"), "log_likelihood"), number(json, "log_likelihood_found"), 1e-6);
  // From 0 on, whatever the weights of the specification are but for their signs.
  EXPECT_EQ(column(answer("n.textproto r.pb --fit --set 'projection.x->A.weight=7'"), "found"),
            column(json, "found"));
  const std::string csv = read_file(path("w.csv"));
  EXPECT_EQ(csv.substr(0, csv.find('\n')), "projection,source,target,weight,delay_ms,found,standard_error");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 12 + 8 + 8);
}

TEST_F(LikelihoodTest, LearningClimbsWithAndWithoutHiddenNeurons) {
  const Struct seen = answer("n.textproto r.pb --learn 20 --rate 0.001 --set 'projection.x->A.weight=50'");
  EXPECT_GT(number(seen, "log_likelihood_found"), number(seen, "log_likelihood") + 10);
  const std::string words =
      "n.textproto r.pb --hidden B --learn 3 --rate 0.001 --set 'projection.x->A.weight=50' --save l.pb";
  const Struct hidden = answer(words);
  const auto& epochs = hidden.fields().at("epochs").list_value();
  ASSERT_EQ(epochs.values_size(), 3);
  EXPECT_GT(epochs.values(2).number_value(), epochs.values(0).number_value());
  EXPECT_EQ(hidden.fields().count("populations_found"), 0U);
  EXPECT_EQ(hidden.DebugString(), answer(words).DebugString());
  EXPECT_EQ(run("simulate l.pb --until 100 --quiet").code, 0);
}

TEST_F(LikelihoodTest, TableNamesWhatWasSeen) {
  const Outcome outcome = run("likelihood n.textproto r.pb --hidden B --learn 1 --quiet");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("\nA "), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("\nB "), std::string::npos) << outcome.out;
  const Struct json = answer("n.textproto r.pb --hidden B --learn 1");
  const Struct& A = json.fields().at("populations").list_value().values(0).struct_value();
  EXPECT_GT(number(A, "spikes"), 10);
  for (const char* unknown : {"log_likelihood", "expected_spikes", "rescaling_p"})
    EXPECT_TRUE(A.fields().at(unknown).has_null_value()) << unknown;
  EXPECT_TRUE(json.fields().at("log_likelihood").has_null_value());
  save("none.csv", "time_ms,population,neuron\n90,A,0\n90,B,0\n");
  EXPECT_TRUE(answer("n.textproto none.csv --until 1")
                  .fields()
                  .at("populations")
                  .list_value()
                  .values(0)
                  .struct_value()
                  .fields()
                  .at("rescaling_p")
                  .has_null_value());
  expect_refused("likelihood n.textproto r.pb --gradient", "--gradient: needs --json or --csv");
}

/// A small delta_u makes the hazard steep: from weights of 0 Newton's steps overshoot far.
TEST_F(LikelihoodTest, AFitUnderASteepHazardIsNoWorseThanTheSpecification) {
  save("steep.textproto", R"(seed: 1
    population { name: "E" size: 3 escape_noise_lif { tau_m: 20 C_m: 250 I_e: 150 delta_u: 0.2 tau_0: 10 t_ref: 2 } }
    input { name: "X" size: 10 poisson { rate: 15 } }
    projection { source: "X" target: "E" pairwise_bernoulli { p: 0.5 } weight { lognormal { mean: 250 cv: 0.5 } } delay: 1 })");
  ASSERT_EQ(run("simulate steep.textproto --until 200 --out steep.pb --quiet").code, 0);
  const Struct json = answer("steep.textproto steep.pb --fit");
  EXPECT_EQ(number(json, "unfinished"), 0);
  EXPECT_GT(number(json, "log_likelihood_found"), number(json, "log_likelihood"));
}

TEST_F(LikelihoodTest, NothingAndOneSpikeHaveALikelihood) {
  save("one.textproto", R"(population { name: "n" size: 1 escape_noise_lif { } })");
  save("one.csv", "time_ms,population,neuron\n12.5,n,0\n");
  EXPECT_LT(number(answer("one.textproto one.csv --until 100"), "log_likelihood"), 0);
  EXPECT_LT(number(answer("one.textproto one.csv --until 5"), "log_likelihood"),
            0);  // before the spike: silence
  const double before = number(answer("one.textproto one.csv --until 12.4"), "log_likelihood");
  EXPECT_NEAR(number(answer("one.textproto one.csv --until 12.5"), "log_likelihood"), before,
              0.1);  // a spike at the end is none before it
  EXPECT_EQ(run("likelihood one.textproto one.csv --fit --learn 2 --quiet").code, 2);
  EXPECT_EQ(run("likelihood one.textproto one.csv --fit --quiet").code, 0);
}

/// A neuron may fire where its refractory period ends, in decimals: 0.1 + 0.2 is 0.3.
TEST_F(LikelihoodTest, SpikesAsFarApartAsTheRefractoryPeriodArePossible) {
  save("r.textproto", R"(population { name: "n" size: 1 escape_noise_lif { t_ref: 0.3 } })");
  save("apart.csv", "time_ms,population,neuron\n0.1,n,0\n0.4,n,0\n");
  EXPECT_EQ(run("likelihood r.textproto apart.csv --until 5 --quiet").code, 0);
  save("near.csv", "time_ms,population,neuron\n0.1,n,0\n0.399999999999,n,0\n");
  expect_refused("likelihood r.textproto near.csv --until 5", "within its t_ref of 0.3 ms");
}

TEST_F(LikelihoodTest, RefusesInOneLine) {
  save("lif.textproto", R"(population { name: "A" size: 1 exp_psc_lif { } })");
  expect_refused("likelihood lif.textproto r.csv", "has no likelihood");
  expect_refused("likelihood n.textproto r.pb --hidden C --learn 1",
                 "must be populations of escape_noise_lif");
  expect_refused("likelihood n.textproto r.pb --hidden A,B --learn 1", "must leave a population");
  expect_refused("likelihood n.textproto r.pb --hidden B", "needs --learn");
  expect_refused("likelihood n.textproto r.pb --save s.pb", "needs");
  expect_refused("likelihood n.textproto r.pb --fit --save r.pb", "--save");
  save("close.csv", "time_ms,population,neuron\n5,B,0\n10,A,1\n11,A,1\n");
  expect_refused("likelihood n.textproto close.csv",
                 "neuron 1 of A fires at 10.0 and 11.0 ms, within its t_ref");
  save("far.csv", "time_ms,population,neuron\n5,B,0\n10,A,4\n");
  expect_refused("likelihood n.textproto far.csv", "A has a neuron 4");
  save("other.csv", "time_ms,population,neuron\n5,B,0\n10,A,1\n7,C,0\n");
  expect_refused("likelihood n.textproto other.csv", "has no population or input 'C'");
  save("half.csv", "time_ms,population,neuron\n10,A,1\n");
  expect_refused("likelihood n.textproto half.csv", "has no spikes of population B");
  save("nan.csv", "time_ms,population,neuron\nnan,A,1\n");
  expect_refused("likelihood n.textproto nan.csv", "nan.csv");
}

}  // namespace
}  // namespace chronotope
