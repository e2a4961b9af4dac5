// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/large_pages.hpp"
#include "chronotope/core/parameter.hpp"
#include "chronotope/core/plasticity_rule.hpp"
#include "chronotope/core/prefetch.hpp"
#include "chronotope/core/projection_source.hpp"
#include "chronotope/core/rule_name.hpp"
#include "chronotope/core/spike_record.hpp"
#include "chronotope/core/state.hpp"

namespace chronotope::models {

/// under_short_term(name), for the name of a wrapped rule.
template <class Rule>
struct ShortTermName {
  static constexpr auto kText = [] {
    std::array<char, kShortTermPrefix.size() + Rule::kName.size()> text{};
    std::copy(Rule::kName.begin(), Rule::kName.end(),
              std::copy(kShortTermPrefix.begin(), kShortTermPrefix.end(), text.begin()));
    return text;
  }();
};

/// Short-term plasticity around any rule: an arrival transmits w u x, w the rule's weight (Markram, Wang &
/// Tsodyks 1998, equations 1 and 2; Tsodyks, Pawelzik & Markram 1998).
///
///   at the n-th spike, dt after the one before:
///     u_n = U + u_(n-1) (1 - U) exp(-dt/tau_fac)               u_1 = U
///     x_n = 1 - (1 - x_(n-1) (1 - u_(n-1))) exp(-dt/tau_rec)   x_1 = 1
///
/// u is the share of the resources x that a spike uses; U in (0, 1]; tau_rec, tau_fac [ms], tau_fac 0 means
/// no facilitation (u = U). x and u are updated only at spikes. The rule sees the spikes, not u x; weights
/// are read and learnt without it.
///
/// Invariants:
/// 1. Resources are used once: spikes of one source at one instant act one after the other, with dt = 0.
///    Where tau_fac = 0 they release U, U (1 - U), U (1 - U)^2 ... of x.
/// 2. Shared constants and own ones of the same values give the same bits.
/// Memory: with shared constants none per synapse, 32 bytes per spike in flight; else 16 per synapse and 8
/// per constant that is not shared; 4 more per synapse once a source has two spikes at one instant. Cost: two
/// exponentials per spike of a source, or per arrival.
template <PlasticityRule Rule>
class ShortTerm {
 public:
  static constexpr std::string_view kName{ShortTermName<Rule>::kText.data(),
                                          ShortTermName<Rule>::kText.size()};
  static constexpr bool kPlastic = Rule::kPlastic;

  struct Row {
    typename Rule::Row rule;
    NeuronId source{};
    std::uint32_t number = 0;        // of the spike, or of the first of its instant
    std::uint32_t simultaneous = 1;  // spikes of the source at this instant
    bool follows = false;            // there was a spike before
    double since = 0;                // that one [ms]
    double efficacy = 0;             // u x, shared constants
  };

  explicit ShortTerm(const ProjectionSource& source)
      : rule_(source),
        U_(source.draw_with_wiring("U", 0.5, kShare)),
        tau_rec_(source.draw_with_wiring("tau_rec", 800, kTimeConstant)),
        tau_fac_(source.draw_with_wiring("tau_fac", 0, kNonNegative)),
        shared_(U_.is_shared() && tau_rec_.is_shared() && tau_fac_.is_shared()),
        longest_delay_(source.longest_delay()),
        synapses_(source.synapse_count()),
        sent_(source.sources(), SpikeRecord<Spike>(false)),
        own_(column_in_large_pages<Release>(shared_ ? 0 : source.synapse_count())) {}

  void sent(NeuronId source, Time t, Time delivered) {
    rule_.sent(source, t, delivered);
    SpikeRecord<Spike>& spikes = sent_[index(source)];
    Release release{U_[SynapseId{0}], 1};
    if (!spikes.empty()) {
      release = next(SynapseId{0}, spikes.back().release, (t - spikes.back().at).ms());
      if (spikes.back().at >= t && turns_.empty()) turns_.resize(synapses_);
    }
    spikes.push({t, release});
    drop_arrived(spikes, delivered);
  }

  template <class Self, class Visit>
  static void progress(Self& self, Visit& visit) {
    visit("sent", self.sent_);
    visit("own", self.own_, Per::kSynapse);
    visit("turns", self.turns_, Per::kSynapse);
    if constexpr (HasProgress<Rule, Visit>) Rule::progress(self.rule_, visit);
  }
  void compact(Time t) {
    for (SpikeRecord<Spike>& spikes : sent_) drop_arrived(spikes, t);
    if constexpr (HasProgress<Rule, SaveState>) rule_.compact(t);
  }
  void restored() {
    // In a state that no run has had there may be instants with several spikes all the same.
    const auto has_instants = [](const SpikeRecord<Spike>& spikes) {
      for (std::uint32_t n = spikes.begin(); n + 1 < spikes.end(); ++n)
        if (spikes[n].at >= spikes[n + 1].at) return true;
      return false;
    };
    if (turns_.empty() && std::ranges::any_of(sent_, has_instants)) turns_.resize(synapses_);
    if (!turns_.empty() && turns_.size() != synapses_)
      throw InputError("state turns has " + std::to_string(turns_.size()) + " entries, must be " +
                       std::to_string(synapses_));
    for (const SpikeRecord<Spike>& spikes : sent_)
      for (std::uint32_t n = spikes.begin(); n != spikes.end(); ++n)
        if (!spikes[n].release.is_some())
          throw InputError("state sent holds a release that is not from 0 to 1");
    if (!std::ranges::all_of(own_, &Release::is_some))
      throw InputError("state own holds a release that is not from 0 to 1");
    if constexpr (HasProgress<Rule, LoadState>) rule_.restored();
  }
  bool is_sound(SynapseId s, NeuronId target) const requires ChecksSynapses<Rule> {
    return rule_.is_sound(s, target);
  }
  bool knows(NeuronId source, Time emitted) const {
    const SpikeRecord<Spike>& spikes = sent_[index(source)];
    std::uint32_t number = spikes.end();
    while (number != spikes.begin() && spikes[number - 1].at > emitted) --number;
    return number != spikes.begin() && spikes[number - 1].at == emitted;
  }

  Row row(NeuronId source, Time emitted, Duration delay) const {
    const SpikeRecord<Spike>& spikes = sent_[index(source)];
    std::uint32_t number = spikes.end() - 1;
    while (number != spikes.begin() && spikes[number - 1].at >= emitted) --number;
    std::uint32_t end = number + 1;
    while (end != spikes.end() && spikes[end].at == emitted) ++end;
    const bool follows = number != spikes.begin();
    const double since = follows ? (emitted - spikes[number - 1].at).ms() : 0;
    return {rule_.row(source, emitted, delay), source, number, end - number, follows, since,
            efficacy(spikes[number].release)};
  }
  Row row_until(NeuronId source, Time t, Duration delay) const {
    return {.rule = rule_.row_until(source, t, delay)};
  }

  double arrive(SynapseId s, NeuronId target, const Row& row) {
    return transmitted(s, rule_.arrive(s, target, row.rule), row);
  }
  void arrive_all(SynapseId first, std::span<const std::uint32_t> targets, const Row& row,
                  std::span<double> weights) requires TakesManyArrivals<Rule> {
    rule_.arrive_all(first, targets, row.rule, weights);
    for (std::size_t k = 0; k < targets.size(); ++k)
      weights[k] = transmitted(SynapseId{index(first) + k}, weights[k], row);
  }
  /// An arrival after a delay of its own of the spike whose row with no delay is `sent`.
  struct OwnArrival {
    SynapseId synapse{};
    NeuronId target{};
    const Row* sent = nullptr;
    Duration delay;
  };
  void arrive_each(std::span<const OwnArrival> arrivals,
                   std::span<double> weights) requires TakesOwnArrivals<Rule> {
    std::array<typename Rule::OwnArrival, kManyArrivals> inner;
    for (std::size_t k = 0; k < arrivals.size(); ++k)
      inner[k] = {arrivals[k].synapse, arrivals[k].target, &arrivals[k].sent->rule, arrivals[k].delay};
    rule_.arrive_each(std::span(inner).first(arrivals.size()), weights);
    for (std::size_t k = 0; k < arrivals.size(); ++k)
      weights[k] = transmitted(arrivals[k].synapse, weights[k], *arrivals[k].sent);
  }
  void prefetch(IdRange<SynapseId> synapses) const requires Prefetches<Rule> { rule_.prefetch(synapses); }
  void prefetch_source(NeuronId source) const requires Prefetches<Rule> {
    prefetch_object(sent_[index(source)]);
    rule_.prefetch_source(source);
  }
  Duration longest_dendritic_delay() const requires HasDendrites<Rule> {
    return rule_.longest_dendritic_delay();
  }
  void prefetch_target(NeuronId target) const requires Prefetches<Rule> { rule_.prefetch_target(target); }
  void fired(NeuronId target, Time t) { rule_.fired(target, t); }
  void settle(SynapseId s, NeuronId target, const Row& row) { rule_.settle(s, target, row.rule); }
  void settle_all(SynapseId first, std::span<const std::uint32_t> targets,
                  const Row& row) requires SettlesMany<Rule> {
    rule_.settle_all(first, targets, row.rule);
  }
  void rewarded(Time t, double amount) { rule_.rewarded(t, amount); }
  void scale(SynapseId s, double factor, const Row& row) { rule_.scale(s, factor, row.rule); }
  void forget(NeuronId target, Time t) { rule_.forget(target, t); }
  double weight(SynapseId s) const { return rule_.weight(s); }

 private:
  static constexpr Range kShare{"must lie in (0, 1]", [](double v) { return v > 0 && v <= 1; }};

  /// What a spike releases: u of the resources x.
  struct Release {
    double u = 0;
    double x = 0;

    /// Whether both are shares, but for roundings.
    bool is_some() const { return u >= 0 && u <= kMost && x >= 0 && x <= kMost; }
    static constexpr double kMost = 1 + 1e-12;
  };
  struct Spike {
    Time at;
    Release release;
  };

  /// Drops what only arrivals before `delivered` needed.
  void drop_arrived(SpikeRecord<Spike>& spikes, Time delivered) const {
    std::uint32_t arrived = spikes.end();  // everywhere
    while (arrived != spikes.begin() && spikes[arrived - 1].at + longest_delay_ >= delivered) --arrived;
    if (arrived != spikes.begin()) spikes.drop_before(arrived - 1);
  }
  static double efficacy(const Release& release) { return release.u * release.x; }

  /// What an arrival transmits of the weight w.
  double transmitted(SynapseId s, double w, const Row& row) {
    const std::uint32_t turn = row.simultaneous > 1 ? take_turn(s, row) : 0;
    if (shared_)
      return w * (turn == 0 ? row.efficacy : efficacy(sent_[index(row.source)][row.number + turn].release));
    Release& own = own_[index(s)];
    own = turn > 0 ? next(s, own, 0) : row.follows ? next(s, own, row.since) : Release{U_[s], 1};
    return w * efficacy(own);
  }
  /// How many of the spikes of the row's instant have arrived at s before this one: all do, one after the
  /// other.
  std::uint32_t take_turn(SynapseId s, const Row& row) {
    const std::uint32_t turn = std::min(turns_[index(s)], row.simultaneous - 1);
    turns_[index(s)] = turn + 1 == row.simultaneous ? 0 : turn + 1;
    return turn;
  }
  /// What has recovered is added, not what has not subtracted: exact after 0 ms, and precise when little is
  /// left.
  Release next(SynapseId s, const Release& last, double ms) const {
    const double U = U_[s];
    const double tau_fac = tau_fac_[s];
    const double kept = tau_fac > 0 ? last.u * exp(-ms / tau_fac) : 0;
    const double left = last.x * (1 - last.u);
    return {U + kept * (1 - U), left - (1 - left) * expm1(-ms / tau_rec_[s])};
  }

  Rule rule_;
  Parameter<SynapseId> U_;
  Parameter<SynapseId> tau_rec_;
  Parameter<SynapseId> tau_fac_;
  bool shared_;
  Duration longest_delay_;
  std::uint64_t synapses_;
  std::vector<SpikeRecord<Spike>> sent_;  // by source
  std::vector<Release> own_;              // by synapse, unless shared
  std::vector<std::uint32_t> turns_;      // by synapse: of an instant's spikes, those that have arrived
};

}  // namespace chronotope::models
