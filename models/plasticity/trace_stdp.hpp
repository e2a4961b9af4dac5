// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chronotope/core/large_pages.hpp"
#include "chronotope/core/plasticity_rule.hpp"
#include "chronotope/core/projection_source.hpp"
#include "chronotope/core/state.hpp"
#include "chronotope/models/plasticity/arrival_rows.hpp"
#include "chronotope/models/plasticity/eligibility.hpp"
#include "chronotope/models/plasticity/plain_arrivals.hpp"
#include "chronotope/models/plasticity/private_arrivals.hpp"
#include "chronotope/models/plasticity/synapse_clock.hpp"
#include "chronotope/models/plasticity/trace_law.hpp"
#include "chronotope/models/plasticity/trace_synapses.hpp"
#include "chronotope/models/plasticity/trace_trains.hpp"

namespace chronotope::models {

/// Plasticity that depends on exponential traces of the two spike trains: any law, any pairing, every
/// constant shared or one per synapse, delays with a dendritic part.
///
///   arrival at t:             w += depression(w, o1(t-), r2(t-)),     r1 += 1, r2 += 1   (= 1: see Pairing)
///   postsynaptic spike at t:  w += potentiation(w, r1(t), o2(t-)),    o1 += 1, o2 += 1
///   between:                  r1' = -r1/tau_plus, o1' = -o1/tau_minus, r2' = -r2/tau_x, o2' = -o2/tau_y
///
/// clipped each time; with a reward the changes go into an Eligibility instead, which moves w. w is the
/// magnitude; the sign of the initial weights is kept for ever. At one instant arrivals come first, so a
/// coincident pair potentiates with dt = 0. Times at the synapse decide (SynapseClock): what is there at or
/// after learn_until changes nothing, and a weight read at t is that of the synapse at t, with arrivals that
/// have not come to the soma yet.
///
/// Invariants:
/// 1. A synapse is its weight and the number of the first postsynaptic spike it has not accounted for; traces
///    belong to the trains.
/// 2. The bits of a weight depend on the trains alone, not on when it was settled, nor on the path by which.
/// 3. A synapse is settled up to the arrivals at the soma, because they transmit its weight; what a reading
///    adds to that is done on a copy.
/// Memory: 12 bytes per synapse, 8 more with a dendritic part, and 8 per constant that is not shared; the
/// trains'. Cost: with shared time constants no exponential per synapse; a few operations per arrival and per
/// postsynaptic spike at each synapse.
template <TraceLaw Law>
class TraceStdp {
 public:
  static constexpr std::string_view kName = Law::kName;
  static constexpr bool kPlastic = true;

  using Trains = TraceTrains<Law::kSlowTraces>;
  using Row = typename Trains::Row;
  using OwnArrival = OwnArrivalOf<Row>;

  explicit TraceStdp(const ProjectionSource& source)
      : law_(source),
        clock_(source),
        trains_(source, Law::constants(source), clock_),
        synapses_{
            law_.draw_magnitudes(source), {}, source.sign(), source.chosen("transmit", "BEFORE_UPDATE")} {
    synapses_.next = column_in_large_pages<std::uint32_t>(synapses_.w.size());
    if (clock_.longest() > Duration()) shown_ = synapses_.w;
    if (source.is_rewarded()) eligibility_.emplace(source, synapses_.w, clock_.dendritic());
  }

  void sent(NeuronId source, Time t, Time delivered) { trains_.sent(source, t, delivered); }
  Row row(NeuronId source, Time emitted, Duration delay) const {
    return trains_.row(clock_, source, emitted, delay);
  }
  Row row_until(NeuronId source, Time t, Duration delay) const {
    return trains_.row_until(clock_, source, t, delay);
  }
  double arrive(SynapseId s, NeuronId target, const Row& row);
  void arrive_all(SynapseId first, std::span<const std::uint32_t> targets, const Row& row,
                  std::span<double> transmitted);
  void arrive_each(std::span<const OwnArrival> arrivals, std::span<double> transmitted);
  void fired(NeuronId target, Time t) { trains_.fired(target, t); }
  void settle(SynapseId s, NeuronId target, const Row& row) {
    account(s, target, row);
    if (!shown_.empty()) shown_[index(s)] = weight_at(s, target, row);
  }
  void settle_all(SynapseId first, std::span<const std::uint32_t> targets, const Row& row) {
    if (row.path == ArrivalPath::kPlain)
      return PlainArrivals(law_, trains_, synapses_).settle(OneRow(first, targets, row));
    for (std::size_t k = 0; k < targets.size(); ++k)
      settle(SynapseId{index(first) + k}, NeuronId{targets[k]}, row);
  }
  void rewarded(Time t, double amount) {
    if (eligibility_) eligibility_->rewarded(t, amount);
  }
  void scale(SynapseId s, double factor, const Row& row);
  void forget(NeuronId target, Time t) {
    trains_.forget(target, t);
    if (eligibility_) eligibility_->forget(target, t);
  }
  Duration longest_dendritic_delay() const { return clock_.longest(); }
  /// When it was last settled.
  double weight(SynapseId s) const {
    return synapses_.sign * (shown_.empty() ? synapses_.w : shown_)[index(s)];
  }

  void prefetch(IdRange<SynapseId> synapses) const { synapses_.prefetch(synapses); }
  void prefetch_source(NeuronId source) const { trains_.prefetch_source(source); }
  void prefetch_target(NeuronId target) const { trains_.prefetch_target(target); }

  template <class Self, class Visit>
  static void progress(Self& self, Visit& visit) {
    visit("weights", self.synapses_.w, Per::kSynapse);
    visit("shown", self.shown_, Per::kSynapse);
    visit("next", self.synapses_.next, Per::kSynapse);
    Trains::progress(self.trains_, visit);
    if (self.eligibility_) Eligibility::progress(*self.eligibility_, visit);
  }
  void compact(Time t) {
    trains_.compact(t);
    if (eligibility_) eligibility_->compact();
  }
  void restored() {
    trains_.restored();
    if (eligibility_) eligibility_->restored();
    for (std::uint64_t s = 0; s < synapses_.w.size(); ++s) {
      require_within_bounds("weights", SynapseId{s}, synapses_.w[s]);
      if (!shown_.empty()) require_within_bounds("shown", SynapseId{s}, shown_[s]);
      if (eligibility_)
        require_within_bounds("eligibility", SynapseId{s}, eligibility_->state(SynapseId{s}).w);
    }
  }
  /// Of its target's spikes those that it has not accounted for are remembered.
  bool is_sound(SynapseId s, NeuronId target) const {
    const Spikes& spikes = trains_.spikes(target);
    return spikes.end() - synapses_.next[index(s)] <= spikes.end() - spikes.begin();
  }

 private:
  using Spikes = typename Trains::Spikes;

  void require_within_bounds(const char* column, SynapseId s, double w) const {
    if (!std::isfinite(w) || law_[s].clip(w) != w)
      throw InputError(std::string("state ") + column + " holds the weight " + to_string(w) +
                       ", which the bounds of synapse " + std::to_string(index(s)) + " do not allow");
  }
  void arrive_one_by_one(std::span<const OwnArrival> arrivals, std::span<double> transmitted);
  void account(SynapseId s, NeuronId target, const Row& row);
  void account_new(SynapseId s, const Spikes& spikes, const Row& row);
  void change(SynapseId s, Time t, double dw);
  double weight_at(SynapseId s, NeuronId target, const Row& row);

  /// When a row is at the soma.
  Time at_soma(const Row& row) const { return clock_.at_soma(row.at); }
  /// What a synapse with a reward is at t.
  Eligibility::State state(SynapseId s, Time t) {
    return eligibility_->at(s, std::min(t, clock_.frozen_from(s)),
                            [this](SynapseId synapse, double w) { return law_[synapse].clip(w); });
  }

  Law law_;
  SynapseClock clock_;
  Trains trains_;
  TraceSynapses synapses_;
  std::vector<double> shown_;               // what weight() tells, with a dendritic part
  std::optional<Eligibility> eligibility_;  // with a reward; w is then the weight when it was last settled
};

template <TraceLaw Law>
double TraceStdp<Law>::arrive(SynapseId s, NeuronId target, const Row& row) {
  account(s, target, row);
  const double& w = synapses_.w[index(s)];
  const double before = w;
  const Time t = clock_.at_synapse(s, row.at);
  if (t < clock_.frozen_from(s)) {
    const double o1 = trains_.o1(clock_, s, row, trains_.spikes(target), synapses_.next[index(s)]);
    change(s, t, law_[s].depression(w, o1, trains_.r2(s, row)));
  }
  return synapses_.transmitted(before, w);
}

template <TraceLaw Law>
void TraceStdp<Law>::arrive_all(SynapseId first, std::span<const std::uint32_t> targets, const Row& row,
                                std::span<double> transmitted) {
  switch (row.path) {
    case ArrivalPath::kPlain:
      return PlainArrivals(law_, trains_, synapses_).take(OneRow(first, targets, row), transmitted);
    case ArrivalPath::kPrivate: {
      for (const std::uint32_t n : targets) trains_.prefetch_target(NeuronId{n});  // waits for all at once
      typename Trains::Renewed renewed;
      const OneRow rows(first, targets, row, &trains_.ages_before(row, renewed));
      return PrivateArrivals(law_, trains_, synapses_, rows).take(transmitted);
    }
    case ArrivalPath::kGeneral:
      for (std::size_t k = 0; k < targets.size(); ++k)
        transmitted[k] = arrive(SynapseId{index(first) + k}, NeuronId{targets[k]}, row);
  }
}

template <TraceLaw Law>
void TraceStdp<Law>::arrive_each(std::span<const OwnArrival> arrivals, std::span<double> transmitted) {
  const auto teaches = [&](const OwnArrival& a) { return clock_.teaches(a.sent->at + a.delay); };
  if (trains_.path() == ArrivalPath::kGeneral || !std::ranges::all_of(arrivals, teaches))
    return arrive_one_by_one(arrivals, transmitted);
  OwnRows<Row> rows{arrivals};
  if (trains_.path() == ArrivalPath::kPlain) {
    rows.take_exponentials(trains_.plus(), trains_.minus());
    return PlainArrivals(law_, trains_, synapses_).take(rows, transmitted);
  }
  for (const OwnArrival& a : arrivals) trains_.prefetch_target(a.target);  // waits for all at once
  typename Trains::Renewed renewed;
  for (std::size_t k = 0; k < arrivals.size(); ++k)
    rows.all_ages[k] = &trains_.ages_before(*arrivals[k].sent, renewed);
  PrivateArrivals(law_, trains_, synapses_, rows).take(transmitted);
}

template <TraceLaw Law>
void TraceStdp<Law>::arrive_one_by_one(std::span<const OwnArrival> arrivals, std::span<double> transmitted) {
  for (std::size_t k = 0; k < arrivals.size(); ++k) {
    const auto& [s, target, sent, delay] = arrivals[k];
    const Time arrival = at_soma(*sent) + delay;
    transmitted[k] = arrive(s, target, trains_.make_row(clock_, sent->source, sent->number, arrival, delay));
  }
}

/// Accounts for the spikes of the target before the row's time.
template <TraceLaw Law>
void TraceStdp<Law>::account(SynapseId s, NeuronId target, const Row& row) {
  const Spikes& spikes = trains_.spikes(target);
  if (synapses_.next[index(s)] != spikes.end()) account_new(s, spikes, row);
  if (eligibility_) [[unlikely]]
    synapses_.w[index(s)] = state(s, clock_.at_synapse(s, row.at)).w;
}

template <TraceLaw Law>
void TraceStdp<Law>::account_new(SynapseId s, const Spikes& spikes, const Row& row) {
  const Time until = clock_.at_synapse(s, row.at);
  std::uint32_t j = synapses_.next[index(s)];
  std::uint32_t end = spikes.end();
  while (end != j && spikes[end - 1].at >= until) --end;
  synapses_.next[index(s)] = end;
  const Time frozen = clock_.frozen_from(s);
  if (!row.follows || j == end || spikes[j].at >= frozen) return;
  if (trains_.pairing().next_spike_only) {
    if (j != spikes.begin() && spikes[j - 1].at >= clock_.at_synapse(s, row.previous)) return;
    end = j + 1;
  }
  double& w = synapses_.w[index(s)];
  DecayingTrace r1 = trains_.r1(clock_, s, row, spikes, j);
  for (;;) {
    if (r1.left == 0) return;
    if (eligibility_) [[unlikely]]
      w = state(s, spikes[j].at).w;
    change(s, spikes[j].at, law_[s].potentiation(w, r1.now(), trains_.o2(s, spikes, j)));
    if (++j == end || spikes[j].at >= frozen) return;
    r1.left = trains_.left_of_r1(clock_, s, row, spikes[j]);
  }
}

/// Changes the weight by dw at a time of an arrival or a spike of the target.
template <TraceLaw Law>
void TraceStdp<Law>::change(SynapseId s, Time t, double dw) {
  double& w = synapses_.w[index(s)];
  if (!eligibility_) [[likely]]
    w = law_[s].clip(w + dw);
  else if (dw != 0)
    eligibility_->set(s, state(s, t), dw);
}

/// The magnitude at the synapse at the row's time at the soma, up to which s was settled: what is still on
/// its way to the soma then is accounted for, and forgotten.
template <TraceLaw Law>
double TraceStdp<Law>::weight_at(SynapseId s, NeuronId target, const Row& row) {
  double& w = synapses_.w[index(s)];
  std::uint32_t& next = synapses_.next[index(s)];
  const double settled_w = w;
  const std::uint32_t settled_next = next;
  const auto settled_state = eligibility_ ? eligibility_->state(s) : Eligibility::State{};
  const auto& arrivals = trains_.arrivals(row.source);
  const Time end = at_soma(row) + clock_.dendritic()[s];
  for (std::uint32_t n = row.number; n != arrivals.end() && arrivals[n].at + row.delay < end; ++n)
    arrive(s, target, this->row(row.source, arrivals[n].at, row.delay));
  account(s, target, row_until(row.source, end, row.delay));
  next = settled_next;
  if (eligibility_) eligibility_->set(s, settled_state, 0);
  return std::exchange(w, settled_w);
}

/// The weight at the synapse is multiplied at the time the row is at the soma; what is on its way to the soma
/// then is accounted for after that.
template <TraceLaw Law>
void TraceStdp<Law>::scale(SynapseId s, double factor, const Row& row) {
  if (!clock_.teaches(at_soma(row))) return;
  double& w = synapses_.w[index(s)];
  if (shown_.empty()) {
    w = law_[s].clip(w * factor);
  } else {
    w = law_[s].clip(w + (factor - 1) * shown_[index(s)]);
    shown_[index(s)] = law_[s].clip(factor * shown_[index(s)]);
  }
  if (!eligibility_) return;
  Eligibility::State scaled = state(s, clock_.at_synapse(s, row.at));
  scaled.w = w;
  eligibility_->set(s, scaled, 0);
}

}  // namespace chronotope::models
