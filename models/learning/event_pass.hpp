// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/checkpoint.hpp"
#include "chronotope/models/learning/event_network.hpp"
#include "chronotope/models/learning/event_record.hpp"
#include "chronotope/models/learning/event_walk.hpp"

namespace chronotope::models {

/// A run of a network from spike to spike, with the course of every neuron recorded for the adjoint. Its
/// spikes are the event engine's to within a tick or two; here nothing but the network's own events takes
/// time, and its buffers are kept from run to run.
///
/// Neurons are taken in an order in which those that project come before their targets: all at once as far as
/// there are no loops, else in windows of the shortest delay inside loops, in which these do not hear each
/// other. At one instant arrivals are added in the order of their spikes' numbers, then of synapses: the same
/// bits whoever runs it.
///
/// Neurons that hear the same spikes at the same delays, with the same time constants, share the exponentials
/// of their intervals: layers that are all to all take them once.
///
/// Cost: some 20 ns per arrival, 150 ns per spike; with loops also neurons x windows looks of 5 ns.
class EventPass {
 public:
  /// Times are whole ticks in a double up to there [ms].
  static constexpr double kLongestMs = 9007;

  /// Throws InputError for a loop of neurons with a delay of 0. Keeps the order of the network's graph, not
  /// its values: these may change between runs.
  explicit EventPass(
      const EventNetwork& network, Checkpoint checkpoint = [] {});

  /// Runs [0, end), at most kLongestMs, on these input spikes, in any order; arrivals and spikes at or after `end` do not exist.
  void run(const EventNetwork& network, std::span<const InputSpike> inputs, Offset end, EventRecord& record);

  /// A spike of a neuron that is already known.
  struct KnownSpike {
    std::uint32_t neuron = 0;
    Offset time{};
  };
  /// Records the same for known spikes, those of another engine, in order of time: a neuron fires when it is
  /// said to.
  void replay(const EventNetwork& network, std::span<const InputSpike> inputs,
              std::span<const KnownSpike> spikes, Offset end, EventRecord& record);

 private:
  /// A spike on its way.
  struct Arrival {
    Offset time{};
    std::uint64_t synapse = 0;
    std::uint32_t spike = 0;
    friend bool operator<(const Arrival& a, const Arrival& b) {
      if (a.time != b.time) return a.time < b.time;
      return a.spike != b.spike ? a.spike < b.spike : a.synapse < b.synapse;
    }
  };

  void begin(const EventNetwork& network, std::span<const InputSpike> inputs, Offset end,
             EventRecord& record);
  std::uint32_t emit(const EventNetwork& network, std::uint32_t source, Offset time, EventRecord& record);
  Offset window(const EventNetwork& network) const;
  void take_window(const EventNetwork& network, std::uint32_t neuron, Offset window_end, EventRecord& record);
  template <std::size_t Receptors>
  void take_arrivals(const EventNetwork& network, std::uint32_t neuron, NeuronWalk<Receptors>& walk,
                     std::span<const Arrival> arrivals, Offset window_end, EventRecord& record);
  /// Lets the neuron be released and fire up to `until`, included if something else happens then. `interval`
  /// is that to `until`, or to the end where it is not included.
  template <std::size_t Receptors>
  void pass(const EventNetwork& network, std::uint32_t neuron, NeuronWalk<Receptors>& walk, Offset until,
            bool included, const double* interval, EventRecord& record);
  template <std::size_t Receptors>
  void replay(const EventNetwork& network, std::uint32_t neuron, NeuronWalk<Receptors> walk,
              std::span<const std::uint32_t> own, EventRecord& record);
  std::span<const Arrival> due(std::uint32_t neuron, Offset window_end);
  template <class Work>
  void with_walk(std::uint32_t neuron, Work work);

  /// What the intervals between a neuron's arrivals do to it (event_walk.hpp), kept for the next neuron.
  class Intervals {
   public:
    /// Those from walk.now() from arrival to arrival, then to `end`; the first one's row.
    template <std::size_t Receptors>
    const double* between(const NeuronWalk<Receptors>& walk, std::span<const Arrival> arrivals, Offset end);

   private:
    template <std::size_t Receptors>
    bool are_of(const NeuronWalk<Receptors>& walk, std::span<const Arrival> arrivals, Offset end) const;
    template <std::size_t Receptors>
    void take_key(const NeuronWalk<Receptors>& walk, std::span<const Arrival> arrivals, Offset end);

    std::vector<double> rates_;    // of the membrane, then of each receptor and the difference from it
    std::vector<double> lengths_;  // [ms]
    std::vector<double> decays_;
    std::vector<double> rows_;
  };

  Checkpoint checkpoint_;
  std::vector<std::uint32_t> order_;  // sources of loops, loops, what follows them
  std::vector<bool> in_loop_;
  std::vector<std::uint32_t> receptors_;
  std::vector<std::uint32_t> place_;  // of every neuron, among those with as many receptors
  std::vector<NeuronWalk<1>> with_one_;
  std::vector<NeuronWalk<2>> with_two_;
  std::vector<NeuronWalk<kMostEventReceptors>> with_more_;
  std::vector<std::vector<Arrival>> inbox_;
  std::vector<Offset> idle_until_;  // nothing happens to the neuron by itself before
  std::vector<Arrival> due_;
  Intervals intervals_;
};

}  // namespace chronotope::models
