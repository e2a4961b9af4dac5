// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/core/state.hpp"

namespace chronotope::tests {

/// A state in memory.
struct Columns final : StateSink, StateSource {
  std::vector<std::pair<std::string, std::string>> columns;
  std::size_t next = 0;

  void write(const std::string& path, const std::string& bytes) override {
    columns.emplace_back(path, bytes);
  }
  std::string read(const std::string& path) override {
    if (next == columns.size() || columns[next].first != path) throw InputError("no " + path);
    return columns[next++].second;
  }
};

}  // namespace chronotope::tests
