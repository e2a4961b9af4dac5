// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "chronotope/core/stepped_neuron.hpp"
#include "chronotope/events/clock/clock_options.hpp"
#include "chronotope/events/clock/integration.hpp"
#include "chronotope/events/clock/vector_set.hpp"

namespace chronotope::events {

/// The columns of one population: what is there of every variable, one array each.
template <SteppedNeuron M>
struct GridColumns {
  const typename M::Parameters* parameters;                   // one, or one per neuron
  std::array<const double*, kSteppedConstants<M>> constants;  // likewise
  const double* hold;                                         // t_ref in steps, likewise
  std::array<double*, kSteppedVariables<M>> variables;
  std::array<double*, kSteppedVariables<M>> next;  // for moves that may be taken back
  std::array<double*, kSteppedReceptors<M>> inputs;
  double* wait;  // refractory steps that are left, <= 0: none; in moves, time that is left [ticks]
  RefractoryRule refractory;
  double dt;
};

/// The loops over neurons. `flags[i - begin]` becomes nonzero where something has to be done one by one; the
/// result tells whether that is so anywhere. Wide vectors are for closed forms, where they pay most.
template <SteppedNeuron M, Integrator kIntegrator, bool kShared>
struct GridKernel {
  using Form = SteppedForm<M>;
  using Columns = GridColumns<M>;
  using Loop = std::int64_t (*)(const Columns&, std::size_t begin, std::size_t end, std::int64_t* flags);

  /// One step, with the arrivals in `inputs`, which are set to 0. Flags the neurons that fired.
  template <GridConvention kConvention>
  [[gnu::always_inline]] static std::int64_t step(const Columns& columns, std::size_t begin, std::size_t end,
                                                  std::int64_t* flags) {
    const Columns c = columns;
    const SteppedConstants<M> shared = constants(c, 0);
    const Limits limit = limits<kConvention>(c.refractory);
#pragma GCC ivdep
    for (std::size_t i = begin; i < end; ++i) {
      const SteppedConstants<M> own = kShared ? shared : constants(c, i);
      const auto& p = c.parameters[kShared ? 0 : i];
      const double hold = c.hold[kShared ? 0 : i];
      flags[i - begin] = step_one<kConvention>(c, own, p, limit, hold, i) >= 0 ? 1 : 0;
    }
    return any(flags, end - begin);
  }

  /// Moves `variables` to `next` through one step without arrivals. Flags the neurons whose step is not that
  /// simple: those in their refractory period and those that are at threshold at either end.
  [[gnu::always_inline]] static std::int64_t move(const Columns& columns, std::size_t begin, std::size_t end,
                                                  std::int64_t* flags) {
    const Columns c = columns;
    const SteppedConstants<M> shared = constants(c, 0);
#pragma GCC ivdep
    for (std::size_t i = begin; i < end; ++i) {
      const SteppedConstants<M> own = kShared ? shared : constants(c, i);
      const SteppedVariables<M> before = load(c.variables, i);
      const SteppedVariables<M> y =
          integrate<M, kIntegrator>(c.parameters[kShared ? 0 : i], own, before, c.dt, false);
      store(c.next, i, y);
      const double first = Form::excess(own, before);
      const double last = Form::excess(own, y);
      const double highest = first > last ? first : last;
      const double test = c.wait[i] > 0 ? 1 : highest;
      flags[i - begin] = test >= 0 ? 1 : 0;
    }
    return any(flags, end - begin);
  }

  static Loop step_loop(GridConvention convention, VectorSet set) {
    return convention == GridConvention::kNest ? step_loop<GridConvention::kNest>(set)
                                               : step_loop<GridConvention::kBrian2>(set);
  }
  static Loop move_loop([[maybe_unused]] VectorSet set) {
#if defined(__x86_64__)
    if constexpr (kIntegrator == Integrator::kExact) {
      if (set == VectorSet::kAvx512) return move_avx512;
      if (set == VectorSet::kAvx2) return move_avx2;
    }
#endif
    return move_baseline;
  }

 private:
  template <GridConvention kConvention>
  static Loop step_loop([[maybe_unused]] VectorSet set) {
#if defined(__x86_64__)
    if constexpr (kIntegrator == Integrator::kExact) {
      if (set == VectorSet::kAvx512) return step_avx512<kConvention>;
      if (set == VectorSet::kAvx2) return step_avx2<kConvention>;
    }
#endif
    return step_baseline<kConvention>;
  }

  [[gnu::always_inline]] static std::int64_t any(const std::int64_t* flags, std::size_t count) {
    std::int64_t found = 0;
    for (std::size_t k = 0; k < count; ++k) found |= flags[k];
    return found;
  }
  [[gnu::always_inline]] static SteppedConstants<M> constants(const Columns& c, std::size_t i) {
    SteppedConstants<M> result;
    for (std::size_t k = 0; k < result.size(); ++k) result[k] = c.constants[k][i];
    return result;
  }
  [[gnu::always_inline]] static SteppedVariables<M> load(
      const std::array<double*, kSteppedVariables<M>>& from, std::size_t i) {
    SteppedVariables<M> y;
    for (std::size_t k = 0; k < y.size(); ++k) y[k] = from[k][i];
    return y;
  }
  [[gnu::always_inline]] static void store(const std::array<double*, kSteppedVariables<M>>& to, std::size_t i,
                                           const SteppedVariables<M>& y) {
    for (std::size_t k = 0; k < y.size(); ++k) to[k][i] = y[k];
  }
  [[gnu::always_inline]] static SteppedInputs<M> take_inputs(const Columns& c, std::size_t i) {
    SteppedInputs<M> in;
    for (std::size_t r = 0; r < in.size(); ++r) {
      in[r] = c.inputs[r][i];
      c.inputs[r][i] = 0;
    }
    return in;
  }

  /// Above which number of refractory steps V is clamped, and above which jumps of arrivals are lost: `lost`
  /// and so many `holds`. Conditions on values are comparisons of doubles throughout, one at a time: that is
  /// what compilers turn into masks.
  struct Limits {
    double clamped;
    double lost;
    double holds;
  };
  template <GridConvention kConvention>
  [[gnu::always_inline]] static Limits limits(const RefractoryRule& rule) {
    constexpr double kNever = std::numeric_limits<double>::infinity();
    if (!rule.clamps) return {kNever, kNever, 0};
    if (!rule.keeps) return {0, 0, 0};
    // In Brian2's order a neuron that fired in the step before was reset after its arrivals.
    if (kConvention == GridConvention::kBrian2) return {0, -0.25, 1};
    return {0, kNever, 0};
  }

  /// Returns a number >= 0 when the neuron fires.
  template <GridConvention kConvention>
  [[gnu::always_inline]] static double step_one(const Columns& c, const SteppedConstants<M>& own,
                                                const typename M::Parameters& p, const Limits& limit,
                                                double hold, std::size_t i) {
    SteppedVariables<M> y = load(c.variables, i);
    const SteppedInputs<M> in = take_inputs(c, i);
    // In NEST's order the step that ends still counts, in Brian2's the one that begins no more.
    const double wait = c.wait[i];
    const double left = wait - 1;
    const double refractory = kConvention == GridConvention::kNest ? wait : left;
    if constexpr (kConvention == GridConvention::kBrian2)
      y = received(own, y, in, wait > limit.lost + limit.holds * hold);
    y = integrate<M, kIntegrator>(p, own, y, c.dt, refractory > limit.clamped);
    if constexpr (kConvention == GridConvention::kNest) y = received(own, y, in, wait > limit.lost);
    const double excess = Form::excess(own, y);
    const double test = refractory > 0 ? -1 : excess;
    const SteppedVariables<M> after = Form::reset(own, y);
    for (std::size_t k = 0; k < y.size(); ++k) y[k] = test >= 0 ? after[k] : y[k];
    store(c.variables, i, y);
    c.wait[i] = test >= 0 ? hold : left;
    return test;
  }

  [[gnu::always_inline]] static SteppedVariables<M> received(const SteppedConstants<M>& own,
                                                             const SteppedVariables<M>& y,
                                                             const SteppedInputs<M>& in, bool without_jump) {
    SteppedVariables<M> result = Form::receive(own, y, in);
    result[0] = without_jump ? y[0] : result[0];
    return result;
  }

  template <GridConvention kConvention>
  static std::int64_t step_baseline(const Columns& c, std::size_t begin, std::size_t end,
                                    std::int64_t* flags) {
    return step<kConvention>(c, begin, end, flags);
  }
  static std::int64_t move_baseline(const Columns& c, std::size_t begin, std::size_t end,
                                    std::int64_t* flags) {
    return move(c, begin, end, flags);
  }

#if defined(__x86_64__)
  template <GridConvention kConvention>
  [[gnu::target("avx2")]] static std::int64_t step_avx2(const Columns& c, std::size_t begin, std::size_t end,
                                                        std::int64_t* flags) {
    return step<kConvention>(c, begin, end, flags);
  }
  [[gnu::target("avx2")]] static std::int64_t move_avx2(const Columns& c, std::size_t begin, std::size_t end,
                                                        std::int64_t* flags) {
    return move(c, begin, end, flags);
  }
  template <GridConvention kConvention>
  [[gnu::target("avx512f,avx512dq,avx512vl,prefer-vector-width=512")]] static std::int64_t step_avx512(
      const Columns& c, std::size_t begin, std::size_t end, std::int64_t* flags) {
    return step<kConvention>(c, begin, end, flags);
  }
  [[gnu::target("avx512f,avx512dq,avx512vl,prefer-vector-width=512")]] static std::int64_t move_avx512(
      const Columns& c, std::size_t begin, std::size_t end, std::int64_t* flags) {
    return move(c, begin, end, flags);
  }
#endif
};

}  // namespace chronotope::events
