// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include "chronotope/core/error.hpp"

namespace chronotope::apps {

/// Makes the folder of a verb's results, and those above it. Throws InputError where that is not possible.
inline void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw InputError(folder.string() + ": cannot make the folder: " + error.message());
}

}  // namespace chronotope::apps
