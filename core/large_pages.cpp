// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/large_pages.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace chronotope {

#ifdef MADV_HUGEPAGE

void ask_for_large_pages(void* begin, std::size_t bytes) {
  constexpr std::size_t kFew = std::size_t{8} << 20;
  if (bytes < kFew) return;
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto first = (reinterpret_cast<std::uintptr_t>(begin) + page - 1) / page * page;
  const auto last = (reinterpret_cast<std::uintptr_t>(begin) + bytes) / page * page;
  madvise(reinterpret_cast<void*>(first), last - first,
          MADV_HUGEPAGE);  // a wish: without it all is right, but slower
}

#else

void ask_for_large_pages(void*, std::size_t) {}

#endif

}  // namespace chronotope
