// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <sstream>
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

/// The lines of a page that its reader sees as code, without their indentation.
std::string code_of(const std::string& page) {
  std::istringstream lines(read_file(CHRONOTOPE_DOCS "/" + page));
  std::string code;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("    ")) code += line.substr(4) + "\n";
  return code;
}

/// A page's commands, "$ " before each and "> " before what it goes on with, as one script; and what the page says
/// they print, after the number of the command.
struct Transcript {
  std::string script;
  std::string printed;
};

Transcript transcript_of(const std::string& page) {
  std::istringstream lines(code_of(page));
  Transcript transcript;
  int commands = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("$ ")) {
      transcript.script += "\necho @" + std::to_string(commands) + "\n" + line.substr(2);
      transcript.printed += "@" + std::to_string(commands++) + "\n";
    } else if (line.starts_with("> ")) {
      transcript.script += "\n" + line.substr(2);
    } else {
      transcript.printed += line + "\n";
    }
  }
  transcript.script += "\n";
  return transcript;
}

TEST_F(DocumentedCommands, TheTutorialsCommandsPrintWhatItShows) {
  const Transcript transcript = transcript_of("tutorial.md");
  save("tutorial.sh", transcript.script);
  const Outcome outcome = shell("bash -e tutorial.sh 2>&1 | sed 's/ *$//'");
  EXPECT_EQ(outcome.out, transcript.printed);
  EXPECT_EQ(shell("test -s tutorial/study/report.html").code, 0);
}

TEST_F(DocumentedCommands, TheReadmesNetworkIsTheExampleAndPrintsWhatItShows) {
  const std::string code = code_of("../README.md");
  std::string example = read_file(CHRONOTOPE_EXAMPLES "/first.textproto");
  EXPECT_NE(code.find(example.substr(example.find("seed:"))), std::string::npos) << example;
  const Outcome outcome = run("simulate '" CHRONOTOPE_EXAMPLES "/first.textproto' --until 1000");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  std::istringstream printed(outcome.out + outcome.err);
  int lines = 0;
  for (std::string line; std::getline(printed, line); ++lines)  // what follows is of the machine
    EXPECT_NE(code.find(line.substr(0, line.find(", simulated in "))), std::string::npos) << line;
  EXPECT_EQ(lines, 4);
}

TEST_F(DocumentedCommands, TheStatisticsPagesCommandsRunInOrder) {
  const Outcome outcome = run_page("statistics.md", "s/^    chronotope /chronotope /p");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

TEST_F(DocumentedCommands, TheCodesPagesCommandsRunInOrder) {
  const Outcome outcome = run_page("codes.md", "s/^    chronotope /chronotope /p");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

TEST_F(DocumentedCommands, TheLearningPagesCommandsRunInOrder) {
  const Outcome outcome = run_page("learning.md", "s/^    chronotope /chronotope /p");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

TEST_F(DocumentedCommands, TheLikelihoodPagesCommandsRunInOrder) {
  const Outcome outcome = run_page("likelihood.md", "s/^    chronotope /chronotope /p");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

/// But for the study, which takes minutes.
TEST_F(DocumentedCommands, TheEmbeddingPagesCommandsRunInOrder) {
  const Outcome outcome =
      run_page("embedding.md", "/study digits/d; /--classify$/d; s/^    chronotope /chronotope /p");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

}  // namespace
}  // namespace chronotope
