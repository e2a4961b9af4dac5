// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chronotope::events {

/// The instruction sets a kernel is compiled for. Every one gives the same bits: lanes do not mix.
enum class VectorSet { kBaseline, kAvx2, kAvx512 };

inline VectorSet widest_vectors() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return VectorSet::kAvx512;
  if (__builtin_cpu_supports("avx2")) return VectorSet::kAvx2;
#endif
  return VectorSet::kBaseline;
}

}  // namespace chronotope::events
