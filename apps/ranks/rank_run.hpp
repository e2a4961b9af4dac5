// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/core.h>

#include <cstdio>
#include <exception>
#include <string>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/core/exchange.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {

/// Does one rank's `work` for `who`, which returns an exit code. When a rank fails all do, and rank 0 says why in one
/// line; they all end with the exit code of that.
template <class Work>
int run_as_rank(Exchange& exchange, const std::string& who, Work work) {
  const auto tell = [&](const std::string& what, int code) {
    if (exchange.is_root()) std::fputs((printable(who + ": " + what) + "\n").c_str(), stderr);
    return code;
  };
  try {
    try {
      const int code = work();
      exchange.all("");  // nobody fails any more
      return code;
    } catch (const Interrupted& interrupted) {
      exchange.fail(Failure("interrupted: " + interrupted.left));
    } catch (const std::exception& error) {
      exchange.fail(error);
    }
  } catch (const InputError& error) {
    return tell(error.what(), 2);
  } catch (const Failure& error) {
    return tell(error.what(), 1);
  }
}

}  // namespace chronotope::apps
