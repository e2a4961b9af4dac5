// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <new>
#include <string>

#include "chronotope/core/error.hpp"
#include "chronotope/core/machine_memory.hpp"

namespace chronotope::proto {

/// Does read(), whose result grows with the file `name`: one that ends after more than the process can have,
/// as `yes 1,2` through a pipe, is an InputError that says how much this is.
template <class Read>
auto within_memory(const std::string& name, Read read) {
  try {
    return read();
  } catch (const std::bad_alloc&) {
    char memory[32];
    std::snprintf(memory, sizeof memory, "%.3g GB", machine_memory() / 1e9);
    throw InputError(name + ": holds more than the " + std::string(memory) + " of memory there are");
  }
}

}  // namespace chronotope::proto
