// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace chronotope {

/// Asks the kernel to map memory that nobody has touched in large pages (2 MB instead of 4 kB). A spike's rows lie anywhere
/// in the columns of synapses; with small pages the processor looks up each of them in tables that are not in its cache
/// either. Does nothing for less than a few large pages, or where the kernel has none to give (madvise(2),
/// /sys/kernel/mm/transparent_hugepage/enabled).
void ask_for_large_pages(void* begin, std::size_t bytes);

/// Room for `size` values. Requires: empty, never larger before.
template <class T>
void reserve_in_large_pages(std::vector<T>& column, std::size_t size) {
  column.reserve(size);
  ask_for_large_pages(column.data(), size * sizeof(T));
}

/// So many values, all T().
template <class T>
std::vector<T> column_in_large_pages(std::size_t size) {
  std::vector<T> column;
  reserve_in_large_pages(column, size);
  column.resize(size);
  return column;
}

}  // namespace chronotope
