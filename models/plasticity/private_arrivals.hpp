// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/plasticity_rule.hpp"
#include "chronotope/models/plasticity/arrival_rows.hpp"
#include "chronotope/models/plasticity/trace_law.hpp"
#include "chronotope/models/plasticity/trace_synapses.hpp"
#include "chronotope/models/plasticity/trace_trains.hpp"

namespace chronotope::models {

/// Accounts for arrivals where both time constants are the synapses' own (ArrivalPath::kPrivate), with the
/// exponentials of all synapses computed together: first their exponents are written one after the other, of
/// each synapse those of r1, of the decays to the spikes since the arrival before, of o1 and of its decay;
/// then the traces are summed and the weights changed. Requires: no target has fired at or after its arrival.
template <TraceLaw Law, class Rows>
class PrivateArrivals {
 public:
  using Trains = TraceTrains<Law::kSlowTraces>;

  PrivateArrivals(const Law& law, const Trains& trains, TraceSynapses& synapses, const Rows& rows)
      : law_(law), trains_(trains), synapses_(synapses), rows_(rows) {}

  void take(std::span<double> transmitted) {
    make_room();
    double* trace_end = trace_;
    double* decay_end = decay_;
    for (std::size_t k = 0; k < rows_.size(); ++k) write_exponents(k, trace_end, decay_end);
    exp_all({trace_, trace_end});
    exp_all({decay_, decay_end});
    const double* trace = trace_;
    const double* decay = decay_;
    for (std::size_t k = 0; k < rows_.size(); ++k) transmitted[k] = change(k, trace, decay);
  }

 private:
  bool potentiates(std::size_t k) const {
    return rows_.follows(k) && next(k) != trains_.spikes(rows_.target(k)).end();
  }
  std::uint32_t next(std::size_t k) const { return synapses_.next[index(rows_.synapse(k))]; }

  void make_room() {
    std::size_t traces = 0;
    std::size_t decays = 0;
    for (std::size_t k = 0; k < rows_.size(); ++k) {
      traces += rows_.ages(k).size() + trains_.spike_ages(rows_.target(k)).size();
      decays += trains_.spikes(rows_.target(k)).end() - next(k) + 1;
    }
    numbers_ = std::make_unique_for_overwrite<double[]>(traces + decays);
    trace_ = numbers_.get();
    decay_ = trace_ + traces;
  }

  void write_exponents(std::size_t k, double*& trace, double*& decay) {
    const SynapseId s = rows_.synapse(k);
    const auto& spikes = trains_.spikes(rows_.target(k));
    const TraceConstants& tau = trains_.tau();
    if (potentiates(k)) {
      trace = rows_.ages(k).write_exponents(tau.plus[s], trace);
      for (const Time t : spikes.times().last(spikes.end() - next(k)))
        *decay++ = -(t - rows_.previous(k)).ms() / tau.plus[s];
    }
    ends_[2 * k] = trace;
    if (!spikes.empty()) {
      trace = trains_.spike_ages(rows_.target(k)).write_exponents(tau.minus[s], trace);
      *decay++ = -(rows_.at(k) - spikes.back().at).ms() / tau.minus[s];
    }
    ends_[2 * k + 1] = trace;
  }

  /// Changes the weight of the k-th and returns what it transmits.
  double change(std::size_t k, const double*& trace, const double*& decay) {
    const SynapseId s = rows_.synapse(k);
    const auto& spikes = trains_.spikes(rows_.target(k));
    const auto law = law_[s];
    double w = synapses_.w[index(s)];
    if (potentiates(k)) {
      const double r1 = SpikeAges::trace({trace, ends_[2 * k]});
      for (std::uint32_t j = next(k); j != spikes.end(); ++j) w = potentiated(law, w, r1 * *decay++, 0);
    }
    const double before = w;
    const double o1 = spikes.empty() ? 0 : SpikeAges::trace({ends_[2 * k], ends_[2 * k + 1]}) * *decay++;
    trace = ends_[2 * k + 1];
    w = depressed(law, w, o1, 0);
    synapses_.w[index(s)] = w;
    synapses_.next[index(s)] = spikes.end();
    return synapses_.transmitted(before, w);
  }

  const Law& law_;
  const Trains& trains_;
  TraceSynapses& synapses_;
  const Rows& rows_;
  std::unique_ptr<double[]> numbers_;
  double* trace_ = nullptr;                            // of all synapses
  double* decay_ = nullptr;                            // likewise
  std::array<const double*, 2 * kManyArrivals> ends_;  // of the traces r1 and o1 of each synapse
};

}  // namespace chronotope::models
