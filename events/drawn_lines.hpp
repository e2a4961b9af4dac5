// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "chronotope/core/part.hpp"

namespace chronotope::events {

/// Which lines of a network's inputs a part of it draws: those that it hears. A line that several hear is told - counted
/// and saved - by the first of them, one that nobody hears is drawn and told by rank 0. Memory: two bits per line.
class DrawnLines {
 public:
  /// Of no inputs.
  DrawnLines() = default;
  /// `lines[input]` is how many lines there are, 0 for an input that is not queued; hears(input, line) says whether a
  /// spike of one can end here. All parts make theirs at once. Cost: an exchange of a bit per line.
  DrawnLines(const Part& part, std::vector<std::uint32_t> lines,
             const std::function<bool(std::uint32_t input, std::uint32_t line)>& hears);

  bool is_drawn(std::uint32_t input, std::uint64_t line) const { return drawn_[place(input, line)]; }
  bool is_told(std::uint32_t input, std::uint64_t line) const { return told_[place(input, line)]; }
  /// Calls take(input, line) for those that this part tells.
  template <class Take>
  void for_each_told(Take take) const {
    for (std::uint32_t input = 0; input < lines_.size(); ++input)
      for (std::uint32_t line = 0; line < lines_[input]; ++line)
        if (is_told(input, line)) take(input, line);
  }

 private:
  std::size_t place(std::uint32_t input, std::uint64_t line) const { return first_[input] + line; }

  std::vector<std::uint32_t> lines_;
  std::vector<std::size_t> first_;  // of an input, among all lines
  std::vector<bool> drawn_;
  std::vector<bool> told_;
};

}  // namespace chronotope::events
