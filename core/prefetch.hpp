// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace chronotope {

/// Asks for the memory of a row's begin, which is about to be used; the processor's own prefetcher has the
/// rest.
template <class T>
void prefetch_begin(std::span<const T> row) {
  constexpr std::size_t kPerLine = 64 / sizeof(T);
  constexpr std::size_t kLines = 8;
  const std::size_t size = std::min(row.size(), kLines * kPerLine);
  for (std::size_t k = 0; k < size; k += kPerLine) __builtin_prefetch(row.data() + k);
}

}  // namespace chronotope
