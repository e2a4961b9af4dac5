// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/paired_read_outs.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "chronotope/apps/study/mcnemar_test.hpp"

namespace chronotope::apps {
namespace {

/// The cells of a condition by their wirings.
using Wirings = std::map<std::uint64_t, std::size_t>;

/// How many more wirings of the first than of the second tell each stimulus; empty where a score is missing.
std::vector<int> lead(const Wirings& first, const Wirings& second, std::size_t row,
                      const std::vector<std::vector<ScoredReadOut>>& tables) {
  std::vector<int> lead;
  for (const auto& [wiring, cell] : first) {
    const std::vector<bool>& a = tables[cell][row].right;
    const std::vector<bool>& b = tables[second.at(wiring)][row].right;
    if (a.empty() || a.size() != b.size()) return {};
    lead.resize(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) lead[i] += static_cast<int>(a[i]) - static_cast<int>(b[i]);
  }
  return lead;
}

void fill(const std::vector<int>& lead, StudyPairedTest& test) {
  const auto first = std::count_if(lead.begin(), lead.end(), [](int x) { return x > 0; });
  const auto second = std::count_if(lead.begin(), lead.end(), [](int x) { return x < 0; });
  test.set_for_trained(static_cast<std::uint32_t>(first));
  test.set_for_untrained(static_cast<std::uint32_t>(second));
  test.set_p(mcnemar_test(static_cast<std::size_t>(first), static_cast<std::size_t>(second)));
}

bool have_same_wirings(const Wirings& a, const Wirings& b) {
  return std::ranges::equal(
      a, b, {}, [](const auto& x) { return x.first; }, [](const auto& x) { return x.first; });
}

}  // namespace

std::vector<StudyPairedTest> paired_read_outs(const std::vector<CellState>& cells,
                                              const std::vector<std::vector<ScoredReadOut>>& tables) {
  std::map<std::string, Wirings> wirings;
  std::vector<Condition> conditions;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    const Condition& condition = cells[c].cell.condition;
    if (wirings[condition.name()].empty()) conditions.push_back(condition);
    wirings[condition.name()][cells[c].cell.wiring] = c;
  }
  std::vector<StudyPairedTest> tests;
  for (const Condition& condition : conditions) {
    const auto other = wirings.find(condition.untrained().name());
    const Wirings& own = wirings[condition.name()];
    const bool is_plain =
        condition.control == Control::kNone && !condition.redrawn_part && condition.trained == 1;
    if (!condition.is_trained() || !is_plain || other == wirings.end() ||
        !have_same_wirings(own, other->second))
      continue;
    for (std::size_t row = 0; row < tables[own.begin()->second].size(); ++row) {
      const std::vector<int> by_stimulus = lead(own, other->second, row, tables);
      if (by_stimulus.empty()) continue;
      const StudyAccuracy& scored = tables[own.begin()->second][row].row;
      StudyPairedTest& test = tests.emplace_back();
      test.set_trained(condition.name());
      test.set_untrained(other->first);
      test.set_code(scored.code());
      test.set_read_out(scored.read_out());
      test.set_split(scored.split());
      test.set_seeds(static_cast<std::uint32_t>(own.size()));
      fill(by_stimulus, test);
    }
  }
  return tests;
}

}  // namespace chronotope::apps
