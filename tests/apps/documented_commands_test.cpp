// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// A folder in which the pages' commands find what they find in the project's.
class DocumentedCommands : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    shell("mkdir -p build/release; ln -s '" CHRONOTOPE_PROGRAM "' build/release/; ln -s '" CHRONOTOPE_EXAMPLES
          "/..' apps; ln -s '" CHRONOTOPE_TEST_DATA "/..' tests");
  }

  /// Runs the lines of `page` that sed's `script` prints; the first command that fails ends it.
  Outcome run_page(const std::string& page, const std::string& script) const {
    return shell("PATH=$PWD/build/release:$PATH; sed -n '" + script + "' '" CHRONOTOPE_DOCS "/" + page +
                 "' >page.sh; test -s page.sh && bash -eo pipefail page.sh");
  }
};

TEST_F(DocumentedCommands, TheCookbooksBlocksRunInOrder) {
  const Outcome outcome = run_page("cookbook.md", "s/^    //p");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_EQ(outcome.err.find("chronotope "), std::string::npos) << outcome.err;
}

TEST_F(DocumentedCommands, TheReadmesCommandsRunInOrder) {
  const Outcome outcome = run_page("../README.md", "s/^    chronotope /chronotope /p");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_EQ(outcome.err.find("chronotope "), std::string::npos) << outcome.err;
}

TEST_F(DocumentedCommands, TheStatisticsPagesCommandsRunInOrder) {
  const Outcome outcome = run_page("statistics.md", "s/^    chronotope /chronotope /p");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

TEST_F(DocumentedCommands, TheLearningPagesCommandsRunInOrder) {
  const Outcome outcome = run_page("learning.md", "s/^    chronotope /chronotope /p");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

}  // namespace
}  // namespace chronotope
