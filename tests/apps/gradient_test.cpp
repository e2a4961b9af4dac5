// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <cmath>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// One neuron with tau_m = 2 tau_syn, one synapse, one spike: quadratic in e^(-t/tau_m).
class GradientTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("n.textproto", R"(population { name: "n" size: 1 exp_psc_lif { tau_m: 20 C_m: 250 tau_syn_ex: 10 } }
      input { name: "x" size: 1 spike_times { neuron: 0 times: 3.5 } }
      projection { source: "x" target: "n" all_to_all { } weight: 1825.3 delay: 1.25 RULE })");
  }
  google::protobuf::Struct answer(const std::string& words) const {
    const Outcome outcome = run("gradient n.textproto --until 60 " + words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    google::protobuf::Struct json;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(outcome.out, &json).ok()) << outcome.out;
    return json;
  }
  void set_rule(const std::string& rule) const {
    std::string text = read_file(path("n.textproto"));
    save("n.textproto", text.replace(text.find("RULE"), 4, rule));
  }
};

double first_number(const google::protobuf::Struct& json, const std::string& list,
                    const std::string& column) {
  return json.fields()
      .at(list)
      .list_value()
      .values(0)
      .struct_value()
      .fields()
      .at(column)
      .list_value()
      .values(0)
      .number_value();
}

TEST_F(GradientTest, IsThatOfTheClosedFormWithAnyRuleFrozen) {
  const double w = 1825.3, C_m = 250, r = std::sqrt(1 - 3 * C_m / w);
  std::string text = read_file(path("n.textproto"));
  for (const std::string rule : {"", "pair_stdp { w_max: 3000 }"}) {
    save("n.textproto", text);
    set_rule(rule);
    const auto json = answer("--loss 'spike_times_linear terms=n:0:0:1'");
    EXPECT_NEAR(json.fields().at("loss").number_value(), 4.75 - 20 * std::log((1 + r) / 2), 1e-10);
    EXPECT_NEAR(first_number(json, "projections", "d_weight"), -30 * C_m / (r * (1 + r) * w * w), 1e-12);
    EXPECT_NEAR(first_number(json, "projections", "d_delay"), 1, 1e-10);
  }
}

TEST_F(GradientTest, LossesAreAdded) {
  set_rule("");
  const auto one = answer("--loss 'spike_times_linear terms=n:0:0:1'");
  const auto two =
      answer("--loss 'spike_times_linear terms=n:0:0:1' --loss 'spike_times_linear terms=n:0:0:2'");
  EXPECT_NEAR(first_number(two, "populations", "tau_m"), 3 * first_number(one, "populations", "tau_m"),
              1e-12);
}

TEST_F(GradientTest, RefusesInOneLine) {
  set_rule("");
  const std::string start = "gradient n.textproto --until 60 --loss ";
  expect_refused(start + "'brier outputs=n'", "must begin with one of");
  expect_refused(start + "'ttfs_cross_entropy outputs=n label=0'", "at least 2 outputs");
  expect_refused(start + "'ttfs_cross_entropy outputs=n,n'", "needs label=");
  expect_refused(start + "'ttfs_cross_entropy outputs=n,n label=2'", "must be from 0 to 1");
  expect_refused(start + "'spike_times_linear terms=n:0:9:1'",
                 "--loss: neuron 0 of n: the loss asks for spike 9, and it fires ");
  save(
      "two.textproto",
      "population { name: 'A' size: 2 exp_psc_lif { I_e: 500 } } population { name: 'B' size: 2 exp_psc_lif { } }");
  expect_refused("gradient two.textproto --until 60 --loss 'spike_times_linear terms=A:0:0:1,B:1:3:1'",
                 "--loss: neuron 1 of B: the loss asks for spike 3, and it fires 0 times");
  expect_refused(start + "'spike_times_linear terms=m:0:0:1'", "must be a population: n");
  expect_refused(start + "'spike_times_linear terms=n:0:0:1 scale=2'", "is no value of");
  expect_refused(start + "'membrane_max_cross_entropy outputs=n,n label=0'", "V_th out of reach");
  expect_refused(start + "'membrane_max_cross_entropy outputs=n,n label=0 label=1'",
                 "'label' is not allowed (stands twice");
  for (const std::string scale : {"0", "-1", "nan", "1e-10", "1e308"})
    expect_refused(start + "'membrane_integral_cross_entropy outputs=n,n label=0 scale=" + scale + "'",
                   "'scale=" + scale + "' is not allowed (must be from 1e-09 to 1e9)");
  for (const std::string constant :
       {"tau_l=1e-300", "tau_l=0", "early_tau=1e-9", "early_weight=1e300", "early_weight=-1"})
    expect_refused(start + "'ttfs_cross_entropy outputs=n,n label=0 " + constant + "'",
                   "'" + constant + "' is not allowed (must be from ");
  for (const std::string number : {"nan", "inf", "1e308", "-2e9"}) {
    expect_refused(start + "'spike_times_linear terms=n:0:0:" + number + "'", "the number from -1e9 to 1e9");
    expect_refused(start + "'membrane_integral_linear terms=n:0:" + number + "'", "from -1e9 to 1e9");
  }
  expect_refused(start + "'spike_times_linear terms='", "needs a term");
  expect_refused(start + "'membrane_integral_linear terms=,'", "needs a term");
  // exp(f/1e-3) of the first spike is no double
  expect_one_line(run(start + "'ttfs_cross_entropy outputs=n,n label=0 early_weight=1 early_tau=1e-3'"), 1,
                  "", "the loss or a derivative is no finite number");
  save("n.textproto", "population { name: 'n' size: 2 delta_lif { } }");
  expect_refused(start + "'ttfs_cross_entropy outputs=n label=0'", "has no gradient form");
}

}  // namespace
}  // namespace chronotope
