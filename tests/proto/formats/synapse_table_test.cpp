// SPDX-License-Identifier: Apache-2.0
// Files that SciPy and NumPy wrote (tests/data/scipy/make_files.py), and text.
#include "chronotope/proto/formats/synapse_table.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <tuple>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

const std::string kFolder = CHRONOTOPE_TEST_DATA "/scipy/";
using Indices = std::vector<std::uint32_t>;
using Numbers = std::vector<double>;

SynapseTable read(const std::string& path, const std::string& array = "") {
  InputFile file(path);
  return read_synapse_table(file, array);
}

/// A file of the test's own.
class SynapseTables : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  std::string save(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary) << bytes;
    return path_;
  }
  std::string complaint(const std::string& bytes) const {
    try {
      read(save(bytes));
    } catch (const InputError& error) {
      const std::string text = error.what();
      return text.starts_with(path_) ? text.substr(path_.size()) : text;
    }
    return "no error";
  }

 private:
  const std::string path_ = testing::TempDir() + "chronotope_synapses_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name();
};

std::string bytes_of(const std::string& name) {
  std::ifstream file(kFolder + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

const Indices kSource{2, 0, 0, 2, 1};
const Indices kTarget{3, 1, 0, 3, 2};
const Numbers kWeight{1.5, -2, 0.25, 8, 0};
const Numbers kDelay{0.1, 1, 2.5, 0.1, 12};
const Numbers kTauPlus{10, 11, 12, 13, 14};

void expect_columns(const SynapseTable& table, std::size_t count) {
  const std::vector<std::pair<std::string, Numbers>> expected{
      {"weight", kWeight}, {"delay", kDelay}, {"tau_plus", kTauPlus}};
  EXPECT_EQ(table.source, kSource);
  EXPECT_EQ(table.target, kTarget);
  ASSERT_EQ(table.columns.size(), count);
  for (std::size_t c = 0; c < count; ++c) {
    EXPECT_EQ(table.columns[c].name, expected[c].first);
    EXPECT_EQ(table.columns[c].value, expected[c].second);
  }
}

TEST_F(SynapseTables, NamedColumnsOfEveryKindOfFileAreTheSame) {
  expect_columns(read(kFolder + "records.npy"), 3);
  expect_columns(read(kFolder + "lists.npz"), 3);  // its 0.1 in single precision is the 0.1 that was meant
  expect_columns(read(kFolder + "plain.npy"), 2);
  expect_columns(
      read(save("source,target,weight,delay,tau_plus\n2,3,1.5,0.1,10\n0,1,-2,1,11\n0,0,0.25,2.5,12\n"
                "2,3,8,0.1,13\n1,2,0,12,14\n")),
      3);
  expect_columns(read(save("# source target weight delay\n2 3 1.5 0.1\n0 1 -2 1\n0 0 0.25 2.5\n2 3 8 .1\n"
                           "1 2 0e0 12\n")),
                 2);
}

/// What a matrix says, whatever the order of its entries.
std::multiset<std::tuple<std::uint32_t, std::uint32_t, double>> entries(const SynapseTable& table) {
  std::multiset<std::tuple<std::uint32_t, std::uint32_t, double>> all;
  for (std::size_t k = 0; k < table.source.size(); ++k)
    all.emplace(table.source[k], table.target[k], table.columns.at(0).value[k]);
  return all;
}

TEST_F(SynapseTables, SparseMatricesHoldEveryStoredEntry) {
  SynapseTable expected;
  expected.source = kSource;
  expected.target = kTarget;
  expected.columns = {{"weight", kWeight}};
  for (const char* name : {"coo.npz", "csr.npz", "csc.npz"}) {
    const SynapseTable table = read(kFolder + name);
    EXPECT_EQ(entries(table), entries(expected)) << name;
    ASSERT_TRUE(table.matrix) << name;
    EXPECT_EQ(table.matrix->rows, 3U);
    EXPECT_EQ(table.matrix->columns, 4U);
  }
  EXPECT_THROW(read(kFolder + "bsr.npz"), InputError);
}

TEST_F(SynapseTables, WhatIsWrongIsToldByRowAndColumn) {
  EXPECT_EQ(
      complaint("source,weight\n1,2\n"),
      ":1: the first row names no column 'target' (source,target[,weight][,delay][,constants of the rule])");
  EXPECT_EQ(complaint("source,target\n1,2\n1.5,0\n"),
            ": row 1 (from 0): source: 1.5 is not allowed (must be a whole number from 0 to 4294967295)");
  EXPECT_EQ(complaint("source,target\n1,-2\n"),
            ": row 0 (from 0): target: -2 is not allowed (must be a whole number from 0 to 4294967295)");
  EXPECT_EQ(complaint("source,target,weight\n1,2,inf\n"),
            ": row 0 (from 0): weight: inf is not allowed (must be a finite number)");
  EXPECT_EQ(complaint("source,target,weight\n1,2,E\n"), ":2: column 3: 'E' is not a number");
  EXPECT_EQ(complaint("source,target,weight\n1,2\n"), ":2: the row has 2 columns, the rows before have 3");
  EXPECT_EQ(complaint("source,target,U,U\n1,2,1,1\n"), ": two columns are named 'U'");
  EXPECT_EQ(complaint(""), ": is empty");
}

TEST_F(SynapseTables, AFileThatIsCutAnywhereIsRefused) {
  for (const char* name : {"coo.npz", "csr.npz", "csc.npz", "lists.npz", "records.npy", "plain.npy"}) {
    const std::string whole = bytes_of(name);
    for (std::size_t size = 0; size < whole.size(); size += size + 32 < whole.size() ? 13 : 1)
      EXPECT_THROW(read(save(whole.substr(0, size))), InputError) << name << " cut at " << size;
  }
}

TEST_F(SynapseTables, AByteThatIsAnotherIsRefusedOrRead) {
  for (const char* name : {"coo.npz", "csr.npz", "csc.npz", "lists.npz", "records.npy"}) {
    const std::string whole = bytes_of(name);
    for (std::size_t at = 0; at < whole.size(); at += 11)
      for (const int flip : {1, 0x80}) {
        std::string other = whole;
        other[at] = static_cast<char>(other[at] ^ flip);
        try {
          const SynapseTable table = read(save(other));
          EXPECT_EQ(table.source.size(), table.target.size());
          for (const auto& column : table.columns) EXPECT_EQ(column.value.size(), table.source.size());
        } catch (const InputError&) {
        }
      }
  }
}

}  // namespace
}  // namespace chronotope::proto
