// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "chronotope/proto/formats/ts_series.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope::apps {
namespace {

class Generate : public ProgramTest {
 protected:
  proto::SeriesFile made(const std::string& words) const {
    const Outcome outcome = run("generate " + words + " --out made.ts --quiet");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    std::istringstream file(read_file(path("made.ts")));
    return proto::read_ts_series(file, "made.ts");
  }
  static std::map<std::string, int> classes(const proto::SeriesFile& file) {
    std::map<std::string, int> count;
    for (const proto::Series& series : file.series) ++count[series.label];
    return count;
  }
};

/// The mean place of what is bright, row by row from the top.
std::pair<double, double> centre(const proto::Series& series, std::size_t frame, std::size_t size) {
  double x = 0, y = 0, sum = 0;
  for (std::size_t i = 0; i < size * size; ++i) {
    const double value = series.dimensions[i][frame];
    x += value * static_cast<double>(i % size);
    y += value * static_cast<double>(i / size);
    sum += value;
  }
  return {x / sum, y / sum};
}

TEST_F(Generate, ShapesMoveAsTheirLabelsSay) {
  const proto::SeriesFile file = made("shapes --number 40 --size 32 --frames 3 --speeds 2");
  EXPECT_EQ(file.dimensions, 1024U);
  EXPECT_EQ(classes(file),
            (std::map<std::string, int>{{"right", 10}, {"left", 10}, {"down", 10}, {"up", 10}}));
  int inside = 0;
  for (const proto::Series& series : file.series) {
    const auto [x, y] = centre(series, 0, 32);
    const auto [u, v] = centre(series, 1, 32);
    if (std::abs(u - x) > 3 || std::abs(v - y) > 3) continue;  // over an edge
    if (x < 8 || x > 24 || y < 8 || y > 24) continue;
    ++inside;
    const std::map<std::string, std::pair<double, double>> way{
        {"right", {2, 0}}, {"left", {-2, 0}}, {"down", {0, 2}}, {"up", {0, -2}}};
    EXPECT_NEAR(u - x, way.at(series.label).first, 0.05) << series.label;
    EXPECT_NEAR(v - y, way.at(series.label).second, 0.05) << series.label;
  }
  EXPECT_GT(inside, 5);
}

TEST_F(Generate, LabelsAreWhatIsAskedFor) {
  EXPECT_EQ(classes(made("shapes --number 24 --shapes bar,disc,cross --speeds 1,2 --label shape")),
            (std::map<std::string, int>{{"bar", 8}, {"disc", 8}, {"cross", 8}}));
  EXPECT_EQ(classes(made("shapes --number 16 --speeds 1,1.25 --label speed")),
            (std::map<std::string, int>{{"1", 8}, {"1.25", 8}}));
  EXPECT_EQ(classes(made("process --number 6 --lengths 2,8")),
            (std::map<std::string, int>{{"2", 3}, {"8", 3}}));
}

/// What is not the label differs all the same: a block has each direction with each speed and shape once.
TEST_F(Generate, EveryBlockHasEachCombinationOnce) {
  std::vector<std::string> combined(48);
  for (const std::string label : {"direction", "speed", "shape"}) {
    const proto::SeriesFile file =
        made("shapes --number 48 --speeds 1,2 --shapes bar,disc,cross --label " + label);
    for (std::size_t k = 0; k < combined.size(); ++k) combined[k] += " " + file.series[k].label;
  }
  for (const auto block : {combined.begin(), combined.begin() + 24})
    EXPECT_EQ(std::set<std::string>(block, block + 24).size(), 24U);
}

TEST_F(Generate, SeedsAndNumbersSaySerieswise) {
  const std::string first = (made("shapes --number 3 --background 0.5"), read_file(path("made.ts")));
  EXPECT_TRUE((made("shapes --number 6 --background 0.5"), read_file(path("made.ts"))).starts_with(first));
  EXPECT_NE((made("shapes --number 3 --background 0.5 --seed 2"), read_file(path("made.ts"))), first);
  const proto::SeriesFile still = made("shapes --number 1 --background 0.5");
  for (const auto& pixel : still.series[0].dimensions)
    for (const double value : pixel) {
      EXPECT_GE(value, 0);
      EXPECT_LE(value, 1);
    }
}

TEST_F(Generate, AProcessIsSharpAndItsControlIsNot) {
  const auto beyond = [](const proto::SeriesFile& file) {
    double most = 0;
    for (const proto::Series& series : file.series)
      for (const auto& site : series.dimensions) most = std::max(most, std::abs(site[0]));
    return most;
  };
  EXPECT_LT(beyond(made("process --number 100 --gain 3")), 1.26);  // 1/sqrt(2/pi asin(0.9)) = 1.184
  EXPECT_GT(beyond(made("process --number 100 --gain 3 --control")), 2.5);
}

TEST_F(Generate, ChangesAreThoseBetweenFrames) {
  const std::string words = "shapes --number 5 --background 0.4 --frames ";
  const proto::SeriesFile frames = made(words + "7");
  const proto::SeriesFile changes = made(words + "6 --changes");
  ASSERT_EQ(changes.dimensions, 512U);
  for (std::size_t s = 0; s < 5; ++s)
    for (std::size_t i = 0; i < 256; ++i)
      for (std::size_t t = 0; t < 6; ++t) {
        const auto& pixel = frames.series[s].dimensions[i];
        EXPECT_NEAR(changes.series[s].dimensions[i][t], std::max(pixel[t] - pixel[t + 1], 0.0), 2e-6);
        EXPECT_NEAR(changes.series[s].dimensions[256 + i][t], std::max(pixel[t + 1] - pixel[t], 0.0), 2e-6);
      }
}

TEST_F(Generate, WhatIsMadeIsEncodedByAPlan) {
  save("plan.textproto", "frame: 20 low: 0 high: 1 population { name: 'p' latency { } }");
  ASSERT_EQ(run("generate shapes --number 8 --frames 5 --changes --out made.ts --quiet").code, 0);
  const Outcome outcome = run("encode made.ts --plan plan.textproto --out made.pb --json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("\"recordings\": 8"), std::string::npos) << outcome.out;
  EXPECT_NE(run("inspect made.pb").out.find("512"), std::string::npos);
  EXPECT_EQ(run("generate process --out - --number 2 --quiet").out.find("@problemName nonlinear_process"),
            0U);
}

TEST_F(Generate, WhatCanNotBeMadeIsTold) {
  const auto refused = [&](const std::string& words, const std::string& reason) {
    expect_refused("generate " + words + " --out made.ts", reason);
  };
  refused("noise", "KIND: 'noise' is not allowed");
  refused("", "KIND");
  refused("shapes --shapes ring", "--shapes: 'ring' is not allowed");
  refused("shapes --shapes bar,bar", "--shapes");
  refused("shapes --shapes ''", "--shapes");
  refused("shapes --speeds 0", "--speeds: 0 is not allowed");
  refused("shapes --speeds nan", "--speeds: nan is not allowed");
  refused("shapes --speeds 1,x", "--speeds: x is not allowed");
  refused("shapes --size 9", "--size: 9 is not allowed");
  refused("shapes --number 0", "--number: 0 is not allowed");
  refused("shapes --background 1.1", "--background");
  refused("shapes --sites 4", "generate process");
  refused("process --frames 4", "generate shapes");
  refused("process --lengths 9",
          "--lengths: 9 is not allowed (must be > 0 and at most a fifth of the 40 sites");
  refused("process --lengths -1", "--lengths: -1 is not allowed");
  refused("process --gain 0", "--gain: 0 is not allowed");
  refused("process --sites 1", "--sites: 1 is not allowed");
  expect_refused("generate shapes", "missing --out");
}

}  // namespace
}  // namespace chronotope::apps
