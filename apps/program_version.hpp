// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chronotope::apps {

/// What --version tells: "0.1.0 (commit 0123456789ab, stream format 2, reads 1 to 2)". The commit is that of the source
/// folder when the program was linked, "unknown" outside of a repository.
std::string program_version();

}  // namespace chronotope::apps
