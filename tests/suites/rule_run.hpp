// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/plasticity_rule.hpp"
#include "chronotope/core/projection_source.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::tests {

/// One synapse under a rule, without an engine: its two trains are given.
template <PlasticityRule Rule>
class RuleRun {
 public:
  /// `rule` and more fields of the projection as textproto, e.g. "pair_stdp { w_max: 2 }"; `more` of the
  /// network.
  explicit RuleRun(const std::string& rule, double weight = 1, double delay = 1, const std::string& more = "")
      : source_(rule, weight, delay, more), rule_(source_.projection), delay_(stated_duration(delay)) {}

  /// Feeds both trains in order of time up to the end, and settles after every so many events. Returns the
  /// weight then.
  double run(const std::vector<double>& emitted, const std::vector<double>& spikes,
             std::size_t settle_every = 0) {
    std::vector<Event> events;
    for (const double t : emitted) {
      events.push_back({stated_time(t), Kind::kSent, stated_time(t)});
      events.push_back({stated_time(t) + delay_, Kind::kArrival, stated_time(t)});
    }
    for (const double t : spikes) events.push_back({stated_time(t), Kind::kSpike, {}});
    for (const Reward& r : rewards_)
      events.push_back({stated_time(r.ms - r.early), Kind::kReward, stated_time(r.ms), r.amount});
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
      return a.time != b.time ? a.time < b.time : a.kind < b.kind;
    });
    std::size_t count = 0;
    for (const Event& event : events) {
      if (event.time >= end_) break;
      take(event);
      if (settle_every != 0 && ++count % settle_every == 0) settle(event.time);
    }
    settle(end_);
    return rule_.weight(kSynapse);
  }

  /// What the arrivals transmitted.
  const std::vector<double>& transmitted() const { return transmitted_; }
  Rule& rule() { return rule_; }

  /// When run() reads the weight.
  void set_end(double ms) { end_ = stated_time(ms); }
  /// A reward that run() tells when its time has come, or `early` before, but in order.
  void reward(double ms, double amount, double early = 0) { rewards_.push_back({ms, amount, early}); }

  /// Multiplies the weight at the end.
  void scale(double factor) { rule_.scale(kSynapse, factor, rule_.row_until(kSource, end_, delay_)); }

  void settle(Time t) {
    rule_.settle(kSynapse, kTarget, rule_.row_until(kSource, t, delay_));
    rule_.forget(kTarget, t);
  }

 private:
  static constexpr SynapseId kSynapse{0};
  static constexpr NeuronId kSource{0};
  static constexpr NeuronId kTarget{0};
  enum class Kind { kReward, kArrival, kSpike, kSent };
  struct Event {
    Time time;
    Kind kind;
    Time emitted;  // or of a reward
    double amount = 0;
  };
  struct Reward {
    double ms;
    double amount;
    double early;
  };
  /// The projection of a network of one input and one neuron.
  struct Source {
    Source(const std::string& rule, double weight, double delay, const std::string& more)
        : network(decode(rule, weight, delay, more)), projection(wire(network, network.projections[0])) {}
    static NetworkDescription decode(const std::string& rule, double weight, double delay,
                                     const std::string& more) {
      proto::SpecText text;
      proto::parse_spec(
          "population { name: 'n' size: 1 delta_lif { } } input { name: 'x' size: 1 spike_times { times: [1] "
          "} } projection { source: 'x' target: 'n' one_to_one { } weight { constant: " +
              to_string(weight) + " } delay { constant: " + to_string(delay) + " } " + rule + " } " + more,
          "test.textproto", text);
      return proto::decode(text).network;
    }
    NetworkDescription network;
    ProjectionSource projection;
  };

  void take(const Event& event) {
    if (event.kind == Kind::kReward) rule_.rewarded(event.emitted, event.amount);
    if (event.kind == Kind::kSent) rule_.sent(kSource, event.time, event.time);
    if (event.kind == Kind::kSpike) rule_.fired(kTarget, event.time);
    if (event.kind == Kind::kArrival)
      transmitted_.push_back(rule_.arrive(kSynapse, kTarget, rule_.row(kSource, event.emitted, delay_)));
  }

  Source source_;
  Rule rule_;
  Duration delay_;
  Time end_ = stated_time(1e9);
  std::vector<Reward> rewards_;
  std::vector<double> transmitted_;
};

}  // namespace chronotope::tests
