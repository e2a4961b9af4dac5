// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/pybind11.h>

#include <string>

namespace chronotope::apps {

/// The text of a str, in UTF-8. Throws InputError for what UTF-8 has no bytes for, ValueError for a NUL.
std::string utf8(pybind11::handle text);

/// Of a path: str, bytes or os.PathLike. Throws TypeError for anything else, and what utf8() throws.
std::string path_text(pybind11::handle path);

}  // namespace chronotope::apps
