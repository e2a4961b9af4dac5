// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chronotope/apps/study/pair_scores.hpp"
#include "chronotope/apps/study/plan.hpp"
#include "chronotope/proto/study.pb.h"

namespace chronotope::apps {

/// What scores say, and of what.
struct Findings {
  const StudyPlan& plan;
  const std::vector<Cell>& cells;
  const std::vector<PairLayers>& scores;
  std::uint64_t seed;  // of the specification

  /// Adds the decisions of every contrast, layers and rows; a family (for Holm) is the five layers of one of
  /// these. The first layers and raw rows decide, the others stand beside.
  void add_decisions(StudyReport& report) const;
  /// Adds the ratios of every contrast to its floors and controls.
  void add_floors(StudyReport& report) const;
  /// Adds T of the contrasts between wirings.
  void add_wiring_tests(StudyReport& report) const;
  /// Adds a row per score.
  void add_scores(StudyReport& report) const;
};

}  // namespace chronotope::apps
