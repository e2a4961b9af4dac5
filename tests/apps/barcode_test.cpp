// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

class BarcodeVerb : public ProgramTest {};

const std::string kSquare = "0,0\n1,0\n1,1\n0,1\n";

TEST_F(BarcodeVerb, ASquareHasOneLoopFromItsSideToItsDiagonal) {
  save("square.csv", kSquare);
  const Outcome outcome = run("barcode square.csv --dim 2 --json");
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(
      outcome.out,
      "{\"h0\":[[0,1],[0,1],[0,1],[0,null]],\"h1\":[[1,1.4142135623730951]],\"h2\":[],\"rows\":4,\"columns\":2}\n");
  EXPECT_EQ(run("barcode - --dim 2 --json < square.csv").out, outcome.out);
}

TEST_F(BarcodeVerb, ASquareHasItsLoopAtEveryScale) {
  for (const std::string side : {"1e+154", "1e+200", "1e-170", "1e-300"}) {
    save("square.csv", "0,0\n" + side + ",0\n" + side + "," + side + "\n0," + side + "\n");
    const Outcome outcome = run("barcode square.csv");
    EXPECT_NE(outcome.out.find("H1: 1 bars"), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.out.find("[" + side + ", 1.41421356" + side.substr(1) + ")"), std::string::npos)
        << outcome.out;
  }
}

/// 31 points on a line, each 1 farther from the one before: the 20 longest bars are 11 to 29 and the infinite one.
TEST_F(BarcodeVerb, ShowsTheTwentyLongestBars) {
  std::string line, expected;
  for (int k = 0; k <= 30; ++k) line += std::to_string(k * (k + 1) / 2) + "\n";
  save("line.csv", line);
  for (int k = 12; k <= 30; ++k) expected += "  [0, " + std::to_string(k) + ")\n";
  const std::string head = "31 rows, 1 column\nH0: 31 bars, 1 of them infinite, total finite length 465\n";
  const std::string tail = "H1: 0 bars, 0 of them infinite, total finite length 0\n";
  EXPECT_EQ(run("barcode line.csv").out,
            head + expected + "  [0, inf)\n  and 11 shorter ones (--all)\n" + tail);
  const std::string all = run("barcode line.csv --all").out;
  EXPECT_EQ(std::count(all.begin(), all.end(), '['), 31) << all;
  EXPECT_EQ(all.find("shorter"), std::string::npos);
}

TEST_F(BarcodeVerb, PointsDistancesAndPairsAgree) {
  save("d.csv", "0,1,2,1\n1,0,1,2\n2,1,0,1\n1,2,1,0\n");
  save("p.csv", "0,1,1\n1,2,1\n2,3,1\n3,0,1\n0,2,2\n1,3,2\n");
  const std::string matrix = run("barcode d.csv --distances --modulus 3 --json").out;
  const std::string bars = "{\"h0\":[[0,1],[0,1],[0,1],[0,null]],\"h1\":[[1,2]],";
  EXPECT_EQ(matrix, bars + "\"rows\":4,\"columns\":4}\n");
  EXPECT_EQ(run("barcode p.csv --pairs --json").out, bars + "\"rows\":6,\"columns\":3}\n");
  EXPECT_EQ(run("barcode d.csv --distances --threshold 1.5 --json").out,
            "{\"h0\":[[0,1],[0,1],[0,1],[0,null]],\"h1\":[[1,null]],\"rows\":4,\"columns\":4}\n");
}

TEST_F(BarcodeVerb, TellsHowFarTwoBarcodesAreApart) {
  save("a.csv", "degree,birth,death\n0,0,inf\n0,0,4\n1,1,2\n");
  save("b.csv", "degree,birth,death\n0,0.5,inf\n0,0,3\n");
  EXPECT_EQ(run("barcode a.csv --bars --against b.csv").out,
            "H0: bottleneck distance 1, Wasserstein distance of order 1 1.5\n"
            "H1: bottleneck distance 0.5, Wasserstein distance of order 1 0.5\n");
  EXPECT_EQ(run("barcode a.csv --bars --against b.csv --order 2 --json").out,
            "{\"h0\":{\"bottleneck\":1,\"wasserstein\":1.118033988749895},"
            "\"h1\":{\"bottleneck\":0.5,\"wasserstein\":0.5}}\n");
  save("never.csv", "0,0,inf\n0,1,inf\n");
  EXPECT_EQ(run("barcode a.csv --bars --against never.csv --json").out.find("{\"h0\":{\"bottleneck\":null"),
            0U);
  save("square.csv", kSquare);
  save("twice.csv", "0,0\n2,0\n2,2\n0,2\n");
  EXPECT_NE(run("barcode square.csv --against twice.csv").out.find("H0: bottleneck distance 1,"),
            std::string::npos);
  expect_refused("barcode a.csv --bars --order 2", "--order: needs --against");
  expect_refused("barcode a.csv --bars --against b.csv --order 0.5", "--order: 0.5 is not allowed");
  expect_refused("barcode a.csv --bars --distances", "--bars: excludes --distances");
  expect_refused("barcode a.csv --bars --dim 2", "--dim: needs a filtration");
  save("wrong.csv", "0,0,1\n3,0,1\n");
  expect_refused("barcode wrong.csv --bars", "row 1 (from 0): the degree 3 is not allowed");
  save("early.csv", "0,1,0\n");
  expect_refused("barcode early.csv --bars", "the death 0 is not allowed (must be at least the birth, 1)");
  save("pair.csv", "0,1\n");
  expect_refused("barcode pair.csv --bars", "2 columns are not allowed");
}

TEST_F(BarcodeVerb, WritesBarsCurvesAndImages) {
  save("square.csv", kSquare);
  ASSERT_EQ(run("barcode square.csv --diagram bars.csv --betti betti.csv --from 0 --to 2 --samples 3 "
                "--landscape land.csv --landscapes 1")
                .code,
            0);
  EXPECT_EQ(read_file(path("bars.csv")),
            "degree,birth,death\n0,0,1\n0,0,1\n0,0,1\n0,0,inf\n1,1,1.4142135623730951\n");
  EXPECT_EQ(read_file(path("betti.csv")), "x,h0,h1\n0,4,0\n1,1,1\n2,1,0\n");
  EXPECT_EQ(read_file(path("land.csv")), "x,h0_1,h1_1\n0,0,0\n1,0,0\n2,0,0\n");
  const std::string bars = run("barcode square.csv --json").out;
  EXPECT_EQ(run("barcode bars.csv --bars --json").out,
            bars.substr(0, bars.find("\"rows\"")) + "\"rows\":5,\"columns\":3}\n");
  ASSERT_EQ(run("barcode square.csv --diagram bars.npy").code, 0);
  EXPECT_EQ(run("barcode bars.npy --bars --json").out, run("barcode bars.csv --bars --json").out);
  // One Gaussian around its own bar: the pixel there has the height 1 / (2 pi s^2).
  save("one.csv", "1,2,5\n");
  ASSERT_EQ(
      run("barcode one.csv --bars --image image.csv --pixels 1 --from 2 --longest 3 --bandwidth 0.5").code,
      0);
  EXPECT_EQ(read_file(path("image.csv")).substr(0, 4), "9.69");  // 0.6366 exp(-3^2 / (2 0.25)) = 9.69e-09
  EXPECT_EQ(run("barcode square.csv --betti -  --from 0 --to 2 --samples 3").out,
            read_file(path("betti.csv")));
  expect_refused("barcode square.csv --samples 3", "--samples: needs --betti or --landscape");
  expect_refused("barcode square.csv --betti b.csv --from 3",
                 "--from: 3 is not allowed (must be at most --to");
}

TEST_F(BarcodeVerb, LetsPointsEnterWhenTheyAreBorn) {
  save("edges.csv", "0,1,0\n1,2,0\n2,3,0\n3,4,0\n");
  save("heights.csv", "0\n3\n-1\n5\n2\n");
  EXPECT_EQ(run("barcode edges.csv --pairs --births heights.csv --json").out,
            "{\"h0\":[[-1,null],[0,3],[2,5]],\"h1\":[],\"rows\":4,\"columns\":3}\n");
  save("square.csv", kSquare);
  save("late.csv", "0\n0\n0\n1.25\n");
  EXPECT_EQ(run("barcode square.csv --births late.csv --json").out,
            "{\"h0\":[[0,1],[0,1],[0,null]],\"h1\":[[1.25,1.4142135623730951]],\"rows\":4,\"columns\":2}\n");
  expect_refused("barcode square.csv --births heights.csv", "must be 4 rows of one, a birth for each point");
  expect_refused("barcode square.csv --births square.csv", "4 rows of 2 columns are not allowed");
  expect_refused("barcode square.csv --births late.csv --against square.csv", "--births: needs no --against");
}

TEST_F(BarcodeVerb, AsksWhetherAFirstRowThatCountsIsNames) {
  save("counts.csv", "0,1\n0.5,0.25\n0.75,0.5\n");  // pandas' to_csv(index=False)
  expect_refused("barcode counts.csv", "counts.csv: the first row counts 0,1,...");
  expect_refused("barcode counts.csv", "--header no or --header yes");
  expect_refused("barcode counts.csv --header maybe", "--header: no answer named \"maybe\"; one of yes, no");
  const auto rows = [&](const std::string& words) {
    const std::string out = run("barcode " + words).out;
    return out.substr(0, out.find(' '));
  };
  EXPECT_EQ(rows("counts.csv --header yes"), "2");
  EXPECT_EQ(rows("counts.csv --header no"), "3");
  save("matrix.csv", "0,1\n1,0\n");
  EXPECT_EQ(rows("matrix.csv --distances"), "2");
  save("pairs.csv", "0,1,2\n1,2,0.5\n");
  EXPECT_EQ(rows("pairs.csv --pairs"), "2");
  save("line.csv", "0\n1\n");
  EXPECT_EQ(rows("line.csv"), "2");
}

TEST_F(BarcodeVerb, SaysWhatItReadOfATable) {
  save("table.csv", "id,x,y,class\n7,0,0,cat\n8,3,4,dog\n");
  save("points.csv", "0,0\n3,4\n");
  save("rows.csv", "\"\",\"V1\",\"V2\"\n\"1\",0,0\n\"2\",3,4\n");
  const std::string bars = run("barcode points.csv --json").out;
  EXPECT_EQ(run("barcode table.csv --columns x,y --json").out, bars);
  EXPECT_EQ(run("barcode rows.csv --json").out, bars);
  EXPECT_EQ(run("barcode points.csv").out.find("2 rows, 2 columns\nH0: 2 bars"), 0U);
  EXPECT_EQ(run("barcode table.csv --columns 3,2").out.find("2 rows, 2 columns (y, x)\n"), 0U);
  EXPECT_EQ(run("barcode rows.csv").out.find("2 rows, 2 columns (V1, V2)\n"), 0U);
  expect_refused("barcode table.csv", "table.csv:2: column 4: 'cat' is not a number");
  expect_refused("barcode table.csv --columns z", "has no column 'z' (columns 1 to 4: id, x, y, class)");
  expect_refused("barcode points.csv --columns ''", "--columns: '' is not allowed (must not be empty)");
}

TEST_F(BarcodeVerb, ReadsArraysOfAnArchive) {
  const std::string archive = CHRONOTOPE_TEST_DATA "/numpy/two.npz";
  save("points.csv", "0,0.5\n1,0.25\n2,-3\n");
  const std::string bars = run("barcode points.csv --json").out;
  EXPECT_EQ(run("barcode " + archive + ":points --json").out, bars);
  EXPECT_EQ(run("barcode " CHRONOTOPE_TEST_DATA "/numpy/one.npz --json").out, bars);
  EXPECT_EQ(shell("cat " CHRONOTOPE_TEST_DATA "/numpy/one.npz | " + kProgram + " barcode - --json").out,
            bars);
  EXPECT_EQ(
      run("barcode " + archive + ":events --columns time_ms-channel").out.find("3 rows, 3 columns (time_ms"),
      0U);
  expect_refused("barcode " + archive, "two.npz: holds 2 arrays; choose one as FILE:NAME (points, events)");
  expect_refused("barcode points.csv:points", "points.csv:points: cannot read");
  save("text.npz", "0,0\n1,1\n");
  expect_refused("barcode text.npz:points", "text.npz: is not an .npz archive");
}

TEST_F(BarcodeVerb, TrianglesAreTheirSquares) {
  save("square.csv", "0,1,2,1\n1,0,1,2\n2,1,0,1\n1,2,1,0\n");
  save("lower.csv", "\n1,\n2,1,\n1,2,1,\n");  // as Ripser's examples
  save("lower_diagonal.csv", "0\n1,0\n2,1,0\n1,2,1,0\n");
  save("upper.csv", "1 2 1\n1 2\n1\n");
  save("upper_diagonal.csv", "0;1;2;1\n0;1;2\n0;1\n0\n");
  const std::string square = run("barcode square.csv --distances --json").out;
  for (const char* name : {"lower", "lower_diagonal", "upper", "upper_diagonal"}) {
    const Outcome outcome = run("barcode " + std::string(name) + ".csv --distances --json");
    EXPECT_EQ(outcome.out, square) << name;
    EXPECT_EQ(outcome.err, "") << name;
  }
  save("cut.csv", "1 2 1\n1 2\n");
  save("ragged.csv", "1\n2,1\n1,2\n");
  expect_refused("barcode cut.csv --distances", "cut.csv: ends after a row of 2 columns");
  expect_refused("barcode ragged.csv --distances", "ragged.csv:3: the row has 2 columns, not 3");
}

TEST_F(BarcodeVerb, AMatrixThatIsSymmetricButForRoundingsIsAveragedAndSaidSo) {
  save("d.csv", "1e-16,1,2\n1.0000000000000002,0,1\n2,1,0\n");
  const Outcome outcome = run("barcode d.csv --distances");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.err,
            "d.csv: symmetric but for roundings: 1 pairs whose entries differ by up to 2.2e-16 are averaged, "
            "1 entries up to 1e-16 from 0 on the diagonal or below 0 are 0\n");
  save("asymmetric.csv", "0,1,2\n1.001,0,1\n2,1,0\n");
  expect_refused("barcode asymmetric.csv --distances", "row 0, column 1 (from 0): 1 is not allowed");
  expect_refused("rtd d.csv asymmetric.csv --distances", "mirror image at row 1, column 0, 1.001");
}

TEST_F(BarcodeVerb, RefusesBadInputInOneLine) {
  save("square.csv", kSquare);
  save("nan.csv", "0,0\nnan,1\n");
  expect_refused("barcode none.csv", "none.csv");
  expect_refused("barcode nan.csv", "nan");
  expect_refused("barcode square.csv --dim 3", "--dim: 3 is not allowed");
  expect_refused("barcode square.csv --modulus 4", "4");
  expect_refused("barcode square.csv --threshold -1", "--threshold: -1 is not allowed");
  expect_refused("barcode square.csv --metric taxi", "taxi");
  expect_refused("barcode square.csv --distances", "square.csv");
  expect_refused("barcode square.csv --pairs", "2 columns are not allowed");
}

}  // namespace
}  // namespace chronotope
