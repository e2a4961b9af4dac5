// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <tuple>
#include <vector>

#include "chronotope/models/learning/escape_network.hpp"

namespace chronotope::models {

struct HiddenPlan {
  double rate = 1e-3;      // eta, for weights in units of delta_u/R
  double rate_decay = 1;   // its factor from epoch to epoch
  Duration window;         // over which l and e are summed
  std::uint64_t seed = 0;  // of the hidden neurons' spikes
};

struct HiddenEpoch {
  double log_likelihood = 0;        // of the trains that were seen, in all windows
  std::uint64_t hidden_spikes = 0;  // drawn
};

/// Learns the weights of a network of which some neurons were not seen, by a local rule of three factors
/// (Brea, Senn & Pfister 2013; Rezende & Gerstner 2014): the hidden neurons fire as the network makes them,
/// beside the trains that were seen, and at the end of every window
///   Delta w = eta (l - baseline) e   onto hidden neurons,
///   Delta w = eta e                  onto those that were seen,
/// e = dL/dw of the target's own train in the window, the eligibility (EscapeTrace), and l the log-likelihood
/// of all trains seen in it, which every synapse is told. On average over the hidden spikes that is the
/// gradient of E[l] within a window. The baseline of a window is a running mean of its l over the epochs
/// before, of a weight of 1/5; without one, in the first epoch, hidden neurons do not learn.
///
/// Weights of hidden and seen neurons move at once; they keep their signs (EscapeNeuron::allowed). Draws are
/// keyed by (seed, epoch, neuron). Cost of an epoch: that of a simulation and one EscapeTrace per neuron.
class HiddenLearning {
 public:
  /// `hidden`: by neuron of the network; their trains are not read. Requires: window > 0.
  HiddenLearning(std::vector<EscapeNeuron> neurons, const EscapeTrains& trains, std::vector<bool> hidden,
                 Time end, const HiddenPlan& plan);

  HiddenEpoch run_epoch(const Checkpoint& checkpoint);
  const std::vector<EscapeNeuron>& neurons() const { return neurons_; }

 private:
  struct Arrival {
    Time time;
    std::uint32_t neuron;
    std::uint32_t synapse;

    bool operator>(const Arrival& other) const {
      return std::tie(time, neuron, synapse) > std::tie(other.time, other.neuron, other.synapse);
    }
  };
  struct Spike {
    Time time;
    std::uint32_t source;
  };
  struct Outgoing {
    std::uint32_t neuron;
    std::uint32_t synapse;
  };

  void begin_epoch();
  void run_until(Time end, const Checkpoint& checkpoint);
  void arrive(const Arrival& arrival);
  void fire_hidden(std::uint32_t neuron, Time t);
  void send(std::uint32_t source, Time t);
  void look_ahead(std::uint32_t neuron, Time now);
  void end_window(std::size_t window, Time end, double rate);
  void learn(std::uint32_t neuron, const EscapeSums& sums, double factor);

  std::vector<EscapeNeuron> neurons_;
  std::vector<bool> hidden_;
  Time end_;
  HiddenPlan plan_;
  std::vector<Spike> seen_;                      // of all sources that are not hidden, in order of time
  std::vector<std::vector<Outgoing>> outgoing_;  // by source
  std::vector<std::int64_t> neuron_of_;          // by source; -1: has no likelihood, or is hidden
  std::uint32_t epoch_ = 0;
  std::vector<double> baseline_;  // by window

  // Of the epoch under way.
  std::vector<EscapeTrace> traces_;
  std::vector<EscapeNoiseLif::State> states_;  // of hidden neurons
  std::vector<Time> next_;                     // their next spikes, never() of others
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
  std::size_t next_seen_ = 0;
  HiddenEpoch record_;
};

}  // namespace chronotope::models
