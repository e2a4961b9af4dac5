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

/// The trace of a spike train with a time constant of one synapse's own, just after spike `newest`:
///   sum over k <= newest, and for which counts(spikes[k]), of exp(-(t_newest - t_k)/tau)
/// So a synapse with private time constants keeps no traces: they follow from the trains.
/// Entries have a member `at`. Cost: an exponential per spike of the last 36 tau.
template <class Entry, class Counts>
double trace_after(const SpikeRecord<Entry>& spikes, std::uint32_t newest, double tau, Counts counts) {
  constexpr std::size_t kBatch = 16;
  std::array<double, kBatch> decay;
  double sum = 1;
  std::uint32_t k = newest;
  for (bool more = true; more;) {
    std::size_t size = 0;
    while (size < kBatch && more) {
      more = k != spikes.begin() && counts(spikes[k - 1]);
      if (!more) break;
      const double age = (spikes[newest].at - spikes[--k].at).ms / tau;
      more = age <= kTraceReach;
      if (more) decay[size++] = -age;
    }
    exp_all(std::span(decay).first(size));
    for (std::size_t i = 0; i < size; ++i) sum += decay[i];
  }
  return sum;
}

template <class Entry>
double trace_after(const SpikeRecord<Entry>& spikes, std::uint32_t newest, double tau) {
  return trace_after(spikes, newest, tau, [](const Entry&) { return true; });
}

}  // namespace chronotope::models
