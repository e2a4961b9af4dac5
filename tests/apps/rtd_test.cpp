// SPDX-License-Identifier: Apache-2.0

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <sstream>

#include "chronotope/proto/formats/npy.hpp"
#include "chronotope/proto/formats/number_table.hpp"
#include "chronotope/proto/stream.pb.h"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

const std::string kGolden = CHRONOTOPE_TEST_DATA "/rtd_golden/";
const std::string kClouds = kGolden + "05_gauss_3d_10d_n40/";
const std::string kMatrices = kGolden + "01_square_n4/";

google::protobuf::Struct parse(const std::string& json) {
  google::protobuf::Struct object;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &object).ok()) << json;
  return object;
}

double number(const google::protobuf::Struct& object, const std::string& key) {
  EXPECT_TRUE(object.fields().contains(key)) << key;
  return object.fields().at(key).number_value();
}

class Rtd : public ProgramTest {};

TEST_F(Rtd, PrintsTheStoredDivergenceOfTwoCloudsWithTheseKeys) {
  const Outcome outcome = run("rtd " + kClouds + "P.csv " + kClouds + "Q.csv --json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const auto shown = parse(outcome.out);
  const auto stored = parse(read_file(kClouds + "expected.json"));
  EXPECT_NEAR(number(shown, "rtd"), number(stored, "rtd1"), 1e-9 * number(stored, "rtd1"));
  EXPECT_NEAR(number(shown, "rtd_ab"), number(stored, "rtd1_PQ"), 1e-9 * number(stored, "rtd1"));
  EXPECT_NEAR(number(shown, "rtd_ba"), number(stored, "rtd1_QP"), 1e-9 * number(stored, "rtd1"));
  EXPECT_EQ(number(shown, "n"), 40);
  EXPECT_EQ(number(shown, "trials"), 1);  // the batch holds all
  for (const char* key : {"sd", "se", "batch", "bars_ab", "bars_ba"}) number(shown, key);
}

TEST_F(Rtd, WritesTheStoredBarsOfTwoDistanceMatrices) {
  ASSERT_EQ(run("rtd " + kMatrices + "W.csv " + kMatrices + "Wt.csv --distances --barcodes b.json").code, 0);
  std::string text = read_file(path("b.json"));
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  EXPECT_EQ(text, "{\"ab\":[],\"ba\":[[1,1.4142135623730951],[1,4],[1,4],[1,4]]}");
}

TEST_F(Rtd, SaysWhereCkaIsUndefined) {
  save("p.csv", "0,0\n1,0\n1,1\n0,1\n");
  save("constant.csv", "0.1,3\n0.1,3\n0.1,3\n0.1,3\n");
  const std::string words = "rtd p.csv constant.csv --normalize none";
  EXPECT_NE(run(words).out.find("CKA undefined"), std::string::npos);
  EXPECT_NE(run(words + " --json").out.find("\"cka\":null"), std::string::npos);
  EXPECT_NE(run("rtd p.csv p.csv --json").out.find("\"cka\":"), std::string::npos);
}

TEST_F(Rtd, VariantsOfTheSquareAreThoseOfTheHandCases) {
  save("p.csv", "0,0\n1,0\n1,1\n0,1\n");
  save("q.csv", "0\n1\n2\n3\n");
  const auto score = [&](const std::string& options) {
    return number(parse(run("rtd p.csv q.csv --json " + options).out), "rtd");
  };
  EXPECT_NEAR(score(""), 0.507106781, 1e-9);
  EXPECT_NEAR(score("--variant max"), 0.607106781, 1e-9);
  EXPECT_NEAR(score("--variant symmetric"), 1.014213562, 1e-9);
  EXPECT_NEAR(score("--variant lite"), 0.460660172, 1e-9);
  EXPECT_NEAR(score("--variant lite") + score("--variant max-lite"), score("--variant srtd-lite"), 1e-9);
  EXPECT_EQ(score("--normalize none --metric euclidean"), score("--normalize none"));
  expect_refused("rtd p.csv q.csv --variant best", "--variant: no variant named \"best\"; one of min, max");
  expect_refused("rtd p.csv q.csv --quantile 0", "--quantile: 0 is not allowed");
  expect_refused("rtd p.csv q.csv --normalize sum", "--normalize: no normalisation named \"sum\"");
}

TEST_F(Rtd, ComparesTheOrderOfMergingWithoutBars) {
  save("p.csv", "0\n1\n3\n");
  save("q.csv", "0\n1\n-2\n");
  const auto shown = parse(run("rtd p.csv q.csv --variant nts-e --json").out);
  EXPECT_NEAR(number(shown, "rtd"), 0.5, 1e-12);  // distances 1 2 3 of the joined pairs against 1 3 2
  EXPECT_EQ(number(shown, "bars_ab"), 0);
  EXPECT_NEAR(number(parse(run("rtd q.csv q.csv --variant nts-m --json").out), "rtd"), 1, 1e-12);
  expect_refused("rtd p.csv q.csv --variant nts-e --normalize mean", "nts-e, which normalises nothing");
  expect_refused("rtd p.csv q.csv --variant nts-e --quantile 0.5", "--quantile: needs");
  expect_refused("rtd p.csv q.csv --variant nts-m --dims 2", "must be 1 in this variant");
  expect_refused("rtd p.csv q.csv --variant nts-m --explain 1",
                 "--explain: does not go with --variant nts-m");
  expect_refused("rtd p.csv q.csv --variant nts-m --barcodes b.json", "this one has no bars");
  save("even.csv", "0\n1\n2\n");
  expect_refused("rtd p.csv even.csv --variant nts-m", "all merge heights of B are equal");
}

TEST_F(Rtd, LiteTakesAllObjectsUnlessABatchIsGiven) {
  std::string rows;
  for (int i = 0; i < 600; ++i) rows += std::to_string(i * i % 601) + "," + std::to_string(i % 7) + "\n";
  save("p.csv", rows);
  EXPECT_EQ(number(parse(run("rtd p.csv p.csv --json --variant lite").out), "batch"), 600);
  EXPECT_EQ(number(parse(run("rtd p.csv p.csv --json --variant lite --batch 500").out), "trials"), 10);
}

TEST_F(Rtd, ComparesCloudsWhoseRowsDoNotCorrespond) {
  save("ring.csv", "1,0\n0,1\n-1,0\n0,-1\n");
  save("point.csv", "0,0\n9,9\n0,0.5\n");
  const auto shown = parse(run("rtd ring.csv point.csv --variant mtop-div --json").out);
  EXPECT_EQ(number(shown, "trials"), 20);
  EXPECT_EQ(number(shown, "n"), 4);
  EXPECT_EQ(number(parse(run("rtd ring.csv ring.csv --variant mtop-div --json").out), "rtd"), 0);
  save("line.csv", "1\n2\n");
  expect_refused("rtd ring.csv line.csv --variant mtop-div", "2 columns and the other 1");
  expect_refused("rtd ring.csv point.csv --variant mtop-div --distances", "it needs point clouds");
  expect_refused("rtd ring.csv point.csv --variant mtop-div --normalize mean", "which normalises nothing");
  expect_refused("rtd ring.csv point.csv --variant mtop-div --reference-batch 0", "--reference-batch: 0");
}

TEST_F(Rtd, AddsUpTheBarsOfTheDegreeAskedFor) {
  const std::string words = "rtd " + kClouds + "P.csv " + kClouds + "Q.csv --json ";
  EXPECT_EQ(run(words + "--dims 1").out, run(words).out);
  EXPECT_GT(number(parse(run(words + "--dims 2").out), "bars_ab"), 0);
  EXPECT_NE(number(parse(run(words + "--dims 2").out), "rtd"), number(parse(run(words).out), "rtd"));
  expect_refused(words + "--dims 3", "--dims: 3 is not allowed (must be from 1 to 2)");
  expect_refused(words + "--dims 2 --variant lite", "--dims: 2 is not allowed (must be 1 in this variant)");
}

TEST_F(Rtd, ReadsCsvNpyAndPipesAlike) {
  save("p.npy", proto::to_npy(proto::read_number_table(kClouds + "P.csv").matrix));
  const std::string q = kClouds + "Q.csv --json";
  const std::string plain = run("rtd " + kClouds + "P.csv " + q).out;
  EXPECT_NE(plain, "");
  EXPECT_EQ(run("rtd p.npy " + q).out, plain);
  EXPECT_EQ(run("rtd - " + q + " < p.npy").out, plain);
  EXPECT_EQ(shell("mkfifo pipe; cat " + kClouds + "P.csv > pipe & " + kProgram + " rtd pipe " + q).out,
            plain);
}

TEST_F(Rtd, SaysWhatItReadOfEitherTable) {
  const std::string header = "id,x,y\n";
  const std::string p[] = {"0,0", "1,0", "1,1", "0,1", "3,2"};
  const std::string q[] = {"0", "1", "2", "3", "7"};
  std::string clouds[] = {"", "", header, "id,x\n"};
  for (int i = 0; i < 5; ++i) {
    clouds[0] += p[i] + "\n";
    clouds[1] += q[i] + "\n";
    clouds[2] += std::to_string(100 + i) + "," + p[i] + "\n";
    clouds[3] += std::to_string(100 + i) + "," + q[i] + "\n";
  }
  for (int i = 0; i < 4; ++i) save(std::to_string(i) + ".csv", clouds[i]);
  const auto plain = parse(run("rtd 0.csv 1.csv --json").out);
  const auto chosen = parse(run("rtd 2.csv 3.csv --columns 2- --json").out);
  EXPECT_EQ(number(plain, "rtd"), number(chosen, "rtd"));
  EXPECT_NE(number(plain, "rtd"), number(parse(run("rtd 2.csv 3.csv --json").out), "rtd"));
  const auto& table = chosen.fields().at("table_a").struct_value();
  EXPECT_EQ(number(table, "rows"), 5);
  EXPECT_EQ(number(table, "columns"), 2);
  EXPECT_EQ(table.fields().at("column").list_value().values(1).string_value(), "y");
  EXPECT_NE(
      run("rtd 2.csv 3.csv").out.find("    A 5 rows, 3 columns (id, x, y)  B 5 rows, 2 columns (id, x)\n"),
      std::string::npos);
  save("counts.csv", "0,1\n5,6\n7,8\n");
  expect_refused("rtd counts.csv counts.csv", "counts.csv: the first row counts 0,1,...");
  expect_refused("rtd counts.csv counts.csv --columns 9", "has no column '9'");
}

TEST_F(Rtd, TrialsFollowTheSeedAndNotTheThreads) {
  const std::string words = "rtd " + kClouds + "P.csv " + kClouds + "Q.csv --json --batch 20 --trials 4 ";
  EXPECT_EQ(run(words + "--threads 1").out, run(words + "--threads 3 --seed 0").out);
  EXPECT_NE(run(words + "--seed 1").out, run(words).out);
}

TEST_F(Rtd, ComparesStreamsLayerByLayer) {
  save("t.csv", "time_ms,channel,stimulus\n1,0,1\n2,1,1\n1,2,2\n3,3,2\n2,0,3\n2,3,3\n1,1,4\n4,2,4\n");
  ASSERT_EQ(run("encode t.csv --phase probe --out s.pb").code, 0);
  save("n.textproto", R"(population { name: "E" size: 24 exp_psc_lif { } }
    input { name: "in" size: 4 spike_stream { path: "s.pb" } }
    projection { source: "in" target: "E" fixed_outdegree { outdegree: 6 } weight { constant: 3000 } }
    projection { source: "E" target: "E" pairwise_bernoulli { p: 0.2 } weight { constant: 900 } })");
  for (const char* seed : {"1", "2"})
    ASSERT_EQ(run(std::string("simulate n.textproto --quiet --seed ") + seed + " --out " + seed + ".pb").code,
              0);
  const Outcome outcome = run("rtd 1.pb 2.pb --json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  std::istringstream out(outcome.out);
  int layers = 0;
  for (std::string line; std::getline(out, line);) {
    RtdReport report;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(line, &report).ok()) << line;
    EXPECT_EQ(report.layer(), "L" + std::to_string(++layers));
    EXPECT_TRUE(!report.missing().empty() || report.n() == 4);
  }
  EXPECT_EQ(layers, 5);
  expect_refused("rtd 1.pb " + kClouds + "P.csv", "not a chronotope stream");
  expect_refused("rtd 1.pb 2.pb --barcodes b.json", "--barcodes: needs tables");
}

TEST_F(Rtd, RefusesBadInputInOneLine) {
  const std::string p = kClouds + "P.csv ";
  save("short.csv", "1,2\n3,4\n");
  save("nan.csv", "1,2\nnan,4\n");
  save("word.csv", "1,2\nx,4\n");
  save("ragged.csv", "1,2\n3\n");
  save("skew.csv", "0,1\n2,0\n");
  save("oblong.csv", "0,1,2\n1,0,3\n");
  save("empty.csv", "");
  expect_refused("rtd", "missing A");
  expect_refused("rtd " + p, "missing B");
  expect_refused("rtd " + p + "nowhere.csv", "nowhere.csv: cannot read: No such file");
  expect_refused("rtd " + p + "short.csv --barcodes b.json", "40");
  expect_refused("rtd short.csv nan.csv", "nan.csv");
  expect_refused("rtd word.csv short.csv", "word.csv:2: column 1: 'x' is not a number");
  expect_refused("rtd ragged.csv short.csv", "ragged.csv:2: the row has 1 columns");
  expect_refused("rtd empty.csv short.csv", "empty.csv: is empty");
  expect_refused("rtd skew.csv skew.csv --distances", "skew.csv");
  expect_refused("rtd oblong.csv oblong.csv --distances", "oblong.csv");
  expect_refused("rtd - -", "only one of A and B");
  expect_refused("rtd short.csv short.csv --trials 0", "--trials: 0 is not allowed");
  expect_refused("rtd short.csv short.csv --batch -3", "--batch: -3 is not allowed");
  expect_refused("rtd short.csv short.csv --seed -1",
                 "--seed: -1 is not allowed (must be from 0 to 4294967295)");
}

TEST_F(Rtd, AFullDiskIsAFailure) {
  const std::string words = "rtd " + kClouds + "P.csv " + kClouds + "Q.csv --quiet ";
  const Outcome bars = run(words + "--barcodes /dev/full");
  EXPECT_EQ(bars.code, 1);
  EXPECT_EQ(bars.out, run(words).out);  // the result is told all the same
  EXPECT_NE(bars.err.find("/dev/full: cannot write: No space left"), std::string::npos);
  expect_one_line(run(words + ">/dev/full"), 1, words, "No space left on device");
}

}  // namespace
}  // namespace chronotope
