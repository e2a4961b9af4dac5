// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/heap_pages.hpp"

#include <cstdint>
#include <cstdlib>

#if defined(__linux__) && defined(__GLIBC__)
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace chronotope::apps {

#if defined(__linux__) && defined(__GLIBC__)

void prefer_large_heap_pages() {
  constexpr int kHeap = 64 << 20;
  constexpr int kLeastMapping = 8 << 20;  // what is larger comes from the system and goes back
  constexpr std::uintptr_t kPage = 2 << 20;
  mallopt(M_MMAP_THRESHOLD, kLeastMapping);
  mallopt(M_TRIM_THRESHOLD, 2 * kHeap);
  mallopt(M_TOP_PAD, kHeap);
  const auto heap_end = [] { return reinterpret_cast<std::uintptr_t>(sbrk(0)); };
  const std::uintptr_t begin = (heap_end() + kPage - 1) / kPage * kPage;
  void* volatile grows_the_heap = std::malloc(kLeastMapping / 2);
  std::free(grows_the_heap);
  if (const std::uintptr_t end = heap_end(); end > begin)
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);  // a wish, refused without harm
}

#else

void prefer_large_heap_pages() {}

#endif

}  // namespace chronotope::apps
