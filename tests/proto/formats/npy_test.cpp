// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/npy.hpp"

#include <gtest/gtest.h>

#include <string>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

using namespace std::string_literals;

Matrix read(const std::string& bytes) { return read_npy(bytes, "a.npy").matrix; }

std::string complaint(const std::string& bytes) {
  try {
    read(bytes);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

/// A version 1 file put together by hand.
std::string file(const std::string& descr, const std::string& order, const std::string& shape,
                 const std::string& data) {
  const std::string dict =
      "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  return "\x93NUMPY\x01\x00"s + static_cast<char>(dict.size()) + '\0' + dict + data;
}

TEST(Npy, ReadsEveryKindOfNumber) {
  EXPECT_EQ(read(file("<f8", "False", "(1,)", "\0\0\0\0\0\0\xf8\xbf"s)).values, std::vector<double>{-1.5});
  EXPECT_EQ(read(file("<f4", "False", "(1,)", "\0\0\xc0\xbf"s)).values, std::vector<double>{-1.5});
  EXPECT_EQ(read(file("<i8", "False", "(1,)", "\xfe\xff\xff\xff\xff\xff\xff\xff"s)).values,
            std::vector<double>{-2});
  EXPECT_EQ(read(file("<i4", "False", "(1,)", "\xfe\xff\xff\xff"s)).values, std::vector<double>{-2});
  EXPECT_EQ(read(file("<i2", "False", "(1,)", "\xfe\xff"s)).values, std::vector<double>{-2});
  EXPECT_EQ(read(file("|i1", "False", "(1,)", "\xfe"s)).values, std::vector<double>{-2});
  EXPECT_EQ(read(file("<u8", "False", "(1,)", "\x02\x01\0\0\0\0\0\0"s)).values, std::vector<double>{258});
  EXPECT_EQ(read(file("<u4", "False", "(1,)", "\xff\xff\xff\xff"s)).values,
            std::vector<double>{4294967295.0});
  EXPECT_EQ(read(file("<u2", "False", "(1,)", "\xff\xff"s)).values, std::vector<double>{65535});
  EXPECT_EQ(read(file("|u1", "False", "(2,)", "\xff\x01"s)).values, (std::vector<double>{255, 1}));
  EXPECT_EQ(read(file("|b1", "False", "(2,)", "\x01\0"s)).values, (std::vector<double>{1, 0}));
}

TEST(Npy, SwapsBigEndianNumbers) {
  EXPECT_EQ(read(file(">f8", "False", "(1,)", "\xbf\xf8\0\0\0\0\0\0"s)).values, std::vector<double>{-1.5});
  EXPECT_EQ(read(file(">u2", "False", "(2,)", "\x01\x02\x00\x07"s)).values, (std::vector<double>{258, 7}));
}

TEST(Npy, TransposesFortranOrder) {
  const Matrix c = read(file("|u1", "False", "(2, 3)", "\1\2\3\4\5\6"s));
  const Matrix fortran = read(file("|u1", "True", "(2, 3)", "\1\4\2\5\3\6"s));
  EXPECT_EQ(c.rows, 2U);
  EXPECT_EQ(c.columns, 3U);
  EXPECT_EQ(c.values, (std::vector<double>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(fortran.values, c.values);
}

TEST(Npy, OneDimensionIsOneColumn) {
  const Matrix m = read(file("|u1", "False", "(3,)", "\1\2\3"s));
  EXPECT_EQ(m.rows, 3U);
  EXPECT_EQ(m.columns, 1U);
}

TEST(Npy, ReadsVersionTwoHeaders) {
  const std::string dict = "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2), }\n";
  const std::string bytes = "\x93NUMPY\x02\x00"s + static_cast<char>(dict.size()) + "\0\0\0"s + dict + "\5\6";
  EXPECT_EQ(read(bytes).values, (std::vector<double>{5, 6}));
}

TEST(Npy, ReadsBackWhatItWritesBitForBit) {
  const Matrix m{2, 2, {0.1, -0.0, 1e-310, 3e300}};
  const std::string bytes = to_npy(m);
  const Matrix back = read(bytes);
  EXPECT_EQ((bytes.size() - 4 * sizeof(double)) % 64, 0U);
  EXPECT_EQ(back.rows, 2U);
  EXPECT_EQ(to_npy(back), bytes);
}

TEST(Npy, RefusesAShapeThatTheFileCannotHold) {
  EXPECT_EQ(complaint(file("<f8", "False", "(1000000000000, 1000)", "12345678")),
            "a.npy: the header announces 1000000000000 x 1000 numbers of 8 bytes, but 8 bytes follow");
  EXPECT_NE(complaint(file("<f8", "False", "(4294967296, 4294967296)", "")), "no error");
  EXPECT_NE(complaint(file("<f8", "False", "(99999999999999999999999,)", "")), "no error");
  EXPECT_NE(complaint(file("|u1", "False", "(2,)", "123")), "no error");
  EXPECT_NE(complaint(file("|u1", "False", "(2, 0)", "")), "no error");
}

TEST(Npy, SaysWhyAnotherKindOfArrayCannotBeRead) {
  EXPECT_EQ(complaint(file("|O", "False", "(1,)", "x")),
            "a.npy: arrays of Python objects cannot be read; save numbers");
  EXPECT_EQ(complaint(file("|u1", "False", "(1, 1, 1)", "x")),
            "a.npy: the array has 3 dimensions (1 or 2 can be read)");
  EXPECT_NE(complaint(file("<c16", "False", "(1,)", "0123456789abcdef")).find("'<c16'"), std::string::npos);
  EXPECT_NE(complaint("PK\x03\x04").find("not an .npy file"), std::string::npos);
}

/// A file of records, whose descr is a list.
std::string records(const std::string& fields, const std::string& shape, const std::string& data) {
  std::string bytes = file("DESCR", "False", shape, data);
  bytes.replace(bytes.find("'DESCR'"), 7, fields);
  bytes[8] = static_cast<char>(bytes[8] + static_cast<char>(fields.size()) - 7);
  return bytes;
}

TEST(Npy, ReadsRecordsFieldByField) {
  const std::string bytes =
      records("[('x', '>u2'), ('', '|V1'), ('shape', '|i1'), ]", "(2,)", "\1\2.\3\4\5.\xff"s);
  const NumberTable table = read_npy(bytes, "a.npy");
  EXPECT_EQ(table.names, (std::vector<std::string>{"x", "shape"}));
  EXPECT_EQ(table.matrix.values, (std::vector<double>{258, 3, 1029, -1}));
  EXPECT_EQ(read_npy(bytes, "a.npy", ColumnChoice("shape")).matrix.values, (std::vector<double>{3, -1}));
}

TEST(Npy, SaysWhichRecordsCannotBeRead) {
  EXPECT_EQ(complaint(records("[('x', '|u1', (3,))]", "(1,)", "123")),
            "a.npy: field 'x' is an array of its own; save numbers");
  EXPECT_EQ(complaint(records("[('x', [('y', '|u1')])]", "(1,)", "1")),
            "a.npy: the .npy header's descr is malformed, or of records within records");
  EXPECT_EQ(complaint(records("[('x', '|u1')]", "(1, 1)", "1")),
            "a.npy: records are read from arrays of one dimension");
  EXPECT_EQ(
      complaint(records("[('x', '|u1'), ('t', '<M8[ns]')]", "(1,)", "123456789")).find("a.npy: field 't'"),
      0U);
  for (const char* fields :
       {"[('x', '|u1'", "[('x' '|u1')]", "[(", "[", "[('x', '|u99999999999999999999')]", "[]"})
    EXPECT_NE(complaint(records(fields, "(1,)", "1")), "no error") << fields;
}

TEST(Npy, RefusesEveryPrefixOfAFile) {
  const std::string whole = to_npy({2, 1, {1, 2}});
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_NE(complaint(whole.substr(0, length)), "no error") << length;
}

}  // namespace
}  // namespace chronotope::proto
