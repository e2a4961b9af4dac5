// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"
#include "chronotope/core/neuron_model.hpp"
#include "chronotope/core/packed.hpp"
#include "chronotope/core/parameter.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/events/private_trains.hpp"
#include "chronotope/events/slots/slot_sums.hpp"

namespace chronotope::events {

/// The private trains of one lane and what they add up to, which is not in the neurons' states: so a slot's
/// arrivals are summed in vectors, without looking at the others in between.
///
/// Between slots only the sum of each neuron's pulses since it last fired is known. In a slot that is open
/// the sum of all its pulses is known too, in the order of their words; and of a neuron that is followed
/// every arrival, in the order of time. When the slot closes the one sum is added to the other, unless the
/// follower's sum was cleared in between: then that one is kept. So it makes no difference to a sum at the
/// slot's end whether a neuron was followed. Memory: two Pulses per neuron, and
/// what SlotSums has.
template <DrivenNeuron M>
class PrivateDrive {
  static constexpr std::size_t kExponentials = M::kExponentials;
  using Exponentials = std::array<double, kExponentials>;
  using Sums = ArrivalSums<kExponentials>;

 public:
  using Parameters = Parameter<NeuronId, typename M::Parameters>;
  using Pulse = typename M::Pulse;

  /// A train that is taken one arrival after the other.
  struct Follower {
    std::uint32_t neuron;
    std::uint32_t next;  // place among the arrivals
    std::uint32_t end;
    bool restarted;  // its sum was cleared in the slot
    Pulse sum;       // of all pulses since the neuron last fired
  };

  /// Whether the slots are short enough for sums about their middles.
  static bool fits(const SlotTrains& trains, const Parameters& parameters) {
    return largest_exponent(trains, parameters) <= SlotSums::kMostExponent;
  }

  /// For neurons [first, first + size) of a population. Requires: fits().
  PrivateDrive(const PrivateTrains& trains, std::uint32_t first, std::uint32_t size,
               const Parameters& parameters)
      : trains_(&trains),
        first_(first),
        parameters_(&parameters),
        lines_(size),
        sums_(*trains.trains, first, size, kExponentials, largest_exponent(*trains.trains, parameters)) {
    const Offset half{trains.trains->length().ticks / 2};
    for (std::uint32_t i = 0; i < size; ++i)
      sums_.set(i, trains.delay[first + i], M::exponents(this->parameters(i), half, weight(i)));
  }

  bool is_open() const { return is_open_; }
  /// Of the open slot.
  Time begin() const { return trains_->slot_begin(slot_); }
  Time end() const { return trains_->slot_begin(slot_ + 1); }

  /// Opens the slot that holds t: draws its arrivals. Requires: none is open.
  void open(Time t, Time origin) {
    draw(trains_->slot(t), origin);
    is_open_ = true;
  }
  /// The sum of neuron first + i's pulses before the slot, and of those in it.
  const Pulse& sum(std::uint32_t i) const { return lines_[i].sum; }
  const Pulse& in_slot(std::uint32_t i) const { return lines_[i].in_slot; }
  /// All that arrives in the slot is lost.
  void lose(std::uint32_t i) { lines_[i] = {}; }
  double weight(std::uint32_t i) const { return trains_->weight[first_ + i]; }

  /// Adds followers of `neurons`, at the slot's begin. Requires: they have none.
  void follow(std::span<const std::uint32_t> neurons) { follow(neurons, followers_, followed_); }
  std::size_t follower_count() const { return followers_.size(); }
  /// Cost: linear in the number of followers.
  bool is_followed(std::uint32_t i) const {
    return std::ranges::find(followers_, i, &Follower::neuron) != followers_.end();
  }
  const Follower& follower(std::size_t place) const { return followers_[place]; }
  /// When it arrives next: maybe never in this slot.
  Offset next(std::size_t place) const { return followed_.next(followers_[place]); }
  const Pulse& kick(std::size_t place) const { return followed_.kick[followers_[place].next]; }
  void advance(std::size_t place) { followed_.advance(followers_[place]); }
  void clear_sum(std::size_t place) {
    followers_[place].sum = {};
    followers_[place].restarted = true;
  }

  /// The slot is over, and all its arrivals were taken; returns how many.
  std::uint64_t close() {
    for (Line& line : lines_) line.sum = line.sum + line.in_slot;
    for (const Follower& f : followers_)
      if (f.restarted) lines_[f.neuron].sum = f.sum;
    followers_.clear();
    followed_.clear();
    is_open_ = false;
    return arrivals_;
  }

  /// The origin moves on by one step. Requires: no slot is open.
  void rebase() {
    for (std::uint32_t i = 0; i < lines_.size(); ++i) M::rebase(parameters(i), lines_[i].sum);
  }

  /// The sums as they are at t, and how many arrivals were before that in the open slot. Cost: a walk through
  /// the arrivals of all neurons.
  struct Progress {
    std::vector<Pulse> sum;
    std::uint64_t arrivals = 0;
  };
  Progress progress(Time t) const {
    std::vector<std::uint32_t> all(lines_.size());
    std::iota(all.begin(), all.end(), 0);
    std::vector<Follower> followers;
    Arrivals arrivals;
    if (is_open_) follow(all, followers, arrivals);
    Progress progress;
    for (const Line& line : lines_) progress.sum.push_back(line.sum);
    for (Follower& f : followers) {
      for (; arrivals.next(f) < t.since(origin_); ++progress.arrivals) arrivals.advance(f);
      progress.sum[f.neuron] = f.sum;
    }
    for (const Follower& f : followers_)
      if (f.restarted) progress.sum[f.neuron] = f.sum;
    return progress;
  }

  /// The sums: that before the slot, or since it was cleared in it.
  void save(std::string& bytes) const {
    std::vector<Saved> saved;
    for (const Line& line : lines_) saved.push_back({line.sum, false});
    for (const Follower& f : followers_)
      if (f.restarted) saved[f.neuron] = {f.sum, true};
    for (const Saved& s : saved) Packer{bytes}(s);
  }
  /// Opens the slot that holds t, unless that is its begin, and follows those whose sums were cleared in it.
  void load(std::string_view& bytes, Time t, Time origin) {
    std::vector<Saved> saved(lines_.size());
    for (Saved& s : saved) Unpacker{bytes}(s);
    if (t > trains_->slot_begin(trains_->slot(t))) open(t, origin);
    for (std::uint32_t i = 0; i < lines_.size(); ++i) {
      lines_[i].sum = saved[i].sum;
      if (!saved[i].restarted) continue;
      follow(std::span(&i, 1));
      Follower& f = followers_.back();
      while (followed_.next(f) < t.since(origin)) followed_.advance(f);
      f.sum = saved[i].sum;
      f.restarted = true;
    }
  }

 private:
  struct Line {
    Pulse sum{};      // before the slot
    Pulse in_slot{};  // while that is open
  };
  struct Saved {
    Pulse sum;
    bool restarted;
  };
  /// Arrivals of followed neurons, of each in order of time.
  struct Arrivals {
    std::vector<Offset> at;
    std::vector<Pulse> kick;
    std::vector<Offset> emitted;          // in one slot
    std::vector<Exponentials> exponents;  // of those whose kicks are made

    Offset next(const Follower& f) const { return f.next == f.end ? kNeverOffset : at[f.next]; }
    void advance(Follower& f) const { f.sum = f.sum + kick[f.next++]; }
    void clear() {
      at.clear();
      kick.clear();
    }
  };

  static double largest_exponent(const SlotTrains& trains, const Parameters& parameters) {
    double largest = 0;
    for (const auto& p : parameters.values())
      for (const double sign : {-1.0, 1.0})
        for (const double x : M::exponents(p, {trains.length().ticks / 2}, sign))
          largest = std::max(largest, x);
    return largest;
  }
  const typename M::Parameters& parameters(std::uint32_t i) const {
    return (*parameters_)[NeuronId{first_ + i}];
  }

  /// What all neurons receive in a slot.
  void draw(std::int64_t slot, Time origin) {
    slot_ = slot;
    origin_ = origin;
    begin_ = begin().since(origin);
    double arrivals = 0;
    for (std::uint32_t tile = 0; tile < lines_.size(); tile += SlotSums::kTile) {
      const SlotSums::Sums& sums = sums_.draw(tile, slot);
      const std::uint32_t size = std::min(SlotSums::kTile, static_cast<std::uint32_t>(lines_.size()) - tile);
      grow(tile, size);
      for (std::uint32_t k = 0; k < size; ++k) {
        const std::uint32_t place = sums_.place(k);
        const std::uint32_t i = tile + place;
        arrivals += sums.count[k];
        lines_[i].in_slot = M::sum_of_pulses(parameters(i), growth_[place], arrivals_at(sums, k), weight(i));
      }
    }
    arrivals_ = static_cast<std::uint64_t>(arrivals);
  }
  Offset half() const { return {trains_->trains->length().ticks / 2}; }
  /// The exponentials at the slot's middle of neurons from i on.
  void grow(std::uint32_t i, std::uint32_t size) {
    for (std::uint32_t k = 0; k < size; ++k)
      growth_[k] = M::exponents(parameters(i + k), begin_ + half(), weight(i + k));
    exp_all(std::span(growth_.front().data(), size * kExponentials));
  }
  Sums arrivals_at(const SlotSums::Sums& columns, std::uint32_t k) const {
    Sums sums{columns.count[k], {}, columns.difference[k], begin_ + half(), half()};
    for (std::size_t j = 0; j < kExponentials; ++j) sums.exponentials[j] = columns.exponential[j][k];
    return sums;
  }

  void follow(std::span<const std::uint32_t> neurons, std::vector<Follower>& followers,
              Arrivals& arrivals) const {
    std::vector<Exponentials>& e = arrivals.exponents;
    e.clear();
    const std::size_t before = followers.size();
    for (const std::uint32_t i : neurons) {
      const auto first = static_cast<std::uint32_t>(arrivals.at.size());
      add_arrivals(i, arrivals.emitted, arrivals.at);
      std::sort(arrivals.at.begin() + first, arrivals.at.end());
      followers.push_back({i, first, static_cast<std::uint32_t>(arrivals.at.size()), false, lines_[i].sum});
      for (std::size_t k = first; k < arrivals.at.size(); ++k)
        e.push_back(M::exponents(parameters(i), arrivals.at[k], weight(i)));
    }
    if (e.empty()) return;
    exp_all(std::span(e.front().data(), e.size() * kExponentials));
    auto next = e.begin();
    for (const Follower& f : std::span(followers).subspan(before)) {
      const auto& p = parameters(f.neuron);
      const double w = weight(f.neuron);
      for (std::uint32_t k = f.next; k != f.end; ++k)
        arrivals.kick.push_back(w * M::pulse(p, *next++, arrivals.at[k], w));
    }
  }
  /// What arrives at neuron first + i in the open slot.
  void add_arrivals(std::uint32_t i, std::vector<Offset>& emitted, std::vector<Offset>& at) const {
    const SlotTrains& trains = *trains_->trains;
    const auto [slots, shift] = trains_->delay[first_ + i];
    trains.draw(first_ + i, slot_ - slots, emitted);
    for (const Offset t : emitted)
      if (t.ticks + shift < trains.length().ticks) at.push_back(begin_ + Offset{t.ticks + shift});
    if (shift == 0) return;
    trains.draw(first_ + i, slot_ - slots - 1, emitted);
    for (const Offset t : emitted)
      if (t.ticks + shift >= trains.length().ticks)
        at.push_back(begin_ + Offset{t.ticks + shift - trains.length().ticks});
  }

  const PrivateTrains* trains_;
  std::uint32_t first_;
  const Parameters* parameters_;
  std::vector<Line> lines_;
  SlotSums sums_;
  std::array<Exponentials, SlotSums::kTile> growth_{};  // of a tile, at the slot's middle
  Offset begin_;                                        // of the slot
  bool is_open_ = false;
  std::int64_t slot_ = 0;  // the latest that was opened
  Time origin_;            // of its times
  std::uint64_t arrivals_ = 0;
  std::vector<Follower> followers_;
  Arrivals followed_;
};

}  // namespace chronotope::events
