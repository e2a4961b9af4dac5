// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chronotope/core/connectivity.hpp"
#include "chronotope/core/parameter.hpp"
#include "chronotope/core/parameter_source.hpp"
#include "chronotope/core/part.hpp"
#include "chronotope/core/wiring.hpp"

namespace chronotope {

/// What is the same for all parts of a projection.
struct WholeProjection {
  std::uint32_t targets = 0;
  std::uint64_t synapses = 0;
  Duration least_delay = Duration::forever();  // without a synapse
  bool has_one_delay = true;
};

/// The synapses of one projection while it is built: wires them, and draws their values in SynapseId order. Of a part
/// only the synapses onto its own targets, which are numbered from 0.
///
/// Every value is drawn from a stream keyed by (source, target, how often the pair occurred before), so no
/// synapse's numbers depend on another synapse. In a symmetric projection the key of weights and delays is
/// (smaller end, larger end), so that both directions have equal ones.
class ProjectionSource {
 public:
  /// `rows` as wired: targets ascending inside a row. `listed` gives the place of every entry of `rows` in an explicit
  /// list or, where values are explicit, among the whole projection's synapses; empty when that is where it is in
  /// `rows`. `checkpoint` is called at every row that is drawn.
  ProjectionSource(const ProjectionSpec& spec, const DrawSeeds& seeds, std::uint32_t targets, Adjacency rows,
                   std::vector<std::uint64_t> listed, Checkpoint checkpoint, const Part& part = {});

  /// Hands over the graph. Call last.
  Connectivity take_connectivity() { return std::move(connectivity_); }
  std::uint64_t synapse_count() const { return synapse_count_; }
  std::uint32_t sources() const { return sources_; }
  /// Of this part.
  std::uint32_t targets() const { return own_.size(); }
  const NeuronRange& own() const { return own_; }
  const WholeProjection& whole() const { return whole_; }
  /// Of the whole projection.
  Duration longest_delay() const;
  /// The part of each synapse's delay that lies between synapse and soma.
  Parameter<SynapseId, Duration> dendritic_delays() const;
  /// The largest of what all parts have.
  template <class T>
  T largest(T own) const {
    return part_.largest(own);
  }

  /// Initial weights with their sign.
  std::vector<double> draw_weights() const;
  /// Weights that will not change: shared when they have no spread.
  Parameter<SynapseId> draw_static_weights() const;
  /// Their magnitudes, drawn within [w_min, w_max] of each synapse; all have sign().
  std::vector<double> draw_magnitudes(const Parameter<SynapseId>& w_min,
                                      const Parameter<SynapseId>& w_max) const;
  double mean_magnitude() const;
  /// A reward turns the rule's changes into weight.
  bool is_rewarded() const { return spec_.reward.has_value(); }
  /// +1 or -1, from the mean of the weights.
  double sign() const;

  /// How parameter `name` of the rule was given, or null.
  const ParameterSpec* given(const std::string& name) const;
  /// A parameter of the rule: shared when its distribution has no spread.
  Parameter<SynapseId> draw(const std::string& name, double fallback, const Range& range) const;
  /// The same for one that nothing is learnt by: it is drawn with the wiring.
  Parameter<SynapseId> draw_with_wiring(const std::string& name, double fallback, const Range& range) const;
  /// A parameter of the rule that is one number.
  double constant(const std::string& name, double fallback, const Range& range) const;
  /// A point in time; never when not given.
  Time time(const std::string& name) const;
  bool chosen(const std::string& name, std::string_view value) const;
  /// Refuses option `name` given as `value`.
  void forbid(const std::string& name, std::string_view value, const std::string& why) const;
  void require(bool holds, const std::string& name, double value, const std::string& allowed) const;

 private:
  /// Whose the draws of a synapse are: its own, or in a symmetric projection those of both directions.
  enum class Owner { kSynapse, kPair };

  void build_graph();
  void draw_delays();
  std::uint64_t row_begin(std::size_t i) const {
    return is_built_ ? connectivity_.row_begin(i) : rows_.row_begin[i];
  }
  std::vector<Duration> stated_delays() const;
  template <class Delay>
  void order_rows(std::span<Delay> delays);
  /// Of entry e in the row that begins at `begin`.
  SynapseId place(std::uint64_t begin, std::uint64_t e) const {
    return SynapseId{place_in_row_.empty() ? e : begin + place_in_row_[e]};
  }
  void check_count(const ParameterSpec& spec) const;
  void agree_on_delays();
  Parameter<SynapseId> own_values(std::vector<double> values, const ParameterSpec& spec) const;
  std::vector<double> draw_each(Owner owner, std::uint64_t seed, const ParameterSpec& spec,
                                const std::string& name, const Range& range) const;
  Parameter<SynapseId> draw_keyed(std::uint64_t seed, const std::string& name, double fallback,
                                  const Range& range) const;
  std::vector<double> draw_jointly(const CorrelationSpec& pair, const std::string& name,
                                   const Range& range) const;
  const CorrelationSpec* correlation_of(const std::string& name) const;
  template <class Visit>
  void visit_synapses(Owner owner, const Visit& visit) const;
  template <class Draw>
  std::vector<double> for_each_synapse(Owner owner, const Draw& draw) const;
  const SynapseListSpec* list() const { return std::get_if<SynapseListSpec>(&spec_.wiring); }

  const ProjectionSpec& spec_;
  DrawSeeds seeds_;
  Part part_;
  NeuronRange own_;  // of the targets
  Adjacency rows_;   // until the graph is built
  std::uint32_t sources_;
  std::uint64_t synapse_count_;
  std::vector<std::uint64_t> listed_;
  std::vector<std::uint32_t> place_in_row_;  // of entry e of rows_; empty when rows were in order as wired
  Connectivity connectivity_;
  bool is_built_ = false;
  WholeProjection whole_;
  Checkpoint checkpoint_;
};

/// Wires projection `spec`, or a part of it, and draws its delays.
ProjectionSource wire(
    const NetworkDescription& network, const ProjectionSpec& spec, const Checkpoint& checkpoint = [] {},
    const Part& part = {});

}  // namespace chronotope
