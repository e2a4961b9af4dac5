// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/parameter.hpp"
#include "chronotope/core/plasticity_rule.hpp"
#include "chronotope/core/prefetch.hpp"
#include "chronotope/core/projection_source.hpp"
#include "chronotope/core/spike_record.hpp"
#include "chronotope/models/plasticity/eligibility.hpp"
#include "chronotope/models/plasticity/newest_spikes.hpp"
#include "chronotope/models/plasticity/pairing.hpp"
#include "chronotope/models/plasticity/scaled_decay.hpp"
#include "chronotope/models/plasticity/spike_ages.hpp"
#include "chronotope/models/plasticity/trace_sum.hpp"

namespace chronotope::models {

/// The time constants of the traces, shared or one per synapse [ms].
struct TraceConstants {
  Parameter<SynapseId> plus;       // of r1, the arrivals
  Parameter<SynapseId> minus;      // of o1, the postsynaptic spikes
  Parameter<SynapseId> slow_pre;   // of r2, when the law has slow traces
  Parameter<SynapseId> slow_post;  // of o2
};

/// How a weight changes, as arithmetic on the weight's magnitude and the traces.
///
/// law[s] has the constants of synapse s: a postsynaptic spike changes its weight by potentiation(w, r1, o2),
/// an arrival by depression(w, o1, r2), of either sign; clip(w) brings it into its bounds. r2 and o2 are the
/// slow traces just before the event and 0 unless kSlowTraces. is_shared() says that all synapses have the
/// same: then use_shared(use) calls use(law[s]), or what does the same with fewer decisions. kIsCheap says of
/// law[s] that a potentiation is sooner computed than it is decided whether there was one. Requires of a law:
/// potentiation with r1 = 0 is 0.
template <class L>
concept TraceLaw = requires(const L& law, const ProjectionSource& source, SynapseId s, double w) {
  { L::kName } -> std::convertible_to<std::string_view>;
  { L::kSlowTraces } -> std::convertible_to<bool>;
  L(source);
  { L::constants(source) } -> std::same_as<TraceConstants>;
  { law.draw_magnitudes(source) } -> std::same_as<std::vector<double>>;
  { law.is_shared() } -> std::same_as<bool>;
  law.use_shared([](const auto&) {});
  { law[s].potentiation(w, w, w) } -> std::same_as<double>;
  { law[s].depression(w, w, w) } -> std::same_as<double>;
  { law[s].clip(w) } -> std::same_as<double>;
  { law[s].kIsCheap } -> std::convertible_to<bool>;
};

/// Plasticity that depends on exponential traces of the two spike trains: any law, any pairing, every
/// constant shared or one per synapse, delays with a dendritic part.
///
///   arrival at t:             w += depression(w, o1(t-), r2(t-)),     r1 += 1, r2 += 1   (= 1: see Pairing)
///   postsynaptic spike at t:  w += potentiation(w, r1(t), o2(t-)),    o1 += 1, o2 += 1
///   between:                  r1' = -r1/tau_plus, o1' = -o1/tau_minus, r2' = -r2/tau_x, o2' = -o2/tau_y
///
/// clipped each time; with a reward the changes go into an Eligibility instead, which moves w. w is the
/// magnitude; the sign of the initial weights is kept for ever. At one instant arrivals come first,
/// so a coincident pair potentiates with dt = 0. With a dendritic delay d an arrival reaches the synapse d
/// before the soma and a postsynaptic spike d after it: the arrival counts as if it came 2 d earlier, which
/// is the `clock of the target` below: it is d behind the synapse. Times at the synapse decide: what is there
/// at or after learn_until changes nothing, and a weight read at t is that of the synapse at t, with arrivals
/// that have not come to the soma yet.
///
/// Invariants:
/// 1. A synapse is its weight and the number of the first postsynaptic spike it has not accounted for. Traces
///    belong to the trains: a shared time constant's are kept with the source's and the target's spikes, a
///    private one's are summed when needed.
/// 2. The bits of a weight depend on the trains alone, not on when it was settled.
/// 3. A synapse is settled up to the arrivals at the soma, because they transmit its weight; what a reading
///    adds to that is done on a copy.
/// Memory: 12 bytes per synapse, 8 more with a dendritic part, and 8 per constant that is not shared; 32
/// bytes per remembered spike of a source and 64 of a target, 16 more where time constants are private; some
/// 300 per neuron. Cost: with shared time constants no exponential per synapse; a few operations per arrival
/// and per postsynaptic spike at each synapse.
template <TraceLaw Law>
class TraceStdp {
 public:
  static constexpr std::string_view kName = Law::kName;
  static constexpr bool kPlastic = true;

  /// The arrivals of one spike after one delay. Times are on the clock of the target when the dendritic part
  /// is shared, else at the soma.
  struct Row {
    NeuronId source{};
    std::uint32_t number = 0;  // of the spike among those of its source
    bool follows = false;      // there was a spike before
    bool is_plain = false;     // arrive_plain will do
    bool is_private = false;   // arrive_private will do
    Duration delay;
    Time at;
    Time previous;            // arrival of the spike before
    double r1 = 0;            // just after `previous`, shared tau_plus
    ScaledDecay::Factor one;  // 1 at `previous`, decaying with tau_plus
    ScaledDecay::Factor now;  // of `at`, tau_minus
    double r2 = 0;            // just before `at`, shared tau_x
  };

  /// An arrival after a delay of its own of the spike whose row with no delay is `sent`.
  struct OwnArrival {
    SynapseId synapse{};
    NeuronId target{};
    const Row* sent = nullptr;
    Duration delay;
  };

  explicit TraceStdp(const ProjectionSource& source);

  void sent(NeuronId source, Time t, Time delivered);
  Row row(NeuronId source, Time emitted, Duration delay) const {
    const Arrivals& arrivals = arrivals_[index(source)];
    std::uint32_t number = arrivals.end();
    while (number != arrivals.begin() && arrivals[number - 1].at >= emitted) --number;
    return make_row(source, number, emitted + delay, delay);
  }
  Row row_until(NeuronId source, Time t, Duration delay) const {
    const Arrivals& arrivals = arrivals_[index(source)];
    std::uint32_t number = arrivals.end();
    while (number != arrivals.begin() && arrivals[number - 1].at + delay >= t) --number;
    return make_row(source, number, t, delay);
  }

  double arrive(SynapseId s, NeuronId target, const Row& row);
  void arrive_all(SynapseId first, std::span<const std::uint32_t> targets, const Row& row,
                  std::span<double> transmitted);
  void arrive_each(std::span<const OwnArrival> arrivals, std::span<double> transmitted);
  void fired(NeuronId target, Time t);
  void prefetch(IdRange<SynapseId> synapses) const {
    const std::uint64_t first = index(synapses.front());
    prefetch_begin(std::span(w_).subspan(first, synapses.size()));
    prefetch_begin(std::span(next_).subspan(first, synapses.size()));
  }
  void prefetch_source(NeuronId source) const {
    prefetch_object(arrivals_[index(source)]);
    if (is_private_) prefetch_object(arrival_ages_[index(source)]);
  }
  Duration longest_dendritic_delay() const { return longest_dendritic_; }
  void prefetch_target(NeuronId target) const {
    prefetch_object(spikes_[index(target)]);
    if (is_plain_) prefetch_object(newest_[index(target)]);
    if (is_private_) prefetch_object(spike_ages_[index(target)]);
  }
  void settle(SynapseId s, NeuronId target, const Row& row) {
    account(s, spikes_[index(target)], row);
    if (!shown_.empty()) shown_[index(s)] = weight_at(s, target, row);
  }
  void rewarded(Time t, double amount) {
    if (eligibility_) eligibility_->rewarded(t, amount);
  }
  void scale(SynapseId s, double factor, const Row& row);
  void forget(NeuronId target, Time t);

  template <class Self, class Visit>
  static void progress(Self& self, Visit& visit) {
    visit("weights", self.w_);
    visit("shown", self.shown_);
    visit("next", self.next_);
    visit("arrivals", self.arrivals_);
    visit("spikes", self.spikes_);
    visit("newest", self.newest_);
    visit("eligibility", self.eligibility_);
  }
  void compact(Time t);
  void restored();

  /// When it was last settled.
  double weight(SynapseId s) const { return sign_ * (shown_.empty() ? w_ : shown_)[index(s)]; }

 private:
  /// A spike of a source, with the shared traces.
  struct Arrival {
    Time at;    // when it was emitted
    double r1;  // just after it
    double r2;  // just before it
  };
  /// A spike of a target, with the shared traces.
  struct Spike {
    Time at;
    ScaledDecay::Factor then;  // of `at`, tau_plus
    ScaledDecay::Factor o1_scaled;
    double o1 = 1;  // just after it
    double o2 = 0;  // just before it
  };
  using Arrivals = SpikeRecord<Arrival>;
  using Spikes = SpikeRecord<Spike>;
  using Newest = NewestSpikes<Law::kSlowTraces>;

  /// The traces of no synapse, or of many, by place.
  struct NoTraces {
    double operator[](std::size_t) const { return 0; }
  };
  using SlowTraces = std::conditional_t<Law::kSlowTraces, std::array<double, kManyArrivals>, NoTraces>;
  /// What the arrivals of arrive_plain find: r1 and o2 at the target's last two spikes since the arrival
  /// before, r1 = 0 where there was none; o1 and r2.
  struct Found {
    std::array<double, kManyArrivals> r1_before;
    std::array<double, kManyArrivals> r1;
    std::array<double, kManyArrivals> o1;
    SlowTraces o2_before;
    SlowTraces o2;
    SlowTraces r2;
  };

  Row make_row(NeuronId source, std::uint32_t number, Time arrival, Duration delay) const;
  /// Arrivals of one row at neighbouring synapses. What they share is copied, so that no weight that is written
  /// can be taken for it.
  struct OneRow {
    OneRow(SynapseId first_synapse, std::span<const std::uint32_t> their_targets, const Row& row,
           const SpikeAges* ages = nullptr)
        : first(first_synapse),
          targets(their_targets),
          common(row),
          common_ages(ages),
          r1_before(row.r1),
          r2_before(row.r2),
          has_previous(row.follows),
          one_before(row.one),
          factor_now(row.now) {}

    SynapseId first;
    std::span<const std::uint32_t> targets;
    const Row& common;
    const SpikeAges* common_ages;
    double r1_before;
    double r2_before;
    bool has_previous;
    ScaledDecay::Factor one_before;
    ScaledDecay::Factor factor_now;

    double r1(std::size_t) const { return r1_before; }
    double r2(std::size_t) const { return r2_before; }
    bool follows(std::size_t) const { return has_previous; }

    std::size_t size() const { return targets.size(); }
    SynapseId synapse(std::size_t k) const { return SynapseId{index(first) + k}; }
    std::uint32_t target(std::size_t k) const { return targets[k]; }
    const Row& row(std::size_t) const { return common; }
    const ScaledDecay::Factor& one(std::size_t) const { return one_before; }
    const ScaledDecay::Factor& now(std::size_t) const { return factor_now; }
    Time at(std::size_t) const { return common.at; }
    Time previous(std::size_t) const { return common.previous; }
    const SpikeAges& ages(std::size_t) const { return *common_ages; }
  };
  /// Arrivals of many rows, each at a time of its own. Requires: no dendritic part.
  struct OwnRows {
    std::span<const OwnArrival> arrivals;
    std::array<ScaledDecay::Factor, kManyArrivals> ones{};
    std::array<ScaledDecay::Factor, kManyArrivals> nows{};
    std::array<const SpikeAges*, kManyArrivals> all_ages{};

    std::size_t size() const { return arrivals.size(); }
    SynapseId synapse(std::size_t k) const { return arrivals[k].synapse; }
    std::uint32_t target(std::size_t k) const { return index(arrivals[k].target); }
    const Row& row(std::size_t k) const { return *arrivals[k].sent; }
    double r1(std::size_t k) const { return row(k).r1; }
    double r2(std::size_t k) const { return row(k).r2; }
    bool follows(std::size_t k) const { return row(k).follows; }
    const ScaledDecay::Factor& one(std::size_t k) const { return ones[k]; }
    const ScaledDecay::Factor& now(std::size_t k) const { return nows[k]; }
    Time at(std::size_t k) const { return row(k).at + arrivals[k].delay; }
    Time previous(std::size_t k) const { return row(k).previous + arrivals[k].delay; }
    const SpikeAges& ages(std::size_t k) const { return *all_ages[k]; }
  };

  using Renewed = std::vector<std::unique_ptr<SpikeAges>>;

  void take_exponentials(OwnRows& rows) const;
  const SpikeAges& ages_before(const Row& row, Renewed& renewed) const;
  template <class Rows>
  void arrive_private(const Rows& rows, std::span<double> transmitted);
  template <class Rows>
  void arrive_plain(const Rows& rows, std::span<double> transmitted);
  template <class LawOf, class Rows>
  void arrive_plain(LawOf law_of, const Rows& rows, std::span<double> transmitted);
  /// w after a postsynaptic spike, or w when r1 = 0.
  template <class SynapseLaw>
  static double potentiated(const SynapseLaw& law, double w, double r1, double o2) {
    if (!SynapseLaw::kIsCheap && r1 == 0) return w;
    return law.clip(w + law.potentiation(w, r1, o2));
  }
  template <class SynapseLaw>
  double after_all_but_two(SynapseLaw law, double w, std::uint32_t fired, NeuronId target, double r1,
                           const ScaledDecay::Factor& one) const;
  /// Accounts for the spikes of the target before the row's time.
  void account(SynapseId s, const Spikes& spikes, const Row& row) {
    if (next_[index(s)] != spikes.end()) account_new(s, spikes, row);
    if (eligibility_) [[unlikely]]
      w_[index(s)] = state(s, at_synapse(s, row.at)).w;
  }
  /// Changes the weight by dw at a time of an arrival or a spike of the target.
  void change(SynapseId s, Time t, double dw) {
    if (eligibility_) [[unlikely]]
      return change_trace(s, t, dw);
    double& w = w_[index(s)];
    w = law_[s].clip(w + dw);
  }
  void change_trace(SynapseId s, Time t, double dw);
  /// What a synapse with a reward is at t.
  Eligibility::State state(SynapseId s, Time t) {
    return eligibility_->at(s, std::min(t, frozen_from(s)),
                            [this](SynapseId synapse, double w) { return law_[synapse].clip(w); });
  }
  void account_new(SynapseId s, const Spikes& spikes, const Row& row);
  double weight_at(SynapseId s, NeuronId target, const Row& row);
  DecayingTrace own_r1(SynapseId s, const Spikes& spikes, std::uint32_t j, const Row& row) const;
  double o1(SynapseId s, const Spikes& spikes, const Row& row) const {
    const std::uint32_t next = next_[index(s)];
    if (next == spikes.begin()) return 0;
    const Spike& last = spikes[next - 1];
    if (pairing_.next_arrival_only && row.follows && last.at < at_synapse(s, row.previous)) return 0;
    return scaled_minus_ ? minus_.decayed(last.o1_scaled, row.now) : own_o1(s, spikes, row);
  }
  double own_o1(SynapseId s, const Spikes& spikes, const Row& row) const;
  double o2(SynapseId s, const Spikes& spikes, std::uint32_t j) const;
  double r2(SynapseId s, const Row& row) const;

  /// learn_until at synapse s, on the clock of the target.
  Time frozen_from(SynapseId s) const { return learn_until_ - dendritic_[s]; }
  /// When a row is at the soma.
  Time at_soma(const Row& row) const { return row.at - shift_; }
  /// A row's time at synapse s, on the clock of the target.
  Time at_synapse(SynapseId s, Time t) const { return dendritic_.is_shared() ? t : t - 2 * dendritic_[s]; }
  template <class T>
  static T largest(const Parameter<SynapseId, T>& p, std::uint64_t synapses);
  /// Drops what nobody needs any more: all before `last`, but what traces reach back to from there.
  template <class Record>
  static void drop(Record& record, std::uint32_t last, double reach);
  void drop_arrived(Arrivals& arrivals, Time delivered);

  Law law_;
  Pairing pairing_;
  TraceConstants tau_;
  Parameter<SynapseId, Duration> dendritic_;
  Duration shift_;  // of a shared dendritic part
  double sign_;
  bool transmit_before_update_;
  Time learn_until_;
  Duration longest_delay_;
  Duration longest_dendritic_;
  double arrivals_reach_;  // [ms]
  double spikes_reach_;    // [ms]
  bool scaled_plus_;       // r1 decays by ScaledDecay, else by an exponential per synapse and spike
  bool scaled_minus_;
  bool r1_is_shared_;  // all synapses of a source have the row's r1
  bool is_plain_;      // all traces are shared and count every spike, no dendritic delay, no reward
  bool is_private_;    // the same with two private traces
  ScaledDecay plus_;
  ScaledDecay minus_;
  std::vector<double> w_;
  std::vector<double> shown_;               // what weight() tells, with a dendritic part
  std::vector<std::uint32_t> next_;         // of the target's spikes, the first not accounted for
  std::optional<Eligibility> eligibility_;  // with a reward; w_ is then the weight when it was last settled
  std::vector<Arrivals> arrivals_;          // by source
  std::vector<Spikes> spikes_;              // by target
  std::vector<Newest> newest_;              // by target, for arrive_plain
  std::vector<SpikeAges> arrival_ages_;     // by source, for arrive_private: of the last but one
  std::vector<SpikeAges> spike_ages_;       // by target, likewise: of the last one
};

template <TraceLaw Law>
TraceStdp<Law>::TraceStdp(const ProjectionSource& source)
    : law_(source),
      pairing_(Pairing::of(source)),
      tau_(Law::constants(source)),
      dendritic_(source.dendritic_delays()),
      shift_(dendritic_.is_shared() ? -2 * dendritic_[SynapseId{0}] : Duration()),
      sign_(source.sign()),
      transmit_before_update_(source.chosen("transmit", "BEFORE_UPDATE")),
      learn_until_(source.time("learn_until")),
      longest_delay_(source.longest_delay()),
      longest_dendritic_(largest(dendritic_, source.synapse_count())),
      scaled_plus_(tau_.plus.is_shared() && dendritic_.is_shared()),
      scaled_minus_(tau_.minus.is_shared() && dendritic_.is_shared()),
      r1_is_shared_(!pairing_.all_arrivals || (tau_.plus.is_shared() && !pairing_.next_spike_only)),
      plus_(tau_.plus[SynapseId{0}]),
      minus_(tau_.minus[SynapseId{0}]),
      w_(law_.draw_magnitudes(source)),
      next_(w_.size()),
      eligibility_(source.is_rewarded() ? std::optional<Eligibility>(std::in_place, source, w_, dendritic_)
                                        : std::nullopt) {
  const bool is_usual = dendritic_.is_shared() && shift_ == Duration() && !pairing_.next_spike_only &&
                        !pairing_.next_arrival_only && !eligibility_;
  is_plain_ = is_usual && scaled_plus_ && scaled_minus_ && r1_is_shared_ && tau_.slow_pre.is_shared() &&
              tau_.slow_post.is_shared();
  is_private_ = is_usual && !Law::kSlowTraces && !tau_.plus.is_shared() && !tau_.minus.is_shared() &&
                pairing_.all_arrivals && pairing_.all_spikes;
  if (longest_dendritic_ > Duration()) shown_ = w_;
  if (is_plain_) newest_.resize(source.targets());
  if (is_private_) arrival_ages_.resize(source.sources());
  if (is_private_) spike_ages_.resize(source.targets());
  const auto reach = [&](const Parameter<SynapseId>& tau, bool needed) {
    return needed ? kTraceReach * largest(tau, w_.size()) : 0;
  };
  const auto slow = [&](const Parameter<SynapseId>& tau) {
    return reach(tau, Law::kSlowTraces && !tau.is_shared());
  };
  arrivals_reach_ = std::max(reach(tau_.plus, !tau_.plus.is_shared() || pairing_.next_spike_only),  //
                             slow(tau_.slow_pre));
  spikes_reach_ = std::max(reach(tau_.minus, !tau_.minus.is_shared()), slow(tau_.slow_post));
  arrivals_.assign(source.sources(), Arrivals(arrivals_reach_ > 0));
  spikes_.assign(source.targets(), Spikes(spikes_reach_ > 0));
}

template <TraceLaw Law>
void TraceStdp<Law>::sent(NeuronId source, Time t, Time delivered) {
  Arrivals& arrivals = arrivals_[index(source)];
  Arrival spike{t, 1, 0};
  if (!arrivals.empty()) {
    const Arrival& last = arrivals.back();
    const double ms = (t - last.at).ms();
    if (pairing_.all_arrivals && tau_.plus.is_shared())
      spike.r1 += last.r1 * exp(-ms / tau_.plus[SynapseId{0}]);
    if (Law::kSlowTraces && tau_.slow_pre.is_shared())
      spike.r2 = ((pairing_.all_arrivals ? last.r2 : 0) + 1) * exp(-ms / tau_.slow_pre[SynapseId{0}]);
  }
  if (is_private_ && !arrivals.empty())
    arrival_ages_[index(source)].renew(arrivals, arrivals.end() - 1, arrivals_reach_);
  arrivals.push(spike);
  drop_arrived(arrivals, delivered);
}

/// Drops what only arrivals before `delivered` needed.
template <TraceLaw Law>
void TraceStdp<Law>::drop_arrived(Arrivals& arrivals, Time delivered) {
  std::uint32_t arrived = arrivals.end();  // everywhere
  while (arrived != arrivals.begin() && arrivals[arrived - 1].at + longest_delay_ >= delivered) --arrived;
  drop(arrivals, arrived, arrivals_reach_);
}

template <TraceLaw Law>
void TraceStdp<Law>::compact(Time t) {
  for (Arrivals& arrivals : arrivals_) drop_arrived(arrivals, t);
  if (eligibility_) eligibility_->compact();
}

template <TraceLaw Law>
void TraceStdp<Law>::restored() {
  if (!is_private_) return;
  for (std::size_t i = 0; i < arrivals_.size(); ++i)
    if (arrivals_[i].end() - arrivals_[i].begin() > 1)
      arrival_ages_[i].renew(arrivals_[i], arrivals_[i].end() - 2, arrivals_reach_);
  for (std::size_t i = 0; i < spikes_.size(); ++i)
    if (!spikes_[i].empty()) spike_ages_[i].renew(spikes_[i], spikes_[i].end() - 1, spikes_reach_);
}

template <TraceLaw Law>
void TraceStdp<Law>::fired(NeuronId target, Time t) {
  Spikes& spikes = spikes_[index(target)];
  Spike spike{t, {}, {}};
  if (!spikes.empty()) {
    const Spike& last = spikes.back();
    const double ms = (t - last.at).ms();
    if (pairing_.all_spikes && tau_.minus.is_shared())
      spike.o1 += last.o1 * exp(-ms / tau_.minus[SynapseId{0}]);
    if (Law::kSlowTraces && tau_.slow_post.is_shared())
      spike.o2 = ((pairing_.all_spikes ? last.o2 : 0) + 1) * exp(-ms / tau_.slow_post[SynapseId{0}]);
  }
  if (scaled_plus_) spike.then = plus_.later(t);
  if (scaled_minus_) spike.o1_scaled = minus_.earlier(spike.o1, t);
  spikes.push(spike);
  if (is_plain_) newest_[index(target)].push({spike.then, spike.o2}, spike.o1_scaled);
  if (is_private_) spike_ages_[index(target)].renew(spikes, spikes.end() - 1, spikes_reach_);
}

template <TraceLaw Law>
void TraceStdp<Law>::forget(NeuronId target, Time t) {
  Spikes& spikes = spikes_[index(target)];
  const Time settled = t - 2 * longest_dendritic_;
  std::uint32_t number = spikes.end();
  while (number != spikes.begin() && spikes[number - 1].at >= settled) --number;
  drop(spikes, number, spikes_reach_);
  if (eligibility_) eligibility_->forget(target, t);
}

template <TraceLaw Law>
auto TraceStdp<Law>::make_row(NeuronId source, std::uint32_t number, Time arrival, Duration delay) const
    -> Row {
  const Arrivals& arrivals = arrivals_[index(source)];
  Row row;
  row.source = source;
  row.number = number;
  row.is_plain = is_plain_ && arrival < learn_until_;
  row.is_private = is_private_ && arrival < learn_until_;
  row.delay = delay;
  row.at = arrival + shift_;
  if (scaled_minus_) row.now = minus_.later(row.at);
  if (Law::kSlowTraces && number != arrivals.end()) row.r2 = arrivals[number].r2;
  row.follows = number != arrivals.begin();
  if (!row.follows) return row;
  row.previous = (arrivals[number - 1].at + delay) + shift_;
  row.r1 = arrivals[number - 1].r1;
  if (scaled_plus_) row.one = plus_.earlier(1, row.previous);
  return row;
}

template <TraceLaw Law>
double TraceStdp<Law>::arrive(SynapseId s, NeuronId target, const Row& row) {
  const Spikes& spikes = spikes_[index(target)];
  account(s, spikes, row);
  double& w = w_[index(s)];
  const double before = w;
  const Time t = at_synapse(s, row.at);
  if (t < frozen_from(s)) change(s, t, law_[s].depression(w, o1(s, spikes, row), r2(s, row)));
  return sign_ * (transmit_before_update_ ? before : w);
}

template <TraceLaw Law>
void TraceStdp<Law>::arrive_all(SynapseId first, std::span<const std::uint32_t> targets, const Row& row,
                                std::span<double> transmitted) {
  if (row.is_private) {
    Renewed renewed;
    for (const std::uint32_t target : targets) prefetch_target(NeuronId{target});  // waits for all at once
    arrive_private(OneRow(first, targets, row, &ages_before(row, renewed)), transmitted);
  } else if (row.is_plain) {
    arrive_plain(OneRow(first, targets, row), transmitted);
  } else {
    for (std::size_t k = 0; k < targets.size(); ++k)
      transmitted[k] = arrive(SynapseId{index(first) + k}, NeuronId{targets[k]}, row);
  }
}

template <TraceLaw Law>
void TraceStdp<Law>::arrive_each(std::span<const OwnArrival> arrivals, std::span<double> transmitted) {
  const auto learns = [&](const OwnArrival& a) { return a.sent->at + a.delay < learn_until_; };
  const bool is_usual = (is_plain_ || is_private_) && std::ranges::all_of(arrivals, learns);
  if (!is_usual) {
    for (std::size_t k = 0; k < arrivals.size(); ++k) {
      const auto& [s, target, sent, delay] = arrivals[k];
      transmitted[k] = arrive(s, target, make_row(sent->source, sent->number, at_soma(*sent) + delay, delay));
    }
    return;
  }
  OwnRows rows{arrivals};
  if (is_plain_) {
    take_exponentials(rows);
    return arrive_plain(rows, transmitted);
  }
  Renewed renewed;
  for (const OwnArrival& a : arrivals) prefetch_target(a.target);  // waits for all at once
  for (std::size_t k = 0; k < arrivals.size(); ++k)
    rows.all_ages[k] = &ages_before(*arrivals[k].sent, renewed);
  arrive_private(rows, transmitted);
}

/// The factors of all arrivals, which a row has one of.
template <TraceLaw Law>
void TraceStdp<Law>::take_exponentials(OwnRows& rows) const {
  std::array<double, 2 * kManyArrivals> e;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    rows.nows[k] = minus_.later_exponent(rows.at(k));
    rows.ones[k] = plus_.earlier_exponent(rows.previous(k));
    e[2 * k] = rows.nows[k].value;
    e[2 * k + 1] = rows.ones[k].value;
  }
  exp_all(std::span(e).first(2 * rows.size()));
  for (std::size_t k = 0; k < rows.size(); ++k) {
    rows.nows[k].value = e[2 * k];
    rows.ones[k].value = rows.row(k).follows ? e[2 * k + 1] : 0;
  }
}

/// Of the spike before the row's: at hand, or put into `renewed`.
template <TraceLaw Law>
const SpikeAges& TraceStdp<Law>::ages_before(const Row& row, Renewed& renewed) const {
  const SpikeAges& ages = arrival_ages_[index(row.source)];
  if (!row.follows || ages.is_of(row.number - 1)) return ages;
  renewed.push_back(std::make_unique<SpikeAges>());
  renewed.back()->renew(arrivals_[index(row.source)], row.number - 1, arrivals_reach_);
  return *renewed.back();
}

template <TraceLaw Law>
template <class Rows>
void TraceStdp<Law>::arrive_plain(const Rows& rows, std::span<double> transmitted) {
  if (law_.is_shared())
    law_.use_shared([&](const auto& law) {
      arrive_plain(
          [law](SynapseId) -> const auto& { return law; }, rows, transmitted);
    });
  else
    arrive_plain([this](SynapseId s) { return law_[s]; }, rows, transmitted);
}

/// What arrive does for most rules: first the traces at all synapses are read, then all weights are changed,
/// in the processor's vectors where the law is cheap. Requires: the rows are plain, so no target has fired at
/// or after its arrival.
template <TraceLaw Law>
template <class LawOf, class Rows>
void TraceStdp<Law>::arrive_plain(LawOf law_of, const Rows& all, std::span<double> transmitted) {
  constexpr bool kNeighbours = std::is_same_v<Rows, OneRow>;
  const std::conditional_t<kNeighbours, const Rows, const Rows&> rows = all;
  const std::size_t count = rows.size();
  std::array<double, kManyArrivals> gathered;
  double* weights = gathered.data();
  if constexpr (kNeighbours) weights = w_.data() + index(rows.first);
  Found found;
  for (std::size_t k = 0; k < count; ++k) prefetch_line(&newest_[rows.target(k)]);  // waits for all at once
  for (std::size_t k = 0; k < count; ++k) {
    const SynapseId s = rows.synapse(k);
    const Newest& target = newest_[rows.target(k)];
    std::uint32_t& next = next_[index(s)];
    const std::uint32_t fired = target.count() - next;  // since the arrival before
    next = target.count();
    if constexpr (!kNeighbours) weights[k] = w_[index(s)];
    if (fired > 2 && rows.follows(k)) [[unlikely]]
      weights[k] =
          after_all_but_two(law_of(s), weights[k], fired, NeuronId{rows.target(k)}, rows.r1(k), rows.one(k));
    const std::array<double, 2> r1_if{0, rows.r1(k)};
    found.r1_before[k] = r1_if[fired > 1] * plus_.decayed(rows.one(k), target.before_last().then);
    found.r1[k] = r1_if[fired > 0] * plus_.decayed(rows.one(k), target.last().then);
    found.o1[k] = minus_.decayed(target.o1(), rows.now(k));
    if constexpr (Law::kSlowTraces) {
      found.o2_before[k] = target.before_last().o2;
      found.o2[k] = target.last().o2;
      found.r2[k] = rows.r2(k);
    }
  }
  const double early = transmit_before_update_ ? 1 : 0;  // a number, which vectors take better than a bool
#pragma GCC ivdep
  for (std::size_t k = 0; k < count; ++k) {
    const auto& law = law_of(rows.synapse(k));
    const double w1 = potentiated(law, weights[k], found.r1_before[k], found.o2_before[k]);
    const double w2 = potentiated(law, w1, found.r1[k], found.o2[k]);
    const double after = law.clip(w2 + law.depression(w2, found.o1[k], found.r2[k]));
    weights[k] = after;
    transmitted[k] = sign_ * (early > 0 ? w2 : after);
  }
  if constexpr (!kNeighbours)
    for (std::size_t k = 0; k < count; ++k) w_[index(rows.synapse(k))] = weights[k];
}

/// The weight w after all but the last two of the `fired` spikes of a target since the arrival before, after
/// which r1 was `r1` times what `one` is.
/// Requires: there was one.
template <TraceLaw Law>
template <class SynapseLaw>
double TraceStdp<Law>::after_all_but_two(SynapseLaw law, double w, std::uint32_t fired, NeuronId target,
                                         double r1, const ScaledDecay::Factor& one) const {
  const Newest& newest = newest_[index(target)];
  const Spikes& spikes = spikes_[index(target)];
  const auto potentiate = [&](const auto& spike) {
    w = potentiated(law, w, r1 * plus_.decayed(one, spike.then), spike.o2);
  };
  for (; fired > Newest::kSpikes; --fired) potentiate(spikes[spikes.end() - fired]);
  for (; fired > 2; --fired) potentiate(newest.last(fired));
  return w;
}

/// What arrive does where both time constants are private, with the exponentials of all synapses computed
/// together. Requires: the rows are private, so no target has fired at or after its arrival.
template <TraceLaw Law>
template <class Rows>
void TraceStdp<Law>::arrive_private(const Rows& rows, std::span<double> transmitted) {
  const std::size_t count = rows.size();
  std::size_t most_traces = 0;
  std::size_t most_decays = 0;
  for (std::size_t k = 0; k < count; ++k) {
    most_traces += rows.ages(k).size() + spike_ages_[rows.target(k)].size();
    most_decays += spikes_[rows.target(k)].end() - next_[index(rows.synapse(k))] + 1;
  }
  const auto numbers = std::make_unique_for_overwrite<double[]>(most_traces + most_decays);
  double* trace = numbers.get();
  double* decay = trace + most_traces;
  std::array<const double*, 2 * kManyArrivals> ends;  // of the traces r1 and o1 of each synapse
  double* trace_end = trace;
  double* decay_end = decay;
  for (std::size_t k = 0; k < count; ++k) {
    const SynapseId s = rows.synapse(k);
    const std::uint32_t next = next_[index(s)];
    const Spikes& spikes = spikes_[rows.target(k)];
    if (rows.row(k).follows && next != spikes.end()) {
      trace_end = rows.ages(k).write_exponents(tau_.plus[s], trace_end);
      for (const Time t : spikes.times().last(spikes.end() - next))
        *decay_end++ = -(t - rows.previous(k)).ms() / tau_.plus[s];
    }
    ends[2 * k] = trace_end;
    if (!spikes.empty()) {
      trace_end = spike_ages_[rows.target(k)].write_exponents(tau_.minus[s], trace_end);
      *decay_end++ = -(rows.at(k) - spikes.back().at).ms() / tau_.minus[s];
    }
    ends[2 * k + 1] = trace_end;
  }
  exp_all({trace, trace_end});
  exp_all({decay, decay_end});
  const double* begin = trace;
  for (std::size_t k = 0; k < count; ++k) {
    const SynapseId s = rows.synapse(k);
    const std::uint32_t next = next_[index(s)];
    const Spikes& spikes = spikes_[rows.target(k)];
    const auto law = law_[s];
    double w = w_[index(s)];
    if (rows.row(k).follows && next != spikes.end()) {
      const double r1 = SpikeAges::trace({begin, ends[2 * k]});
      for (std::uint32_t j = next; j != spikes.end(); ++j) w = potentiated(law, w, r1 * *decay++, 0);
    }
    const double before = w;
    const double o1 = spikes.empty() ? 0 : SpikeAges::trace({ends[2 * k], ends[2 * k + 1]}) * *decay++;
    begin = ends[2 * k + 1];
    w = law.clip(w + law.depression(w, o1, 0));
    w_[index(s)] = w;
    next_[index(s)] = spikes.end();
    transmitted[k] = sign_ * (transmit_before_update_ ? before : w);
  }
}

template <TraceLaw Law>
void TraceStdp<Law>::account_new(SynapseId s, const Spikes& spikes, const Row& row) {
  const Time until = at_synapse(s, row.at);
  std::uint32_t j = next_[index(s)];
  std::uint32_t end = spikes.end();
  while (end != j && spikes[end - 1].at >= until) --end;
  next_[index(s)] = end;
  if (!row.follows || j == end) return;
  const Time previous = at_synapse(s, row.previous);
  if (pairing_.next_spike_only) {
    if (j != spikes.begin() && spikes[j - 1].at >= previous) return;
    end = j + 1;
  }
  const DecayingTrace own = r1_is_shared_ ? DecayingTrace{} : own_r1(s, spikes, j, row);
  const double r1 = r1_is_shared_ ? row.r1 : own.then;
  double& w = w_[index(s)];
  const Time frozen = frozen_from(s);
  for (const std::uint32_t first = j; j != end && spikes[j].at < frozen; ++j) {
    const double decay = scaled_plus_                   ? plus_.decayed(row.one, spikes[j].then)
                         : !r1_is_shared_ && j == first ? own.left
                                                        : exp(-(spikes[j].at - previous).ms() / tau_.plus[s]);
    if (decay == 0) return;
    if (eligibility_) [[unlikely]]
      w = state(s, spikes[j].at).w;
    change(s, spikes[j].at, law_[s].potentiation(w, r1 * decay, o2(s, spikes, j)));
  }
}

template <TraceLaw Law>
void TraceStdp<Law>::change_trace(SynapseId s, Time t, double dw) {
  if (dw != 0) eligibility_->set(s, state(s, t), dw);
}

/// The magnitude at the synapse at the row's time at the soma, up to which s was settled: what is still on
/// its way to the soma then is accounted for, and forgotten.
template <TraceLaw Law>
double TraceStdp<Law>::weight_at(SynapseId s, NeuronId target, const Row& row) {
  double& w = w_[index(s)];
  std::uint32_t& next = next_[index(s)];
  const double settled_w = w;
  const std::uint32_t settled_next = next;
  const auto settled_state = eligibility_ ? eligibility_->state(s) : Eligibility::State{};
  const Arrivals& arrivals = arrivals_[index(row.source)];
  const Time end = at_soma(row) + dendritic_[s];
  for (std::uint32_t n = row.number; n != arrivals.end() && arrivals[n].at + row.delay < end; ++n)
    arrive(s, target, this->row(row.source, arrivals[n].at, row.delay));
  account(s, spikes_[index(target)], row_until(row.source, end, row.delay));
  next = settled_next;
  if (eligibility_) eligibility_->set(s, settled_state, 0);
  return std::exchange(w, settled_w);
}

/// The weight at the synapse is multiplied at the time the row is at the soma; what is on its way to the soma
/// then is accounted for after that.
template <TraceLaw Law>
void TraceStdp<Law>::scale(SynapseId s, double factor, const Row& row) {
  if (at_soma(row) >= learn_until_) return;
  double& w = w_[index(s)];
  if (shown_.empty()) {
    w = law_[s].clip(w * factor);
  } else {
    w = law_[s].clip(w + (factor - 1) * shown_[index(s)]);
    shown_[index(s)] = law_[s].clip(factor * shown_[index(s)]);
  }
  if (!eligibility_) return;
  Eligibility::State scaled = state(s, at_synapse(s, row.at));
  scaled.w = w;
  eligibility_->set(s, scaled, 0);
}

/// r1 just after the row's previous arrival, summed over the arrivals that spike j of the target finds, and
/// what is left of it then.
template <TraceLaw Law>
DecayingTrace TraceStdp<Law>::own_r1(SynapseId s, const Spikes& spikes, std::uint32_t j,
                                     const Row& row) const {
  const Arrivals& arrivals = arrivals_[index(row.source)];
  const double since = (spikes[j].at - at_synapse(s, row.previous)).ms();
  if (!pairing_.next_spike_only || j == spikes.begin())
    return trace_after(arrivals, row.number - 1, tau_.plus[s], since);
  return trace_after(arrivals, row.number - 1, tau_.plus[s], since, [&](Time sent) {
    return at_synapse(s, (sent + row.delay) + shift_) > spikes[j - 1].at;
  });
}

template <TraceLaw Law>
double TraceStdp<Law>::own_o1(SynapseId s, const Spikes& spikes, const Row& row) const {
  const std::uint32_t newest = next_[index(s)] - 1;
  const double since = (at_synapse(s, row.at) - spikes[newest].at).ms();
  const bool known = tau_.minus.is_shared() || !pairing_.all_spikes;
  return known ? spikes[newest].o1 * exp(-since / tau_.minus[s])
               : trace_after(spikes, newest, tau_.minus[s], since).now();
}

template <TraceLaw Law>
double TraceStdp<Law>::o2(SynapseId s, const Spikes& spikes, std::uint32_t j) const {
  if (!Law::kSlowTraces) return 0;
  if (tau_.slow_post.is_shared()) return spikes[j].o2;
  if (j == spikes.begin()) return 0;
  const double tau = tau_.slow_post[s];
  const double since = (spikes[j].at - spikes[j - 1].at).ms();
  return pairing_.all_spikes ? trace_after(spikes, j - 1, tau, since).now() : exp(-since / tau);
}

template <TraceLaw Law>
double TraceStdp<Law>::r2(SynapseId s, const Row& row) const {
  if (!Law::kSlowTraces || tau_.slow_pre.is_shared()) return row.r2;
  if (!row.follows) return 0;
  const double tau = tau_.slow_pre[s];
  const double since = (row.at - row.previous).ms();
  return pairing_.all_arrivals ? trace_after(arrivals_[index(row.source)], row.number - 1, tau, since).now()
                               : exp(-since / tau);
}

template <TraceLaw Law>
template <class T>
T TraceStdp<Law>::largest(const Parameter<SynapseId, T>& p, std::uint64_t synapses) {
  T most = p[SynapseId{0}];
  for (std::uint64_t s = 1; s < (p.is_shared() ? 1 : synapses); ++s) most = std::max(most, p[SynapseId{s}]);
  return most;
}

template <TraceLaw Law>
template <class Record>
void TraceStdp<Law>::drop(Record& record, std::uint32_t last, double reach) {
  if (last == record.begin()) return;
  const Time from = record[last - 1].at;
  std::uint32_t keep = record.begin();
  while (keep != last - 1 && (from - record[keep].at).ms() > reach) ++keep;
  record.drop_before(keep);
}

}  // namespace chronotope::models
