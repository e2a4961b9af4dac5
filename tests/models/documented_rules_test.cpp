// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "chronotope/tests/suites/run_network.hpp"

namespace chronotope::tests {
namespace {

/// The indented blocks of docs/plasticity_rules.md that are specifications.
std::vector<std::string> specifications() {
  std::ifstream page(std::string(CHRONOTOPE_EXAMPLES) + "/../../docs/plasticity_rules.md");
  std::vector<std::string> blocks;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    const bool begins = line.starts_with("    seed:");
    if (begins) blocks.emplace_back();
    inside = begins || (inside && line.starts_with("    "));
    if (inside) blocks.back() += line + "\n";
  }
  return blocks;
}

TEST(DocumentedRules, EveryExampleRunsAndLearns) {
  const std::vector<std::string> blocks = specifications();
  ASSERT_EQ(blocks.size(), 7u);
  for (const std::string& block : blocks) {
    NetworkRun run(block);
    const std::vector<double> before = run.weights(0);
    run.until(500);
    EXPECT_GT(run.spikes().size(), 50u) << block;
    const std::vector<double> after = run.weights(0);
    EXPECT_NE(before, after) << block;
    for (std::size_t s = 0; s < after.size(); ++s) EXPECT_LE(std::signbit(after[s]), std::signbit(before[s]));
  }
}

}  // namespace
}  // namespace chronotope::tests
