// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/synapse_group.hpp"
#include "chronotope/events/arrival_batch.hpp"
#include "chronotope/events/event.hpp"
#include "chronotope/events/lane/attended_neurons.hpp"

namespace chronotope::events {

/// Adds arrivals to the states of cold neurons: those of a row's segment, which are simultaneous, or of a batch.
/// `arrivals` is the lane, as far as neurons need it that are not cold:
///   is_hot(i, t)                  whether neuron i may fire before t: then an arrival at a plastic synapse
///   put_aside(i, arrival)         waits until that is known;
///   overflow(i, t, weight, kick)  takes a kick that absorb refused (SweptNeuron),
///   arrive(i, t, weight, receptor)   any arrival (PointwiseNeuron).
/// Cost: a few additions per arrival of a SweptNeuron.
template <NeuronModel M>
class RowSweep {
 public:
  using State = typename M::State;

  /// A row's segment that arrives here.
  struct Row {
    SynapseGroup& projection;
    const Delivery& delivery;
    std::uint32_t number;  // of the delivery in its window
    IdRange<SynapseId> synapses;
  };

  explicit RowSweep(LaneNeurons<M>& neurons) : neurons_(neurons) {}

  template <class Arrivals>
  void sweep(const Row& row, Arrivals& arrivals) {
    if constexpr (SweptNeuron<M>) {
      if (!neurons_.are_alike()) return sweep_each(row, arrivals);
      if (const double* weight = row.projection.shared_weight()) return sweep_equal(row, *weight, arrivals);
      sweep_alike(row, arrivals);
    } else {
      const Offset t = neurons_.clock.offset(row.delivery.time);
      for_each_run(
          row, arrivals, [&](std::span<const std::uint32_t> targets, std::span<const double> weights) {
            for (std::size_t k = 0; k < targets.size(); ++k)
              arrivals.arrive(targets[k] - neurons_.first(), t, weights[k], row.projection.receptor());
          });
    }
  }

  /// Takes arrivals of known weight, of each target in order of time, and empties the batch.
  template <class Arrivals>
  void sweep(ArrivalBatch& batch, Arrivals& arrivals) {
    if constexpr (SweptNeuron<M>) {
      std::array<std::array<double, M::kExponentials>, kManyArrivals> e;
      for (std::size_t k = 0; k < batch.size; ++k)
        e[k] = M::exponents(neurons_.parameters(batch.neuron[k]), batch.at[k], batch.weight[k]);
      exp_all(std::span(e.front().data(), batch.size * M::kExponentials));
      for (std::size_t k = 0; k < batch.size; ++k) {
        const std::uint32_t i = batch.neuron[k];
        const double w = batch.weight[k];
        const auto kick = w * M::pulse(neurons_.parameters(i), e[k], batch.at[k], w);
        if (!M::absorb(neurons_.state(i), kick)) arrivals.overflow(i, batch.at[k], w, kick);
      }
    } else {
      for (std::size_t k = 0; k < batch.size; ++k)
        arrivals.arrive(batch.neuron[k], batch.at[k], batch.weight[k], batch.receptor[k]);
    }
    batch.size = 0;
  }

 private:
  static constexpr std::ptrdiff_t kAhead = 12;  // neurons whose memory is asked for before they are needed

  /// Calls take(targets, weights) with what the synapses transmit, as many at once as lie side by side; the
  /// arrivals at plastic synapses of hot neurons, which may fire before them, are put aside.
  template <class Arrivals, class Take>
  void for_each_run(const Row& row, Arrivals& arrivals, Take take) {
    auto& [projection, delivery, number, synapses] = row;
    if (synapses.empty()) return;
    const SegmentId g{delivery.segment};
    const Connectivity& connectivity = projection.connectivity();
    const bool plastic = projection.is_plastic();
    const std::uint32_t first_neuron = neurons_.first();
    SynapseGroup::Row common;
    projection.open(common, NeuronId{delivery.source}, delivery.emitted, connectivity.delay(g));
    const Offset t = neurons_.clock.offset(delivery.time);
    const std::uint32_t* const targets = connectivity.targets();
    std::array<double, kManyArrivals> weights;
    std::uint64_t s = index(synapses.front());
    for (const std::uint64_t end = s + synapses.size(); s != end;) {
      const std::uint64_t first = s;
      const std::uint64_t most = std::min(end, first + kManyArrivals);
      while (s != most && !(plastic && arrivals.is_hot(targets[s] - first_neuron, t))) ++s;
      if (s == first) {
        arrivals.put_aside(targets[s] - first_neuron, {t, 0, s, number, projection.receptor()});
        ++s;
        continue;
      }
      const std::span run(targets + first, s - first);
      const std::span transmitted = std::span(weights).first(run.size());
      projection.arrive_all(SynapseId{first}, run, common, transmitted);
      take(run, std::span<const double>(transmitted));
    }
  }

  /// One weight, one set of constants: every target gets the same kick.
  template <class Arrivals>
  void sweep_equal(const Row& row, double w, Arrivals& arrivals) {
    if (row.synapses.empty()) return;
    const Offset t = neurons_.clock.offset(row.delivery.time);
    const auto kick = w * NeuronFace<M>::pulse(neurons_.parameters(0), t, w);
    State* const states = neurons_.group_states();
    const std::uint32_t* target = row.projection.connectivity().targets() + index(row.synapses.front());
    const std::uint32_t* const end = target + row.synapses.size();
    const auto take = [&](std::uint32_t n) {
      if (!M::absorb(states[n], kick)) [[unlikely]]
        arrivals.overflow(n - neurons_.first(), t, w, kick);
    };
    for (const std::uint32_t* const nearly = end - std::min(kAhead, end - target); target != nearly;
         ++target) {
      __builtin_prefetch(states + target[kAhead], 1);
      take(*target);
    }
    for (; target != end; ++target) take(*target);
  }

  /// One set of constants: one pulse per sign of the weight.
  template <class Arrivals>
  void sweep_alike(const Row& row, Arrivals& arrivals) {
    const auto& p = neurons_.parameters(0);
    const Offset t = neurons_.clock.offset(row.delivery.time);
    State* const states = neurons_.group_states();
    const std::array unit{NeuronFace<M>::pulse(p, t, -1), NeuronFace<M>::pulse(p, t, 1)};
    for_each_run(row, arrivals, [&](std::span<const std::uint32_t> targets, std::span<const double> weights) {
      for (std::size_t k = 0; k < targets.size(); ++k) {
        const double w = weights[k];
        const auto kick = w * unit[w > 0 ? 1 : 0];
        if (!M::absorb(states[targets[k]], kick))
          arrivals.overflow(targets[k] - neurons_.first(), t, w, kick);
      }
    });
  }

  /// Constants of their own: the exponentials of many targets are computed together.
  template <class Arrivals>
  void sweep_each(const Row& row, Arrivals& arrivals) {
    const Offset t = neurons_.clock.offset(row.delivery.time);
    std::array<std::array<double, M::kExponentials>, kManyArrivals> e;
    for_each_run(row, arrivals, [&](std::span<const std::uint32_t> targets, std::span<const double> weights) {
      for (std::size_t k = 0; k < targets.size(); ++k)
        e[k] = M::exponents(neurons_.parameters(targets[k] - neurons_.first()), t, weights[k]);
      exp_all(std::span(e.front().data(), targets.size() * M::kExponentials));
      for (std::size_t k = 0; k < targets.size(); ++k) {
        const std::uint32_t i = targets[k] - neurons_.first();
        const double w = weights[k];
        const auto kick = w * M::pulse(neurons_.parameters(i), e[k], t, w);
        if (!M::absorb(neurons_.state(i), kick)) arrivals.overflow(i, t, w, kick);
      }
    });
  }

  LaneNeurons<M>& neurons_;
};

}  // namespace chronotope::events
