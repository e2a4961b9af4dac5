// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace chronotope {

inline constexpr std::size_t kLine = 64;  // of memory [bytes]

/// Asks for a line of memory that is about to be used. The empty statement is an effect: GCC drops calls of
/// functions that do nothing but ask for memory.
inline void prefetch_line(const void* address) {
  __builtin_prefetch(address);
  asm volatile("");
}

/// Asks for the memory of a row's begin; the processor's own prefetcher has the rest.
template <class T>
void prefetch_begin(std::span<const T> row) {
  constexpr std::size_t kPerLine = kLine / sizeof(T);
  constexpr std::size_t kLines = 8;
  const std::size_t size = std::min(row.size(), kLines * kPerLine);
  for (std::size_t k = 0; k < size; k += kPerLine) prefetch_line(row.data() + k);
}

/// Asks for the memory of an object.
template <class T>
void prefetch_object(const T& object) {
  const auto* const begin = reinterpret_cast<const std::byte*>(&object);
  for (std::size_t k = 0; k < sizeof(T); k += kLine) prefetch_line(begin + k);
}

}  // namespace chronotope
