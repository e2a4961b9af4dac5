// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"
#include "chronotope/core/prefetch.hpp"
#include "chronotope/core/projection_source.hpp"
#include "chronotope/core/spike_record.hpp"
#include "chronotope/core/state.hpp"
#include "chronotope/models/plasticity/newest_spikes.hpp"
#include "chronotope/models/plasticity/pairing.hpp"
#include "chronotope/models/plasticity/scaled_decay.hpp"
#include "chronotope/models/plasticity/spike_ages.hpp"
#include "chronotope/models/plasticity/synapse_clock.hpp"
#include "chronotope/models/plasticity/trace_law.hpp"
#include "chronotope/models/plasticity/trace_sum.hpp"

namespace chronotope::models {

/// How a row of arrivals is accounted for.
enum class ArrivalPath : std::uint8_t {
  kGeneral,  // one synapse after the other: TraceStdp
  kPlain,    // all traces are shared: plain_arrivals.hpp
  kPrivate,  // the time constants are the synapses' own: private_arrivals.hpp
};

/// The spike trains of the sources and targets of a projection, and the traces
///
///   r1' = -r1/tau_plus,  r2' = -r2/tau_x      of each source:  += 1 (= 1: see Pairing) at its spikes
///   o1' = -o1/tau_minus, o2' = -o2/tau_y      of each target
///
/// A time constant that all synapses share makes a trace of the train, which is kept with its spikes; one of
/// a synapse's own makes a sum over the train when it is needed. A train is kept as far back as a delay or
/// such a sum reaches. Memory: 32 bytes per remembered spike of a source and 64 of a target, 16 more where
/// time constants are private; some 300 per neuron.
template <bool kSlowTraces>
class TraceTrains {
 public:
  /// A spike of a source, with the shared traces.
  struct Arrival {
    Time at;    // when it was emitted
    double r1;  // just after it
    double r2;  // just before it

    friend bool operator==(const Arrival&, const Arrival&) = default;
    /// Whether the traces can be those of some train.
    bool is_some() const { return is_trace(r1 - 1) && is_trace(r2); }
  };
  /// A spike of a target, with the shared traces.
  struct Spike {
    Time at;
    ScaledDecay::Factor then;  // of `at`, tau_plus
    ScaledDecay::Factor o1_scaled;
    double o1 = 1;  // just after it
    double o2 = 0;  // just before it

    friend bool operator==(const Spike&, const Spike&) = default;
    bool is_some() const { return is_trace(o1 - 1) && is_trace(o2); }
  };
  using Arrivals = SpikeRecord<Arrival>;
  using Spikes = SpikeRecord<Spike>;
  using Newest = NewestSpikes<kSlowTraces>;

  /// The arrivals of one spike after one delay. Times are on the clock of the target when the dendritic part
  /// is shared, else at the soma.
  struct Row {
    NeuronId source{};
    std::uint32_t number = 0;  // of the spike among those of its source
    bool follows = false;      // there was a spike before
    ArrivalPath path = ArrivalPath::kGeneral;
    Duration delay;
    Time at;
    Time previous;            // arrival of the spike before
    double r1 = 0;            // just after `previous`, shared tau_plus
    ScaledDecay::Factor one;  // 1 at `previous`, decaying with tau_plus
    ScaledDecay::Factor now;  // of `at`, tau_minus
    double r2 = 0;            // just before `at`, shared tau_x
  };
  /// Ages of spikes that are not the last but one of their train, for as long as somebody needs them.
  using Renewed = std::vector<std::unique_ptr<SpikeAges>>;

  TraceTrains(const ProjectionSource& source, TraceConstants tau, const SynapseClock& clock);

  void sent(NeuronId source, Time t, Time delivered);
  void fired(NeuronId target, Time t);
  /// Drops what no synapse needs any more that was settled to t.
  void forget(NeuronId target, Time t);
  void compact(Time t) {
    for (Arrivals& arrivals : arrivals_) drop_arrived(arrivals, t);
  }
  void restored();

  /// Of the spike that was emitted at a time, and of one that would be at the soma at t.
  Row row(const SynapseClock& clock, NeuronId source, Time emitted, Duration delay) const {
    const Arrivals& arrivals = arrivals_[index(source)];
    std::uint32_t number = arrivals.end();
    while (number != arrivals.begin() && arrivals[number - 1].at >= emitted) --number;
    return make_row(clock, source, number, emitted + delay, delay);
  }
  Row row_until(const SynapseClock& clock, NeuronId source, Time t, Duration delay) const {
    const Arrivals& arrivals = arrivals_[index(source)];
    std::uint32_t number = arrivals.end();
    while (number != arrivals.begin() && arrivals[number - 1].at + delay >= t) --number;
    return make_row(clock, source, number, t, delay);
  }
  /// Of spike `number` of a source.
  Row make_row(const SynapseClock& clock, NeuronId source, std::uint32_t number, Time arrival,
               Duration delay) const;

  ArrivalPath path() const { return path_; }
  const Pairing& pairing() const { return pairing_; }
  const TraceConstants& tau() const { return tau_; }
  const ScaledDecay& plus() const { return plus_; }
  const ScaledDecay& minus() const { return minus_; }

  const Arrivals& arrivals(NeuronId source) const { return arrivals_[index(source)]; }
  const Spikes& spikes(NeuronId target) const { return spikes_[index(target)]; }
  /// On the plain path.
  const Newest& newest(NeuronId target) const { return newest_[index(target)]; }
  /// On the private path: before the last spike of a target, and before the spike ahead of a row's, which are
  /// at hand or put into `renewed`.
  const SpikeAges& spike_ages(NeuronId target) const { return spike_ages_[index(target)]; }
  const SpikeAges& ages_before(const Row& row, Renewed& renewed) const;

  /// r1 at spike j of a target, the row's previous arrival being the last before it: `then` at that arrival,
  /// and `left` of it. `is_first` says that no spike lies between the two.
  DecayingTrace r1(const SynapseClock& clock, SynapseId s, const Row& row, const Spikes& spikes,
                   std::uint32_t j) const;
  /// What is left of it at a spike j > the first.
  double left_of_r1(const SynapseClock& clock, SynapseId s, const Row& row, const Spike& spike) const {
    return scaled_plus_ ? plus_.decayed(row.one, spike.then)
                        : exp(-(spike.at - clock.at_synapse(s, row.previous)).ms() / tau_.plus[s]);
  }
  /// o1 at the row's arrival after the target's spikes before `next`.
  double o1(const SynapseClock& clock, SynapseId s, const Row& row, const Spikes& spikes,
            std::uint32_t next) const;
  /// o2 just before spike j of a target, r2 just before the row's arrival.
  double o2(SynapseId s, const Spikes& spikes, std::uint32_t j) const;
  double r2(SynapseId s, const Row& row) const;

  void prefetch_source(NeuronId source) const {
    prefetch_object(arrivals_[index(source)]);
    if (path_ == ArrivalPath::kPrivate) prefetch_object(arrival_ages_[index(source)]);
  }
  void prefetch_target(NeuronId target) const {
    prefetch_object(spikes_[index(target)]);
    if (path_ == ArrivalPath::kPlain) prefetch_object(newest_[index(target)]);
    if (path_ == ArrivalPath::kPrivate) prefetch_object(spike_ages_[index(target)]);
  }

  template <class Self, class Visit>
  static void progress(Self& self, Visit& visit) {
    visit("arrivals", self.arrivals_);
    visit("spikes", self.spikes_, Per::kTarget);
    visit("newest", self.newest_, Per::kTarget);
  }

 private:
  void choose_path(const SynapseClock& clock, bool is_rewarded);
  void choose_reach();
  static double reach(const Parameter<SynapseId>& tau, bool is_summed) {
    return is_summed ? kTraceReach * std::ranges::max(tau.values()) : 0;
  }
  /// A spike at t, after the last one if there was one.
  Arrival arrival(Time t, const Arrival* last) const;
  Spike spike(Time t, const Spike* last) const;
  Spike scaled(Spike spike) const;
  /// Whether each entry is what `made` makes of it and of the one before it, and the first one some traces'.
  template <class Record, class Made>
  static bool follows(const Record& record, Made made);
  /// Drops what nobody needs any more: all before `last`, but what traces reach back to from there.
  template <class Record>
  static void drop(Record& record, std::uint32_t last, double reach);
  void drop_arrived(Arrivals& arrivals, Time delivered);

  TraceConstants tau_;
  Pairing pairing_;
  Duration longest_delay_;
  Duration longest_dendritic_;
  bool scaled_plus_;   // r1 decays by ScaledDecay, else by an exponential per synapse and spike
  bool scaled_minus_;  // o1 likewise
  bool r1_is_shared_;  // all synapses of a source have the row's r1
  ArrivalPath path_ = ArrivalPath::kGeneral;
  double arrivals_reach_ = 0;  // [ms]
  double spikes_reach_ = 0;    // [ms]
  ScaledDecay plus_;
  ScaledDecay minus_;

  std::vector<Arrivals> arrivals_;  // by source
  std::vector<Spikes> spikes_;      // by target
  std::vector<Newest> newest_;      // by target, on the plain path

  std::vector<SpikeAges> arrival_ages_;  // by source, on the private path: of the last but one
  std::vector<SpikeAges> spike_ages_;    // by target, likewise: of the last one
};

template <bool kSlowTraces>
TraceTrains<kSlowTraces>::TraceTrains(const ProjectionSource& source, TraceConstants tau,
                                      const SynapseClock& clock)
    : tau_(std::move(tau)),
      pairing_(Pairing::of(source)),
      longest_delay_(source.longest_delay()),
      longest_dendritic_(clock.longest()),
      scaled_plus_(tau_.plus.is_shared() && clock.is_shared()),
      scaled_minus_(tau_.minus.is_shared() && clock.is_shared()),
      r1_is_shared_(!pairing_.all_arrivals || (tau_.plus.is_shared() && !pairing_.next_spike_only)),
      plus_(tau_.plus[SynapseId{0}]),
      minus_(tau_.minus[SynapseId{0}]) {
  choose_path(clock, source.is_rewarded());
  choose_reach();
  arrivals_reach_ = source.largest(arrivals_reach_);
  spikes_reach_ = source.largest(spikes_reach_);
  arrivals_.assign(source.sources(), Arrivals(arrivals_reach_ > 0));
  spikes_.assign(source.targets(), Spikes(spikes_reach_ > 0));
  if (path_ == ArrivalPath::kPlain) newest_.resize(source.targets());
  if (path_ == ArrivalPath::kPrivate) arrival_ages_.resize(source.sources());
  if (path_ == ArrivalPath::kPrivate) spike_ages_.resize(source.targets());
}

/// Fast ways are for what is usual: every spike counts, nothing between synapse and soma, no reward.
template <bool kSlowTraces>
void TraceTrains<kSlowTraces>::choose_path(const SynapseClock& clock, bool is_rewarded) {
  const bool is_at_soma = clock.is_shared() && clock.longest() == Duration();
  if (!is_at_soma || is_rewarded || pairing_.next_spike_only || pairing_.next_arrival_only) return;
  if (scaled_plus_ && scaled_minus_ && r1_is_shared_ && tau_.slow_pre.is_shared() &&
      tau_.slow_post.is_shared())
    path_ = ArrivalPath::kPlain;
  if (!kSlowTraces && !tau_.plus.is_shared() && !tau_.minus.is_shared() && pairing_.all_arrivals &&
      pairing_.all_spikes)
    path_ = ArrivalPath::kPrivate;
}

template <bool kSlowTraces>
void TraceTrains<kSlowTraces>::choose_reach() {
  const auto slow = [](const Parameter<SynapseId>& tau) {
    return reach(tau, kSlowTraces && !tau.is_shared());
  };
  arrivals_reach_ = std::max(reach(tau_.plus, !tau_.plus.is_shared() || pairing_.next_spike_only),  //
                             slow(tau_.slow_pre));
  spikes_reach_ = std::max(reach(tau_.minus, !tau_.minus.is_shared()), slow(tau_.slow_post));
}

template <bool kSlowTraces>
auto TraceTrains<kSlowTraces>::arrival(Time t, const Arrival* last) const -> Arrival {
  Arrival spike{t, 1, 0};
  if (last == nullptr) return spike;
  const double ms = (t - last->at).ms();
  if (pairing_.all_arrivals && tau_.plus.is_shared())
    spike.r1 += last->r1 * exp(-ms / tau_.plus[SynapseId{0}]);
  if (kSlowTraces && tau_.slow_pre.is_shared())
    spike.r2 = ((pairing_.all_arrivals ? last->r2 : 0) + 1) * exp(-ms / tau_.slow_pre[SynapseId{0}]);
  return spike;
}

template <bool kSlowTraces>
auto TraceTrains<kSlowTraces>::spike(Time t, const Spike* last) const -> Spike {
  Spike spike{t, {}, {}};
  if (last != nullptr) {
    const double ms = (t - last->at).ms();
    if (pairing_.all_spikes && tau_.minus.is_shared())
      spike.o1 += last->o1 * exp(-ms / tau_.minus[SynapseId{0}]);
    if (kSlowTraces && tau_.slow_post.is_shared())
      spike.o2 = ((pairing_.all_spikes ? last->o2 : 0) + 1) * exp(-ms / tau_.slow_post[SynapseId{0}]);
  }
  return scaled(spike);
}

/// With the factors that belong to its time.
template <bool kSlowTraces>
auto TraceTrains<kSlowTraces>::scaled(Spike spike) const -> Spike {
  if (scaled_plus_) spike.then = plus_.later(spike.at);
  if (scaled_minus_) spike.o1_scaled = minus_.earlier(spike.o1, spike.at);
  return spike;
}

template <bool kSlowTraces>
void TraceTrains<kSlowTraces>::sent(NeuronId source, Time t, Time delivered) {
  Arrivals& arrivals = arrivals_[index(source)];
  const Arrival spike = arrival(t, arrivals.empty() ? nullptr : &arrivals.back());
  if (path_ == ArrivalPath::kPrivate && !arrivals.empty())
    arrival_ages_[index(source)].renew(arrivals, arrivals.end() - 1, arrivals_reach_);
  arrivals.push(spike);
  drop_arrived(arrivals, delivered);
}

template <bool kSlowTraces>
void TraceTrains<kSlowTraces>::fired(NeuronId target, Time t) {
  Spikes& spikes = spikes_[index(target)];
  const Spike spike = this->spike(t, spikes.empty() ? nullptr : &spikes.back());
  spikes.push(spike);
  if (path_ == ArrivalPath::kPlain) newest_[index(target)].push({spike.then, spike.o2}, spike.o1_scaled);
  if (path_ == ArrivalPath::kPrivate)
    spike_ages_[index(target)].renew(spikes, spikes.end() - 1, spikes_reach_);
}

template <bool kSlowTraces>
void TraceTrains<kSlowTraces>::forget(NeuronId target, Time t) {
  Spikes& spikes = spikes_[index(target)];
  const Time settled = t - 2 * longest_dendritic_;
  std::uint32_t number = spikes.end();
  while (number != spikes.begin() && spikes[number - 1].at >= settled) --number;
  drop(spikes, number, spikes_reach_);
}

template <bool kSlowTraces>
template <class Record, class Made>
bool TraceTrains<kSlowTraces>::follows(const Record& record, Made made) {
  if (record.empty()) return true;
  if (!record[record.begin()].is_some()) return false;
  for (std::uint32_t n = record.begin() + 1; n != record.end(); ++n)
    if (record[n].at < record[n - 1].at || !(made(record[n], &record[n - 1]) == record[n])) return false;
  return true;
}

template <bool kSlowTraces>
void TraceTrains<kSlowTraces>::restored() {
  for (const Arrivals& arrivals : arrivals_)
    if (!follows(arrivals, [&](const Arrival& a, const Arrival* last) { return arrival(a.at, last); }))
      throw InputError("state arrivals holds a trace that does not follow from its spikes");
  for (const Spikes& spikes : spikes_)
    if (!follows(spikes, [&](const Spike& s, const Spike* last) { return spike(s.at, last); }) ||
        !(spikes.empty() || scaled(spikes[spikes.begin()]) == spikes[spikes.begin()]))
      throw InputError("state spikes holds a trace that does not follow from its spikes");
  for (std::size_t i = 0; i < newest_.size(); ++i)
    if (!newest_[i].is_of(spikes_[i])) throw InputError("state newest does not fit spikes");
  if (path_ != ArrivalPath::kPrivate) return;
  for (std::size_t i = 0; i < arrivals_.size(); ++i)
    if (arrivals_[i].end() - arrivals_[i].begin() > 1)
      arrival_ages_[i].renew(arrivals_[i], arrivals_[i].end() - 2, arrivals_reach_);
  for (std::size_t i = 0; i < spikes_.size(); ++i)
    if (!spikes_[i].empty()) spike_ages_[i].renew(spikes_[i], spikes_[i].end() - 1, spikes_reach_);
}

/// Drops what only arrivals before `delivered` needed.
template <bool kSlowTraces>
void TraceTrains<kSlowTraces>::drop_arrived(Arrivals& arrivals, Time delivered) {
  std::uint32_t arrived = arrivals.end();  // everywhere
  while (arrived != arrivals.begin() && arrivals[arrived - 1].at + longest_delay_ >= delivered) --arrived;
  drop(arrivals, arrived, arrivals_reach_);
}

template <bool kSlowTraces>
template <class Record>
void TraceTrains<kSlowTraces>::drop(Record& record, std::uint32_t last, double reach) {
  if (last == record.begin()) return;
  const Time from = record[last - 1].at;
  std::uint32_t keep = record.begin();
  while (keep != last - 1 && (from - record[keep].at).ms() > reach) ++keep;
  record.drop_before(keep);
}

template <bool kSlowTraces>
auto TraceTrains<kSlowTraces>::make_row(const SynapseClock& clock, NeuronId source, std::uint32_t number,
                                        Time arrival, Duration delay) const -> Row {
  const Arrivals& arrivals = arrivals_[index(source)];
  Row row;
  row.source = source;
  row.number = number;
  row.path = clock.teaches(arrival) ? path_ : ArrivalPath::kGeneral;
  row.delay = delay;
  row.at = clock.of_row(arrival);
  if (scaled_minus_) row.now = minus_.later(row.at);
  if (kSlowTraces && number != arrivals.end()) row.r2 = arrivals[number].r2;
  row.follows = number != arrivals.begin();
  if (!row.follows) return row;
  row.previous = clock.of_row(arrivals[number - 1].at + delay);
  row.r1 = arrivals[number - 1].r1;
  if (scaled_plus_) row.one = plus_.earlier(1, row.previous);
  return row;
}

template <bool kSlowTraces>
const SpikeAges& TraceTrains<kSlowTraces>::ages_before(const Row& row, Renewed& renewed) const {
  const SpikeAges& ages = arrival_ages_[index(row.source)];
  if (!row.follows || ages.is_of(row.number - 1)) return ages;
  renewed.push_back(std::make_unique<SpikeAges>());
  renewed.back()->renew(arrivals_[index(row.source)], row.number - 1, arrivals_reach_);
  return *renewed.back();
}

template <bool kSlowTraces>
DecayingTrace TraceTrains<kSlowTraces>::r1(const SynapseClock& clock, SynapseId s, const Row& row,
                                           const Spikes& spikes, std::uint32_t j) const {
  if (r1_is_shared_) return {row.r1, left_of_r1(clock, s, row, spikes[j])};
  const Arrivals& arrivals = arrivals_[index(row.source)];
  const double since = (spikes[j].at - clock.at_synapse(s, row.previous)).ms();
  const auto counts = [&](Time sent) {
    return clock.at_synapse(s, clock.of_row(sent + row.delay)) > spikes[j - 1].at;
  };
  DecayingTrace own = !pairing_.next_spike_only || j == spikes.begin()
                          ? trace_after(arrivals, row.number - 1, tau_.plus[s], since)
                          : trace_after(arrivals, row.number - 1, tau_.plus[s], since, counts);
  if (scaled_plus_) own.left = left_of_r1(clock, s, row, spikes[j]);
  return own;
}

template <bool kSlowTraces>
double TraceTrains<kSlowTraces>::o1(const SynapseClock& clock, SynapseId s, const Row& row,
                                    const Spikes& spikes, std::uint32_t next) const {
  if (next == spikes.begin()) return 0;
  const Spike& last = spikes[next - 1];
  if (pairing_.next_arrival_only && row.follows && last.at < clock.at_synapse(s, row.previous)) return 0;
  if (scaled_minus_) return minus_.decayed(last.o1_scaled, row.now);
  const double since = (clock.at_synapse(s, row.at) - last.at).ms();
  const bool is_known = tau_.minus.is_shared() || !pairing_.all_spikes;
  return is_known ? last.o1 * exp(-since / tau_.minus[s])
                  : trace_after(spikes, next - 1, tau_.minus[s], since).now();
}

template <bool kSlowTraces>
double TraceTrains<kSlowTraces>::o2(SynapseId s, const Spikes& spikes, std::uint32_t j) const {
  if (!kSlowTraces) return 0;
  if (tau_.slow_post.is_shared()) return spikes[j].o2;
  if (j == spikes.begin()) return 0;
  const double tau = tau_.slow_post[s];
  const double since = (spikes[j].at - spikes[j - 1].at).ms();
  return pairing_.all_spikes ? trace_after(spikes, j - 1, tau, since).now() : exp(-since / tau);
}

template <bool kSlowTraces>
double TraceTrains<kSlowTraces>::r2(SynapseId s, const Row& row) const {
  if (!kSlowTraces || tau_.slow_pre.is_shared()) return row.r2;
  if (!row.follows) return 0;
  const double tau = tau_.slow_pre[s];
  const double since = (row.at - row.previous).ms();
  return pairing_.all_arrivals ? trace_after(arrivals_[index(row.source)], row.number - 1, tau, since).now()
                               : exp(-since / tau);
}

}  // namespace chronotope::models
