// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/spike_record.hpp"

namespace chronotope::models {

/// How far back a trace reaches [tau]: a spike that is older adds less than e^-36 = 2.4e-16 of it.
inline constexpr double kTraceReach = 36;

/// A trace and how much of it is left some time later.
struct DecayingTrace {
  double then = 0;
  double left = 0;
  double now() const { return then * left; }
};

/// Calls take(-age_of(k)/tau) for k = 0 .. count - 1, up to the first age that is out of reach. Ages grow.
template <class AgeOf, class Take>
void for_each_exponent(std::size_t count, AgeOf age_of, double tau, Take take) {
  for (std::size_t k = 0; k < count; ++k) {
    const double age = age_of(k);
    if (age > kTraceReach * tau) return;
    take(-age / tau);
  }
}
/// The same of the spikes k < newest, backwards, with t_newest - t_k as their ages, up to the first of which
/// counts(t_k) is false.
template <class Entry, class Counts, class Take>
void for_each_exponent(const SpikeRecord<Entry>& spikes, std::uint32_t newest, double tau, Counts counts,
                       Take take) {
  const Time* const latest = &spikes.times()[newest - spikes.begin()];
  const auto age_of = [&](std::size_t k) {
    const Time t = *(latest - 1 - k);
    return counts(t) ? (*latest - t).ms : std::numeric_limits<double>::infinity();
  };
  for_each_exponent(newest - spikes.begin(), age_of, tau, take);
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

/// The same in two halves, between which the exponentials of many traces are computed together: writes the
/// exponents of one to `to`, where there is room for one more than there are spikes, and returns their end.
template <class Entry>
double* write_trace(const SpikeRecord<Entry>& spikes, std::uint32_t newest, double tau, double since,
                    double* to) {
  *to++ = -since / tau;
  for_each_exponent(spikes, newest, tau, always, [&](double exponent) { *to++ = exponent; });
  return to;
}
/// Of a train that many synapses share, whose ages were written once, by write_ages.
inline double* write_trace(std::span<const double> ages, double tau, double since, double* to) {
  *to++ = -since / tau;
  const auto age_of = [&](std::size_t k) { return ages[k]; };
  for_each_exponent(ages.size(), age_of, tau, [&](double exponent) { *to++ = exponent; });
  return to;
}
/// Writes the ages t_newest - t_k [ms] of the spikes k < newest, backwards, and returns their end.
template <class Entry>
double* write_ages(const SpikeRecord<Entry>& spikes, std::uint32_t newest, double* to) {
  const std::span<const Time> times = spikes.times().first(newest - spikes.begin() + 1);
  for (std::size_t k = times.size() - 1; k != 0;) *to++ = (times.back() - times[--k]).ms;
  return to;
}
/// The trace whose exponentials these are.
inline DecayingTrace trace_of(std::span<const double> exponentials) {
  DecayingTrace trace{1, exponentials.front()};
  for (const double decay : exponentials.subspan(1)) trace.then += decay;
  return trace;
}

}  // namespace chronotope::models
