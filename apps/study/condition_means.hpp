// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "chronotope/proto/study.pb.h"
#include "chronotope/topology/divergence/resampling.hpp"

namespace chronotope::apps {

/// Mean accuracy of one read-out over the wirings of a condition.
struct AccuracyMean {
  double accuracy = 0;
  /// Binomial, of the mean number that was right among those scored: all wirings meet the same stimuli, so
  /// more of them do not make it narrower.
  topology::Interval interval;
  std::string missing;  ///< of any wiring
};

/// The accuracies of one method on one split.
struct AccuracyTable {
  struct Line {
    std::string source;  ///< condition, or input
    std::map<std::string, AccuracyMean> of_code;
  };
  std::string title;  ///< "logistic, 5-fold"
  double chance = 0;
  std::vector<std::string> codes;
  std::vector<Line> lines;
};

/// A table per method and split, in the report's order; none without read-outs.
std::vector<AccuracyTable> accuracy_tables(const StudyReport& report);

/// Why accuracies are missing: what, of whom, and the reason, each reason once.
std::vector<std::string> missing_accuracies(const StudyReport& report);

/// What some numbers have in common.
struct Spread {
  std::size_t values = 0;
  double mean = 0;
  double least = 0;
  double most = 0;

  void add(double value);
};

/// What the networks of a condition do, over its wirings.
struct ActivityLine {
  std::string condition;
  std::string description;
  Spread rate_hz, probe_spikes, memory, memory_spikes, efficiency;
};

std::vector<ActivityLine> activity_lines(const StudyReport& report);

}  // namespace chronotope::apps
