// SPDX-License-Identifier: Apache-2.0
// Every file of tests/corpus/bad is refused in the line that stands beside its name in `expected`.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

const std::filesystem::path kBad = CHRONOTOPE_TEST_DATA "/../corpus/bad";

/// A line of `expected`: the file, the words of the program, what it says.
struct Case {
  std::string file;
  std::string words;
  std::string line;
};

std::vector<Case> cases() {
  std::istringstream lines(read_file(kBad / "expected"));
  std::vector<Case> all;
  for (std::string line; std::getline(lines, line);) {
    const auto words = line.find('\t');
    const auto said = line.find('\t', words + 1);
    all.push_back({line.substr(0, words), line.substr(words + 1, said - words - 1), line.substr(said + 1)});
  }
  return all;
}

class MalformedFiles : public ProgramTest {};

TEST_F(MalformedFiles, AreRefusedInTheirLine) {
  shell("cp -r '" + kBad.string() + "' bad");
  const std::size_t before = files();
  for (const Case& c : cases()) {
    const Outcome outcome = shell("cd bad && " + kProgram + " " + c.words);
    EXPECT_EQ(outcome.code, 2) << c.words;
    EXPECT_EQ(outcome.err, c.line + "\n") << c.words;
    EXPECT_EQ(files(), before) << c.words;
  }
}

TEST_F(MalformedFiles, HaveEachALine) {
  std::set<std::string> named{"expected"}, there;
  for (const Case& c : cases()) named.insert(c.file);
  for (const auto& file : std::filesystem::directory_iterator(kBad))
    there.insert(file.path().filename().string());
  EXPECT_EQ(named, there);
  EXPECT_GE(there.size(), 150U);
}

}  // namespace
}  // namespace chronotope
