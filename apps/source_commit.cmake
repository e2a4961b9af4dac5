# SPDX-License-Identifier: Apache-2.0
# cmake -DSOURCE=FOLDER -DOUT=FILE -P source_commit.cmake: writes the commit of FOLDER as a C++ file, if it is another than what is there.
execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit unknown)
endif()
file(CONFIGURE OUTPUT ${OUT} CONTENT [[
#include "chronotope/apps/source_commit.hpp"

namespace chronotope::apps {

const char* const kSourceCommit = "@commit@";

}  // namespace chronotope::apps
]] @ONLY)
