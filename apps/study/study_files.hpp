// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "chronotope/proto/study.pb.h"

namespace chronotope::apps {

/// The tables that a study writes beside its streams, one row per fact: a message of StudyReport each, a
/// column per field, in the schema's order. A number that is not known is an empty field.
std::vector<std::string> study_file_names();

/// Writes study.json and the tables; each appears complete.
void write_study_files(const StudyReport& report, const std::filesystem::path& folder);

/// Reads study.json of a folder. Throws InputError when there is none or it is of another schema.
StudyReport read_study_report(const std::filesystem::path& folder);

}  // namespace chronotope::apps
