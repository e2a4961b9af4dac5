// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

constexpr const char* kNetwork = R"(seed: 7
population { name: "E" size: 20 delta_lif { I_e { constant: 190 } V_m { uniform { low: -70 high: -55 } } } }
projection { source: "E" target: "E" pairwise_bernoulli { p: 0.5 } weight { uniform { low: 0.1 high: 0.4 } }
  delay { uniform { low: 1 high: 3 } } pair_stdp { w_max: 1 } }
)";

/// Rows of a CSV file without its header, each split at commas.
std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream in(text);
  std::string line, field;
  std::getline(in, line);
  while (std::getline(in, line)) {
    rows.emplace_back();
    for (std::istringstream fields(line); std::getline(fields, field, ',');) rows.back().push_back(field);
  }
  return rows;
}

class WeightRecorder : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("n.textproto", kNetwork);
  }
  Outcome simulate(const std::string& words) const {
    return run("simulate n.textproto --until 400 --quiet " + words);
  }
};

TEST_F(WeightRecorder, WritesChosenSynapsesAtChosenTimes) {
  ASSERT_EQ(simulate("--weights-at 250,0,99.5 --weights-of 'E->E:2-4' --weights w.csv").code, 0);
  const auto rows = rows_of(read_file(path("w.csv")));
  ASSERT_EQ(rows.size(), 9U);
  for (std::size_t k = 0; k < 9; ++k) {
    EXPECT_EQ(std::stod(rows[k][0]), (std::vector<double>{0, 99.5, 250}[k / 3]));
    EXPECT_EQ(rows[k].size(), 8U);
    EXPECT_EQ(rows[k][2], rows[k % 3][2]);
    EXPECT_EQ(rows[k][4], rows[k % 3][4]);
  }
  EXPECT_NE(rows[0][5], rows[8][5]);
}

TEST_F(WeightRecorder, EveryMultipleIncludesTheBeginAndTheEnd) {
  ASSERT_EQ(simulate("--weights-every 100 --weights-of 'E->E:0' --weights w.csv").code, 0);
  const auto rows = rows_of(read_file(path("w.csv")));
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(std::stod(rows[4][0]), 400);
}

TEST_F(WeightRecorder, ChangesNoBitOfTheRun) {
  ASSERT_EQ(simulate("--weights plain.csv --spikes plain.spikes.csv").code, 0);
  ASSERT_EQ(simulate("--weights-every 0.5 --weights all.csv --spikes spikes.csv").code, 0);
  EXPECT_EQ(read_file(path("plain.spikes.csv")), read_file(path("spikes.csv")));
  std::string last;
  for (const auto& row : rows_of(read_file(path("all.csv"))))
    if (std::stod(row[0]) == 400)
      for (std::size_t k = 1; k < row.size(); ++k) last += row[k] + (k + 1 == row.size() ? "\n" : ",");
  const std::string plain = read_file(path("plain.csv"));
  EXPECT_EQ(plain.substr(plain.find('\n') + 1), last);
}

TEST_F(WeightRecorder, HistogramsCountEveryWeightOnce) {
  ASSERT_EQ(simulate("--weights-every 200 --histogram 0.1,0.3,4 --histograms h.csv --weights w.csv").code, 0);
  std::map<double, std::vector<double>> weights;
  for (const auto& row : rows_of(read_file(path("w.csv"))))
    weights[std::stod(row[0])].push_back(std::stod(row[5]));
  const auto rows = rows_of(read_file(path("h.csv")));
  ASSERT_EQ(rows.size(), 3U * 6);
  for (const auto& row : rows) {
    const double low = row[2] == "-inf" ? -1e300 : std::stod(row[2]);
    const double high = row[3] == "inf" ? 1e300 : std::stod(row[3]);
    const auto& w = weights[std::stod(row[0])];
    const auto inside = std::count_if(w.begin(), w.end(), [&](double x) {
      return low < high && x >= low && (x < high || (x == high && high == 0.3));
    });
    EXPECT_EQ(std::stol(row[4]), inside) << low << " " << high;
  }
}

TEST_F(WeightRecorder, StreamsWhatTheTablesHold) {
  ASSERT_EQ(simulate("--weights-at 100 --histogram 0,1,10 --weights w.csv --out r.pb").code, 0);
  proto::FrameReader frames(path("r.pb"));
  std::vector<double> streamed;
  std::uint64_t counted = 0;
  while (const auto envelope = frames.next()) {
    const auto& w = envelope->weight_sample().weight();
    streamed.insert(streamed.end(), w.begin(), w.end());
    for (const std::uint64_t count : envelope->weight_sample().histogram().count()) counted += count;
  }
  std::vector<double> written;
  for (const auto& row : rows_of(read_file(path("w.csv")))) written.push_back(std::stod(row[5]));
  EXPECT_EQ(streamed, written);
  EXPECT_EQ(counted, written.size());
  const std::string told = run("inspect r.pb").out;
  EXPECT_NE(told.find("weights of E->E at 100 ms: "), std::string::npos) << told;
  EXPECT_NE(told.find("histogram from 0 to 1: 0 below, "), std::string::npos) << told;
}

TEST_F(WeightRecorder, RefusesBadOptionsInOneLine) {
  const auto refused = [&](const std::string& words, const std::string& reason) {
    expect_refused("simulate n.textproto --until 9 " + words, reason);
  };
  refused("--weights-every 1", "--weights-every: needs --weights, --histograms or --out");
  refused("--weights-of 'E->E' --weights w.csv", "--weights-of: needs --weights-every or --weights-at");
  refused("--weights-every 0 --weights w.csv", "--weights-every: 0 is not allowed (must be from 0.001");
  refused("--weights-at 1,x --weights w.csv", "--weights-at: x is not allowed (must be times");
  refused("--weights-at 1 --weights-every 1 --weights w.csv", "--weights-every: excludes --weights-at");
  refused("--weights-at 1 --weights-of 'E->I' --weights w.csv",
          "must begin with the name of a projection: E->E");
  refused("--weights-at 1 --weights-of 'E->E:9-3' --weights w.csv", "must end with a synapse");
  refused("--weights-at 1 --weights-of 'E->E:0-999999' --weights w.csv", "the projection has ");
  refused("--weights-at 1 --histogram 1,0,5 --weights w.csv", "must be LOW,HIGH,BINS");
  refused("--weights-at 1 --histograms h.csv", "--histograms: needs --histogram");
}

}  // namespace
}  // namespace chronotope
