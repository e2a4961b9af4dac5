// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "chronotope/core/plasticity_rule.hpp"
#include "chronotope/core/projection_source.hpp"
#include "chronotope/core/state.hpp"
#include "chronotope/core/weight_scaling.hpp"

namespace chronotope {

/// The synapses from one population or input to one population, as an engine knows them that does not name
/// their rule. The calls, their order and who may make them at once are those of PlasticityRule; a call
/// serves up to kManyArrivals synapses, or a whole segment, so that crossing this border costs next to
/// nothing per synapse.
class SynapseGroup {
 public:
  /// What the arrivals of one spike after one delay have in common, of a type that only the rule knows.
  class Row {
   public:
    template <class R>
    void hold(const R& row) {
      static_assert(std::is_trivially_copyable_v<R> && sizeof(R) <= kBytes && alignof(R) <= kAlignment);
      new (bytes_) R(row);
    }
    template <class R>
    const R& held() const {
      return *std::launder(reinterpret_cast<const R*>(bytes_));
    }

   private:
    static constexpr std::size_t kBytes = 256;
    static constexpr std::size_t kAlignment = 16;
    alignas(kAlignment) std::byte bytes_[kBytes];
  };

  virtual ~SynapseGroup() = default;
  SynapseGroup(const SynapseGroup&) = delete;
  SynapseGroup& operator=(const SynapseGroup&) = delete;

  std::uint32_t source() const { return source_; }
  std::uint32_t target() const { return target_; }
  std::uint32_t receptor() const { return receptor_; }             // of a target that has several
  std::optional<std::uint32_t> reward() const { return reward_; }  // that modulates the rule
  /// Of the synapses that this part has. Targets are numbered from the first that it has.
  const Connectivity& connectivity() const { return connectivity_; }
  /// What is the same for all parts.
  const WholeProjection& whole() const { return whole_; }
  std::uint64_t synapse_count() const { return connectivity_.synapse_count(); }
  std::optional<WeightScaling>& scaling() { return scaling_; }
  const std::optional<WeightScaling>& scaling() const { return scaling_; }

  /// Else arrivals change nothing.
  bool is_plastic() const { return is_plastic_; }
  /// Weights never change, and nothing else is transmitted.
  bool is_static() const { return is_static_; }
  /// The one weight of all synapses that are static, if there is one; else null.
  const double* shared_weight() const { return shared_weight_; }
  /// The weights of synapses that are static, by SynapseId, if each has its own; else null.
  const double* static_weights() const { return static_weights_; }
  /// By how much arrivals can be at a synapse before they are at the soma.
  Duration longest_dendritic_delay() const { return longest_dendritic_delay_; }

  virtual double weight(SynapseId s) const = 0;
  /// Those of the synapses from `first` on.
  virtual void read_weights(SynapseId first, std::span<double> weights) const = 0;

  virtual void sent(NeuronId source, Time t, Time delivered) = 0;
  /// The spike that `source` emitted, after `delay`.
  virtual void open(Row& row, NeuronId source, Time emitted, Duration delay) const = 0;
  /// Accounts for the arrivals of an open row at the synapses from `first` on; at most kManyArrivals.
  virtual void arrive_all(SynapseId first, std::span<const std::uint32_t> targets, const Row& row,
                          std::span<double> transmitted) = 0;
  /// An arrival whose synapse has a delay of its own.
  struct OwnArrival {
    SynapseId synapse{};
    NeuronId target{};
    NeuronId source{};
    const Row* sent = nullptr;  // open for the spike, with no delay
    Time emitted;
    Duration delay;
  };
  /// Accounts for arrivals at synapses onto different targets; at most kManyArrivals.
  virtual void arrive_each(std::span<const OwnArrival> arrivals, std::span<double> transmitted) = 0;
  /// One arrival of a row that is not open.
  virtual double arrive(SynapseId s, NeuronId target, NeuronId source, Time emitted, Duration delay) = 0;
  virtual void fired(NeuronId target, Time t) = 0;
  virtual void rewarded(Time t, double amount) = 0;
  /// Settles the synapses of a segment, onto targets [first, last), to time t, before which these have fired last.
  virtual void settle(SegmentId g, std::uint32_t first, std::uint32_t last, Time t, Duration delay) = 0;
  /// Multiplies their weights, settled to time t, by what `factor` has for target `first` + k.
  virtual void scale(SegmentId g, std::uint32_t first, std::uint32_t last, Time t,
                     std::span<const double> factor) = 0;
  /// All synapses onto targets [first, last) were settled to t.
  virtual void forget(std::uint32_t first, std::uint32_t last, Time t) = 0;

  /// What the rule needs to go on at t, before which all synapses are settled.
  void save(SaveState& save, Time t);
  /// Requires: the same specification. Throws InputError for what can not be.
  void load(LoadState& load);
  /// Whether the rule knows of a spike that is on its way.
  virtual bool knows(NeuronId source, Time emitted) const = 0;

  /// Ask for memory that is about to be used, where the rule Prefetches.
  virtual void prefetch(SegmentId g) const = 0;
  virtual void prefetch_source(NeuronId source) const = 0;
  virtual void prefetch_target(NeuronId target) const = 0;

 protected:
  struct Kind {
    bool is_plastic;
    bool is_static;
    Duration longest_dendritic_delay;
    const double* shared_weight;
    const double* static_weights;
  };

  SynapseGroup(const ProjectionSpec& spec, const NetworkDescription& network, ProjectionSource& source);
  virtual void save_rule(SaveState& save, Time t) = 0;
  virtual void load_rule(LoadState& load) = 0;
  void set_kind(const Kind& kind);

 private:
  std::uint32_t source_;
  std::uint32_t target_;
  std::uint32_t receptor_;
  bool is_plastic_ = false;
  bool is_static_ = false;
  const double* shared_weight_ = nullptr;
  const double* static_weights_ = nullptr;
  Connectivity connectivity_;
  WholeProjection whole_;
  std::optional<std::uint32_t> reward_;
  std::optional<WeightScaling> scaling_;
  Duration longest_dendritic_delay_;
};

/// The synapses of one rule.
template <PlasticityRule R>
class SynapsesOf final : public SynapseGroup {
 public:
  SynapsesOf(const ProjectionSpec& spec, const NetworkDescription& network, ProjectionSource&& source)
      : SynapsesOf(spec, network, source, R(source)) {}

  double weight(SynapseId s) const override { return rule_.weight(s); }
  void read_weights(SynapseId first, std::span<double> weights) const override {
    for (std::size_t k = 0; k < weights.size(); ++k) weights[k] = rule_.weight(SynapseId{index(first) + k});
  }
  void sent(NeuronId source, Time t, Time delivered) override { rule_.sent(source, t, delivered); }
  void open(Row& row, NeuronId source, Time emitted, Duration delay) const override {
    row.hold(rule_.row(source, emitted, delay));
  }
  void arrive_all(SynapseId first, std::span<const std::uint32_t> targets, const Row& row,
                  std::span<double> transmitted) override {
    const auto& common = row.held<typename R::Row>();
    if constexpr (TakesManyArrivals<R>)
      rule_.arrive_all(first, targets, common, transmitted);
    else
      for (std::size_t k = 0; k < targets.size(); ++k)
        transmitted[k] = rule_.arrive(SynapseId{index(first) + k}, NeuronId{targets[k]}, common);
  }
  void arrive_each(std::span<const OwnArrival> arrivals, std::span<double> transmitted) override {
    if constexpr (TakesOwnArrivals<R>) {
      std::array<typename R::OwnArrival, kManyArrivals> own;
      for (std::size_t k = 0; k < arrivals.size(); ++k) {
        const OwnArrival& a = arrivals[k];
        own[k] = {a.synapse, a.target, &a.sent->template held<typename R::Row>(), a.delay};
      }
      rule_.arrive_each(std::span(own).first(arrivals.size()), transmitted);
    } else {
      for (std::size_t k = 0; k < arrivals.size(); ++k) {
        const OwnArrival& a = arrivals[k];
        transmitted[k] = arrive(a.synapse, a.target, a.source, a.emitted, a.delay);
      }
    }
  }
  double arrive(SynapseId s, NeuronId target, NeuronId source, Time emitted, Duration delay) override {
    return rule_.arrive(s, target, rule_.row(source, emitted, delay));
  }
  void fired(NeuronId target, Time t) override { rule_.fired(target, t); }
  void rewarded(Time t, double amount) override { rule_.rewarded(t, amount); }
  void settle(SegmentId g, std::uint32_t first, std::uint32_t last, Time t, Duration delay) override {
    const auto row = rule_.row_until(connectivity().source(g), t, delay);
    const IdRange<SynapseId> synapses = connectivity().synapses(g, first, last);
    if constexpr (SettlesMany<R>) {
      const std::uint64_t begin = index(synapses.front());
      for (std::uint64_t k = 0; k < synapses.size(); k += kManyArrivals)
        rule_.settle_all(SynapseId{begin + k},
                         {connectivity().targets() + begin + k,
                          std::min<std::uint64_t>(kManyArrivals, synapses.size() - k)},
                         row);
    } else {
      for (const SynapseId s : synapses) rule_.settle(s, connectivity().target(s), row);
    }
  }
  void scale(SegmentId g, std::uint32_t first, std::uint32_t last, Time t,
             std::span<const double> factor) override {
    const auto row = rule_.row_until(connectivity().source(g), t, connectivity().delay(g));
    for (const SynapseId s : connectivity().synapses(g, first, last))
      rule_.scale(s, factor[index(connectivity().target(s)) - first], row);
  }
  void save_rule(SaveState& save, Time t) override {
    if constexpr (HasProgress<R, SaveState>) {
      rule_.compact(t);
      R::progress(std::as_const(rule_), save);
    }
  }
  void load_rule(LoadState& load) override {
    if constexpr (HasProgress<R, LoadState>) {
      R::progress(rule_, load);
      rule_.restored();
    }
    if constexpr (ChecksSynapses<R>)
      for_each_synapse(connectivity(), [&](SynapseId s, SegmentId) {
        if (!rule_.is_sound(s, connectivity().target(s)))
          throw InputError("state of synapse " + std::to_string(index(s)) + " does not fit its target's");
      });
  }
  bool knows(NeuronId source, Time emitted) const override {
    if constexpr (KnowsSpikes<R>) return rule_.knows(source, emitted);
    return true;
  }
  void forget(std::uint32_t first, std::uint32_t last, Time t) override {
    for (std::uint32_t n = first; n < last; ++n) rule_.forget(NeuronId{n}, t);
  }
  void prefetch(SegmentId g) const override {
    if constexpr (Prefetches<R>) rule_.prefetch(connectivity().synapses(g));
  }
  void prefetch_source(NeuronId source) const override {
    if constexpr (Prefetches<R>) rule_.prefetch_source(source);
  }
  void prefetch_target(NeuronId target) const override {
    if constexpr (Prefetches<R>) rule_.prefetch_target(target);
  }

 private:
  SynapsesOf(const ProjectionSpec& spec, const NetworkDescription& network, ProjectionSource& source,
             R&& rule)
      : SynapseGroup(spec, network, source), rule_(std::move(rule)) {
    constexpr bool kIsStatic = requires { rule_.shared_weight(); };
    Kind kind{R::kPlastic, kIsStatic, chronotope::longest_dendritic_delay(rule_), nullptr, nullptr};
    if constexpr (kIsStatic) {
      kind.shared_weight = rule_.shared_weight();
      if (kind.shared_weight == nullptr) kind.static_weights = rule_.weights();
    }
    set_kind(kind);
  }

  R rule_;
};

/// Wires and draws the synapses `spec` asks for. Throws InputError that names the field when a value is out
/// of range.
using Connect = std::unique_ptr<SynapseGroup> (*)(const ProjectionSpec& spec,
                                                  const NetworkDescription& network,
                                                  const Checkpoint& checkpoint, const Part& part);

/// A plasticity rule by the name it has in a specification.
struct RuleKind {
  std::string_view name;
  Connect connect;
};

template <PlasticityRule R>
std::unique_ptr<SynapseGroup> connect(const ProjectionSpec& spec, const NetworkDescription& network,
                                      const Checkpoint& checkpoint, const Part& part) {
  return std::make_unique<SynapsesOf<R>>(spec, network, wire(network, spec, checkpoint, part));
}

}  // namespace chronotope
