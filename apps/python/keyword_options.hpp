// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/pybind11.h>

#include <boost/program_options.hpp>
#include <string>

#include "chronotope/apps/options/usage.hpp"
#include "chronotope/apps/verbs/verbs.hpp"

namespace chronotope::apps {

/// Keyword arguments as words of a command: snapshot_every=10 is --snapshot-every=10, from_=0 is --from=0. None and False
/// stand for what is not given. The members of a list or array are joined by commas where the option stands once, else each
/// is a word. Throws TypeError for a keyword that is no option of the table, and for a value that no option can have.
Arguments arguments_of(const pybind11::kwargs& keywords, const Usage& usage);

/// The keyword arguments of a function as options of its table, so that ranges, defaults and refusals are the program's.
/// Throws what arguments_of() and parse() throw.
boost::program_options::variables_map read_keywords(const Usage& usage, const pybind11::kwargs& keywords);

/// What a docstring says of the options: a line each, with default and range.
std::string keywords_text(const Usage& usage);

}  // namespace chronotope::apps
