// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/drawn_lines.hpp"

#include <string>
#include <utility>

namespace chronotope::events {
namespace {

constexpr std::size_t kBits = 8;

std::string packed(const std::vector<bool>& bits) {
  std::string bytes((bits.size() + kBits - 1) / kBits, '\0');
  for (std::size_t k = 0; k < bits.size(); ++k)
    if (bits[k]) bytes[k / kBits] = static_cast<char>(bytes[k / kBits] | 1 << k % kBits);
  return bytes;
}

bool is_set(const std::string& bytes, std::size_t k) {
  return (static_cast<unsigned char>(bytes[k / kBits]) >> k % kBits & 1U) != 0;
}

}  // namespace

DrawnLines::DrawnLines(const Part& part, std::vector<std::uint32_t> lines,
                       const std::function<bool(std::uint32_t, std::uint32_t)>& hears)
    : lines_(std::move(lines)) {
  for (std::uint32_t input = 0; input < lines_.size(); ++input) {
    first_.push_back(drawn_.size());
    for (std::uint32_t line = 0; line < lines_[input]; ++line)
      drawn_.push_back(part.is_whole() || hears(input, line));
  }
  told_ = drawn_;
  if (part.is_whole()) return;
  const std::vector<std::string> all = part.exchange()->all(packed(drawn_));
  for (std::size_t k = 0; k < drawn_.size(); ++k) {
    std::size_t teller = 0;
    while (teller < all.size() && !is_set(all[teller], k)) ++teller;
    if (teller == all.size()) teller = 0;
    told_[k] = teller == part.exchange()->rank();
    drawn_[k] = drawn_[k] || told_[k];
  }
}

}  // namespace chronotope::events
