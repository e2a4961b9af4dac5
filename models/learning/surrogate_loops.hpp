// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "chronotope/models/learning/surrogate_kernels.hpp"

namespace chronotope::models {

/// The loops behind SurrogateKernels on vectors of one width. `Simd` is the width's own and local to the file
/// that instantiates this, so that no code for a wide processor is linked where another may call it:
///
///   Vector          of Real, a GCC vector type
///   kWidth          its lanes
///   kItems          rows of accumulators of the dense product, a divisor of kItemGroup
///   fma(a, b, c)    a b + c, rounded once
///   reached(a, b)   bits of the lanes where a >= b
template <class Simd, class Real>
struct SurrogateLoops {
  using Vector = typename Simd::Vector;
  static constexpr std::size_t kWidth = Simd::kWidth;
  static constexpr std::size_t kPanelVectors = 3;
  static constexpr std::size_t kPanel = kPanelVectors * kWidth;

  static Vector load(const Real* from) {
    Vector v;
    __builtin_memcpy(&v, from, sizeof v);
    return v;
  }
  static void store(Real* to, const Vector& v) { __builtin_memcpy(to, &v, sizeof v); }
  static Vector all(Real x) { return Vector{} + x; }
  static constexpr Real kInfinity = static_cast<Real>(__builtin_inf());

  static std::size_t integrate(const GridNeurons<Real>& p, Real* V, Real* I, Real* wait, Real* U,
                               std::uint32_t* fired) {
    return p.hold != nullptr ? integrate_all<true>(p, V, I, wait, U, fired)
                             : integrate_all<false>(p, V, I, wait, U, fired);
  }

  template <bool kRefractory>
  static std::size_t integrate_all(const GridNeurons<Real>& p, Real* V, Real* I, Real* wait, Real* U,
                                   std::uint32_t* fired) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < p.padded; i += kWidth) {
      Vector u = load(p.alpha + i) * load(V + i) + load(p.drift + i);
      for (std::size_t s = 0; s < p.receptors; ++s) {
        const std::size_t at = s * p.padded + i;
        const Vector current = load(I + at);
        u += load(p.kick + at) * current;
        store(I + at, load(p.decay + at) * current);
      }
      const Vector threshold = load(p.threshold + i);
      const Vector reset = load(p.reset + i);
      if constexpr (kRefractory) {
        const Vector left = load(wait + i);
        u = left > 0 ? all(-kInfinity) : u;
        store(wait + i, u >= threshold ? load(p.hold + i) : left - 1);
      }
      store(U + i, u);
      if constexpr (kRefractory)
        store(V + i, (u >= threshold) | (u == -kInfinity) ? reset : u);
      else
        store(V + i, u >= threshold ? reset : u);
      for (unsigned bits = Simd::reached(u, threshold); bits != 0; bits &= bits - 1)
        fired[count++] = static_cast<std::uint32_t>(i) + static_cast<unsigned>(__builtin_ctz(bits));
    }
    return count;
  }

  static void back(const GridNeurons<Real>& p, const AdjointStep<Real>& x) {
    p.hold != nullptr ? back_all<true, false>(p, x, nullptr) : back_all<false, false>(p, x, nullptr);
  }
  static void back_with_constants(const GridNeurons<Real>& p, const AdjointStep<Real>& x,
                                  const ConstantSums<Real>& sums) {
    p.hold != nullptr ? back_all<true, true>(p, x, &sums) : back_all<false, true>(p, x, &sums);
  }

  template <bool kRefractory, bool kConstants>
  static void back_all(const GridNeurons<Real>& p, const AdjointStep<Real>& x,
                       const ConstantSums<Real>* sums) {
    for (std::size_t i = 0; i < p.padded; i += kWidth) {
      const Vector U = load(x.U + i);
      const Vector u_next = load(x.u + i);
      const Vector v = load(p.alpha + i) * u_next;
      const Vector threshold = load(p.threshold + i);
      const Vector scale = load(p.scale + i);
      const Vector distance = (U - threshold) * scale;
      const Vector slope = 1 + p.beta * (distance < 0 ? -distance : distance);
      const Vector through_spike = scale / (slope * slope) * load(x.h + i);
      Vector u = U >= threshold ? through_spike : v + through_spike;
      if constexpr (kRefractory) u = U == -kInfinity ? Vector{} : u;
      store(x.u + i, u);
      for (std::size_t s = 0; s < p.receptors; ++s) {
        const std::size_t at = s * p.padded + i;
        const std::size_t there = s * x.receptor_stride + i;
        const Vector g = load(p.kick + at) * u_next + load(p.decay + at) * load(x.g_next + there);
        store(x.g + there, g);
        if constexpr (kConstants) {
          const Vector current = load(sums->I_before + at);
          add(sums->u_I + at, u * current);
          add(sums->g_I + at, g * current);
        }
      }
      if constexpr (kConstants) {
        const Vector before = load(sums->V_before + i);
        const Vector V = (before >= threshold) | (before == -kInfinity) ? load(p.reset + i) : before;
        add(sums->u + i, u);
        add(sums->u_V + i, u * V);
        add(sums->threshold + i, through_spike);
        add(sums->reset + i, (U >= threshold) | (U == -kInfinity) ? v : Vector{});
      }
    }
  }
  static void add(Real* to, const Vector& v) { store(to, load(to) + v); }

  static void add_row(Real* into, const Real* row, Real factor, std::size_t count) {
    const Vector f = all(factor);
    for (std::size_t i = 0; i < count; i += kWidth)
      store(into + i, Simd::fma(f, load(row + i), load(into + i)));
  }

  static void multiply(const Real* panels, std::size_t sources, std::size_t targets, const Real* G,
                       std::size_t G_stride, Real* H, std::size_t H_stride, std::size_t items) {
    for (std::size_t first = 0; first < sources; first += kPanel, panels += targets * kPanel)
      for (std::size_t item = 0; item < items; item += Simd::kItems)
        multiply_block(panels, targets, G + item * G_stride, G_stride, H + item * H_stride + first, H_stride);
  }

  /// kItems rows of one panel, in registers.
  static void multiply_block(const Real* panel, std::size_t targets, const Real* G, std::size_t G_stride,
                             Real* H, std::size_t H_stride) {
    Vector sum[Simd::kItems][kPanelVectors];
    for (std::size_t b = 0; b < Simd::kItems; ++b)
      for (std::size_t k = 0; k < kPanelVectors; ++k) sum[b][k] = load(H + b * H_stride + k * kWidth);
    for (std::size_t j = 0; j < targets; ++j, panel += kPanel) {
      const Vector w0 = load(panel);
      const Vector w1 = load(panel + kWidth);
      const Vector w2 = load(panel + 2 * kWidth);
#pragma GCC unroll 8
      for (std::size_t b = 0; b < Simd::kItems; ++b) {
        const Vector g = all(G[b * G_stride + j]);
        sum[b][0] = Simd::fma(w0, g, sum[b][0]);
        sum[b][1] = Simd::fma(w1, g, sum[b][1]);
        sum[b][2] = Simd::fma(w2, g, sum[b][2]);
      }
    }
    for (std::size_t b = 0; b < Simd::kItems; ++b)
      for (std::size_t k = 0; k < kPanelVectors; ++k) store(H + b * H_stride + k * kWidth, sum[b][k]);
  }

  static void multiply_sparse(const SparseRows<Real>& rows, const Real* G, Real* H, std::size_t items) {
    std::size_t item = 0;
    for (; item + 2 * kWidth <= items; item += 2 * kWidth) multiply_columns<2>(rows, G, H, items, item);
    for (; item + kWidth <= items; item += kWidth) multiply_columns<1>(rows, G, H, items, item);
    for (; item < items; ++item) multiply_one(rows, G, H, items, item);
  }

  /// Several rows at once, as far as the shortest goes, so that their chains of sums overlap.
  template <std::size_t kVectors>
  static void multiply_columns(const SparseRows<Real>& rows, const Real* G, Real* H, std::size_t items,
                               std::size_t item) {
    constexpr std::size_t kRows = 4;
    const Real* const from = G + item;
    std::size_t i = 0;
    for (; i + kRows <= rows.sources; i += kRows) {
      Vector sum[kRows][kVectors] = {};
      std::size_t shared = rows.begin[i + 1] - rows.begin[i];
      for (std::size_t r = 1; r < kRows; ++r) {
        const std::size_t length = rows.begin[i + r + 1] - rows.begin[i + r];
        shared = length < shared ? length : shared;
      }
      for (std::size_t k = 0; k < shared; ++k)
#pragma GCC unroll 4
        for (std::size_t r = 0; r < kRows; ++r)
          add_synapse<kVectors>(rows, rows.begin[i + r] + k, from, items, sum[r]);
      for (std::size_t r = 0; r < kRows; ++r) {
        for (std::size_t k = rows.begin[i + r] + shared; k < rows.begin[i + r + 1]; ++k)
          add_synapse<kVectors>(rows, k, from, items, sum[r]);
        for (std::size_t v = 0; v < kVectors; ++v) store(H + (i + r) * items + item + v * kWidth, sum[r][v]);
      }
    }
    for (; i < rows.sources; ++i) {
      Vector sum[kVectors] = {};
      for (std::size_t k = rows.begin[i]; k < rows.begin[i + 1]; ++k)
        add_synapse<kVectors>(rows, k, from, items, sum);
      for (std::size_t v = 0; v < kVectors; ++v) store(H + i * items + item + v * kWidth, sum[v]);
    }
  }

  template <std::size_t kVectors>
  static void add_synapse(const SparseRows<Real>& rows, std::size_t k, const Real* from, std::size_t items,
                          Vector* sum) {
    const Real* const g = from + rows.target[k] * items;
    const Vector w = all(rows.weight[k]);
#pragma GCC unroll 2
    for (std::size_t v = 0; v < kVectors; ++v) sum[v] = Simd::fma(w, load(g + v * kWidth), sum[v]);
  }

  static void multiply_one(const SparseRows<Real>& rows, const Real* G, Real* H, std::size_t items,
                           std::size_t item) {
    for (std::size_t i = 0; i < rows.sources; ++i) {
      Real sum = 0;
      for (std::size_t k = rows.begin[i]; k < rows.begin[i + 1]; ++k)
        sum = Simd::fma(rows.weight[k], G[rows.target[k] * items + item], sum);
      H[i * items + item] = sum;
    }
  }

  static SurrogateKernels<Real> table() {
    return {&integrate, &back, &back_with_constants, &add_row, kPanel, &multiply, &multiply_sparse};
  }
};

}  // namespace chronotope::models
