// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chronotope::apps {

/// The commit of the source folder; source_commit.cmake writes what it is.
extern const char* const kSourceCommit;

}  // namespace chronotope::apps
