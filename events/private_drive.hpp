// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"
#include "chronotope/core/neuron_model.hpp"
#include "chronotope/core/packed.hpp"
#include "chronotope/core/parameter.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/core/two_doubles.hpp"
#include "chronotope/events/private_trains.hpp"

namespace chronotope::events {

/// The private trains of one lane and what they add up to, which is not in the neurons' states: so a window's
/// arrivals are summed without looking at the others in between. Arrivals are drawn kBatch at a time, many
/// trains' together, in the processor's vectors, and summed up then; how many of a batch lie in a window is
/// a coin toss to the processor, so the sum up to each is looked up instead of made.
///
/// Times are offsets from the lane's origin in whole ticks, so that moving the origin rounds nothing.
/// Arrivals from trains.stop on are never taken, because no window reaches across it; with delays that
/// differ, those of a train that has stopped lie at infinity. Memory: per neuron two
/// Trains and a Batch. Cost: per arrival a random number, a logarithm and its exponentials.
template <DrivenNeuron M>
class PrivateDrive {
  static constexpr std::size_t kBatch = 8;

 public:
  using Parameters = Parameter<NeuronId, typename M::Parameters>;
  using Pulse = typename M::Pulse;

  /// How far a train has come.
  struct Train {
    double base = 0;           // what the first interval of its batch is counted from [ticks]
    std::uint64_t number = 0;  // of its next arrival
    Pulse earlier{};           // the sum since the neuron last fired, without that of the batch
  };
  /// Arrivals kBatch n .. kBatch n + kBatch - 1 of a train.
  struct Batch {
    std::array<double, kBatch> at;      // [ticks]
    std::array<Pulse, kBatch + 1> sum;  // of the first so many pulses
  };
  /// A train that is taken one arrival after the other.
  class Follower {
   public:
    Offset next() const { return {batch_.at[place()]}; }
    /// The pulse of that arrival.
    Pulse kick() const { return batch_.sum[place() + 1] - batch_.sum[place()]; }
    /// Of all pulses since the neuron last fired.
    Pulse sum() const { return train_.earlier + batch_.sum[place()]; }
    void clear_sum() { train_.earlier = Pulse{} - batch_.sum[place()]; }

   private:
    friend PrivateDrive;
    Follower(const Train& train, const Batch& batch) : train_(train), batch_(batch) {}
    std::size_t place() const { return train_.number % kBatch; }

    Train train_;
    Batch batch_;
  };

  /// For neurons [first, first + size) of a population, from trains.first on.
  PrivateDrive(const PrivateTrains& trains, std::uint32_t first, std::uint32_t size,
               const Parameters& parameters, Time origin)
      : trains_(&trains),
        first_(first),
        parameters_(&parameters),
        lines_(size),
        stops_apart_(!trains.lag.empty() && !trains.stop.is_never()),
        origin_(origin) {
    for (std::uint32_t i = 0; i < size; ++i) {
      lines_[i].now.base = (trains.first + trains.lag_of(first + i)).since(origin).ticks;
      used_up_.push_back(i);
    }
    draw_used_up();
  }

  /// Takes the arrivals of all neurons in a window that ends at `end`; returns how many they are.
  std::uint64_t take_window(Offset end) {
    std::uint64_t arrivals = 0;
    used_up_.resize(lines_.size());
    std::size_t used_up = 0;
    for (std::uint32_t i = 0; Line & line : lines_) {
      line.before = line.now;
      line.sum_before = line.sum();
      used_up_[used_up] = i++;
      used_up += take_batch(line, end, arrivals);
    }
    used_up_.resize(used_up);
    while (!used_up_.empty()) {
      for (const std::uint32_t i : used_up_) pass(lines_[i].batch, lines_[i].now);
      draw_used_up();
      std::erase_if(used_up_, [&](std::uint32_t i) { return !take_batch(lines_[i], end, arrivals); });
    }
    return arrivals;
  }
  /// The sum of the pulses of neuron first + i in the window.
  Pulse taken(std::uint32_t i) const { return sum(i) - lines_[i].sum_before; }
  /// The sum of all since the neuron last fired, at the window's begin and now.
  const Pulse& sum_before(std::uint32_t i) const { return lines_[i].sum_before; }
  Pulse sum(std::uint32_t i) const { return lines_[i].sum(); }

  /// The window's arrivals were lost: the sum begins anew after the last of them.
  void lose(std::uint32_t i) {
    Line& line = lines_[i];
    if (line.now.number == line.before.number) return;
    line.now.earlier = Pulse{} - line.batch.sum[line.now.number % kBatch];
  }

  /// Adds to `followers` the trains of `neurons` as they were at the window's begin.
  void follow(std::span<const std::uint32_t> neurons, std::vector<Follower>& followers) const {
    const auto before = static_cast<std::ptrdiff_t>(followers.size());
    for (const std::uint32_t i : neurons) followers.push_back(Follower(lines_[i].before, lines_[i].batch));
    Refills refills(*this);
    for (auto f = followers.begin() + before; const std::uint32_t i : neurons) {
      if (f->train_.number / kBatch != lines_[i].now.number / kBatch)
        refills.add({i, &f->train_, &f->batch_});
      ++f;
    }
    refills.draw();
  }
  void advance(std::uint32_t i, Follower& follower) const {
    Train& train = follower.train_;
    if (++train.number % kBatch != 0) return;
    pass(follower.batch_, train);
    const Refill refill{i, &train, &follower.batch_};
    draw(std::span(&refill, 1));
  }
  /// The follower was taken to the window's end, and its sum, unlike the lane's, may have been cleared.
  void put_back(std::uint32_t i, const Follower& follower) {
    lines_[i].now.earlier = follower.train_.earlier;
  }

  double weight(std::uint32_t i) const { return trains_->weight[first_ + i]; }

  /// The origin moves on by `step`.
  void rebase(Offset step) {
    origin_ = origin_ + step;
    for (std::uint32_t i = 0; i < lines_.size(); ++i) {
      auto& [batch, now, before, sum_before] = lines_[i];
      now.base -= step.ticks;
      M::rebase(parameters(i), now.earlier);
      for (double& t : batch.at) t -= step.ticks;
      const Refill refill{i, &now, &batch};
      sum_up(std::span(&refill, 1));
    }
  }

  /// How far all trains have come: what is drawn from there on, and sums of it, follow.
  void save(std::string& bytes) const {
    for (const Line& line : lines_) Packer{bytes}(line.now);
  }
  /// Throws InputError when the next arrival of a train is earlier than now, or not the next.
  void load(std::string_view& bytes, Offset now) {
    used_up_.clear();
    for (std::uint32_t i = 0; i < lines_.size(); ++i) {
      Unpacker{bytes}(lines_[i].now);
      used_up_.push_back(i);
    }
    draw_used_up();
    for (const Line& line : lines_)
      if (count_before(line.batch.at, now) != line.now.number % kBatch)
        throw InputError("state of private trains is of another time");
  }

 private:
  static constexpr std::size_t kGroup = 8;  // batches that are drawn together

  /// One neuron's train.
  struct alignas(64) Line {
    Batch batch;   // with the next arrival
    Train now;     // at the end of the current window
    Train before;  // at its begin
    Pulse sum_before;

    Pulse sum() const { return now.earlier + batch.sum[now.number % kBatch]; }
  };
  /// A batch to be drawn.
  struct Refill {
    std::uint32_t neuron;
    const Train* train;
    Batch* batch;
  };

  /// Batches that are drawn kGroup at a time.
  class Refills {
   public:
    explicit Refills(const PrivateDrive& drive) : drive_(&drive) {}
    void add(const Refill& refill) {
      group_[count_++] = refill;
      if (count_ == kGroup) draw();
    }
    /// Those that are left.
    void draw() {
      drive_->draw(std::span(group_).first(count_));
      count_ = 0;
    }

   private:
    const PrivateDrive* drive_;
    std::array<Refill, kGroup> group_;
    std::size_t count_ = 0;
  };

  const typename M::Parameters& parameters(std::uint32_t i) const {
    return (*parameters_)[NeuronId{first_ + i}];
  }

  /// Takes what the batch holds of a train's arrivals before `end`; true when that is all it holds: then the
  /// train has to go on to the next one.
  static bool take_batch(Line& line, Offset end, std::uint64_t& arrivals) {
    const std::size_t before_end = count_before(line.batch.at, end);
    const std::size_t taken = before_end - line.now.number % kBatch;
    arrivals += taken;
    line.now.number += taken;
    return before_end == kBatch;
  }
  /// The batch was taken.
  static void pass(const Batch& batch, Train& train) {
    train.base = batch.at.back();
    train.earlier = train.earlier + batch.sum.back();
  }
  static std::size_t count_before(const std::array<double, kBatch>& times, Offset end) {
    const TwoDoubles limit{end.ticks, end.ticks};
    auto count = TwoDoubles{} < TwoDoubles{};  // a comparison is -1 where it holds
    for (std::size_t k = 0; k < kBatch; k += 2) count += TwoDoubles{times[k], times[k + 1]} < limit;
    return static_cast<std::size_t>(-(count[0] + count[1]));
  }

  void draw_used_up() {
    Refills refills(*this);
    for (const std::uint32_t i : used_up_) refills.add({i, &lines_[i].now, &lines_[i].batch});
    refills.draw();
  }
  /// The batches that hold their trains' next arrivals.
  void draw(std::span<const Refill> group) const {
    std::array<double, kGroup * kBatch> interval;
    double* u = interval.data();
    const std::uint64_t seed = trains_->seed;  // for the compiler: nothing written below changes it
    const Purpose purpose = trains_->purpose;
    for (const Refill& r : group) {
      RandomStream stream(seed, purpose, first_ + r.neuron);
      stream.seek(r.train->number / kBatch * (kBatch / 4));  // blocks of four numbers
      for (std::size_t k = 0; k < kBatch; k += 4) u = std::ranges::copy(stream.four_uniforms(), u).out;
    }
    log_all(std::span(interval).first(group.size() * kBatch));
    u = interval.data();
    for (const Refill& r : group) {
      const double mean = trains_->mean_interval[first_ + r.neuron];
      for (std::size_t k = 0; k < kBatch; ++k) u[k] = nearest_tick(u[k] * -mean);
      double t = r.train->base;
      for (double& at : r.batch->at) at = t += *u++;
      if (stops_apart_) [[unlikely]]
        stop(*r.batch, r.neuron);
    }
    sum_up(group);
  }

  /// As nearest_whole, without a branch. Requires: less than 2^51, which 52-bit uniforms of at least 100 Hz are.
  static double nearest_tick(double x) {
    constexpr double kShift = 0x1.8p52;
    return (x + kShift) - kShift;
  }
  void stop(Batch& batch, std::uint32_t i) const {
    const double end = (trains_->stop + trains_->lag[first_ + i]).since(origin_).ticks;
    for (double& at : batch.at)
      if (at >= end) at = kNeverOffset.ticks;
  }
  /// The sums of batches whose times are known.
  void sum_up(std::span<const Refill> group) const {
    std::array<std::array<double, M::kExponentials>, kGroup * kBatch> e;
    auto next = e.begin();
    for (const Refill& r : group) {
      const typename M::Parameters& p = parameters(r.neuron);
      const std::array<double, kBatch> at =
          r.batch->at;  // for the compiler: nothing written below changes it
      for (std::size_t k = 0; k < kBatch; ++k) *next++ = M::exponents(p, Offset{at[k]}, weight(r.neuron));
    }
    exp_all(std::span(e.front().data(), group.size() * kBatch * M::kExponentials));
    next = e.begin();
    for (const Refill& r : group) {
      const typename M::Parameters& p = parameters(r.neuron);
      const double w = weight(r.neuron);
      Pulse sum = r.batch->sum[0] = Pulse{};
      for (std::size_t k = 0; k < kBatch; ++k)
        r.batch->sum[k + 1] = sum = sum + w * M::pulse(p, *next++, Offset{r.batch->at[k]}, w);
    }
  }

  const PrivateTrains* trains_;
  std::uint32_t first_;
  const Parameters* parameters_;
  std::vector<Line> lines_;
  bool stops_apart_;
  Time origin_;
  std::vector<std::uint32_t> used_up_;  // neurons that have taken all of their batch
};

}  // namespace chronotope::events
