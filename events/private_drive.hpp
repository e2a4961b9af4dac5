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
#include "chronotope/events/exactness.hpp"
#include "chronotope/events/private_trains.hpp"
#include "chronotope/events/slots/slot_sums.hpp"

namespace chronotope::events {

/// The private trains of one lane, of any number of inputs, and what they add up to, which is not in the neurons' states: so a slot's
/// arrivals are summed in vectors, without looking at the others in between.
///
/// Between slots only the sum of each neuron's pulses since it last fired is known. In a slot that is open
/// the sum of all its pulses is known too, in the order of their words; and of a neuron that is followed
/// every arrival, in the order of time. When the slot closes the one sum is added to the other, unless the
/// follower's sum was cleared in between: then that one is kept. So it makes no difference to a sum at the
/// slot's end whether a neuron was followed. Memory: two Pulses per neuron, and
/// what SlotSums has for each input.
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

  /// Of the exponentials' series about a slot's middle.
  static double largest_exponent(const SlotTrains& trains, const Parameters& parameters) {
    double largest = 0;
    for (const auto& p : parameters.values())
      for (const double sign : {-1.0, 1.0})
        for (const double x : M::exponents(p, {trains.length().ticks / 2}, sign))
          largest = std::max(largest, x);
    return largest;
  }
  /// Whether the slots are short enough for sums about their middles.
  static bool fits(const SlotTrains& trains, const Parameters& parameters) {
    return largest_exponent(trains, parameters) <= SlotSums::kMostExponent;
  }

  /// For neurons [first, first + size) of a population. Requires: fits().
  PrivateDrive(const PrivateInputs& inputs, std::uint32_t first, std::uint32_t size,
               const Parameters& parameters)
      : inputs_(&inputs), first_(first), parameters_(&parameters), lines_(size) {
    for (const PrivateTrains& trains : inputs.inputs) add(trains);
  }

  bool is_open() const { return is_open_; }
  /// Of the open slot.
  Time begin() const { return inputs_->slot_begin(slot_); }
  Time end() const { return inputs_->slot_begin(slot_ + 1); }

  /// Opens the slot that holds t: draws its arrivals. Requires: none is open.
  void open(Time t, Time origin) {
    draw(inputs_->slot(t), origin);
    is_open_ = true;
  }
  /// The sum of neuron first + i's pulses before the slot, and of those in it.
  const Pulse& sum(std::uint32_t i) const { return lines_[i].sum; }
  const Pulse& in_slot(std::uint32_t i) const { return lines_[i].in_slot; }
  /// All that arrives in the slot is lost.
  void lose(std::uint32_t i) { lines_[i] = {}; }

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
  /// Of its synapse.
  double weight(std::size_t place) const {
    const Follower& f = followers_[place];
    return weight(sources_[followed_.arrival[f.next].source], f.neuron);
  }
  void advance(std::size_t place) { followed_.advance(followers_[place]); }
  void clear_sum(std::size_t place) {
    followers_[place].sum = {};
    followers_[place].restarted = true;
  }

  /// The slot is over, and all its arrivals were taken, which are returned.
  EventCounts close() {
    for (Line& line : lines_) line.sum = line.sum + line.in_slot;
    for (const Follower& f : followers_)
      if (f.restarted) lines_[f.neuron].sum = f.sum;
    followers_.clear();
    followed_.clear();
    is_open_ = false;
    return arrived_;
  }

  /// The origin moves on by one step. Requires: no slot is open.
  void rebase() {
    for (std::uint32_t i = 0; i < lines_.size(); ++i) M::rebase(parameters(i), lines_[i].sum);
  }

  /// The sums as they are at t, and the arrivals before that in the open slot. Cost: a walk through the arrivals
  /// of all neurons.
  struct Progress {
    std::vector<Pulse> sum;
    EventCounts arrived;
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
      for (; arrivals.next(f) < t.since(origin_); arrivals.advance(f))
        count(1, sources_[arrivals.arrival[f.next].source], progress.arrived);
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
    if (t > inputs_->slot_begin(inputs_->slot(t))) open(t, origin);
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
  /// The trains of one input, of which a slot of the drive has one or several.
  struct Source {
    const PrivateTrains* trains;
    Offset length;  // of its slots
    std::int64_t slots;
    SlotSums sums;
  };
  struct Arrival {
    Offset at;
    std::uint32_t source;
    friend auto operator<=>(const Arrival&, const Arrival&) = default;
  };
  /// Arrivals of followed neurons, of each in order of time; at one time in that of their inputs.
  struct Arrivals {
    std::vector<Arrival> arrival;
    std::vector<Pulse> kick;
    std::vector<Offset> emitted;          // in one slot
    std::vector<Exponentials> exponents;  // of those whose kicks are made

    Offset next(const Follower& f) const { return f.next == f.end ? kNeverOffset : arrival[f.next].at; }
    void advance(Follower& f) const { f.sum = f.sum + kick[f.next++]; }
    void clear() {
      arrival.clear();
      kick.clear();
    }
  };

  const typename M::Parameters& parameters(std::uint32_t i) const {
    return (*parameters_)[NeuronId{first_ + i}];
  }

  void add(const PrivateTrains& trains) {
    const Offset length = trains.trains->length();
    sources_.push_back(
        {&trains, length, floor_ratio(inputs_->length, Duration::from_ticks(length.ticks)),
         SlotSums(*trains.trains, trains.first_channel + first_, static_cast<std::uint32_t>(lines_.size()),
                  kExponentials, trains.largest_exponent)});
    Source& source = sources_.back();
    for (std::uint32_t i = 0; i < lines_.size(); ++i)
      source.sums.set(i, trains.delay[first_ + i],
                      M::exponents(parameters(i), half(source), weight(source, i)));
  }
  double weight(const Source& source, std::uint32_t i) const { return source.trains->weight[first_ + i]; }
  static Offset half(const Source& source) { return {source.length.ticks / 2}; }
  static void count(std::uint64_t arrivals, const Source& source, EventCounts& counts) {
    counts.synaptic_events += arrivals;
    if (source.trains->counts_emissions) counts.emissions += arrivals;
  }

  /// What all neurons receive in a slot.
  void draw(std::int64_t slot, Time origin) {
    slot_ = slot;
    origin_ = origin;
    begin_ = begin().since(origin);
    arrived_ = {};
    for (Source& source : sources_) {
      const std::int64_t first = source.trains->slot(begin());
      for (std::int64_t k = 0; k < source.slots; ++k)
        add_slot(source, first + k, begin_of(source, k), &source == sources_.data() && k == 0);
    }
  }
  /// Of the k-th of a source's slots in that of the drive.
  Offset begin_of(const Source& source, std::int64_t k) const {
    return begin_ + Offset{static_cast<double>(k) * source.length.ticks};
  }
  /// What comes of one source in one of its slots, in addition to what the others bring but for the first.
  void add_slot(Source& source, std::int64_t slot, Offset begin, bool is_first) {
    const Offset middle = begin + half(source);
    double arrivals = 0;
    for (std::uint32_t tile = 0; tile < lines_.size(); tile += SlotSums::kTile) {
      const SlotSums::Sums& sums = source.sums.draw(tile, slot);
      const std::uint32_t size = std::min(SlotSums::kTile, static_cast<std::uint32_t>(lines_.size()) - tile);
      grow(source, tile, size, middle);
      for (std::uint32_t k = 0; k < size; ++k) {
        const std::uint32_t place = source.sums.place(k);
        const std::uint32_t i = tile + place;
        arrivals += sums.count[k];
        const Pulse pulse = M::sum_of_pulses(parameters(i), growth_[place],
                                             arrivals_at(sums, k, middle, half(source)), weight(source, i));
        lines_[i].in_slot = is_first ? pulse : lines_[i].in_slot + pulse;
      }
    }
    count(static_cast<std::uint64_t>(arrivals), source, arrived_);
  }
  /// The exponentials at a slot's middle of neurons from i on.
  void grow(const Source& source, std::uint32_t i, std::uint32_t size, Offset middle) {
    for (std::uint32_t k = 0; k < size; ++k)
      growth_[k] = M::exponents(parameters(i + k), middle, weight(source, i + k));
    exp_all(std::span(growth_.front().data(), size * kExponentials));
  }
  static Sums arrivals_at(const SlotSums::Sums& columns, std::uint32_t k, Offset middle, Offset half) {
    Sums sums{columns.count[k], {}, columns.difference[k], middle, half};
    for (std::size_t j = 0; j < kExponentials; ++j) sums.exponentials[j] = columns.exponential[j][k];
    return sums;
  }

  void follow(std::span<const std::uint32_t> neurons, std::vector<Follower>& followers,
              Arrivals& arrivals) const {
    std::vector<Exponentials>& e = arrivals.exponents;
    e.clear();
    const std::size_t before = followers.size();
    for (const std::uint32_t i : neurons) {
      const auto first = static_cast<std::uint32_t>(arrivals.arrival.size());
      for (std::uint32_t source = 0; source < sources_.size(); ++source)
        add_arrivals(source, i, arrivals.emitted, arrivals.arrival);
      const auto own = std::span(arrivals.arrival).subspan(first);
      std::ranges::sort(own);
      followers.push_back(
          {i, first, static_cast<std::uint32_t>(arrivals.arrival.size()), false, lines_[i].sum});
      for (const auto& [at, source] : own)
        e.push_back(M::exponents(parameters(i), at, weight(sources_[source], i)));
    }
    if (e.empty()) return;
    exp_all(std::span(e.front().data(), e.size() * kExponentials));
    auto next = e.begin();
    for (const Follower& f : std::span(followers).subspan(before)) {
      const auto& p = parameters(f.neuron);
      for (std::uint32_t k = f.next; k != f.end; ++k) {
        const auto& [at, source] = arrivals.arrival[k];
        const double w = weight(sources_[source], f.neuron);
        arrivals.kick.push_back(w * M::pulse(p, *next++, at, w));
      }
    }
  }
  /// What arrives at neuron first + i in the open slot from one source.
  void add_arrivals(std::uint32_t number, std::uint32_t i, std::vector<Offset>& emitted,
                    std::vector<Arrival>& arrivals) const {
    const Source& source = sources_[number];
    const SlotTrains& trains = *source.trains->trains;
    const auto [slots, shift] = source.trains->delay[first_ + i];
    const std::uint32_t channel = source.trains->first_channel + first_ + i;
    const std::int64_t first = source.trains->slot(begin()) - slots;
    for (std::int64_t k = 0; k < source.slots; ++k) {
      const Offset begin = begin_of(source, k);
      trains.draw(channel, first + k, emitted);
      for (const Offset t : emitted)
        if (t.ticks + shift < source.length.ticks)
          arrivals.push_back({begin + Offset{t.ticks + shift}, number});
      if (shift == 0) continue;
      trains.draw(channel, first + k - 1, emitted);
      for (const Offset t : emitted)
        if (t.ticks + shift >= source.length.ticks)
          arrivals.push_back({begin + Offset{t.ticks + shift - source.length.ticks}, number});
    }
  }

  const PrivateInputs* inputs_;
  std::uint32_t first_;
  const Parameters* parameters_;
  std::vector<Line> lines_;
  std::vector<Source> sources_;
  std::array<Exponentials, SlotSums::kTile> growth_{};  // of a tile, at a slot's middle
  Offset begin_;                                        // of the slot
  bool is_open_ = false;
  std::int64_t slot_ = 0;  // the latest that was opened
  Time origin_;            // of its times
  EventCounts arrived_;    // in the slot
  std::vector<Follower> followers_;
  Arrivals followed_;
};

}  // namespace chronotope::events
