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
/// nothing. Memory: 8 bytes for each of kBatch times and exponentials, and 24, per neuron. Cost: some 10 ns
/// per arrival.
template <SweptNeuron M>
class PrivateDrive {
 public:
  using Parameters = Parameter<NeuronId, typename M::Parameters>;

  /// For neurons [first, first + size) of a population.
  PrivateDrive(const PrivateTrains& trains, std::uint32_t first, std::uint32_t size,
               const Parameters& parameters)
      : trains_(&trains), first_(first), parameters_(&parameters), next_(size), batches_(size) {
    stop_ = trains.stop.is_never() ? kNever : (trains.stop - Time()).ms;
    for (std::uint32_t i = 0; i < size; ++i) draw(i, (trains.first - Time()).ms);
  }

  /// When neuron first + i has its next arrival; infinite when there is none.
  double next(std::uint32_t i) const { return next_[i]; }
  double weight(std::uint32_t i) const { return trains_->weight[first_ + i]; }
  /// What the pulse of that arrival is made from.
  const std::array<double, M::kExponentials>& exponentials(std::uint32_t i) const {
    return batches_[i].exponentials[batches_[i].place];
  }
  void advance(std::uint32_t i) {
    Batch& batch = batches_[i];
    if (++batch.place == kBatch)
      draw(i, batch.at.back());
    else
      next_[i] = batch.at[batch.place];
  }

  /// The origin moves on by `step`.
  void rebase(double step) {
    stop_ -= step;
    for (std::uint32_t i = 0; i < next_.size(); ++i) {
      next_[i] -= step;
      for (double& at : batches_[i].at) at -= step;
      compute_exponentials(i);
    }
  }

 private:
  static constexpr std::size_t kBatch = 8;
  static constexpr double kNever = std::numeric_limits<double>::infinity();

  struct Batch {
    std::array<double, kBatch> at;
    std::array<std::array<double, M::kExponentials>, kBatch> exponentials;
    std::uint64_t number = 0;
    std::size_t place = 0;
  };

  /// The next kBatch arrivals after `from`.
  void draw(std::uint32_t i, double from) {
    constexpr std::uint64_t kBlocks = kBatch / 4;  // of four numbers
    Batch& batch = batches_[i];
    RandomStream stream(trains_->seed, trains_->purpose, first_ + i);
    stream.seek(kBlocks * batch.number++);
    for (double& u : batch.at) u = stream.uniform();
    log_all(batch.at);
    for (double& at : batch.at) {
      from += round_to_resolution(-at * trains_->mean_interval[first_ + i]);
      at = from < stop_ ? from : kNever;
    }
    batch.place = 0;
    next_[i] = batch.at[0];
    compute_exponentials(i);
  }

  void compute_exponentials(std::uint32_t i) {
    Batch& batch = batches_[i];
    for (std::size_t k = 0; k < kBatch; ++k)
      batch.exponentials[k] = M::exponents((*parameters_)[NeuronId{first_ + i}], batch.at[k], weight(i));
    exp_all(std::span(batch.exponentials.front().data(), kBatch * M::kExponentials));
  }

  const PrivateTrains* trains_;
  std::uint32_t first_;
  const Parameters* parameters_;
  double stop_;
  std::vector<double> next_;
  std::vector<Batch> batches_;
};

}  // namespace chronotope::events
