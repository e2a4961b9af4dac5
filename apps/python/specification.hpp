// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/pybind11.h>

#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {

/// Reads a specification that Python hands over: a path (os.PathLike, or a str of one line without braces), text
/// (textproto or JSON), bytes, a dictionary as JSON would have it, a message (what has SerializeToString) or what makes
/// one of these with to_specification(). Relative paths in what is no file start at the working directory.
/// Throws TypeError for anything else, InputError as read_spec().
void read_specification(pybind11::handle object, proto::SpecText& spec);

}  // namespace chronotope::apps
