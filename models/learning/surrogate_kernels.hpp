// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace chronotope::models {

/// Columns of neurons are padded to a multiple of this many, which every vector width divides.
inline constexpr std::size_t kNeuronPad = 16;
/// A row of the dense product may be read and written back this far beyond its end.
inline constexpr std::size_t kRowSlack = 64;
/// Items of a batch go through products in groups of this many.
inline constexpr std::size_t kItemGroup = 8;

/// What one step of the grid needs of every neuron: potentials are relative to E_L [mV], currents are in pA.
/// Columns with a receptor are [receptor][neuron], `padded` apart.
template <class Real>
struct GridNeurons {
  std::size_t padded = 0;  // number of neurons, up to a multiple of kNeuronPad
  std::size_t receptors = 0;
  const Real* alpha = nullptr;      // e^(-D/tau_m)
  const Real* drift = nullptr;      // (1 - alpha) R I_e
  const Real* threshold = nullptr;  // V_th - E_L; infinite for padding
  const Real* reset = nullptr;      // V_reset - E_L
  const Real* hold = nullptr;       // refractory steps; null when no neuron has any
  const Real* scale = nullptr;      // 1/Delta
  const Real* kick = nullptr;       // phi_s(D)/C_m
  const Real* decay = nullptr;      // e^(-D/tau_s)
  Real beta = 0;
};

/// One item's variables in one step backward. Pointers with a receptor lead to [receptor][neuron] with
/// `receptor_stride` between receptors.
template <class Real>
struct AdjointStep {
  const Real* U = nullptr;       // of step t; -infinity in the refractory period
  const Real* h = nullptr;       // dL/ds_t
  Real* u = nullptr;             // u*: of t + 1, becomes that of t
  const Real* g_next = nullptr;  // of t + 1
  Real* g = nullptr;             // becomes that of t
  std::size_t receptor_stride = 0;
};

/// What the gradients of the neurons' constants are linear in: sums over t, kept per neuron.
template <class Real>
struct ConstantSums {
  const Real* V_before = nullptr;  // U_(t-1) as it was stored, or V_0
  const Real* I_before = nullptr;  // I_(s,t-1), [receptor][neuron], `padded` apart
  Real* u = nullptr;               // sum of u*_t
  Real* u_V = nullptr;             // of u*_t (V_(t-1) - E_L)
  Real* threshold = nullptr;       // of m_t sigma'(u_t)/Delta h_t
  Real* reset = nullptr;           // of [s_t + 1 - m_t] v_t
  Real* u_I = nullptr;             // of u*_t I_(s,t-1), [receptor][neuron]
  Real* g_I = nullptr;             // of g_(s,t) I_(s,t-1), [receptor][neuron]
};

/// Synapses of one receptor and delay in rows, one per source.
template <class Real>
struct SparseRows {
  std::size_t sources = 0;
  const std::uint32_t* begin = nullptr;  // one more than there are sources
  const std::uint32_t* target = nullptr;
  const Real* weight = nullptr;
};

/// The inner loops of the surrogate method, compiled for several vector widths. All give the same bits: lanes
/// do not mix, and a sum over synapses is a chain of fused multiply-adds in the order of the synapses.
template <class Real>
struct SurrogateKernels {
  /// One step of one item: U_t from V_(t-1) and I_(s,t-1), spikes, reset, decay of the currents. Writes the
  /// neurons that fired in ascending order and returns how many. `wait`: refractory steps left; unused when
  /// there is no `hold`.
  std::size_t (*integrate)(const GridNeurons<Real>&, Real* V, Real* I, Real* wait, Real* U,
                           std::uint32_t* fired);
  void (*back)(const GridNeurons<Real>&, const AdjointStep<Real>&);
  void (*back_with_constants)(const GridNeurons<Real>&, const AdjointStep<Real>&, const ConstantSums<Real>&);
  /// into[i] += factor row[i]. Requires: count is a multiple of kNeuronPad.
  void (*add_row)(Real* into, const Real* row, Real factor, std::size_t count);

  /// Columns of a panel of `pack`ed weights.
  std::size_t panel;
  /// H[item][source] += sum over targets in order of W[source][target] G[item][target] for all sources of
  /// ceil(sources/panel) panels, each [target][panel]. Requires: items is a multiple of kItemGroup; a row of
  /// H has kRowSlack more entries.
  void (*multiply)(const Real* panels, std::size_t sources, std::size_t targets, const Real* G,
                   std::size_t G_stride, Real* H, std::size_t H_stride, std::size_t items);
  /// H[source][item] = sum over its synapses in order of weight G[target][item]. Requires: items is a
  /// multiple of kItemGroup.
  void (*multiply_sparse)(const SparseRows<Real>&, const Real* G, Real* H, std::size_t items);
};

/// Those for this processor's widest vectors.
template <class Real>
const SurrogateKernels<Real>& widest_kernels();
template <>
const SurrogateKernels<float>& widest_kernels();
template <>
const SurrogateKernels<double>& widest_kernels();

enum class KernelWidth { kBaseline, kAvx2, kAvx512 };

/// Those of one width, or null when this processor or build does not have it.
template <class Real>
const SurrogateKernels<Real>* kernels_of(KernelWidth width);
template <>
const SurrogateKernels<float>* kernels_of(KernelWidth width);
template <>
const SurrogateKernels<double>* kernels_of(KernelWidth width);

/// The tables of the files that are compiled for one width each.
struct KernelTables {
  SurrogateKernels<float> of_float;
  SurrogateKernels<double> of_double;
};
const KernelTables& baseline_kernels();
const KernelTables& avx2_kernels();    // Requires: AVX2 and FMA
const KernelTables& avx512_kernels();  // Requires: AVX-512F

}  // namespace chronotope::models
