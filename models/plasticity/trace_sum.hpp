// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/spike_record.hpp"

namespace chronotope::models {

/// How far back a trace reaches [tau]: a spike that is older adds less than e^-36 = 2.4e-16 of it.
inline constexpr double kTraceReach = 36;

/// Whether a number can be a trace: no train has so many spikes that one gets larger.
inline bool is_trace(double value) { return value >= 0 && value <= 1e15; }

/// A trace and how much of it is left some time later.
struct DecayingTrace {
  double then = 0;
  double left = 0;
  double now() const { return then * left; }
};

/// Calls take(-(t_newest - t_k)/tau) for the spikes k < newest, backwards, up to the first of which
/// counts(t_k) is false or which is out of reach.
template <class Entry, class Counts, class Take>
void for_each_exponent(const SpikeRecord<Entry>& spikes, std::uint32_t newest, double tau, Counts counts,
                       Take take) {
  const Time* const times = spikes.times().data();
  const Time latest = times[newest - spikes.begin()];
  for (std::uint32_t k = newest - spikes.begin(); k != 0 && counts(times[k - 1]);) {
    const double age = (latest - times[--k]).ms();
    if (age > kTraceReach * tau) return;
    take(-age / tau);
  }
}
inline bool always(Time) { return true; }

/// The trace of a spike train with a time constant of one synapse's own, just after spike `newest`:
///   sum over k <= newest, and for which counts(t_k), of exp(-(t_newest - t_k)/tau)
/// and exp(-since/tau), of which is left `since` ms later.
/// So a synapse with private time constants keeps no traces: they follow from the trains.
/// Cost: an exponential per spike of the last 36 tau, in the processor's vectors.
template <class Entry, class Counts = bool (*)(Time)>
DecayingTrace trace_after(const SpikeRecord<Entry>& spikes, std::uint32_t newest, double tau, double since,
                          Counts counts = always) {
  constexpr std::size_t kBatch = 16;
  constexpr std::size_t kVector = 4;  // numbers that cost no more than one
  std::array<double, kBatch> decay;
  decay[0] = -since / tau;
  std::size_t size = 1;
  DecayingTrace trace{1, 0};
  bool is_first = true;
  const auto sum_up = [&] {
    std::size_t padded = size;
    while (padded % kVector != 0) decay[padded++] = 0;
    exp_all(std::span(decay).first(padded));
    if (is_first) trace.left = decay[0];
    for (std::size_t i = is_first ? 1 : 0; i < size; ++i) trace.then += decay[i];
    is_first = false;
    size = 0;
  };
  for_each_exponent(spikes, newest, tau, counts, [&](double exponent) {
    decay[size++] = exponent;
    if (size == kBatch) sum_up();
  });
  sum_up();
  return trace;
}

}  // namespace chronotope::models
