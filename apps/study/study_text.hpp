// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/proto/study.pb.h"

namespace chronotope::apps {

/// What a contrast comes to by the rows and layers that decide, in one sentence: "het against hom STDP, 8
/// wirings: distinct in L1, L3; the same in no layer; undecided in L2 (some 14 wirings would decide), L4,
/// L5."
std::string conclusion(const StudyReport& report, const std::string& contrast);

/// The whole study as text, table.txt: every contrast with its decisions in words and numbers, floors and
/// controls, the test between wirings, and the reason of every missing value.
std::string study_text(const StudyReport& report);

}  // namespace chronotope::apps
