// SPDX-License-Identifier: Apache-2.0
// apps/examples/microcircuit/make against its formulas, and what it writes as a network that runs.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>
#include <regex>
#include <string>
#include <vector>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

class Microcircuit : public ProgramTest {
 protected:
  Outcome make(const std::string& words) const {
    return shell("'" CHRONOTOPE_EXAMPLES "/microcircuit/make' " + words);
  }
};

/// The number that follows `words`, which are a regular expression.
double number_after(const std::string& text, const std::string& words) {
  std::smatch match;
  if (!std::regex_search(text, match, std::regex(words + "(-?[0-9.e-]+)"))) return std::nan("");
  return std::stod(match[1]);
}

std::string between(const std::string& source, const std::string& target) {
  return "source: \"" + source + "\" target: \"" + target + "\" fixed_total \\{ N: ";
}

TEST_F(Microcircuit, HasThePublishedSizesAndNumbersOfSynapsesAtScaleOne) {
  const std::string spec = make("1").out;
  EXPECT_EQ(number_after(spec, "name: \"L2/3E\" size: "), 20683);
  EXPECT_EQ(number_after(spec, "name: \"L6I\" size: "), 2948);
  // ln(1 - p) / ln(1 - 1/(M N)), which is -M N ln(1 - p) less half a pair's worth of it
  EXPECT_NEAR(number_after(spec, between("L2/3E", "L2/3E")), -20683.0 * 20683 * std::log(1 - 0.1009), 1);
  EXPECT_NEAR(number_after(spec, between("L5I", "L5E")), -4850.0 * 1065 * std::log(1 - 0.3726), 1);
  EXPECT_NEAR(number_after(spec, between("L6E", "L4I")), -5479.0 * 14395 * std::log(1 - 0.1057), 1);
  EXPECT_TRUE(std::isnan(number_after(spec, between("L5I", "L2/3E"))));  // p = 0: no projection
  EXPECT_EQ(number_after(spec, "I_e: "), 0);
  EXPECT_EQ(number_after(spec, "background of L4E\" size: 21915 poisson \\{ rate: "), 8 * 2100);
}

TEST_F(Microcircuit, ScalesInDegreesWeightsAndTheMeanInput) {
  const std::string spec = make("0.25 --seed 9").out;
  EXPECT_EQ(number_after(spec, "seed: "), 9);
  EXPECT_EQ(number_after(spec, "name: \"L4E\" size: "), 5479);  // 5478.75
  const double full = -21915.0 * 20683 * std::log(1 - 0.0437);
  EXPECT_NEAR(number_after(spec, between("L4E", "L2/3E")), full / 20683 * 0.25 * 5171, 1);  // 5170.75 targets
  EXPECT_EQ(number_after(spec, between("L4E", "L2/3E") + "[0-9]+ \\}\\s+weight \\{ normal \\{ mean: "),
            4 * 87.8);
  EXPECT_EQ(number_after(spec, between("L4E", "L2/3I") + "[0-9]+ \\}\\s+weight \\{ normal \\{ mean: "),
            2 * 87.8);
  EXPECT_NE(spec.find("mean: -702.4 sd: 70.24 } max: 0 } delay { normal { mean: 0.75 sd: 0.375 } min: 0.1 }"),
            std::string::npos);
  EXPECT_EQ(number_after(spec, "poisson \\{ rate: "), 8 * 1600 / 4);
}

/// Of L6I: what the weights' scaling takes from the mean input, from the parameters as they are published.
TEST_F(Microcircuit, MakesUpForTheLostMeanInput) {
  const std::array<double, 8> sizes{20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948};
  const std::array<double, 8> p{0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443};
  const std::array<double, 8> rate{0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829};
  double input = 2100 * 8 * 87.8;
  for (std::size_t j = 0; j < 8; ++j)
    input += -sizes[j] * std::log(1 - p[j]) * rate[j] * (j % 2 == 0 ? 87.8 : -4 * 87.8);
  const std::string spec = make("0.25").out;
  EXPECT_NEAR(number_after(spec, "name: \"L6I\"[^]*?I_e: "), 0.5 / 1000 * (1 - 0.5) * input, 1e-3);
}

TEST_F(Microcircuit, FiresSparselyInEveryPopulation) {
  ASSERT_EQ(shell("'" CHRONOTOPE_EXAMPLES "/microcircuit/make' 0.02 >pd.textproto").code, 0);
  ASSERT_EQ(run("simulate pd.textproto --until 100 --quiet --out run.pb").code, 0);
  const std::string report = run("statistics run.pb --from 20 --json").out;
  const std::regex rates("\"neurons\":([0-9]+),\"spikes\":[0-9.]+,\"rate_hz\":([0-9.e-]+)");
  std::vector<double> hz;
  double neurons = 0;
  for (std::sregex_iterator at(report.begin(), report.end(), rates), end; at != end; ++at) {
    neurons += std::stod((*at)[1]);
    hz.push_back(std::stod((*at)[2]));
  }
  EXPECT_EQ(neurons, 414 + 117 + 438 + 110 + 97 + 21 + 288 + 59);
  ASSERT_EQ(hz.size(), 8U) << report;
  for (const double rate : hz) EXPECT_LT(rate, 40);
  const double mean = std::accumulate(hz.begin(), hz.end(), 0.0) / 8;
  EXPECT_GT(mean, 1);
  EXPECT_LT(mean, 15);
}

TEST_F(Microcircuit, RefusesOtherScales) {
  for (const char* scale : {"0", "-1", "1.5", "nan", "small", ""}) {
    const Outcome outcome = make(scale);
    EXPECT_EQ(outcome.code, 2) << scale;
    EXPECT_EQ(outcome.out, "") << scale;
  }
}

}  // namespace
}  // namespace chronotope
