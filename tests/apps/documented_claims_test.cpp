// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// The sentences of a page, in small letters, each on one line.
std::vector<std::string> sentences(const std::string& path) {
  std::string text = read_file(path);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return c == '\n' ? ' ' : static_cast<char>(std::tolower(c)); });
  const std::regex end("[.:;] |\\|");
  return {std::sregex_token_iterator(text.begin(), text.end(), end, -1), {}};
}

/// Whether a sentence says that the publication's results come back.
bool claims_reproduction(const std::string& sentence) {
  static const std::regex claim("reproduc|replicat|comes? back");
  static const std::regex publication("2403\\.12462|publication'?s? (table|result|number|figure)");
  static const std::regex denied("\\b(no|none|not|never|nor)\\b");
  return std::regex_search(sentence, claim) && std::regex_search(sentence, publication) &&
         !std::regex_search(sentence, denied);
}

TEST(DocumentedClaims, AClaimIsRecognised) {
  EXPECT_TRUE(claims_reproduction("this reproduces the publication's tables"));
  EXPECT_TRUE(claims_reproduction("table 2 of arxiv 2403.12462 is replicated"));
  EXPECT_FALSE(claims_reproduction("none of the publication's tables is reproduced"));
}

TEST(DocumentedClaims, NoPageClaimsToReproduceThePublication) {
  std::vector<std::string> pages = {CHRONOTOPE_DOCS "/../README.md", CHRONOTOPE_DOCS "/../CHANGELOG.md"};
  for (const auto& file : std::filesystem::recursive_directory_iterator(CHRONOTOPE_DOCS))
    if (file.path().extension() == ".md") pages.push_back(file.path().string());
  EXPECT_GT(pages.size(), 10U);
  for (const std::string& page : pages)
    for (const std::string& sentence : sentences(page))
      EXPECT_FALSE(claims_reproduction(sentence)) << page << ": " << sentence;
}

TEST(DocumentedClaims, TheStudysPageSaysWhatIsNotAvailable) {
  const std::string page = read_file(CHRONOTOPE_DOCS "/study.md");
  EXPECT_NE(page.find("not available"), std::string::npos);
  EXPECT_NE(page.find("none of its tables is reproduced"), std::string::npos);
  EXPECT_NE(page.find("project's own"), std::string::npos);
}

}  // namespace
}  // namespace chronotope
