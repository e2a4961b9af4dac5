// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chronotope::apps {

/// For verbs that make and drop many matrices of some megabytes: lets the heap keep what is freed and asks
/// the system for large pages under it, so that such a matrix costs one page fault instead of one for every 4
/// KB. Reserves 64 MB of addresses, not of memory; a page is taken in use when it is touched, 2 MB at once.
/// Does nothing where the system has no such thing.
void prefer_large_heap_pages();

}  // namespace chronotope::apps
