// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/models/learning/event_adjoint.hpp"
#include "chronotope/models/learning/event_graph.hpp"
#include "chronotope/models/learning/event_loss.hpp"
#include "chronotope/models/learning/event_pass.hpp"
#include "chronotope/models/learning/gradient_method.hpp"

namespace chronotope::models {

/// What is made of a run to tell classes apart.
enum class EventLogits : std::uint8_t {
  kFirstSpikes,  // the output neuron that fires first
  kMaximum,      // the output whose V is highest at some time
  kIntegral      // or highest on average
};

/// Moves weights that no gradient reaches because their neuron is silent, apart from the optimiser, whose
/// memory of large gradients would drown them: w += strength x share x unit, unit = (V_th - E_L)/R. Silent
/// is, too, an output of the leaky read-out whose V never rises above its start: the unit of its weights
/// is 1.
struct SilencePush {
  double label = 0.05;           // share: of the batch, in which the label's output was silent
  double hidden = 0.02;          // share: what exceeds `tolerated`
  double tolerated = 0.6;        // of the batch, in which another neuron may be silent
  std::vector<bool> moves = {};  // of every synapse, whether it may be moved; empty: all
};

struct EventMethodOptions {
  EventLogits logits = EventLogits::kFirstSpikes;
  /// Neurons, one per class; empty: a leaky read-out of weights W_o, each output a membrane of tau_m 20 ms
  /// and tau_syn 5 ms in units of logits, for kMaximum and kIntegral.
  std::vector<std::uint32_t> outputs{};
  double tau_l = 5;         // [ms], of kFirstSpikes
  double early_weight = 0;  // event_loss.hpp
  double early_tau = 1;     // [ms]
  double scale = 1;         // of kMaximum and kIntegral
  double slope_floor = 0.01;
  bool constants = false;  // whether derivatives by neurons' constants are wanted
  SilencePush push{};
  /// c1 mean relu(n - n_hi)^2 over the neurons is added to an item's loss. Counts of spikes have no
  /// derivative; in its place every spike of such a neuron is held back: p before it gets
  /// 2 c1 (n - n_hi)/(N (V_th - V_reset)).
  double c1 = 0;
  double n_hi = 0;
};

/// Learning by gradients through exact spike times: every item is run from spike to spike and swept backward.
///
/// Cost per item: that of EventPass and EventAdjoint. Memory: one gradient per four items of a batch, a
/// record per worker.
class EventMethod : public GradientMethod {
 public:
  /// The graph of `network` is kept; its parameters may change from call to call. Throws InputError for a
  /// loop without delay and for fewer than two outputs.
  EventMethod(const TrainedNetwork& network, EventMethodOptions options, Workers workers = {});

  BatchResult learn(const TrainedNetwork& network, std::span<const Item* const> batch,
                    NetworkParameters& gradient) override;
  BatchResult evaluate(const TrainedNetwork& network, std::span<const Item* const> batch) override;
  std::uint64_t push(TrainedNetwork& network) override;

 private:
  /// Items that share a gradient: the order of sums does not depend on the number of workers.
  static constexpr std::size_t kChunk = 4;

  /// What a worker needs for itself.
  struct Lane {
    EventPass pass;
    EventAdjoint adjoint;
    EventRecord record{};
    EventSeeds seeds{};
    std::vector<InputSpike> inputs{};
  };
  /// What came of some items.
  struct Chunk {
    EventGradient gradient;
    double loss = 0;
    std::uint64_t spikes = 0;
  };

  BatchResult run(const TrainedNetwork& network, std::span<const Item* const> batch, bool learns);
  void take_item(const Item& item, std::size_t number, Lane& lane, Chunk& chunk, bool learns);
  EventLoss loss_of(std::uint32_t label) const;
  double hold_back(const EventRecord& record, EventSeeds& seeds) const;
  std::uint32_t predict(const EventRecord& record, std::span<const double> height) const;
  void hand_over(std::size_t items, NetworkParameters& gradient) const;
  void count_silence(std::span<const Item* const> batch);
  double share_silent(std::uint32_t neuron) const;
  std::uint64_t push_read_out(TrainedNetwork& network) const;

  EventMethodOptions options_;
  Workers workers_;
  std::uint32_t neurons_;  // without the read-out's
  std::vector<std::uint32_t> outputs_;
  EventGraph graph_;
  std::vector<Lane> lanes_;
  std::vector<Chunk> chunks_;
  std::vector<std::uint32_t> prediction_;
  std::vector<std::uint32_t> counts_;        // [item][neuron]
  std::vector<std::uint8_t> is_silent_;      // per item: whether its label's output was
  std::vector<std::uint32_t> silent_;        // per neuron: items of the batch last learnt
  std::vector<std::uint32_t> label_silent_;  // per class: of them those with this label, its output silent
  std::size_t learnt_ = 0;
};

}  // namespace chronotope::models
