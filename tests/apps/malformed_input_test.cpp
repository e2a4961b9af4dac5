// SPDX-License-Identifier: Apache-2.0
// Whatever is wrong with the input of `rtd` and `barcode`, the answer is one line that says so, and exit
// code 2.
#include <gtest/gtest.h>

#include <map>

#include "chronotope/proto/formats/npy.hpp"
#include "chronotope/proto/formats/number_table.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

const std::map<std::string, std::string> kFiles = {
    {"good.csv", "0,0\n1,0\n1,1\n0,1\n"},
    {"five.csv", "0,0\n1,0\n1,1\n0,1\n5,5\n"},
    {"nan.csv", "0,0\nnan,0\n1,1\n0,1\n"},
    {"inf.csv", "0,0\n1,0\n1,-inf\n0,1\n"},
    {"text.csv", "0,0\n1,zero\n1,1\n0,1\n"},
    {"tail.csv", "0,0\n1,0\n1,1x\n0,1\n"},
    {"gap.csv", "0,0\n,0\n1,1\n0,1\n"},
    {"comma.csv", "0,0,\n1,0,\n"},
    {"huge.csv", "0,0\n1e999,0\n1,1\n0,1\n"},
    {"ragged.csv", "0,0\n1\n1,1\n0,1\n"},
    {"empty.csv", ""},
    {"blank.csv", "\n\n"},
    {"names.csv", "x,y\n"},
    {"same.csv", "1,2\n1,2\n1,2\n1,2\n"},
    {"line.csv", "1\n2\n3\n4\n"},
    {"skew.csv", "0,1\n2,0\n"},
    {"negative.csv", "0,-1\n-1,0\n"},
    {"diagonal.csv", "1,1\n1,0\n"},
    {"oblong.csv", "0,1,2\n1,0,2\n"},
    {"nan_d.csv", "0,nan\nnan,0\n"},
    {"text_d.csv", "0,one\none,0\n"},
    {"two_d.csv", "0,1\n1,0\n"},
    {"three_d.csv", "0,1,1\n1,0,1\n1,1,0\n"},
    {"zero_d.csv", "0,0\n0,0\n"},
    {"self.csv", "0,1,1\n1,1,2\n"},
    {"negative_pair.csv", "0,1,-1\n"},
    {"twice.csv", "0,1,1\n1,0,2\n"},
    {"half.csv", "0.5,1,1\n"},
    {"minus.csv", "-1,1,1\n"},
    {"nan_pair.csv", "0,1,nan\n"},
    {"short.npy", "\x93NUMPY"},
    {"spikes.csv", "time_ms,channel,stimulus\n1,0,1\n2,1,1\n1,2,2\n3,3,2\n"},
};

struct Malformed {
  const char* words;
  const char* reason;
};

class MalformedInput : public ProgramTest, public testing::WithParamInterface<Malformed> {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    for (const auto& [name, bytes] : kFiles) save(name, bytes);
    const std::string npy = proto::to_npy(proto::read_number_table(path("good.csv")).matrix);
    save("cut.npy", npy.substr(0, npy.size() - 5));
    save("longer.npy", npy + "1234");
    std::string words = npy;
    words.replace(words.find("f8"), 2, "U1");
    save("words.npy", words);
    std::string none = npy;
    none.replace(none.find("(4, 2)"), 6, "(0, 2)");
    save("none.npy", none.substr(0, npy.size() - 64));
  }
};

TEST_P(MalformedInput, IsRefusedInOneLine) { expect_refused(GetParam().words, GetParam().reason); }

INSTANTIATE_TEST_SUITE_P(
    Of, MalformedInput,
    testing::Values(
        // different numbers of rows
        Malformed{"rtd good.csv five.csv", "4 rows"}, Malformed{"rtd five.csv good.csv", "5 rows"},
        Malformed{"rtd good.csv five.csv --variant lite", "4 rows"},
        Malformed{"rtd good.csv five.csv --variant symmetric --dims 2", "4 rows"},
        Malformed{"rtd two_d.csv three_d.csv --distances", "2 rows"},
        // clouds that are no clouds
        Malformed{"rtd good.csv nan.csv", "nan.csv: coordinate at row 1, column 0 (from 0): nan"},
        Malformed{"rtd inf.csv good.csv", "inf.csv: coordinate at row 2, column 1 (from 0): -inf"},
        Malformed{"rtd good.csv text.csv", "text.csv:2: column 2: 'zero' is not a number"},
        Malformed{"rtd tail.csv good.csv", "tail.csv:3: column 2: '1x' is not a number"},
        Malformed{"rtd gap.csv good.csv", "gap.csv:2: column 1: '' is not a number"},
        Malformed{"rtd comma.csv comma.csv", "comma.csv:1: column 3: '' is not a number"},
        Malformed{"rtd huge.csv good.csv", "huge.csv:2: column 1: '1e999' is outside the range"},
        Malformed{"rtd good.csv ragged.csv", "ragged.csv:2: the row has 1 columns"},
        Malformed{"rtd empty.csv good.csv", "empty.csv: is empty"},
        Malformed{"rtd good.csv blank.csv", "blank.csv: is empty"},
        Malformed{"rtd names.csv good.csv", "names.csv: has column names but no rows"},
        Malformed{"rtd good.csv same.csv", "B: 4 of 4 rows are identical"},
        Malformed{"rtd same.csv good.csv", "A: 4 of 4 rows are identical"},
        Malformed{"rtd same.csv good.csv --variant lite", "A: 4 of 4 rows are identical"},
        Malformed{"rtd same.csv good.csv --metric hamming --normalize mean", "A: 4 of 4 rows are identical"},
        Malformed{"rtd good.csv line.csv --variant mtop-div", "one cloud has 2 columns and the other 1"},
        Malformed{"rtd good.csv .", ".: is a directory"},
        Malformed{"rtd good.csv absent.csv", "absent.csv: cannot read: No such file"},
        Malformed{"rtd short.npy good.csv", "short.npy: the .npy header is cut"},
        Malformed{"rtd cut.npy good.csv", "cut.npy: the header announces 4 x 2 numbers"},
        Malformed{"rtd longer.npy good.csv", "longer.npy: the header announces 4 x 2 numbers"},
        Malformed{"rtd words.npy good.csv", "words.npy: numbers of type"},
        Malformed{"rtd none.npy none.npy", "no rows"},
        // matrices that are no distances
        Malformed{"rtd skew.csv two_d.csv --distances", "skew.csv: distance at row 0, column 1"},
        Malformed{"rtd two_d.csv negative.csv --distances", "negative.csv: distance at row 0, column 1"},
        Malformed{"rtd diagonal.csv two_d.csv --distances", "diagonal.csv: distance at row 0, column 0"},
        Malformed{"rtd two_d.csv oblong.csv --distances", "oblong.csv: a distance matrix must be square"},
        Malformed{"rtd nan_d.csv two_d.csv --distances", "nan_d.csv: distance at row 0, column 1"},
        Malformed{"rtd text_d.csv two_d.csv --distances", "text_d.csv:1: column 2: 'one' is not a number"},
        Malformed{"rtd zero_d.csv two_d.csv --distances --normalize quantile",
                  "A: 2 of 2 rows are identical"},
        Malformed{"rtd good.csv good.csv --distances", "good.csv: a distance matrix must be square"},
        // options outside their range
        Malformed{"rtd good.csv good.csv --variant best", "best"},
        Malformed{"rtd good.csv good.csv --metric manhattan", "manhattan"},
        Malformed{"rtd good.csv good.csv --quantile 2", "--quantile: 2 is not allowed"},
        Malformed{"rtd good.csv good.csv --quantile nan", "--quantile: nan is not allowed"},
        Malformed{"rtd good.csv good.csv --batch 0", "--batch: 0 is not allowed"},
        Malformed{"rtd good.csv good.csv --trials 99999999999", "--trials: 99999999999 is not allowed"},
        Malformed{"rtd good.csv good.csv --trials many", "many"},
        Malformed{"rtd good.csv good.csv --threads -1", "--threads: -1 is not allowed"},
        Malformed{"rtd good.csv good.csv --dims 0", "--dims: 0 is not allowed"},
        Malformed{"rtd good.csv good.csv good.csv", "too many"}, Malformed{"rtd good.csv", "missing B"},
        // barcode
        Malformed{"barcode empty.csv", "empty.csv: is empty"}, Malformed{"barcode none.npy", "no rows"},
        Malformed{"barcode nan.csv", "nan.csv: coordinate at row 1, column 0"},
        Malformed{"barcode text.csv", "text.csv:2: column 2: 'zero' is not a number"},
        Malformed{"barcode ragged.csv", "ragged.csv:2: the row has 1 columns"},
        Malformed{"barcode skew.csv --distances", "must equal its mirror image at row 1, column 0, 2"},
        Malformed{"barcode negative.csv --distances", "-1 is not allowed (must be >= 0)"},
        Malformed{"barcode diagonal.csv --distances", "the diagonal must be 0"},
        Malformed{"barcode nan_d.csv --distances", "nan is not allowed"},
        Malformed{"barcode self.csv --pairs", "pair 1 (from 0): an object is not joined to itself"},
        Malformed{"barcode negative_pair.csv --pairs", "distance -1 is not allowed"},
        Malformed{"barcode twice.csv --pairs", "the pair 0, 1 has two distances, 1 and 2"},
        Malformed{"barcode half.csv --pairs", "0.5 is not the number of a point"},
        Malformed{"barcode minus.csv --pairs", "-1 is not the number of a point"},
        Malformed{"barcode nan_pair.csv --pairs", "distance nan is not allowed"},
        Malformed{"barcode good.csv --pairs", "2 columns are not allowed"},
        Malformed{"barcode good.csv --dim 3", "--dim: 3 is not allowed"},
        Malformed{"barcode good.csv --modulus 4", "4 is not allowed (must be a prime below 65536)"},
        Malformed{"barcode good.csv --threshold nan", "--threshold: nan is not allowed"}),
    [](const auto& info) { return "Case" + std::to_string(info.index); });

class MalformedStream : public ProgramTest {};

TEST_F(MalformedStream, IsRefusedInOneLine) {
  save("spikes.csv", kFiles.at("spikes.csv"));
  save("good.csv", kFiles.at("good.csv"));
  ASSERT_EQ(run("encode spikes.csv --phase probe --out s.pb").code, 0);
  const std::string stream = read_file(path("s.pb"));
  save("cut.pb", stream.substr(0, stream.size() - 7));
  save("head.pb", stream.substr(0, 60));
  expect_refused("rtd s.pb s.pb", "s.pb");  // input alone: no neurons, no snapshot
  expect_refused("rtd s.pb good.csv", "good.csv");
  expect_refused("rtd cut.pb s.pb", "cut.pb");
  expect_refused("rtd head.pb s.pb", "head.pb");
  expect_refused("rtd s.pb s.pb --barcodes b.json", "--barcodes");
  expect_refused("rtd good.csv good.csv --barcodes -", "--barcodes: needs a file");
  expect_refused("rtd good.csv good.csv --barcodes good.csv", "--barcodes");
  expect_refused("barcode s.pb", "s.pb");
}

}  // namespace
}  // namespace chronotope
