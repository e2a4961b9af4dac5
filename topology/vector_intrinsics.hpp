// SPDX-License-Identifier: Apache-2.0
#pragma once

// <immintrin.h>, quietly: g++ 12 takes the undefined lanes inside its own AVX-512 header for a mistake (GCC
// bug 105593), and clang does not know the name of one of the warnings.
#if defined(__x86_64__)
#if defined(__clang__)
#include <immintrin.h>
#else
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#endif
#endif
