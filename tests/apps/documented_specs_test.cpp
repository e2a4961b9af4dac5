// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "chronotope/tests/suites/run_network.hpp"
#include "chronotope/tests/suites/run_on_clock.hpp"

namespace chronotope::tests {
namespace {

/// The indented blocks of a page.
std::vector<std::string> blocks(const std::string& page) {
  std::ifstream file(std::string(CHRONOTOPE_DOCS) + "/" + page);
  std::vector<std::string> found;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    const bool indented = line.starts_with("    ");
    if (indented && !inside) found.emplace_back();
    if (indented) found.back() += line + "\n";
    inside = indented;
  }
  return found;
}

TEST(DocumentedSpecs, EveryNeuronsExampleRunsAndFires) {
  const auto examples = blocks("models.md");
  ASSERT_EQ(examples.size(), 12u);
  std::size_t on_clock_only = 0;
  for (const std::string& example : examples) {
    const std::string text = "seed: 1\n" + example;
    if (apps::has_event_form(describe_network(text).populations[0].model.kind)) {
      EXPECT_GT(NetworkRun(text).until(1000).spikes().size(), 1u) << example;
    } else {
      ++on_clock_only;
      EXPECT_GT(ClockRun(text, {}).until(1000).spikes().size(), 1u) << example;
    }
  }
  EXPECT_EQ(on_clock_only, 3u);
}

TEST(DocumentedSpecs, TheSpecificationsExampleRuns) {
  const auto examples = blocks("specification.md");
  ASSERT_EQ(examples.size(), 5u);  // the last one is of words for --set
  EXPECT_GT(NetworkRun(examples[0]).until(500).spikes().size(), 1u);
  EXPECT_GT(NetworkRun(examples[1]).until(10).engine().network().projections[0]->synapse_count(), 1u);
  const std::string stepped = examples[2];
  EXPECT_NE(NetworkRun(stepped).until(400).spikes(),
            NetworkRun(stepped.substr(0, stepped.find("current"))).until(400).spikes());
  proto::SpecText json;
  proto::parse_spec(examples[3], "specification.json", json);
  EXPECT_EQ(proto::decode(json).network.populations[0].model.parameters.at("tau_m").value.constant(), 20);
}

}  // namespace
}  // namespace chronotope::tests
