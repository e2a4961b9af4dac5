// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace chronotope::models {

/// Memory that begins at a multiple of the widest vector, so that no load of a padded row is split in two.
template <class T>
struct AlignedMemory {
  using value_type = T;
  static constexpr std::align_val_t kAlignment{64};

  AlignedMemory() = default;
  template <class U>
  explicit AlignedMemory(const AlignedMemory<U>&) {}

  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), kAlignment)); }
  void deallocate(T* memory, std::size_t) { ::operator delete(memory, kAlignment); }
  friend bool operator==(const AlignedMemory&, const AlignedMemory&) { return true; }
};

template <class T>
using AlignedColumn = std::vector<T, AlignedMemory<T>>;

}  // namespace chronotope::models
