// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/neuron_model.hpp"
#include "chronotope/core/parameter.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// Poisson trains of which each reaches one neuron alone, at rates that would crowd the queue: the lane of
/// their targets draws them itself. Train i ends at neuron i; its draws are those of line i of a Poisson
/// stimulus.
struct PrivateTrains {
  std::uint64_t seed = 0;
  Purpose purpose{""};
  std::vector<double> mean_interval;  // [ms]
  std::vector<double> weight;
  Time first;  // what the first interval is counted from: start + delay
  Time stop;   // no arrival from here on
};

/// The private trains of one lane. Arrivals are drawn kBatch at a time, with the exponentials their pulses
/// need, in the processor's vectors.
///
/// Times are offsets [ms] from the lane's origin, multiples of 2^-43, so that moving the origin rounds
/// nothing. Memory: per neuron 16 bytes, and for each arrival of a batch 8 for its time and 8 for each
/// exponential. Cost: some 10 ns per arrival once its
/// memory is there.
template <SweptNeuron M>
class PrivateDrive {
 public:
  using Parameters = Parameter<NeuronId, typename M::Parameters>;
  using Exponentials = std::array<double, M::kExponentials>;

  /// For neurons [first, first + size) of a population.
  PrivateDrive(const PrivateTrains& trains, std::uint32_t first, std::uint32_t size,
               const Parameters& parameters)
      : trains_(&trains), first_(first), parameters_(&parameters), next_(size), batches_(size) {
    stop_ = trains.stop.is_never() ? kNever : (trains.stop - Time()).ms;
    for (std::uint32_t i = 0; i < size; ++i) draw(i, (trains.first - Time()).ms);
  }

  /// When neuron first + i has its next arrival; infinite when there is none.
  double next(std::uint32_t i) const { return next_[i].at; }
  double weight(std::uint32_t i) const { return trains_->weight[first_ + i]; }
  /// What the pulse of that arrival is made from.
  const Exponentials& exponentials(std::uint32_t i) const { return arrival(i).exponentials; }

  void advance(std::uint32_t i) {
    Next& next = next_[i];
    const double last = next.at;
    if (++next.number % kBatch == 0) [[unlikely]]
      draw(i, last);
    else
      next.at = arrival(i).at;
  }

  /// Asks for the memory that next(i) reads.
  void prefetch_next(std::uint32_t i) const { __builtin_prefetch(&next_[i], 1); }
  /// Asks for the memory of the next arrival itself.
  void prefetch_arrival(std::uint32_t i) const { __builtin_prefetch(&arrival(i)); }

  /// The origin moves on by `step`.
  void rebase(double step) {
    stop_ -= step;
    for (std::uint32_t i = 0; i < next_.size(); ++i) {
      next_[i].at -= step;
      std::array<double, kBatch> at;
      for (std::size_t k = 0; k < kBatch; ++k) at[k] = batches_[i].arrivals[k].at - step;
      keep(i, at);
    }
  }

 private:
  static constexpr std::size_t kBatch = 8;
  static constexpr double kNever = std::numeric_limits<double>::infinity();

  struct Next {
    double at;
    std::uint64_t number = 0;  // of the arrival in its train
  };
  struct Arrival {
    double at;
    Exponentials exponentials;
  };
  struct alignas(64) Batch {
    std::array<Arrival, kBatch> arrivals;
  };

  const Arrival& arrival(std::uint32_t i) const { return batches_[i].arrivals[next_[i].number % kBatch]; }

  /// The next kBatch arrivals after `from`.
  [[gnu::noinline]] void draw(std::uint32_t i, double from) {
    RandomStream stream(trains_->seed, trains_->purpose, first_ + i);
    stream.seek(next_[i].number / 4);  // blocks of four numbers
    std::array<double, kBatch> at;
    for (double& u : at) u = stream.uniform();
    log_all(at);
    for (double& t : at) {
      from += round_to_resolution(-t * trains_->mean_interval[first_ + i]);
      t = from < stop_ ? from : kNever;
    }
    next_[i].at = at[0];
    keep(i, at);
  }

  /// The arrivals of a batch, with their exponentials.
  void keep(std::uint32_t i, const std::array<double, kBatch>& at) {
    const auto& p = (*parameters_)[NeuronId{first_ + i}];
    std::array<Exponentials, kBatch> e;
    for (std::size_t k = 0; k < kBatch; ++k) e[k] = M::exponents(p, at[k], weight(i));
    exp_all(std::span(e.front().data(), kBatch * M::kExponentials));
    for (std::size_t k = 0; k < kBatch; ++k) batches_[i].arrivals[k] = {at[k], e[k]};
  }

  const PrivateTrains* trains_;
  std::uint32_t first_;
  const Parameters* parameters_;
  double stop_;
  std::vector<Next> next_;
  std::vector<Batch> batches_;
};

}  // namespace chronotope::events
