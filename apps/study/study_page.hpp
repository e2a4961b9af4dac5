// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "chronotope/apps/report/report_page.hpp"
#include "chronotope/proto/study.pb.h"

namespace chronotope::apps {

/// Fills a page with what a study found: its decisions as words, a forest plot and a table, what the words
/// mean, floors and ceiling, curves and sweep where there are any, activity, missing values, then the
/// networks of one wiring side by side, and how all of it was made. Reads the streams of `folder` for the
/// pictures of the networks; one that is gone is left out. Every number is study.json's.
void add_study(ReportPage& page, const StudyReport& report, const std::filesystem::path& folder);

/// "het against hom STDP: distinct in L1, L3": the title of the page.
std::string study_title(const StudyReport& report);

}  // namespace chronotope::apps
