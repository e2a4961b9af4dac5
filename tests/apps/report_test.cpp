// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "chronotope/core/decimal.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t found = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

/// Two seeds of one network and one of another.
class ReportTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("t.csv",
         "time_ms,channel,stimulus\n1,0,1\n2,1,1\n1,2,2\n3,3,2\n2,0,3\n2,3,3\n1,1,4\n4,2,4\n1,3,5\n1,0,6\n");
    ASSERT_EQ(run("encode t.csv --phase probe --out s.pb --quiet").code, 0);
    save("n.textproto", R"(population { name: "E<>" size: 24 exp_psc_lif { } }
      input { name: "in" size: 4 spike_stream { path: "s.pb" } }
      projection { source: "in" target: "E<>" fixed_outdegree { outdegree: 6 } weight { constant: 3000 } }
      projection { source: "E<>" target: "E<>" pairwise_bernoulli { p: 0.2 } weight { constant: 900 }
        pair_stdp { w_max: 3000 } })");
    for (const char* seed : {"1", "2"})
      ASSERT_EQ(run(std::string("simulate n.textproto --quiet --snapshot-every 100 --seed ") + seed +
                    " --out x-" + seed + ".pb")
                    .code,
                0);
    std::filesystem::copy_file(path("x-2.pb"), path("y-1.pb"));
  }
};

TEST_F(ReportTest, IsOnePageThatNeedsNothingElse) {
  const Outcome outcome = run("report x-1.pb x-2.pb y-1.pb --out report.html");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out + outcome.err, "");
  const std::string page = read_file(path("report.html"));
  EXPECT_EQ(page.rfind("<!DOCTYPE html>", 0), 0U);
  for (const char* foreign : {"<script src", "<link", "<img", "src=", "url(", "import("})
    EXPECT_EQ(count(page, foreign), 0U) << foreign;
  EXPECT_EQ(count(page, "http"), count(page, "/*! https://github.com/leeoniya/uPlot"));  // its notice
  EXPECT_EQ(count(page, "<svg"), count(page, "</svg>"));
  EXPECT_EQ(count(page, "\"title\":\"spikes from "), 3U);
  EXPECT_EQ(count(page, "<div class=\"chart\">"), 3U);
  EXPECT_EQ(count(page, "nan"), 0U);
  EXPECT_EQ(count(page, "inf"), 0U);
  EXPECT_NE(page.find("x-1.pb / x-2.pb (floor)"), std::string::npos);
  EXPECT_NE(page.find("x-1.pb / y-1.pb<"), std::string::npos);
  EXPECT_NE(page.find("E&lt;&gt;"), std::string::npos);
  EXPECT_NE(page.find("prefers-color-scheme: dark"), std::string::npos);
}

TEST_F(ReportTest, TheSameStreamsGiveTheSameBytes) {
  const std::string one = run("report x-1.pb x-2.pb --out - --threads 1").out;
  std::string three = run("report x-1.pb x-2.pb --out - --threads 3").out;
  const std::size_t command = three.find("--threads 3");  // which the page tells
  ASSERT_NE(command, std::string::npos);
  three.replace(command, 11, "--threads 1");
  EXPECT_TRUE(one == three);
}

TEST_F(ReportTest, OfOneStreamShowsItAlone) {
  const std::string page = run("report x-1.pb --out -").out;
  EXPECT_EQ(count(page, "\"title\":\"spikes from "), 1U);
  EXPECT_EQ(count(page, "Divergence"), 0U);
}

TEST_F(ReportTest, ShowsMarkupInNamesAsText) {
  const std::string name = "/<script>alert(1)</script>\"'&\x1b[31m\n";
  Header header;
  auto& population = *header.add_population();
  population.set_name(name);
  population.set_size(20);
  proto::FrameWriter frames(path("x.pb"), header);
  frames.write(proto::encode(proto::Stimulus{0, Time{}, stated_duration(10), name, name, PROBE}));
  proto::SpikeWriter spikes(frames, 1);
  for (std::uint32_t i = 0; i < 10; ++i) spikes.write(0, stated_time(i), i);
  spikes.flush();
  frames.close();
  const Outcome outcome = run("report x.pb --out -");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(count(outcome.out, "<script>alert"), 0U);
  EXPECT_EQ(count(outcome.out, "\\u003cscript>alert(1)\\u003c/script>\\u0022"),
            2U);  // as JSON: series, stimulus
  EXPECT_EQ(count(outcome.out, "\x1b"), 0U);
  EXPECT_NE(outcome.out.find("/&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&amp;?[31m?"), std::string::npos);
}

TEST_F(ReportTest, RefusesBadInputInOneLine) {
  save("cut.pb", read_file(path("x-1.pb")).substr(0, 900));
  expect_refused("report x-1.pb", "missing --out");
  expect_refused("report --out r.html", "missing STREAM");
  expect_refused("report cut.pb --out r.html", "cut.pb");
  expect_refused("report t.csv --out r.html", "t.csv");
  expect_refused("report - --out r.html < x-1.pb", "must be files");
  expect_refused("report x-1.pb s.pb --out r.html", "no snapshot with weights");
  expect_refused("report x-1.pb x-2.pb --layers shared --out r.html", "--layers: no such option");
  expect_one_line(run("report x-1.pb --out /dev/full"), 1, "full disk", "No space left");
}

}  // namespace
}  // namespace chronotope
