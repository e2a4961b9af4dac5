// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/apps/options/usage.hpp"

namespace chronotope::apps {

// What is made of a verb's table of options beside its --help.

/// The page chronotope-VERB(1), as roff.
std::string man_page(const Usage& usage);

/// The verb's part of the completion for bash: a branch of a `case` on the verb that sets `options`, all
/// names, and by the option before the cursor `values`, its words, or `files`, when a path stands there.
std::string completion_branch(const Usage& usage);

/// What stands before and behind the branches of all verbs.
std::string completion_begin(const std::string& verbs);
std::string completion_end();

/// A line of roff in which nothing is taken for a request or a mark.
std::string roff(const std::string& text);

}  // namespace chronotope::apps
